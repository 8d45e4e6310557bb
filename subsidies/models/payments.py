"""Money on its way to the payees. Planned, sent and credited are three facts; nothing is ever paid twice."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loans.choices import Payee
from loans.models import Loan, PayoutAccount, SubsidyBudget
from subsidies.choices import ClawbackState, PaymentState, ReturnCode, YearEnd
from subsidies.models.batches import SubsidyBatch


class PaymentFile(models.Model):
    """What was handed to the bank, kept as it was."""

    batch = models.ForeignKey(SubsidyBatch, on_delete=models.PROTECT, related_name="files")
    number = models.CharField(_("file number"), max_length=40, unique=True, db_collation="C")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    treasury_reference = models.CharField(_("treasury reference"), max_length=60, blank=True, db_collation="C")
    sha256 = models.CharField(max_length=64, db_collation="C")
    payments_count = models.PositiveIntegerField()
    amount = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2)

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """What one loan is paid out of one batch. A second payment names the returned one it stands for."""

    batch = models.ForeignKey(SubsidyBatch, on_delete=models.PROTECT, related_name="payments")
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="subsidy_payments")
    budget = models.ForeignKey(SubsidyBudget, on_delete=models.PROTECT, related_name="payments")
    payee = models.CharField(_("paid to"), max_length=10, choices=Payee.choices)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2)
    state = models.CharField(_("state"), max_length=10, choices=PaymentState.choices, default=PaymentState.PLANNED)
    reissues = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reissued_by"
    )
    file = models.ForeignKey(PaymentFile, on_delete=models.PROTECT, null=True, blank=True, related_name="payments")
    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="payment_pays_something", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["batch", "loan", "budget"], condition=Q(reissues=None), name="loan_is_paid_once_by_a_batch"
            ),
            models.CheckConstraint(
                name="sent_payment_is_in_a_file",
                condition=Q(state__in=["planned", "given_up"]) | Q(file__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["batch", "state"], name="payments_of_batch")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.loan_id} {self.amount}"


class PaymentResult(models.Model):
    """What the bank answered on one payment, once. `code` says why it came back."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="result")
    is_credited = models.BooleanField(_("credited"))
    code = models.CharField(_("return code"), max_length=20, choices=ReturnCode.choices, blank=True)
    value_date = models.DateField(_("day"))
    bank_reference = models.CharField(_("bank reference"), max_length=60, unique=True, db_collation="C")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="returned_payment_has_its_code",
                condition=Q(is_credited=True, code="") | (Q(is_credited=False) & ~Q(code="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.is_credited}"


class Clawback(models.Model):
    """What a loan got too much of, by the lines of a batch, and how far it has come back."""

    batch = models.ForeignKey(SubsidyBatch, on_delete=models.PROTECT, related_name="clawbacks")
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="clawbacks")
    budget = models.ForeignKey(SubsidyBudget, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(_("to be taken back (yuan)"), max_digits=14, decimal_places=2)
    state = models.CharField(_("state"), max_length=12, choices=ClawbackState.choices, default=ClawbackState.OPEN)
    notified_on = models.DateField(_("notice delivered on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="clawback_takes_something", condition=Q(amount__gt=0)),
            models.UniqueConstraint(fields=["batch", "loan", "budget"], name="loan_is_clawed_back_once_by_a_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.loan_id} {self.amount}"


class ClawbackEntry(models.Model):
    """Money that came back, written once."""

    clawback = models.ForeignKey(Clawback, on_delete=models.PROTECT, related_name="entries")
    amount = models.DecimalField(_("amount (yuan)"), max_digits=14, decimal_places=2)
    value_date = models.DateField(_("day"))
    bank_reference = models.CharField(_("bank reference"), max_length=60, unique=True, db_collation="C")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="clawback_entry_is_positive", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.clawback_id} {self.amount}"


class YearEndDecision(models.Model):
    """What becomes of a budget's money that is still open at the end of its year."""

    budget = models.OneToOneField(SubsidyBudget, on_delete=models.PROTECT, related_name="year_end")
    outcome = models.CharField(_("decision"), max_length=12, choices=YearEnd.choices)
    open_amount = models.DecimalField(_("open (yuan)"), max_digits=14, decimal_places=2)
    document_number = models.CharField(_("document number"), max_length=60)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.budget} {self.outcome}"
