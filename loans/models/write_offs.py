"""What one person of the lender proposes to write off and another one decides (TRUST: maker is never checker)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from files.models import Attachment
from loans.choices import WriteOffState
from loans.models.lending import Loan
from organizations.scope import Scope

REASON_LENGTH_MAX = 300


class WriteOffRequestQuerySet(models.QuerySet["WriteOffRequest"]):
    def for_scope(self, scope: Scope) -> "WriteOffRequestQuerySet":
        return self.filter(scope.rows("loan__"))

    def waiting(self) -> "WriteOffRequestQuerySet":
        return self.filter(state=WriteOffState.WAITING)


class WriteOffRequest(models.Model):
    """The proposal to take a loan off the books. Decided once, by another person; its paper is kept with it.

    `amount` is what was left of the principal when it was proposed; what the ledger says on the day of the decision
    is what is written off.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="write_off_requests")
    value_date = models.DateField(_("day"))
    amount = models.DecimalField(_("principal left (yuan)"), max_digits=14, decimal_places=2)
    document_number = models.CharField(_("number of the paper"), max_length=60, db_collation="C")
    reason = models.CharField(_("why it will not come back"), max_length=REASON_LENGTH_MAX)
    paper = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+", verbose_name=_("paper"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposer_key = models.CharField(max_length=30)
    proposed_at = models.DateTimeField(_("proposed at"))
    state = models.CharField(
        pgettext_lazy("write-off", "state"), max_length=8, choices=WriteOffState.choices, default=WriteOffState.WAITING
    )
    opinion = models.CharField(_("opinion"), max_length=REASON_LENGTH_MAX, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decider_key = models.CharField(max_length=30, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = WriteOffRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed write-off")
        constraints = [
            models.UniqueConstraint(
                fields=["loan"], condition=Q(state="waiting"), name="one_write_off_of_a_loan_waits"
            ),
            models.CheckConstraint(name="write_off_proposes_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="decided_write_off_says_who",
                condition=Q(state="waiting", decided_by=None, decided_at=None, decider_key="")
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decider_key="")),
            ),
            models.CheckConstraint(name="write_off_takes_two_people", condition=~Q(decider_key=F("proposer_key"))),
        ]
        indexes = [models.Index(fields=["proposed_at"], name="write_offs_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.loan} {self.document_number}"
