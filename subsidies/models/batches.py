"""A batch of interest subsidies: the snapshot it was computed from, its lines, and who decided on it."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy as _

from loans.models import Loan, Programme, SubsidyBudget
from organizations.scope import Scope
from subsidies.choices import CLOSED_STATES, BatchOutcome, BatchState, BatchStep, LineKind, LineStatus, Reason
from web.clock import day_of
from workflow.models import Decision


class SubsidyBatchQuerySet(models.QuerySet["SubsidyBatch"]):
    def for_scope(self, scope: Scope) -> "SubsidyBatchQuerySet":
        """The batches of the programmes of a county: subsidies are the county's business."""
        return self.filter(scope.divisions("programme__division__path"))

    def counting(self) -> "SubsidyBatchQuerySet":
        return self.exclude(state=BatchState.VOID)


class SubsidyBatch(models.Model):
    """One period of one programme, all its versions. Both days are included."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="batches")
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"))
    # Computed before its period was over or its interest paid: for planning and notice, never for payment.
    is_estimate = models.BooleanField(_("estimated"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=BatchState.choices, default=BatchState.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    # The moment of the snapshot: entries recorded later do not count in this batch.
    known_at = models.DateTimeField(null=True, blank=True)
    inputs_sha256 = models.CharField(max_length=64, blank=True, db_collation="C")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True, blank=True)
    notice_place = models.CharField(_("place of the notice"), max_length=120, blank=True)
    notice_from = models.DateField(_("notice from"), null=True, blank=True)
    notice_to = models.DateField(_("notice to"), null=True, blank=True)

    objects = SubsidyBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("subsidy batch")
        constraints = [
            models.CheckConstraint(name="batch_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))),
            models.CheckConstraint(
                name="estimate_is_never_paid", condition=Q(is_estimate=False) | ~Q(state__in=CLOSED_STATES)
            ),
            models.UniqueConstraint(
                fields=["programme", "last_day"], condition=~Q(state="void"), name="period_has_one_batch"
            ),
        ]
        indexes = [models.Index(fields=["programme", "-last_day"], name="batches_newest_first")]

    def __str__(self) -> str:
        return gettext("%(programme)s %(first)s to %(last)s") % {
            "programme": self.programme.name,
            "first": self.first_day.isoformat(),
            "last": self.last_day.isoformat(),
        }

    @property
    def stop(self) -> date:
        """The day after the last one: calculations count to it."""
        return self.last_day + timedelta(days=1)

    @property
    def expected_after(self) -> date | None:
        """The day after which an estimate takes the interest as paid, that of its snapshot; None: it never does."""
        return day_of(self.known_at) if self.is_estimate and self.known_at else None

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED_STATES


class BatchChunk(models.Model):
    """A range of loans that is snapshotted and computed in one transaction: what a killed worker resumes at."""

    batch = models.ForeignKey(SubsidyBatch, on_delete=models.PROTECT, related_name="chunks")
    first_loan_id = models.BigIntegerField()
    last_loan_id = models.BigIntegerField()
    loans = models.PositiveIntegerField()
    done_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_collation="C")

    class Meta:
        ordering = ["batch", "first_loan_id"]
        constraints = [models.UniqueConstraint(fields=["batch", "first_loan_id"], name="chunk_begins_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.first_loan_id}–{self.last_loan_id}"


class InputSegment(models.Model):
    """The snapshot: days of a loan on which balance, rate and exclusion stayed the same. Fen and whole millionths.

    `end` is not counted. `base_fen` is the part of the balance within the limits. An exclusion other than "" says why
    these days bear no subsidy. The table has no foreign keys: neither a loan with entries nor a batch with ranges can
    be deleted, and checking five million stretches one by one costs as much as computing them (ADR 0013).
    """

    pk = models.CompositePrimaryKey("batch", "loan", "start")
    batch = models.ForeignKey(
        SubsidyBatch, on_delete=models.PROTECT, related_name="segments", db_constraint=False, db_index=False
    )
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    start = models.DateField()
    end = models.DateField()
    balance_fen = models.BigIntegerField()
    base_fen = models.BigIntegerField()
    rate_millionths = models.IntegerField()
    exclusion = models.CharField(max_length=20, choices=Reason.choices, blank=True)

    def __str__(self) -> str:
        return f"{self.loan_id} {self.start}–{self.end} {self.base_fen}"


class SubsidyLineQuerySet(models.QuerySet["SubsidyLine"]):
    def for_scope(self, scope: Scope) -> "SubsidyLineQuerySet":
        return self.filter(scope.rows("loan__"))


class SubsidyLine(models.Model):
    """What one loan gets for one period (both days included), or what an earlier line was off by.

    `amount` is signed: a difference takes back with a minus. Days, base and rate are those of the subsidised days.
    """

    # The indexes of Meta begin with these; what is written a million times at once bears no second one.
    batch = models.ForeignKey(SubsidyBatch, on_delete=models.PROTECT, related_name="lines", db_index=False)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="subsidy_lines", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=LineKind.choices)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="differences", db_index=False
    )
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"))
    # The budget of the loan's own programme version.
    budget = models.ForeignKey(SubsidyBudget, on_delete=models.PROTECT, related_name="lines", db_index=False)
    days = models.IntegerField(_("days"))
    base = models.DecimalField(_("subsidised principal (yuan)"), max_digits=14, decimal_places=2)
    rate_percent = models.DecimalField(_("subsidy (%)"), max_digits=7, decimal_places=4)
    interest_paid = models.DecimalField(_("interest paid (yuan)"), max_digits=14, decimal_places=2)
    amount = models.DecimalField(_("subsidy (yuan)"), max_digits=14, decimal_places=2)
    status = models.CharField(_("check"), max_length=10, choices=LineStatus.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)

    objects = SubsidyLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("subsidy line")
        constraints = [
            models.UniqueConstraint(
                fields=["loan", "last_day"], condition=Q(kind="ordinary"), name="one_ordinary_line_per_period_and_loan"
            ),
            models.UniqueConstraint(
                fields=["batch", "corrects"], condition=Q(kind="difference"), name="one_difference_per_batch_and_line"
            ),
            models.CheckConstraint(
                name="difference_names_its_line",
                condition=Q(kind="ordinary", corrects=None)
                | (Q(kind="difference", corrects__isnull=False) & ~Q(amount=0)),
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "loan"], name="lines_of_batch"),
            models.Index(fields=["loan"], name="lines_of_loan"),
            models.Index(fields=["corrects"], name="differences_of_line", condition=Q(corrects__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.last_day} {self.amount}"


class SubsidyExclusion(models.Model):
    """What the township found about a borrower: no subsidy from a day on, perhaps until another. Never deleted."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="subsidy_exclusions")
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    from_day = models.DateField(_("from"))
    until_day = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exclusion_ends_after_it_begins",
                condition=Q(until_day=None) | Q(until_day__gt=F("from_day")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]
        indexes = [models.Index(fields=["loan"], name="exclusions_of_loan")]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.reason} {self.from_day}"


