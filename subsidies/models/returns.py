"""The bank's answers as they came: the file's rows kept as written, and what each of them means."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from subsidies.choices import ReturnCode, ReturnFault, ReturnFileState, ReturnOutcome
from subsidies.models.batches import SubsidyBatch
from subsidies.models.payments import Payment
from web.spreadsheets import CellFault

SENTENCES: dict[str, Any] = dict(CellFault.choices) | dict(ReturnFault.choices)


class ReturnFile(models.Model):
    """One answer of the bank on payments of a batch: read first, booked when somebody has looked at it."""

    batch = models.ForeignKey(SubsidyBatch, on_delete=models.PROTECT, related_name="return_files")
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, db_collation="C")
    state = models.CharField(
        pgettext_lazy("return file", "state"), max_length=10, choices=ReturnFileState.choices,
        default=ReturnFileState.READ,
    )  # fmt: skip
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    booked_at = models.DateTimeField(_("booked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("bank's answer")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "sha256"], condition=~Q(state="discarded"), name="answer_is_taken_in_once"
            ),
            models.CheckConstraint(
                name="booked_answer_says_who",
                condition=Q(state="booked", booked_by__isnull=False, booked_at__isnull=False)
                | (~Q(state="booked") & Q(booked_by=None, booked_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ReturnLine(models.Model):
    """A row of the bank's answer. `cells` is what stood there; the fields are what was understood of it."""

    file = models.ForeignKey(ReturnFile, on_delete=models.PROTECT, related_name="lines")
    row_number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=dict)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_credited = models.BooleanField(_("credited"), null=True)
    code = models.CharField(_("return code"), max_length=20, choices=ReturnCode.choices, blank=True)
    value_date = models.DateField(_("day"), null=True, blank=True)
    bank_reference = models.CharField(_("bank reference"), max_length=60, blank=True, db_collation="C")
    outcome = models.CharField(_("result"), max_length=8, choices=ReturnOutcome.choices)
    # [{"cell": "C7", "fault": "not_a_day"}]; a fault is a CellFault or a ReturnFault.
    problems = models.JSONField(default=list)

    class Meta:
        verbose_name = _("line of a bank's answer")
        constraints = [
            models.UniqueConstraint(fields=["file", "row_number"], name="row_of_an_answer_is_kept_once"),
            models.CheckConstraint(
                name="understood_answer_is_complete",
                condition=Q(outcome="faulty")
                | (
                    Q(payment__isnull=False, is_credited__isnull=False, value_date__isnull=False)
                    & ~Q(bank_reference="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.row_number}"

    @cached_property
    def sentences(self) -> list[str]:
        """What is wrong with the line, each with its cell: `C7 …`."""
        return [f"{problem['cell']} {SENTENCES[problem['fault']]}".strip() for problem in self.problems]
