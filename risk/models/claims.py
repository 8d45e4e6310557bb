"""A claim on the fund for a loan in arrears, from filing to recovery or write-off (账销案存)."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from files.models import Attachment
from finance.money import ZERO
from loans.models import Loan
from organizations.scope import Scope
from risk.choices import PAID_STATES, ClaimFileKind, ClaimOutcome, ClaimPaper, ClaimState, ExemptionOutcome
from risk.models.funds import ClaimRule, FundContributor, FundShareSet, RiskFund
from workflow.models import Decision

PAID = [state.value for state in PAID_STATES]


class ClaimQuerySet(models.QuerySet["Claim"]):
    def for_scope(self, scope: Scope) -> "ClaimQuerySet":
        return self.filter(scope.rows("loan__"))


class Claim(models.Model):
    """One claim. Its amounts are those of the day it was filed and do not follow the loan afterwards.

    `revision` grows with every write: a page that shows an old one cannot decide. `sequence` counts the decisions.
    """

    number = models.CharField(_("claim number"), max_length=40, unique=True, db_collation="C")
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="claims")
    fund = models.ForeignKey(RiskFund, on_delete=models.PROTECT, related_name="claims")
    rule = models.ForeignKey(ClaimRule, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    share_set = models.ForeignKey(FundShareSet, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    state = models.CharField(max_length=12, choices=ClaimState.choices, default=ClaimState.TO_FILE)
    revision = models.PositiveIntegerField(default=1)
    sequence = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    # What was demanded, on the day of filing.
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    overdue_since = models.DateField(_("overdue since"), null=True, blank=True)
    overdue_days = models.PositiveIntegerField(_("days overdue"), null=True, blank=True)
    principal_due = models.DecimalField(_("principal demanded (yuan)"), max_digits=14, decimal_places=2, default=0)
    interest_due = models.DecimalField(_("interest demanded (yuan)"), max_digits=14, decimal_places=2, default=0)
    base_amount = models.DecimalField(_("loss that counts (yuan)"), max_digits=14, decimal_places=2, default=0)
    fund_part = models.DecimalField(_("the fund pays (yuan)"), max_digits=14, decimal_places=2, default=0)
    lender_part = models.DecimalField(_("the lender bears (yuan)"), max_digits=14, decimal_places=2, default=0)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    recovered = models.DecimalField(_("returned to the fund (yuan)"), max_digits=14, decimal_places=2, default=0)
    # Whoever proposes a write-off names its paper; another person decides on it.
    write_off_number = models.CharField(_("paper on the write-off"), max_length=60, blank=True)
    written_off_on = models.DateField(_("written off on"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        constraints = [
            models.UniqueConstraint(fields=["loan"], condition=~Q(state="refused"), name="loan_has_one_live_claim"),
            models.CheckConstraint(
                name="filed_claim_is_complete",
                condition=Q(state__in=["to_file", "returned"])
                | Q(
                    filed_on__isnull=False,
                    rule__isnull=False,
                    share_set__isnull=False,
                    overdue_since__isnull=False,
                    base_amount__gt=0,
                ),
            ),
            models.CheckConstraint(
                name="claim_parts_add_up",
                condition=Q(base_amount=F("fund_part") + F("lender_part"), fund_part__gte=0, lender_part__gte=0),
            ),
            models.CheckConstraint(
                name="claim_returns_no_more_than_was_paid",
                condition=Q(recovered__gte=0, recovered__lte=F("fund_part")),
            ),
            models.CheckConstraint(
                name="paid_claim_has_its_day",
                condition=Q(state__in=PAID, paid_on__isnull=False) | (~Q(state__in=PAID) & Q(paid_on=None)),
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="claims_by_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def left(self) -> Decimal:
        """What the fund paid and has not got back."""
        return self.fund_part - self.recovered if self.paid_on else ZERO


class ClaimShare(models.Model):
    """What one party bears of a claim, and its weight then. Those of a filing add up to the loss that counts."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="shares")
    contributor = models.ForeignKey(FundContributor, on_delete=models.PROTECT, related_name="claim_shares")
    weight = models.DecimalField(_("weight"), max_digits=9, decimal_places=4)
    amount = models.DecimalField(_("bears (yuan)"), max_digits=14, decimal_places=2)
    round = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "round", "contributor"], name="party_bears_a_claim_once"),
            models.CheckConstraint(name="claim_share_is_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.contributor} {self.amount}"


class ClaimPaperEntry(models.Model):
    """A paper handed in with a claim, ticked with its number. Each filing ticks them anew."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="papers")
    round = models.PositiveSmallIntegerField()
    paper = models.CharField(_("paper"), max_length=14, choices=ClaimPaper.choices)
    number = models.CharField(_("number"), max_length=60, blank=True)
    copies = models.PositiveSmallIntegerField(_("copies"), default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "round", "paper"], name="paper_is_ticked_once"),
            models.CheckConstraint(name="paper_has_copies", condition=Q(copies__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.get_paper_display()} {self.number}"


class ClaimFile(models.Model):
    """A paper of a claim as it was scanned, for those who decide. Written once; a new filing brings its own."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="files")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(_("paper"), max_length=14, choices=ClaimFileKind.choices)
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["claim", "round", "pk"]

    def __str__(self) -> str:
        return f"{self.claim} {self.get_kind_display()}"


class ClaimDecision(Decision):
    """One decision on one claim."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    side = models.CharField(max_length=12)

    class Meta(Decision.Meta):
        constraints = [
            *Decision.Meta.constraints,
            models.UniqueConstraint(fields=["claim", "sequence"], name="claim_decisions_follow_one_another"),
        ]

    def get_outcome_display(self) -> str:
        return str(ClaimOutcome(self.outcome).label)

    def get_step_display(self) -> str:
        return str(ClaimState(self.step).label)


class ClaimRecovery(models.Model):
    """Money that came in after the payout: costs first, the rest by the claim's own shares. Written once."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="recoveries")
    amount = models.DecimalField(_("recovered (yuan)"), max_digits=14, decimal_places=2)
    costs = models.DecimalField(_("costs (yuan)"), max_digits=14, decimal_places=2, default=0)
    to_fund = models.DecimalField(_("to the fund (yuan)"), max_digits=14, decimal_places=2)
    to_lender = models.DecimalField(_("to the lender (yuan)"), max_digits=14, decimal_places=2)
    # What came in above the loss that counted: the lender's own loss and interest.
    beyond = models.DecimalField(_("beyond the claim (yuan)"), max_digits=14, decimal_places=2, default=0)
    value_date = models.DateField(_("day"))
    bank_reference = models.CharField(_("bank reference"), max_length=60, unique=True, db_collation="C")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recovery_is_used_up",
                condition=Q(
                    amount=F("costs") + F("to_fund") + F("to_lender") + F("beyond"),
                    amount__gt=0,
                    costs__gte=0,
                    to_fund__gte=0,
                    to_lender__gte=0,
                    beyond__gte=0,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.amount}"


class RecoveryShare(models.Model):
    """What one party gets of a recovery. Written once."""

    recovery = models.ForeignKey(ClaimRecovery, on_delete=models.PROTECT, related_name="shares")
    contributor = models.ForeignKey(FundContributor, on_delete=models.PROTECT, related_name="recovery_shares")
    amount = models.DecimalField(_("gets (yuan)"), max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recovery", "contributor"], name="party_shares_a_recovery_once"),
            models.CheckConstraint(name="recovery_share_is_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.contributor} {self.amount}"


class ExemptionDecision(Decision):
    """Whether the staff who followed the rules are free of blame for a loss (尽职免责). `facts` keep the evidence."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="exemptions")

    class Meta(Decision.Meta):
        constraints = [
            *Decision.Meta.constraints,
            models.UniqueConstraint(fields=["loan", "sequence"], name="exemptions_follow_one_another"),
        ]

    def get_outcome_display(self) -> str:
        return str(ExemptionOutcome(self.outcome).label)
