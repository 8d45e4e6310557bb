"""What a batch comes to, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import (
    Count,
    DecimalField,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    prefetch_related_objects,
)

from accounts.queries import principals_of
from finance.daycount import add_months
from finance.money import ZERO
from loans.models import Programme, SubsidyBudget
from organizations.scope import Scope
from subsidies.choices import BatchOutcome, BatchStep
from subsidies.models import BatchDecision, SubsidyBatch, SubsidyLine

COUNTY_DIGITS = 6
MONTHS_OF_A_QUARTER = 3


def total_of(batch: SubsidyBatch) -> Decimal:
    """Return the sum of all lines in yuan, differences included."""
    return batch.lines.aggregate(total=Sum("amount"))["total"] or ZERO


def decisions_of(batch: SubsidyBatch) -> list[BatchDecision]:
    """Return all decisions on a batch, oldest first; read once for this instance of it, however often they are asked.

    An operation works on an instance of its own, read under the lock.
    """
    told = principals_of(BatchDecision.objects.select_related("decided_by", "organization").order_by("sequence"))
    prefetch_related_objects([batch], Prefetch("decisions", queryset=told))
    return list(batch.decisions.all())


def decisions_of_round(batch: SubsidyBatch) -> list[BatchDecision]:
    """Return the decisions since the batch was last sent back, oldest first."""
    decisions = decisions_of(batch)
    returned = [place for place, decision in enumerate(decisions) if decision.outcome == BatchOutcome.RETURN]
    return decisions[returned[-1] + 1 :] if returned else decisions


def is_notice_closed(batch: SubsidyBatch) -> bool:
    """Whether the notice of this round was closed after its days."""
    return _has(batch, BatchStep.NOTICE, BatchOutcome.PASS)


def is_approved_once(batch: SubsidyBatch) -> bool:
    """Whether the finance bureau has approved in this round; the batch may still wait for the second approval."""
    return _has(batch, BatchStep.APPROVAL, BatchOutcome.APPROVE)


def _has(batch: SubsidyBatch, step: str, outcome: str) -> bool:
    return any(decision.step == step and decision.outcome == outcome for decision in decisions_of_round(batch))


@dataclass(frozen=True)
class Progress:
    """How far the computation of a batch is, in loans. `seconds_left` is a guess by what is done, None at first."""

    done: int
    total: int
    seconds_left: int | None

    @property
    def percent(self) -> Decimal:
        """With one decimal, rounded down: 100 only when all is done."""
        tenths = self.done * 1000 // self.total if self.total else 0
        return Decimal(tenths).scaleb(-1)


def progress_of(batch: SubsidyBatch, *, now: datetime) -> Progress:
    """Return how far a batch that is being computed is. One query."""
    sums = batch.chunks.aggregate(
        done=Sum("loans", filter=Q(done_at__isnull=False), default=0), total=Sum("loans", default=0)
    )
    done, total = sums["done"], sums["total"]
    seconds_left = None
    if done and batch.known_at is not None:
        seconds = int((now - batch.known_at).total_seconds())
        seconds_left = seconds * (total - done) // done
    return Progress(done=done, total=total, seconds_left=seconds_left)


def batches_in(*, division_paths: Sequence[str]) -> "QuerySet[SubsidyBatch]":
    """Return the batches of the counties in which these divisions lie, with their programme.

    A township's office sees that its county has a batch; which lines it sees is another question.
    """
    counties = {path[:COUNTY_DIGITS] for path in division_paths if len(path) >= COUNTY_DIGITS}
    above = tuple(path for path in division_paths if len(path) < COUNTY_DIGITS)
    inside = Q(programme__division__path__in=counties)
    for path in above:
        inside |= Q(programme__division__path__startswith=path)
    return SubsidyBatch.objects.filter(inside).select_related("programme__division", "created_by")


def with_sums(batches: "QuerySet[SubsidyBatch]", *, scope: Scope) -> "QuerySet[SubsidyBatch]":
    """Add `lines_count` and `amount` (yuan) of the lines inside a scope, the newest period first."""
    lines = SubsidyLine.objects.for_scope(scope).filter(batch=OuterRef("pk")).order_by().values("batch")
    return batches.annotate(
        lines_count=Subquery(lines.annotate(n=Count("pk")).values("n")),
        amount=Subquery(
            lines.annotate(total=Sum("amount")).values("total"),
            output_field=DecimalField(max_digits=14, decimal_places=2),
        ),
    ).order_by("-last_day", "-pk")


def next_period(programme: Programme) -> tuple[date | None, date | None]:
    """Return the first and the last day of the quarter after the newest batch: to the 20th of the third month.

    Without any batch the first day is open.
    """
    newest = SubsidyBatch.objects.counting().filter(programme=programme).order_by("-last_day").first()
    if newest is None:
        return None, None
    return newest.stop, add_months(newest.last_day, MONTHS_OF_A_QUARTER)


def budget_left(batch: SubsidyBatch) -> Decimal:
    """Return what is not due yet of the budgets that the lines of a batch are charged to."""
    budgets = SubsidyBudget.objects.filter(pk__in=batch.lines.values("budget"))
    return budgets.aggregate(left=Sum(F("appropriated") - F("due"), default=ZERO))["left"]
