"""What is watched from day to day: breakers, the five categories, warnings; and insurance that a borrower took."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loans.choices import StopMeasure
from loans.models import Loan
from organizations.models import Division, Organization, Person
from organizations.scope import Scope
from risk.choices import BreakerLevel, CategoryChoice, WarningKind, WarningOutcome


class LoanCategoryQuerySet(models.QuerySet["LoanCategory"]):
    def for_scope(self, scope: Scope) -> "LoanCategoryQuerySet":
        return self.filter(scope.rows("loan__"))


class BreakerRule(models.Model):
    """The limit above which nobody new is lent to, by level and measure, from a day on (no limit: none any more)."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="breaker_rules")
    level = models.CharField(_("level"), max_length=10, choices=BreakerLevel.choices)
    measure = models.CharField(_("measure"), max_length=20, choices=StopMeasure.choices)
    limit_percent = models.DecimalField(_("limit (%)"), max_digits=7, decimal_places=4, null=True, blank=True)
    effective_from = models.DateField(_("in force from"))
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        ordering = ["level", "measure", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "level", "measure", "effective_from"], name="breaker_rule_begins_once"
            ),
            models.CheckConstraint(
                name="breaker_limit_is_a_share",
                condition=Q(limit_percent=None) | Q(limit_percent__gte=0, limit_percent__lte=100),
            ),
            models.CheckConstraint(name="breaker_measures_something", condition=~Q(measure="by_decision")),
        ]

    def __str__(self) -> str:
        return f"{self.division} {self.level} {self.measure} {self.limit_percent}"


class WatchRule(models.Model):
    """When a county is warned, and how long a bad loan must be clean before it counts as good, from a day on."""

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="watch_rules")
    effective_from = models.DateField(_("in force from"))
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    is_example = models.BooleanField(_("example"), default=False)
    clean_months = models.PositiveSmallIntegerField(_("clean months before an upgrade"))
    maturity_days = models.PositiveSmallIntegerField(_("warn so many days before maturity"))
    visit_days = models.PositiveSmallIntegerField(_("days without a visit"))
    ratio_days = models.PositiveSmallIntegerField(_("compare a village's share with so many days before"))
    ratio_rise_percent = models.DecimalField(_("rise that warns (percentage points)"), max_digits=7, decimal_places=4)

    class Meta:
        ordering = ["-effective_from"]
        constraints = [models.UniqueConstraint(fields=["division", "effective_from"], name="watch_rule_begins_once")]

    def __str__(self) -> str:
        return f"{self.division} {self.effective_from}"


class LoanCategory(models.Model):
    """How a loan is classified now. A loan without a row is normal.

    `minimum` follows from days overdue, `approved` is what a person judged (worse, never better); the worse counts.
    """

    loan = models.OneToOneField(Loan, on_delete=models.PROTECT, primary_key=True, related_name="category")
    as_of = models.DateField(_("as of"))
    minimum = models.PositiveSmallIntegerField(_("least category"), choices=CategoryChoice.choices)
    approved = models.PositiveSmallIntegerField(_("judged"), choices=CategoryChoice.choices, null=True, blank=True)
    category = models.PositiveSmallIntegerField(_("category"), choices=CategoryChoice.choices)

    objects = LoanCategoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="category_is_the_worse_one",
                condition=Q(approved=None, category=F("minimum"))
                | Q(approved__gte=F("minimum"), category=F("approved"))
                | Q(approved__lt=F("minimum"), category=F("minimum")),
            ),
        ]
        indexes = [models.Index(fields=["category"], name="loans_by_category")]

    def __str__(self) -> str:
        return f"{self.loan} {self.category}"


class LoanClassification(models.Model):
    """Each change of a category: what the days demanded, what counts, by whom and why. Written once."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="classifications")
    as_of = models.DateField(_("as of"))
    minimum = models.PositiveSmallIntegerField(_("least category"), choices=CategoryChoice.choices)
    category = models.PositiveSmallIntegerField(_("category"), choices=CategoryChoice.choices)
    is_judged = models.BooleanField(_("judged"), default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="category_is_not_below_the_least", condition=Q(category__gte=F("minimum"))),
            models.CheckConstraint(name="judgement_has_its_reason", condition=Q(is_judged=False) | ~Q(reason="")),
        ]
        indexes = [models.Index(fields=["loan", "-id"], name="classifications_of_loan")]

    def __str__(self) -> str:
        return f"{self.loan} {self.as_of} {self.category}"


class TechnicalDelay(models.Model):
    """A spell in arrears that is the bank's doing and not the borrower's: for up to seven days it does not count."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="technical_delays")
    since = models.DateField(_("overdue since"))
    reason = models.CharField(_("reason"), max_length=300)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["loan", "since"], name="delay_is_marked_once")]

    def __str__(self) -> str:
        return f"{self.loan} {self.since}"


class EarlyWarning(models.Model):
    """Something to look into, opened by the night's work once per cause, closed by a person who says what came of it.

    `cause` names the spell: the day of maturity, the day since which the loan is late, the day of the finding, …
    """

    kind = models.CharField(_("kind"), max_length=14, choices=WarningKind.choices)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, null=True, blank=True, related_name="warnings")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="warnings")
    cause = models.DateField()
    opened_on = models.DateField(_("opened on"))
    # Whose business it is: the outlet that lent, or the office that leads.
    owner = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="warnings")
    figures = models.JSONField(default=dict)
    outcome = models.CharField(_("outcome"), max_length=10, choices=WarningOutcome.choices, blank=True)
    note = models.CharField(_("what was done"), max_length=300, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "loan", "cause"], condition=Q(loan__isnull=False), name="loan_is_warned_of_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "division", "cause"], condition=Q(loan=None), name="village_is_warned_of_once"
            ),
            models.CheckConstraint(
                name="closed_warning_says_what_came_of_it",
                condition=Q(closed_at=None, closed_by=None, outcome="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [models.Index(fields=["opened_on"], condition=Q(closed_at=None), name="open_warnings")]

    def __str__(self) -> str:
        return f"{self.kind} {self.loan or self.division}"


class AccidentInsurance(models.Model):
    """A policy the borrower took of his own will (自愿). It is written down; nothing in the programme asks for it."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="insurances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="insurances")
    insurer = models.CharField(_("insurer"), max_length=60)
    policy_number = models.CharField(_("policy number"), max_length=60, unique=True, db_collation="C")
    cover = models.DecimalField(_("cover (yuan)"), max_digits=14, decimal_places=2)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="insurance_covers_something", condition=Q(cover__gt=0, valid_to__gt=F("valid_from"))
            )
        ]

    def __str__(self) -> str:
        return self.policy_number
