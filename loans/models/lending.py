"""A loan and its ledger. Entries are written once; balances follow from them and are never stored twice."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loans.choices import (
    MONEY_KINDS,
    AccountKind,
    DayCountChoice,
    EntryKind,
    LoanState,
    Purpose,
    RepaymentMethod,
    StopMeasure,
)
from loans.models.applications import Application
from loans.models.programmes import PenaltyTerms, ProgrammeVersion
from organizations import personal_data
from organizations.models import Division, Entity, Household, Organization, Person
from organizations.scope import Place, Scope


class LoanQuerySet(models.QuerySet["Loan"]):
    def for_scope(self, scope: Scope) -> "LoanQuerySet":
        return self.filter(scope.rows())


class Loan(PenaltyTerms):
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
    state = models.CharField(max_length=12, choices=LoanState.choices, default=LoanState.LIVE)
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
                condition=Q(state__in=["settled", "written_off"], settled_on__isnull=False)
                | Q(state="live", settled_on=None),
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


class LoanEntryQuerySet(models.QuerySet["LoanEntry"]):
    def effective(self) -> "LoanEntryQuerySet":
        """The entries that count: not those that were reversed, and not the reversals themselves."""
        return self.exclude(kind=EntryKind.REVERSAL).filter(reversed_by=None)


class LoanEntry(models.Model):
    """One movement of a loan, or one change of its terms. Append-only; a bank's reference books each kind once."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=14, choices=EntryKind.choices)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2)
    value_date = models.DateField(_("day"))
    bank_reference = models.CharField(_("bank reference"), max_length=60, blank=True, db_collation="C")
    # An extension or renewal: the new day of maturity. A change of rate: the rate from this day on.
    new_due_date = models.DateField(_("new due date"), null=True, blank=True)
    rate_percent = models.DecimalField(_("rate (% a year)"), max_digits=7, decimal_places=4, null=True, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = LoanEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="entry_moves_something",
                condition=Q(kind__in=MONEY_KINDS, amount__gt=0) | (~Q(kind__in=MONEY_KINDS) & Q(amount=0)),
            ),
            models.CheckConstraint(
                name="entry_names_what_it_changes",
                condition=Q(kind__in=["extension", "renewal"], new_due_date__isnull=False)
                | Q(kind="rate_change", new_due_date=None, rate_percent__isnull=False)
                | (~Q(kind__in=["extension", "renewal", "rate_change"]) & Q(new_due_date=None, rate_percent=None)),
            ),
            models.CheckConstraint(
                name="reversal_names_its_entry",
                condition=Q(kind="reversal", reverses__isnull=False) | (~Q(kind="reversal") & Q(reverses=None)),
            ),
            models.UniqueConstraint(
                fields=["bank_reference", "kind"], condition=~Q(bank_reference=""), name="bank_reference_books_once"
            ),
            models.UniqueConstraint(
                fields=["loan"], condition=Q(kind="disbursement"), name="loan_is_paid_out_once"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["loan", "value_date", "id"], name="entries_of_loan"),
            models.Index(fields=["recorded_at"], name="entries_by_recording"),
        ]

    def __str__(self) -> str:
        return f"{self.loan} {self.kind} {self.amount}"


