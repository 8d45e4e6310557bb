"""Early warnings: what must be looked into, and what is open or closed."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from loans.choices import EntryKind, LoanState
from loans.models import Loan
from organizations.models import Division
from organizations.scope import Scope
from risk.choices import WarningKind
from risk.models import EarlyWarning, WatchRule
from risk.queries.breakers import rising_villages


def causes(county: Division, rule: WatchRule, on: date) -> Iterator[EarlyWarning]:
    """Yield a warning, not yet stored, for everything that is to be looked into on a day. Five queries in all."""
    live = Loan.objects.filter(state=LoanState.LIVE, division_path__startswith=county.path)
    yield from _of_loans(_maturing(live, rule, on), WarningKind.MATURITY, on)
    late = live.filter(standing__overdue_since__lte=on).annotate(cause=F("standing__overdue_since"))
    yield from _of_loans(late, WarningKind.OVERDUE, on)
    yield from _of_loans(_misused(live), WarningKind.MISUSE, on)
    yield from _of_loans(_unvisited(live, rule, on), WarningKind.NO_VISIT, on)
    yield from _rising(county, rule, on)


def _maturing(live: "QuerySet[Loan]", rule: WatchRule, on: date) -> "QuerySet[Loan]":
    maturity = Coalesce("standing__maturity", "due_date")
    return live.annotate(cause=maturity).filter(cause__gte=on, cause__lte=on + timedelta(days=rule.maturity_days))


def _misused(live: "QuerySet[Loan]") -> "QuerySet[Loan]":
    finding = Max("entries__value_date", filter=Q(entries__kind=EntryKind.MISUSE, entries__reversed_by=None))
    return live.filter(standing__is_misused=True).annotate(cause=finding).filter(cause__isnull=False)


def _unvisited(live: "QuerySet[Loan]", rule: WatchRule, on: date) -> "QuerySet[Loan]":
    """The cause is the last visit, or the day of paying out where there was none."""
    last = Coalesce(Max("visits__visited_on", filter=Q(visits__corrected_by=None)), "start_date")
    return live.annotate(cause=last).filter(cause__lt=on - timedelta(days=rule.visit_days))


def _of_loans(loans: "QuerySet[Any]", kind: WarningKind, on: date) -> Iterator[EarlyWarning]:
    for pk, division_id, outlet_id, cause in loans.values_list("pk", "division_id", "outlet_id", "cause").iterator():
        yield EarlyWarning(
            kind=kind, loan_id=pk, division_id=division_id, owner_id=outlet_id, cause=cause, opened_on=on
        )  # fmt: skip


def _rising(county: Division, rule: WatchRule, on: date) -> Iterator[EarlyWarning]:
    """Once a month and village: the cause is the first day of the month."""
    rising = rising_villages(county, on, days=rule.ratio_days, points=rule.ratio_rise_percent)
    for village in Division.objects.filter(path__in=rising):
        then, now = rising[village.path]
        yield EarlyWarning(
            kind=WarningKind.RATIO_RISING,
            division=village,
            cause=on.replace(day=1),
            opened_on=on,
            figures={"then": str(then), "now": str(now)},
        )


def warning_rows(*, scope: Scope, kind: str = "", is_open: bool = True) -> "QuerySet[EarlyWarning]":
    """Return the warnings of a scope, the oldest first: of its loans, and of the villages of its divisions."""
    village = Q(loan=None) & scope.divisions("division__path")
    rows = EarlyWarning.objects.filter(Q(loan__isnull=False) & scope.rows("loan__") | village)
    rows = rows.filter(closed_at=None) if is_open else rows.filter(closed_at__isnull=False)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related(
        "loan__application__person", "loan__application__entity", "division__parent", "owner", "closed_by"
    ).order_by("opened_on", "pk")
