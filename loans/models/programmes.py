"""The rules as data: a programme and its dated versions. Published versions are frozen, by the database too."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loans.choices import (
    CompoundChoice,
    DayCountChoice,
    HolidayChoice,
    MisuseSubsidy,
    OverdueSubsidy,
    Payee,
    StepCode,
    SubsidyBasis,
    VersionState,
)
from loans.flow import workflow_of
from loans.models.limits import BorrowingLimits
from organizations.models import Division
from workflow.engine import Workflow


class Programme(models.Model):
    """A county's loan programme. Its rules are in its versions."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("county")
    )

    def __str__(self) -> str:
        return self.name


class ProgrammeVersionQuerySet(models.QuerySet["ProgrammeVersion"]):
    def published(self) -> "ProgrammeVersionQuerySet":
        return self.filter(state=VersionState.PUBLISHED)

    def in_force(self, on: date) -> "ProgrammeVersionQuerySet":
        """The published versions whose time has begun and not ended, the newest of each programme first."""
        return (
            self.published()
            .filter(Q(effective_to=None) | Q(effective_to__gte=on), effective_from__lte=on)
            .order_by("programme", "-effective_from", "-pk")
        )


class PenaltyTerms(models.Model):
    """What late payment and misuse cost: a rule of a version, copied into each contract at signing."""

    overdue_markup_percent = models.DecimalField(
        _("penalty for late payment (% on the rate)"), max_digits=7, decimal_places=4, default=50
    )
    misuse_markup_percent = models.DecimalField(
        _("penalty for misuse (% on the rate)"), max_digits=7, decimal_places=4, default=100
    )
    compound_rule = models.CharField(
        _("interest on unpaid interest"),
        max_length=10,
        choices=CompoundChoice.choices,
        default=CompoundChoice.PENALTY_RATE,
    )
    holiday_rule = models.CharField(
        _("due date on a holiday"), max_length=10, choices=HolidayChoice.choices, default=HolidayChoice.UNCHANGED
    )

    class Meta:
        abstract = True

    @property
    def penalty_terms(self) -> dict[str, Any]:
        """The terms as they are copied from the rules into a contract."""
        return {field.name: getattr(self, field.name) for field in PenaltyTerms._meta.fields}


