"""The bank's statement of the special account as an uploaded file: read first, kept when somebody has looked at it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from risk.choices import StatementState
from risk.models.funds import RiskFund


class FundStatement(models.Model):
    """One file. `rows` is what was understood of each of its rows (risk.queries.statements.Row, as JSON).

    What is kept of it becomes a FundStatementLine, written once.
    """

    fund = models.ForeignKey(RiskFund, on_delete=models.PROTECT, related_name="statements")
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, db_collation="C")
    state = models.CharField(
        pgettext_lazy("statement", "state"), max_length=10, choices=StatementState.choices,
        default=StatementState.READ,
    )  # fmt: skip
    rows = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kept_at = models.DateTimeField(_("kept at"), null=True, blank=True)

    class Meta:
        verbose_name = _("statement of the special account")
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "sha256"], condition=~Q(state="replaced"), name="fund_statement_is_taken_in_once"
            ),
            models.CheckConstraint(
                name="kept_statement_says_who",
                condition=Q(state="kept", kept_by__isnull=False, kept_at__isnull=False)
                | (~Q(state="kept") & Q(kept_by=None, kept_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
