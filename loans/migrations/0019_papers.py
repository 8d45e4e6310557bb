import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.guards import AppendOnly
from loans.guards import KeepRows


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("files", "0002_written_once"),
        ("loans", "0018_eligibility"),
        ("organizations", "0003_money_verbs"),
    ]

    operations = [
        migrations.CreateModel(
            name="CasePaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="paper")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("request_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("part", models.PositiveSmallIntegerField(default=1)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("intake", "Application"),
                            ("referral", "Member referral"),
                            ("branch_review", "Branch review"),
                            ("public_notice", "Public notice"),
                            ("committee_filing", "Committee filing"),
                            ("subsidy_confirmation", "Government interest subsidy"),
                            ("disbursement", "Credit-union disbursement"),
                            ("assessment", "Organisational assessment"),
                        ],
                        max_length=30,
                        verbose_name="step",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("making", "Making"),
                            ("branch", "Branch"),
                            ("committee", "Committee"),
                            ("finance", "Finance"),
                            ("lender", "Lender"),
                            ("consent", "Consent"),
                            ("assessment", "Assessment"),
                        ],
                        max_length=12,
                    ),
                ),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "paper of a case",
            },
        ),
        migrations.CreateModel(
            name="CasePaperSeen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MissingPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("written_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PaperWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("withdrawn_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="requireddocument",
            name="is_blocking",
            field=models.BooleanField(default=False, verbose_name="must be there to submit"),
        ),
        migrations.AddField(
            model_name="casepaper",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="casepaper",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="loans.application"
            ),
        ),
        migrations.AddField(
            model_name="casepaper",
            name="attachment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="case_papers", to="files.attachment"
            ),
        ),
        migrations.AddField(
            model_name="casepaper",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="papers",
                to="loans.requireddocument",
            ),
        ),
        migrations.AddField(
            model_name="casepaper",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="casepaper",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="loans.casepaper",
            ),
        ),
        migrations.AddField(
            model_name="casepaperseen",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="casepaperseen",
            name="paper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="seen", to="loans.casepaper"
            ),
        ),
        migrations.AddField(
            model_name="missingpaper",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="missing_papers", to="loans.application"
            ),
        ),
        migrations.AddField(
            model_name="missingpaper",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.requireddocument"
            ),
        ),
        migrations.AddField(
            model_name="missingpaper",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="paperwithdrawal",
            name="paper",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="loans.casepaper"
            ),
        ),
        migrations.AddField(
            model_name="paperwithdrawal",
            name="withdrawn_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="casepaper",
            index=models.Index(fields=["application", "position"], name="papers_of_case"),
        ),
        migrations.AddConstraint(
            model_name="casepaper",
            constraint=models.UniqueConstraint(fields=("request_id", "part"), name="paper_is_sent_once"),
        ),
        migrations.AddConstraint(
            model_name="casepaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="paper_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="casepaperseen",
            constraint=models.UniqueConstraint(fields=("paper", "account"), name="paper_is_seen_once_by_an_account"),
        ),
        migrations.AddIndex(
            model_name="missingpaper",
            index=models.Index(fields=["application", "-written_at"], name="missing_papers_of_case"),
        ),
        migrations.AddConstraint(
            model_name="missingpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="missing_paper_has_a_reason"
            ),
        ),
        KeepRows("loans_casepaper", ("position",)),
        AppendOnly("loans_paperwithdrawal"),
        AppendOnly("loans_casepaperseen"),
        AppendOnly("loans_missingpaper"),
    ]
