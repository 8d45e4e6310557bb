"""Visits and collection of loans: what is due, what was found, which promises were kept."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db.models import (
    Case,
    Count,
    DateField,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)

from files.models import Attachment
from finance.money import ZERO
from loans.choices import PAYMENT_KINDS, CollectionKind, LoanState
from loans.models import CollectionAct, Loan, LoanEntry, Visit, VisitPhoto
from loans.queries.loans import text_condition
from loans.queries.paging import Keyset
from organizations.scope import Scope

BY_VISIT_DAY = Keyset("visit_due_on", date.fromisoformat)
# How far ahead the list of visits looks.
SOON = timedelta(days=14)


# --- visits ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class VisitCounts:
    """Loans of a scope to be visited by one side: until SOON from now, and how many of them are late."""

    due: int
    overdue: int


def with_visit_dates(loans: "QuerySet[Loan]", *, side: str) -> "QuerySet[Loan]":
    """Add `last_visit_on` (None: never) and `visit_due_on` of one side to loans: one subquery, no loop."""
    last = (
        Visit.objects.effective()
        .filter(loan=OuterRef("pk"), side=side)
        .order_by("-visited_on")
        .values("visited_on")[:1]
    )
    next_day = Case(
        When(last_visit_on=None, then=_days_after("start_date", "version__first_visit_days")),
        default=_days_after("last_visit_on", "version__visit_every_days"),
        output_field=DateField(),
    )
    return loans.annotate(last_visit_on=Subquery(last)).annotate(visit_due_on=next_day)


def _days_after(day: str, days: str) -> ExpressionWrapper:
    """A date plus a number of days is a date: PostgreSQL knows, Django wants to be told."""
    return ExpressionWrapper(F(day) + F(days), output_field=DateField())


def visits_due(
    *, scope: Scope, side: str, on: date, text: str = "", place: str = "", due: str = ""
) -> "QuerySet[Loan]":
    """Return the live loans that a side has to visit until SOON, with the dates of `with_visit_dates`.

    `due` narrows to "overdue" or widens to "all"; order by BY_VISIT_DAY.
    """
    loans = with_visit_dates(Loan.objects.for_scope(scope).filter(state=LoanState.LIVE), side=side)
    if due == "overdue":
        loans = loans.filter(Q(visit_due_on__lt=on))
    elif due != "all":
        loans = loans.filter(Q(visit_due_on__lte=on + SOON))
    if text:
        loans = loans.filter(text_condition(text))
    if place:
        loans = loans.filter(division_path__startswith=place)
    return loans.select_related("application__person", "application__entity", "division__parent", "standing")


def visit_counts(*, scope: Scope, side: str, on: date) -> VisitCounts:
    """Count what `visits_due` lists, in one query."""
    loans = with_visit_dates(Loan.objects.for_scope(scope).filter(state=LoanState.LIVE), side=side)
    found = loans.aggregate(
        due=Count("pk", filter=Q(visit_due_on__lte=on + SOON)), overdue=Count("pk", filter=Q(visit_due_on__lt=on))
    )
    return VisitCounts(**found)


def visits_in_full() -> "QuerySet[Visit]":
    """Return the visits with all that a page shows of one, the newest first."""
    shots = VisitPhoto.objects.select_related("attachment").order_by("position")
    return (
        Visit.objects.select_related("visitor", "organization", "corrects", "corrected_by")
        .prefetch_related(Prefetch("shots", queryset=shots))
        .order_by("-visited_on", "-pk")
    )


def visits_of(loan: Loan) -> "list[Visit]":
    """Return every visit of a loan, corrected ones included, the newest first. Two queries."""
    return list(visits_in_full().filter(loan=loan))


def next_visit(loan: Loan, visits: "Iterable[Visit]", *, side: str) -> date | None:
    """Return the day by which a side must visit a live loan next, from visits already read; else None.

    The same rule as `with_visit_dates`.
    """
    if loan.state != LoanState.LIVE:
        return None
    days = [visit.visited_on for visit in visits if visit.side == side and not is_corrected(visit)]
    if not days:
        return loan.start_date + timedelta(days=loan.version.first_visit_days)
    return max(days) + timedelta(days=loan.version.visit_every_days)


def is_corrected(visit: Visit) -> bool:
    """Whether a later row takes the place of this one. Needs `visits_in_full`."""
    return getattr(visit, "corrected_by", None) is not None


# --- collection ------------------------------------------------------------------------------------------------------


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True)
class CollectionLine:
    """One step with what became of its promise; `paid` is what came in from that day to the promised one (yuan)."""

    act: CollectionAct
    promise: PromiseState | None = None
    paid: Decimal = ZERO


@dataclass(frozen=True)
class CollectionRecord:
    """All steps taken to collect a loan, the newest first: evidence for a claim and for diligence."""

    lines: list[CollectionLine] = field(default_factory=list)

    @property
    def notices(self) -> int:
        """How many written demands were served."""
        return self.count(CollectionKind.NOTICE)

    @property
    def broken_promises(self) -> int:
        return sum(line.promise is PromiseState.BROKEN for line in self.lines)

    @property
    def last_on(self) -> date | None:
        return max((line.act.done_on for line in self.lines), default=None)

    def count(self, kind: str) -> int:
        return sum(line.act.kind == kind for line in self.lines)


def collection_record(loan: Loan, *, on: date) -> CollectionRecord:
    """Return what was done to collect a loan, and how its promises stand on a day. Two queries."""
    acts = list(
        CollectionAct.objects.filter(loan=loan)
        .select_related("recorded_by", "organization", "paper")
        .order_by("-done_on", "-pk")
    )
    payments: list[tuple[date, Decimal]] = []
    if any(act.promise_date for act in acts):
        entries = LoanEntry.objects.effective().filter(loan=loan, kind__in=PAYMENT_KINDS, value_date__lte=on)
        payments = list(entries.values_list("value_date", "amount"))
    return CollectionRecord([_line(act, payments, on) for act in acts])


def _line(act: CollectionAct, payments: list[tuple[date, Decimal]], on: date) -> CollectionLine:
    if act.promise_date is None or act.promise_amount is None:
        return CollectionLine(act)
    paid = sum((amount for day, amount in payments if act.done_on <= day <= act.promise_date), start=ZERO)
    if paid >= act.promise_amount:
        return CollectionLine(act, PromiseState.KEPT, paid)
    return CollectionLine(act, PromiseState.BROKEN if act.promise_date < on else PromiseState.OPEN, paid)


# --- kept files ------------------------------------------------------------------------------------------------------


def get_photo(loan: Loan, photo: uuid.UUID) -> Attachment | None:
    """Return a photo of one of the loan's visits, or None."""
    return Attachment.objects.filter(uuid=photo, visit_photos__visit__loan=loan).first()


def get_collection_paper(loan: Loan, act_id: int) -> Attachment | None:
    """Return the paper of one of the loan's collection steps, or None."""
    act = CollectionAct.objects.filter(pk=act_id, loan=loan).select_related("paper").first()
    return act.paper if act else None
