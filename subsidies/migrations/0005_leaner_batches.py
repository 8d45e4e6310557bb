import django.db.models.deletion
from django.db import migrations, models

from subsidies.guards import FreezeClosedBatchesBySets

NATURAL_KEY = """
ALTER TABLE subsidies_inputsegment DROP COLUMN id;
ALTER TABLE subsidies_inputsegment ADD PRIMARY KEY (batch_id, loan_id, start);
"""


class Migration(migrations.Migration):
    """One key for a stretch of the snapshot, no doubled index, no column that another says (ADR 0013)."""

    dependencies = [("subsidies", "0004_returns")]

    operations = [
        migrations.AlterField(
            "inputsegment",
            "batch",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="segments",
                to="subsidies.subsidybatch",
            ),
        ),
        migrations.AlterField(
            "inputsegment",
            "loan",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="loans.loan",
            ),
        ),
        migrations.RemoveIndex("inputsegment", "segments_of_batch"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(NATURAL_KEY)],
            state_operations=[
                migrations.RemoveField("inputsegment", "id"),
                migrations.AddField(
                    "inputsegment",
                    "pk",
                    models.CompositePrimaryKey(
                        "batch", "loan", "start", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.RemoveField("subsidyline", "version"),
        migrations.AlterField(
            "subsidyline",
            "batch",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="subsidies.subsidybatch",
            ),
        ),
        migrations.AlterField(
            "subsidyline",
            "loan",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="subsidy_lines",
                to="loans.loan",
            ),
        ),
        migrations.AlterField(
            "subsidyline",
            "corrects",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="differences",
                to="subsidies.subsidyline",
            ),
        ),
        migrations.AlterField(
            "subsidyline",
            "budget",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="loans.subsidybudget",
            ),
        ),
        migrations.AddIndex(
            "subsidyline",
            models.Index(
                condition=models.Q(("corrects__isnull", False)), fields=["corrects"], name="differences_of_line"
            ),
        ),
        FreezeClosedBatchesBySets(),
    ]
