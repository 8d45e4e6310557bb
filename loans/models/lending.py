"""A loan and its ledger. Entries are written once; balances follow from them and are never stored twice."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loans.choices import DayCountChoice, EntryKind, LoanState, Purpose, RepaymentMethod
from loans.models.applications import Application
from loans.models.programmes import ProgrammeVersion
from organizations.models import Division, Entity, Household, Organization
from organizations.scope import Place, Scope


class LoanQuerySet(models.QuerySet["Loan"]):
    def for_scope(self, scope: Scope) -> "LoanQuerySet":
        return self.filter(scope.rows())


class Loan(models.Model):
    """A contract, with the terms it was signed on. It keeps the township of its disbursement for ever."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="loan")
    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="loans")
    contract_number = models.CharField(_("contract number"), max_length=40, unique=True, db_collation="C")
    principal = models.DecimalField(_("principal (yuan)"), max_digits=14, decimal_places=2)
    benchmark_percent = models.DecimalField(_("benchmark (% a year)"), max_digits=7, decimal_places=4)
    rate_percent = models.DecimalField(_("rate (% a year)"), max_digits=7, decimal_places=4)
    day_count = models.CharField(_("day count"), max_length=10, choices=DayCountChoice.choices)
    repayment_method = models.CharField(_("repayment"), max_length=30, choices=RepaymentMethod.choices)
    term_months = models.PositiveSmallIntegerField(_("term (months)"))
    start_date = models.DateField(_("paid out on"))
    due_date = models.DateField(_("due on"))
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    state = models.CharField(max_length=8, choices=LoanState.choices, default=LoanState.LIVE)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="loans")
    branch = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="loans")
    branch_path = models.CharField(max_length=255, db_collation="C")
    division_path = models.CharField(max_length=12, db_collation="C")
    outlet_path = models.CharField(max_length=255, db_collation="C")

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan")
        constraints = [
            models.CheckConstraint(name="loan_lends_something", condition=Q(principal__gt=0)),
            models.CheckConstraint(name="loan_falls_due_after_it_began", condition=Q(due_date__gt=F("start_date"))),
            models.CheckConstraint(
                name="settled_loan_has_its_day",
                condition=Q(state="settled", settled_on__isnull=False) | Q(state="live", settled_on=None),
            ),
        ]
        indexes = [
            models.Index(fields=["start_date"], name="loans_by_day"),
            models.Index(fields=["division_path", "start_date"], name="loans_by_division"),
            models.Index(fields=["outlet_path", "state", "due_date"], name="loans_by_outlet"),
            models.Index(fields=["branch_path", "state"], name="loans_by_branch"),
        ]

    def __str__(self) -> str:
        return self.contract_number

    @property
    def place(self) -> Place:
        return Place(branch_path=self.branch_path, division_path=self.division_path, outlet_path=self.outlet_path)


class LoanUnit(models.Model):
    """A household or collective that a loan serves, with what was true when it was paid out."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="units")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="loan_units")
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, null=True, related_name="loan_units")
    has_party_member = models.BooleanField(_("household of a Party member"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="loan_unit_is_a_household_or_a_body",
                condition=Q(household__isnull=True, entity__isnull=False)
                | Q(household__isnull=False, entity__isnull=True),
            ),
            models.UniqueConstraint(fields=["loan", "household"], name="household_is_served_once_by_a_loan"),
            models.UniqueConstraint(fields=["loan", "entity"], name="body_is_served_once_by_a_loan"),
        ]

    def __str__(self) -> str:
        return str(self.household or self.entity)


class LoanEntry(models.Model):
    """One movement of a loan. Append-only; a bank's reference books each kind once."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=14, choices=EntryKind.choices)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2)
    value_date = models.DateField(_("day"))
    bank_reference = models.CharField(_("bank reference"), max_length=60, db_collation="C")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="entry_moves_something", condition=Q(amount__gt=0)),
            models.UniqueConstraint(fields=["bank_reference", "kind"], name="bank_reference_books_once"),
            models.UniqueConstraint(
                fields=["loan"], condition=Q(kind="disbursement"), name="loan_is_paid_out_once"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["loan", "value_date", "id"], name="entries_of_loan")]

    def __str__(self) -> str:
        return f"{self.loan} {self.kind} {self.amount}"