class LoanStanding(models.Model):
    """How a loan stood when it was last looked at: what lists and breakers ask. Follows from entries and calendar.

    `next_due` is the next day on which something falls due: before it nothing changes without an entry.
    """

    loan = models.OneToOneField(Loan, on_delete=models.PROTECT, primary_key=True, related_name="standing")
    checked_on = models.DateField()
    maturity = models.DateField(_("due on"))
    next_due = models.DateField(_("next due"), null=True, blank=True)
    overdue_since = models.DateField(_("overdue since"), null=True, blank=True)
    overdue_principal = models.DecimalField(_("overdue principal (yuan)"), max_digits=14, decimal_places=2)
    overdue_interest = models.DecimalField(_("overdue interest (yuan)"), max_digits=14, decimal_places=2)
    is_misused = models.BooleanField(_("misused"), default=False)

    class Meta:
        indexes = [
            models.Index(fields=["next_due"], name="standings_to_look_at", condition=Q(next_due__isnull=False)),
            models.Index(fields=["overdue_since"], name="standings_overdue", condition=Q(overdue_since__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.loan} {self.checked_on}"

    def overdue_days(self, on: date) -> int:
        """The days in arrears on a day."""
        return (on - self.overdue_since).days if self.overdue_since else 0


class ArrearsSpell(models.Model):
    """Days of a loan in arrears, from the first late day to the day everything due was paid (not counted)."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="spells")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["loan", "since"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "since"], name="spell_begins_once"),
            models.CheckConstraint(
                name="spell_ends_after_it_began", condition=Q(until=None) | Q(until__gt=F("since"))
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.loan} {self.since} {self.until or ''}"


class LendingStop(models.Model):
    """Why nobody new is lent to here: a breaker that tripped, or a decision. `risk` writes it, paying out reads it.

    One place: a division (village, township, county) or an outlet. Lifting is a decision of its own with a reason.
    """

    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, blank=True, related_name="stops")
    outlet = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="stops")
    measure = models.CharField(_("measure"), max_length=20, choices=StopMeasure.choices)
    ratio_percent = models.DecimalField(_("ratio (%)"), max_digits=9, decimal_places=4, null=True, blank=True)
    limit_percent = models.DecimalField(_("limit (%)"), max_digits=9, decimal_places=4, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    imposed_on = models.DateField(_("since"))
    imposed_at = models.DateTimeField()
    imposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lift_reason = models.CharField(_("reason for lifting"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("lending stop")
        constraints = [
            models.CheckConstraint(
                name="stop_has_one_place",
                condition=Q(division__isnull=False, outlet=None) | Q(division=None, outlet__isnull=False),
            ),
            models.CheckConstraint(
                name="lifted_stop_says_who_and_why",
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
            ),
            models.UniqueConstraint(
                fields=["division", "measure"], condition=Q(lifted_at=None, outlet=None), name="division_stops_once"
            ),
            models.UniqueConstraint(
                fields=["outlet", "measure"], condition=Q(lifted_at=None, division=None), name="outlet_stops_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division or self.outlet} {self.get_measure_display()}"

    @property
    def place_name(self) -> str:
        return str(self.division or self.outlet)


class PayoutAccount(models.Model):
    """Where a borrower's subsidy goes (一卡通), or what a lender is paid. The number is sealed; pages show its end."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="payout_accounts")
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, null=True, blank=True, related_name="payout_accounts")
    # A lender's own account: an outlet's, or its credit union's for all of its outlets.
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="payout_accounts"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AccountKind.choices)
    bank_name = models.CharField(_("bank"), max_length=60)
    holder_name = models.CharField(_("account holder"), max_length=60)
    number_sealed = models.BinaryField(editable=False)
    number_masked = models.CharField(_("account"), max_length=30, editable=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payout_account_has_one_owner",
                condition=Q(person__isnull=False, entity=None, organization=None)
                | Q(person=None, entity__isnull=False, organization=None)
                | Q(person=None, entity=None, organization__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(valid_to=None), name="person_is_paid_at_one_account"
            ),
            models.UniqueConstraint(fields=["entity"], condition=Q(valid_to=None), name="body_is_paid_at_one_account"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(valid_to=None), name="lender_is_paid_at_one_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_name} {self.number_masked}"

    def seal(self, number: str) -> None:
        """Keep a number of digits, sealed for this row."""
        self.number_sealed = personal_data.encrypt(number, column="payout_account.number", row=self.uuid)
        self.number_masked = f"{'*' * 4}{number[-4:]}"

    def number(self) -> str:
        """Return the full number: for the file the bank pays by, never for a page."""
        return personal_data.decrypt(bytes(self.number_sealed), column="payout_account.number", row=self.uuid)
