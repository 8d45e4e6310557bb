"""Limits of what a household may borrow in all, promises of help that count once, and reasons for soft rules."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from audit.guards import AppendOnly

HELPED = [
    ("villager_in_difficulty", "Villager in difficulty"),
    ("low_income_member", "Low-income Party member"),
    ("member_in_difficulty", "Party member in difficulty"),
]

# The promises of cases under way and of live loans whose class asks for that help; the earliest keeps the person.
KEEP_PROMISES = """
UPDATE loans_helpcommitment h SET is_live = true
WHERE h.id IN (
    SELECT DISTINCT ON (c.person_id) c.id
    FROM loans_helpcommitment c
    JOIN loans_application a ON a.id = c.application_id
    JOIN loans_limittier t ON t.id = a.tier_id
    LEFT JOIN loans_loan l ON l.application_id = a.id
    WHERE a.submitted_at IS NOT NULL
      AND t.helped @> jsonb_build_array(jsonb_build_object('kind', c.kind))
      AND (l.state = 'live' OR (l.id IS NULL AND a.state IN ('open', 'returned')))
    ORDER BY c.person_id, a.submitted_at, c.id
)
"""


def record(person: str) -> list[tuple[str, models.Field]]:
    """The columns of who wrote something down about a helped person, and when."""
    return [
        ("kind", models.CharField(choices=HELPED, max_length=24, verbose_name="kind")),
        ("person_key", models.CharField(max_length=30)),
        ("organization", models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization")),
        ("person", models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.person")),
        (person, models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
    ]  # fmt: skip


def of_case(related_name: str) -> tuple[str, models.Field]:
    return "application", models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to="loans.application"
    )


def key() -> tuple[str, models.Field]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("loans", "0017_issued"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "programmeversion",
            "household_exposure_max",
            models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True,
                verbose_name="one household borrows up to (yuan)",
            ),
        ),
        migrations.AddField(
            "programmeversion",
            "body_exposure_max",
            models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True,
                verbose_name="one cooperative or collective borrows up to (yuan)",
            ),
        ),
        migrations.AddField(
            "programmeversion",
            "nominal_borrower_is_exposed",
            models.BooleanField(
                default=False,
                verbose_name="a collective's loan counts for the household of the nominal borrower",
            ),
        ),
        migrations.AddField(
            "programmeversion",
            "debts_to_income_max",
            models.DecimalField(
                blank=True, decimal_places=2, max_digits=5, null=True,
                verbose_name="debts usually up to (times a year's income)",
            ),
        ),
        migrations.AddField(
            "programmeversion",
            "help_lapse_months",
            models.PositiveSmallIntegerField(
                default=24, verbose_name="a lapsed promise of help counts against the household for (months)"
            ),
        ),
        migrations.AddField("helpcommitment", "is_live", models.BooleanField(default=False, editable=False)),
        migrations.RunSQL(KEEP_PROMISES, migrations.RunSQL.noop),
        # What that statement left to be checked at the end is checked now: else no index could be made.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            "helpcommitment",
            models.UniqueConstraint(
                condition=Q(("is_live", True)), fields=("person",), name="person_is_helped_by_one_case_at_a_time"
            ),
        ),
        migrations.CreateModel(
            name="RuleReason",
            fields=[
                key(),
                ("rule", models.CharField(max_length=40, verbose_name="rule")),
                ("finding", models.CharField(max_length=300, verbose_name="finding")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("written_at", models.DateTimeField()),
                of_case("rule_reasons"),
                ("written_by", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["application", "-id"], name="rule_reasons_of_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("reason", ""), _negated=True), name="rule_reason_says_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpVerification",
            fields=[
                key(),
                *record("verified_by"),
                ("verdict", models.CharField(
                    choices=[("confirmed", "Confirmed"), ("refuted", "Not as stated")], max_length=10,
                    verbose_name="verdict")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("verified_at", models.DateTimeField()),
                of_case("help_verifications"),
            ],
            options={
                "indexes": [models.Index(fields=["application", "-id"], name="help_verified_of_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("verdict", "confirmed"), models.Q(("note", ""), _negated=True), _connector="OR"),
                        name="refuted_help_says_what_was_found",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpLapse",
            fields=[
                key(),
                *record("reported_by"),
                ("lapsed_on", models.DateField(verbose_name="not kept since")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("reported_at", models.DateTimeField()),
                of_case("help_lapses"),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("application", "person"), name="help_lapses_once"),
                    models.CheckConstraint(condition=Q(("reason", ""), _negated=True), name="help_lapse_says_why"),
                ],
            },
        ),
        AppendOnly("loans_rulereason"),
        AppendOnly("loans_helpverification"),
        AppendOnly("loans_helplapse"),
    ]  # fmt: skip
