"""Bank statements as they came: the file's lines kept as written, and what became of each."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from finance.money import ZERO
from jobs.models import Job
from loans.choices import LineFault, LineKind, LineOutcome, StatementState
from loans.models.lending import Loan
from organizations.models import Organization
from organizations.scope import Scope
from web.spreadsheets import CellFault

SENTENCES: dict[str, Any] = dict(CellFault.choices) | dict(LineFault.choices)
# What somebody has to look into: nothing of it was booked, or it differs from what our account expects.
STRAY_OUTCOMES = (LineOutcome.ALTERED, LineOutcome.UNKNOWN, LineOutcome.FAULTY, LineOutcome.REFUSED)
DIFFERENCES = ("principal_difference", "interest_difference", "penalty_difference")
STRAY = Q(outcome__in=STRAY_OUTCOMES) | Q(is_different=True)


def outlet_rows(scope: Scope, field: str) -> Q:
    """Return the condition on rows that belong to a counter: only credit posts reach them."""
    condition = Q(pk__in=[])
    for path in scope.outlet_paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


class StatementImportQuerySet(models.QuerySet["StatementImport"]):
    def for_scope(self, scope: Scope) -> "StatementImportQuerySet":
        return self.filter(outlet_rows(scope, "outlet_path"))


class StatementImport(models.Model):
    """One uploaded statement of an outlet, or of the whole union. The same file is taken in once."""

    outlet = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="statements")
    outlet_path = models.CharField(max_length=255, db_collation="C")
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, db_collation="C")
    state = models.CharField(
        _("state"), max_length=10, choices=StatementState.choices, default=StatementState.READ
    )  # fmt: skip
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"))
    # The work that books it: whoever pressed the button owns it, and his are the entries.
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    posted_at = models.DateTimeField(_("booked at"), null=True, blank=True)

    objects = StatementImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank statement")
        constraints = [
            models.UniqueConstraint(
                fields=["outlet", "sha256"], condition=~Q(state="discarded"), name="statement_is_taken_in_once"
            ),
            models.CheckConstraint(
                name="statement_is_booked_by_a_job",
                condition=Q(state__in=["read", "discarded"]) | Q(job__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["outlet_path", "-uploaded_at"], name="statements_of_outlet")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_stuck(self) -> bool:
        """Whether the job that was booking it has failed: another one may go on."""
        return self.state == StatementState.POSTING and self.job is not None and self.job.is_failed


class StatementLineQuerySet(models.QuerySet["StatementLine"]):
    def for_scope(self, scope: Scope) -> "StatementLineQuerySet":
        return self.filter(outlet_rows(scope, "statement__outlet_path"))


class StatementLine(models.Model):
    """A row of a statement. `cells` is what stood there; the fields are what was understood of it.

    The differences are paid less expected, in yuan; None until the line is booked.
    """

    statement = models.ForeignKey(StatementImport, on_delete=models.PROTECT, related_name="lines")
    row_number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=dict)
    contract_number = models.CharField(_("contract number"), max_length=40, blank=True, db_collation="C")
    bank_reference = models.CharField(_("bank reference"), max_length=60, blank=True, db_collation="C")
    value_date = models.DateField(_("day"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind.choices, blank=True)
    principal = models.DecimalField(_("principal (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    interest = models.DecimalField(_("interest (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    penalty = models.DecimalField(_("penalty interest (yuan)"), max_digits=14, decimal_places=2, null=True, blank=True)
    line_key = models.CharField(max_length=64, db_collation="C")
    outcome = models.CharField(_("result"), max_length=10, choices=LineOutcome.choices)
    # [{"cell": "C7", "fault": "not_a_day", "values": {}}]; a fault is a CellFault or a LineFault.
    problems = models.JSONField(default=list)
    refusal = models.CharField(_("reason"), max_length=500, blank=True)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, null=True, blank=True, related_name="statement_lines")
    principal_difference = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    interest_difference = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    penalty_difference = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    is_different = models.BooleanField(default=False)
    clarified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    clarified_at = models.DateTimeField(_("clarified at"), null=True, blank=True)
    note = models.CharField(_("how it was clarified"), max_length=300, blank=True)

    objects = StatementLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a bank statement")
        constraints = [
            models.UniqueConstraint(fields=["statement", "row_number"], name="row_of_a_statement_is_kept_once"),
            # Whatever overlaps: one line of one file booked it, all others found it in the ledger.
            models.UniqueConstraint(fields=["line_key"], condition=Q(outcome="booked"), name="line_books_once"),
            models.CheckConstraint(
                name="booked_line_has_its_loan", condition=~Q(outcome="booked") | Q(loan__isnull=False)
            ),
            models.CheckConstraint(
                name="clarified_line_says_who_and_how",
                condition=Q(clarified_at=None, clarified_by=None, note="")
                | (Q(clarified_at__isnull=False, clarified_by__isnull=False) & ~Q(note="")),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["statement", "row_number"],
                name="statement_lines_to_clarify",
                condition=STRAY & Q(clarified_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement} {self.row_number}"

    @property
    def total(self) -> Decimal:
        """What the line moves, in yuan."""
        return (self.principal or ZERO) + (self.interest or ZERO) + (self.penalty or ZERO)

    @property
    def is_stray(self) -> bool:
        """Whether somebody has to look into the line, or had to."""
        return self.outcome in STRAY_OUTCOMES or self.is_different

    @cached_property
    def sentences(self) -> list[str]:
        """What is wrong with the line, each with its cell: `C7: …`."""
        said = [_sentence(problem) for problem in self.problems]
        return [*said, self.refusal] if self.refusal else said


def _sentence(problem: dict[str, Any]) -> str:
    sentence = str(SENTENCES[problem["fault"]]) % problem.get("values", {})
    return f"{problem['cell']} {sentence}" if problem.get("cell") else sentence