class ProgrammeVersion(PenaltyTerms, BorrowingLimits):
    """The rules of a programme from a day on. An application is pinned to the version it was made under."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="versions")
    code = models.SlugField(_("version"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    document_number = models.CharField(_("document number"), max_length=60)
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    is_example = models.BooleanField(_("figures are examples"), default=False)

    benchmark_series = models.CharField(_("benchmark series"), max_length=10, default="pboc")
    rate_multiplier = models.DecimalField(_("multiplier"), max_digits=6, decimal_places=4)
    # Where it is set, the rate is the benchmark plus so many basis points (or minus); the multiplier is not used then.
    rate_points = models.SmallIntegerField(_("basis points on the benchmark"), null=True, blank=True)
    ordinary_multiplier = models.DecimalField(_("ordinary multiplier"), max_digits=6, decimal_places=4)
    day_count = models.CharField(_("day count"), max_length=10, choices=DayCountChoice.choices)

    subsidy_basis = models.CharField(_("subsidy basis"), max_length=10, choices=SubsidyBasis.choices, blank=True)
    subsidy_percent = models.DecimalField(_("subsidy percent"), max_digits=7, decimal_places=4, default=0)
    subsidy_months_max = models.PositiveSmallIntegerField(_("subsidised months"), default=0)
    subsidy_capped_at_interest = models.BooleanField(_("capped at the interest paid"), default=True)

    # The part of a balance, of a loan and of a household, that is subsidised; empty: all of it.
    subsidy_principal_max = models.DecimalField(
        _("subsidised up to (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    subsidy_household_max = models.DecimalField(
        _("subsidised for one household up to (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    subsidy_on_arrears = models.CharField(
        _("subsidy and arrears"), max_length=10, choices=OverdueSubsidy.choices, default=OverdueSubsidy.DAYS
    )
    subsidy_grace_days = models.PositiveSmallIntegerField(_("days of grace"), default=0)
    subsidy_on_misuse = models.CharField(
        _("subsidy and misuse"), max_length=10, choices=MisuseSubsidy.choices, default=MisuseSubsidy.VOID
    )
    subsidy_payee = models.CharField(
        _("subsidy is paid to"), max_length=10, choices=Payee.choices, default=Payee.BORROWER
    )

    # A bank may round otherwise than the contract: arrears below this are none.
    arrears_tolerance = models.DecimalField(
        _("arrears counted above (yuan)"), max_digits=14, decimal_places=2, default=1
    )
    extensions_max = models.PositiveSmallIntegerField(_("extensions at most"), default=1)

    # After paying out branch and lender look how the money is used: once soon, then again and again.
    first_visit_days = models.PositiveSmallIntegerField(_("first visit within (days)"), default=30)
    visit_every_days = models.PositiveSmallIntegerField(_("further visits every (days)"), default=90)

    # The level above is told of a case that is late by so many working days; 0: never.
    escalation_days = models.PositiveSmallIntegerField(_("level above told after (working days late)"), default=1)

    lending_plan = models.DecimalField(
        _("lending plan (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    consent_above = models.DecimalField(
        _("manager's consent above (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    amount_multiple = models.DecimalField(_("amounts in multiples of (yuan)"), max_digits=14, decimal_places=2)
    term_months_min = models.PositiveSmallIntegerField(_("shortest term (months)"))
    term_months_max = models.PositiveSmallIntegerField(_("longest term (months)"))
    age_min = models.PositiveSmallIntegerField(_("youngest age"), default=18)
    age_max = models.PositiveSmallIntegerField(_("usual oldest age"), default=65)
    purposes = ArrayField(models.CharField(max_length=20), verbose_name=_("purposes"))
    repayment_methods = ArrayField(models.CharField(max_length=30), verbose_name=_("repayment methods"))
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=7)
    # Whether the committee files only what was proved to hang: a photo of the paper.
    notice_photo_required = models.BooleanField(_("photo of the notice needed for filing"), default=False)
    # Whether a case waits for the quota behind those that came before it, even when it would fit and they do not.
    filing_in_order = models.BooleanField(_("quota in the order of arrival"), default=True)
    # Empty: assessment begins when the loan is settled. Otherwise so many months after paying out.
    assessment_after_months = models.PositiveSmallIntegerField(_("assessment after (months)"), null=True, blank=True)
    # rule → clause of the policy document: what a page quotes beside a figure.
    clauses = models.JSONField(default=dict, blank=True)

    objects = ProgrammeVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme version")
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="version_code_is_used_once"),
            models.UniqueConstraint(fields=["programme", "effective_from"], name="one_version_begins_on_a_day"),
            models.CheckConstraint(
                name="version_ends_after_it_begins",
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="version_visits_come_again", condition=Q(first_visit_days__gt=0) & Q(visit_every_days__gt=0)
            ),
            models.CheckConstraint(
                name="version_terms_are_in_order", condition=Q(term_months_max__gte=F("term_months_min"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def step_codes(self) -> tuple[str, ...]:
        return tuple(step.code for step in self.ordered_steps)

    @property
    def ordered_steps(self) -> "list[VersionStep]":
        """The steps in order; prefetch `steps` where many versions are shown."""
        return sorted(self.steps.all(), key=lambda step: step.position)

    @property
    def workflow(self) -> Workflow:
        return workflow_of(self.step_codes)

    def step(self, code: str) -> "VersionStep":
        return next(step for step in self.steps.all() if step.code == code)

    @property
    def has_subsidy(self) -> bool:
        return StepCode.SUBSIDY_CONFIRMATION in self.step_codes


class VersionStep(models.Model):
    """A step of a version: its place, its name in this programme, its time limit."""

    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("step"), max_length=30, choices=StepCode.choices)
    name = models.CharField(_("name"), max_length=30)
    deadline_days = models.PositiveSmallIntegerField(_("working days"))
    # A step that is a state under another on the bar (公示 under 支部审核), or not on the bar at all (intake).
    shown_under = models.CharField(max_length=30, choices=StepCode.choices, blank=True)
    on_bar = models.BooleanField(default=True)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="step_position_is_used_once"),
            models.UniqueConstraint(fields=["version", "code"], name="step_is_in_a_version_once"),
        ]

    def __str__(self) -> str:
        return self.name


class LimitTier(models.Model):
    """A class of borrowers and its ceiling. `helped` lists alternatives: any one of them opens the tier."""

    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="tiers")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=30)
    name = models.CharField(_("class"), max_length=80)
    borrower_kinds = ArrayField(models.CharField(max_length=12), verbose_name=_("borrowers"))
    amount_min = models.DecimalField(_("from (yuan)"), max_digits=14, decimal_places=2)
    amount_max = models.DecimalField(_("up to (yuan)"), max_digits=14, decimal_places=2)
    members_only = models.BooleanField(_("Party members only"), default=False)
    # [{"kind": "low_income_member", "min": 2}, …]; an empty list asks for nobody.
    helped = models.JSONField(default=list, blank=True)
    is_example = models.BooleanField(_("figure is an example"), default=False)
    clause = models.CharField(_("clause"), max_length=60, blank=True)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="tier_code_is_used_once"),
            models.CheckConstraint(name="tier_limits_are_in_order", condition=Q(amount_max__gte=F("amount_min"))),
        ]

    def __str__(self) -> str:
        return self.name


class RequiredDocument(models.Model):
    """A paper an application needs under a version."""

    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="documents")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=30)
    name = models.CharField(_("paper"), max_length=60)
    borrower_kinds = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    # Without it no application is submitted. Versions of the years before papers were kept here do not insist.
    is_blocking = models.BooleanField(_("must be there to submit"), default=False)

    class Meta:
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="paper_is_asked_for_once")]

    def __str__(self) -> str:
        return self.name


class Quota(models.Model):
    """What a township may file under a version in a year. Taken by a conditional update, checked by an invariant."""

    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="quotas")
    township = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="quotas", verbose_name=_("township"))
    year = models.PositiveSmallIntegerField(_("year"))
    total = models.DecimalField(_("quota (yuan)"), max_digits=14, decimal_places=2)
    used = models.DecimalField(_("used (yuan)"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("township quota")
        constraints = [
            models.UniqueConstraint(fields=["version", "township", "year"], name="township_has_one_quota_a_year"),
            models.CheckConstraint(
                name="quota_is_never_exceeded",
                condition=Q(used__gte=0) & Q(used__lte=F("total")),
                violation_error_message=_("The quota of the township is not enough."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.township} {self.year}"

    @property
    def left(self) -> object:
        return self.total - self.used


class SubsidyBudget(models.Model):
    """What the county may spend on the subsidies of a version's loans in a year."""

    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="budgets")
    year = models.PositiveSmallIntegerField(_("year"))
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    appropriated = models.DecimalField(_("appropriated (yuan)"), max_digits=14, decimal_places=2)
    reserved = models.DecimalField(_("reserved (yuan)"), max_digits=14, decimal_places=2, default=0)
    # Approved for payment, and credited to the payees; what is taken back lowers both.
    due = models.DecimalField(_("due (yuan)"), max_digits=14, decimal_places=2, default=0)
    paid = models.DecimalField(_("paid (yuan)"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("subsidy budget")
        constraints = [
            models.UniqueConstraint(fields=["version", "year"], name="version_has_one_budget_a_year"),
            models.CheckConstraint(
                name="budget_is_never_exceeded",
                condition=Q(reserved__gte=0) & Q(reserved__lte=F("appropriated")),
                violation_error_message=_("The subsidy budget is not enough."),
            ),
            models.CheckConstraint(
                name="budget_pays_what_is_due",
                condition=Q(due__gte=0) & Q(due__lte=F("appropriated")) & Q(paid__gte=0) & Q(paid__lte=F("due")),
                violation_error_message=_("The subsidy budget is not enough."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.year}"

    @property
    def left(self) -> object:
        return self.appropriated - self.reserved
