"""What the daily work of reviewers needs: decisions taken back, filings of several cases, sentences written often."""

import json

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from audit.guards import AppendOnly

# Every case filed until now was filed alone.
FILE_EACH_ALONE = """
INSERT INTO loans_committeefiling (number, version_id, township_id, organization_id, received_on, filed_on,
    has_resolution, has_notice, has_letter, has_photos, filed_by_id, filed_at)
SELECT d.facts->>'filing_number', a.version_id, t.id, d.organization_id, (d.facts->>'received_on')::date,
       (d.decided_at AT TIME ZONE 'Asia/Shanghai')::date, false, false, false, false, d.decided_by_id, d.decided_at
FROM loans_applicationdecision d
JOIN loans_application a ON a.id = d.application_id
JOIN organizations_division t ON t.path = left(a.division_path, 9)
WHERE d.step = 'committee_filing' AND d.outcome = 'pass' AND d.facts ? 'filing_number' AND d.facts ? 'received_on'
ON CONFLICT (number) DO NOTHING
"""
PUT_EACH_INTO_ITS_OWN = """
INSERT INTO loans_filingitem (filing_id, application_id, amount)
SELECT f.id, d.application_id, (d.facts->>'quota_taken')::numeric
FROM loans_applicationdecision d
JOIN loans_committeefiling f ON f.number = d.facts->>'filing_number'
WHERE d.step = 'committee_filing' AND d.outcome = 'pass' AND (d.facts->>'quota_taken')::numeric > 0
ON CONFLICT DO NOTHING
"""


def sow_phrases(apps, schema_editor):
    Phrase = apps.get_model("loans", "Phrase")
    rows = json.loads((settings.BASE_DIR / "fixtures" / "phrases.json").read_text(encoding="utf-8"))
    Phrase.objects.bulk_create(Phrase(**row) for row in rows)


class Migration(migrations.Migration):
    dependencies = [
        ("loans", "0021_rosters"),
        ("organizations", "0003_money_verbs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="applicationdecision",
            name="before",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="applicationdecision",
            name="recalls",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recalled_by",
                to="loans.applicationdecision",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdecision",
            constraint=models.CheckConstraint(
                condition=Q(outcome="recall", recalls__isnull=False) | (~Q(outcome="recall") & Q(recalls=None)),
                name="recall_names_what_it_takes_back",
            ),
        ),
        migrations.AddField(
            model_name="programmeversion",
            name="filing_in_order",
            field=models.BooleanField(default=True, verbose_name="quota in the order of arrival"),
        ),
        migrations.CreateModel(
            name="CommitteeFiling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(db_collation="C", max_length=40, unique=True, verbose_name="filing number"),
                ),
                ("request_id", models.UUIDField(editable=False, null=True, unique=True)),
                ("received_on", models.DateField(verbose_name="papers received on")),
                ("filed_on", models.DateField(verbose_name="filed on")),
                ("has_resolution", models.BooleanField(default=False, verbose_name="branch resolution")),
                ("has_notice", models.BooleanField(default=False, verbose_name="record of the public notice")),
                ("has_letter", models.BooleanField(default=False, verbose_name="letter of recommendation")),
                ("has_photos", models.BooleanField(default=False, verbose_name="photos of the notice")),
                ("filed_at", models.DateTimeField(verbose_name="filed at")),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="filed by (committee)",
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.division",
                        verbose_name="township",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.programmeversion"
                    ),
                ),
            ],
            options={
                "verbose_name": "filing",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(received_on__lte=F("filed_on")), name="filing_receives_before_it_files"
                    )
                ],
                "indexes": [models.Index(fields=["township", "-filed_on", "-id"], name="filings_of_township")],
            },
        ),
        migrations.CreateModel(
            name="FilingItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount (yuan)")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filing_items",
                        to="loans.application",
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="loans.committeefiling"
                    ),
                ),
            ],
            options={
                "verbose_name": "case of a filing",
                "constraints": [
                    models.UniqueConstraint(fields=("filing", "application"), name="case_is_in_a_filing_once"),
                    models.CheckConstraint(condition=Q(amount__gt=0), name="filed_case_asks_for_something"),
                ],
            },
        ),
        AppendOnly("loans_committeefiling"),
        AppendOnly("loans_filingitem"),
        migrations.RunSQL(FILE_EACH_ALONE, migrations.RunSQL.noop),
        migrations.RunSQL(PUT_EACH_INTO_ITS_OWN, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Phrase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=30, verbose_name="step")),
                ("outcome", models.CharField(max_length=30, verbose_name="decision")),
                ("text", models.CharField(max_length=200, verbose_name="sentence")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="phrases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "phrase",
                "ordering": ["step", "outcome", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "step", "outcome", "text"), name="phrase_is_kept_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(condition=~Q(text=""), name="phrase_says_something"),
                ],
            },
        ),
        migrations.RunPython(sow_phrases, migrations.RunPython.noop),
    ]
