"""The risk-compensation fund: who pays into it, who bears which share, and its ledger of single-row transfers."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from loans.models import Programme
from organizations.models import Division
from organizations.scope import Place, Scope
from risk.choices import ClaimBase, ClaimPaper, ContributorKind, FundAccountKind, TransferKind
from risk.rules import Band


class RiskFundQuerySet(models.QuerySet["RiskFund"]):
    def for_scope(self, scope: Scope) -> "RiskFundQuerySet":
        return self.filter(scope.divisions("division__path"))


class RiskFund(models.Model):
    """A county's fund, for one programme or for all. `balance` is what stands in the special account.

    It is changed only by conditional updates beside a transfer, and equals the sum of the transfers.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="risk_funds")
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="risk_funds"
    )
    opened_on = models.DateField(_("opened on"))
    balance = models.DecimalField(_("balance (yuan)"), max_digits=14, decimal_places=2, default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = RiskFundQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk fund")
        constraints = [models.CheckConstraint(name="fund_is_never_overdrawn", condition=Q(balance__gte=0))]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        return self.division.place


class FundContributor(models.Model):
    """A party of the fund: it pays in, or it only bears a share (the lender)."""

    fund = models.ForeignKey(RiskFund, on_delete=models.PROTECT, related_name="contributors")
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=14, choices=ContributorKind.choices)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["fund", "name"], name="contributor_is_named_once")]

    def __str__(self) -> str:
        return self.name


class FundShareSet(models.Model):
    """Who bears which part of a loss from a day on. Written once: a new agreement is a new set."""

    fund = models.ForeignKey(RiskFund, on_delete=models.PROTECT, related_name="share_sets")
    effective_from = models.DateField(_("in force from"))
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        ordering = ["-effective_from"]
        constraints = [models.UniqueConstraint(fields=["fund", "effective_from"], name="shares_begin_once")]

    def __str__(self) -> str:
        return f"{self.fund} {self.effective_from}"

    @property
    def ratio(self) -> str:
        """The weights as an office writes them: 7:3. Prefetch `shares`."""
        return ":".join(f"{share.weight.normalize():f}" for share in self.shares.all())