class ApprovalRule(models.Model):
    """From a day on, batches above an amount need the leading group's approval besides the finance bureau's.

    Written once: of two rules from the same day the later one holds. Nobody set the one an empty county began with.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="approval_rules")
    effective_from = models.DateField(_("in force from"))
    second_above = models.DecimalField(_("second approval above (yuan)"), max_digits=14, decimal_places=2)
    sample_percent = models.DecimalField(_("sample (%)"), max_digits=7, decimal_places=4, default=5)
    sample_min = models.PositiveSmallIntegerField(_("sample at least"), default=10)
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=7)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField(_("set at"), null=True, blank=True)

    class Meta:
        ordering = ["-effective_from", "-pk"]
        indexes = [models.Index(fields=["programme", "-effective_from"], name="approval_rules_by_day")]
        constraints = [
            models.CheckConstraint(
                name="approval_rule_is_sound",
                condition=Q(second_above__gte=0, sample_percent__gte=0, sample_percent__lte=100),
            ),
            models.CheckConstraint(
                name="approval_rule_says_who", condition=Q(set_by=None, set_at=None)
                | (Q(set_by__isnull=False, set_at__isnull=False) & ~Q(document_number="")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.programme} {self.effective_from}"


class BatchDecision(Decision):
    """One decision on a batch, written once."""

    batch = models.ForeignKey(SubsidyBatch, on_delete=models.PROTECT, related_name="decisions")

    class Meta(Decision.Meta):
        constraints = [
            *Decision.Meta.constraints,
            models.UniqueConstraint(fields=["batch", "sequence"], name="batch_decisions_follow_one_another"),
        ]

    def get_step_display(self) -> str:
        return str(BatchStep(self.step).label)

    def get_outcome_display(self) -> str:
        return str(BatchOutcome(self.outcome).label)


class SampledLine(models.Model):
    """A line drawn for the review, with what the reviewer found. The draw follows from the seed."""

    batch = models.ForeignKey(SubsidyBatch, on_delete=models.PROTECT, related_name="sample")
    line = models.OneToOneField(SubsidyLine, on_delete=models.PROTECT, related_name="sampled")
    place = models.PositiveIntegerField()
    is_right = models.BooleanField(_("in order"), null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["batch", "place"]
        constraints = [models.UniqueConstraint(fields=["batch", "place"], name="sample_place_is_used_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.place}"