class FundShare(models.Model):
    """One party's weight. The party named last (as a rule the lender) takes what rounding leaves."""

    share_set = models.ForeignKey(FundShareSet, on_delete=models.PROTECT, related_name="shares")
    contributor = models.ForeignKey(FundContributor, on_delete=models.PROTECT, related_name="shares")
    weight = models.DecimalField(_("weight"), max_digits=9, decimal_places=4)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["share_set", "contributor"], name="party_has_one_share"),
            models.UniqueConstraint(fields=["share_set", "position"], name="shares_are_in_one_order"),
            models.CheckConstraint(name="share_weighs_something", condition=Q(weight__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.contributor} {self.weight}"


class ClaimRule(models.Model):
    """When a claim may be filed and on what, from a day on. Every figure here is the county's, none the program's."""

    fund = models.ForeignKey(RiskFund, on_delete=models.PROTECT, related_name="claim_rules")
    effective_from = models.DateField(_("in force from"))
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    is_example = models.BooleanField(_("example"), default=False)
    trigger_days = models.PositiveSmallIntegerField(_("days overdue"))
    is_more_than = models.BooleanField(_("only after that day"), default=False)
    base = models.CharField(_("base"), max_length=14, choices=ClaimBase.choices)
    leverage_max = models.DecimalField(
        _("lending limit (× the fund)"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    deposit_percent = models.DecimalField(
        _("fund demanded (% of the balance lent)"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    notices_min = models.PositiveSmallIntegerField(_("collection notices at least"), default=2)
    required_papers = ArrayField(
        models.CharField(max_length=14, choices=ClaimPaper.choices), verbose_name=_("papers"), default=list
    )

    class Meta:
        ordering = ["-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "effective_from"], name="claim_rule_begins_once"),
            models.CheckConstraint(
                name="claim_limits_are_positive",
                condition=(Q(leverage_max=None) | Q(leverage_max__gt=0))
                & (Q(deposit_percent=None) | Q(deposit_percent__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.effective_from}"

    @property
    def bands(self) -> list[Band]:
        return [Band(cap.from_amount, cap.to_amount, cap.percent) for cap in self.caps.all()]


class ClaimCap(models.Model):
    """Of the part of a loss between two amounts so many percent count; bands join from 0 upwards."""

    rule = models.ForeignKey(ClaimRule, on_delete=models.PROTECT, related_name="caps")
    from_amount = models.DecimalField(_("from (yuan)"), max_digits=14, decimal_places=2)
    to_amount = models.DecimalField(_("to (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    percent = models.DecimalField(_("counts (%)"), max_digits=7, decimal_places=4)

    class Meta:
        ordering = ["from_amount"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "from_amount"], name="cap_begins_once"),
            models.CheckConstraint(
                name="cap_is_a_band",
                condition=Q(from_amount__gte=0)
                & (Q(to_amount=None) | Q(to_amount__gt=F("from_amount")))
                & Q(percent__gt=0, percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_amount}–{self.to_amount or ''}: {self.percent}%"


class FundAccount(models.Model):
    """An account of a fund's ledger: the special account, what each party paid in, what went out and came back."""

    fund = models.ForeignKey(RiskFund, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(_("kind"), max_length=12, choices=FundAccountKind.choices)
    contributor = models.OneToOneField(
        FundContributor, on_delete=models.PROTECT, null=True, blank=True, related_name="account"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contribution_account_has_its_party",
                condition=Q(kind="contributor", contributor__isnull=False)
                | (~Q(kind="contributor") & Q(contributor=None)),
            ),
            models.UniqueConstraint(
                fields=["fund", "kind"], condition=~Q(kind="contributor"), name="fund_has_one_account_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        kind = str(self.get_kind_display())
        return f"{kind}（{self.contributor}）" if self.contributor else kind


class FundTransfer(models.Model):
    """One movement: from the credited to the debited account, as books say it. Written once, one row per event.

    Money reaches the special account by debiting it. `transfer_key` names the business event, which happens once.
    """

    fund = models.ForeignKey(RiskFund, on_delete=models.PROTECT, related_name="transfers")
    debit = models.ForeignKey(FundAccount, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(FundAccount, on_delete=models.PROTECT, related_name="credits")
    amount = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2)
    value_date = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=TransferKind.choices)
    transfer_key = models.CharField(max_length=120, unique=True, db_collation="C")
    bank_reference = models.CharField(_("bank reference"), max_length=60, blank=True, db_collation="C")
    contributor = models.ForeignKey(
        FundContributor, on_delete=models.PROTECT, null=True, blank=True, related_name="transfers"
    )
    claim = models.ForeignKey("risk.Claim", on_delete=models.PROTECT, null=True, blank=True, related_name="transfers")
    note = models.CharField(pgettext_lazy("transfer", "note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="transfer_moves_something", condition=Q(amount__gt=0) & ~Q(debit=F("credit"))),
            models.CheckConstraint(
                name="bank_transfer_has_its_reference", condition=Q(kind="write_off") | ~Q(bank_reference="")
            ),
            models.CheckConstraint(
                name="claim_transfer_names_its_claim",
                condition=Q(kind__in=["payout", "recovery", "write_off"], claim__isnull=False)
                | (~Q(kind__in=["payout", "recovery", "write_off"]) & Q(claim=None)),
            ),
        ]
        indexes = [models.Index(fields=["fund", "value_date", "id"], name="transfers_of_fund")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class FundStatementLine(models.Model):
    """A line of the bank's statement of the special account, as the bank gave it. Written once."""

    fund = models.ForeignKey(RiskFund, on_delete=models.PROTECT, related_name="statement_lines")
    value_date = models.DateField(_("day"))
    bank_reference = models.CharField(_("bank reference"), max_length=60, db_collation="C")
    paid_in = models.DecimalField(_("in (yuan)"), max_digits=14, decimal_places=2, default=Decimal(0))
    paid_out = models.DecimalField(_("out (yuan)"), max_digits=14, decimal_places=2, default=Decimal(0))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "bank_reference"], name="statement_line_is_kept_once"),
            models.CheckConstraint(
                name="statement_line_is_in_or_out",
                condition=Q(paid_in__gt=0, paid_out=0) | Q(paid_in=0, paid_out__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value_date} {self.bank_reference}"
