"""The rows behind the marks of the board, people's names masked. Each list is one query a page."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum

from dashboards.figures import Selection, payouts
from dashboards.figures.selection import cases_of
from loans.models import Application, ApplicationDecision, Loan, LoanEntry
from loans.queries.arrears import BUCKET_OF_CODE
from loans.queries.late import is_late
from loans.queries.lending import SIGNED_PRINCIPAL
from loans.queries.paging import Keyset
from loans.queries.progress import passing
from loans.queries.recalls import effective_rows
from risk.queries.classes import bad_loans
from risk.queries.funds import MONEY

BY_HANDING_IN = Keyset("submitted_at", datetime.fromisoformat, descending=True)
BY_OVERDUE_SINCE = Keyset("overdue_since", date.fromisoformat)
BY_START = Keyset("start_date", date.fromisoformat)


def case_rows(*, selection: Selection, passed: str = "", late: bool = False) -> "QuerySet[Application]":
    """Return the cases of the selection handed in, past a step by its day, or late on it."""
    cases = cases_of(selection).filter(submitted_at__isnull=False)
    if late:
        cases = cases.filter(is_late(selection.as_of))
    if passed:
        decided = effective_rows(ApplicationDecision.objects.filter(step=passed, outcome__in=passing(passed)))
        cases = cases.filter(pk__in=decided.filter(decided_at__date__lte=selection.as_of).values("application"))
    return cases.select_related("person", "entity", "division__parent", "outlet")


def overdue_rows(*, selection: Selection, bucket: str = "", bad: bool = False) -> "QuerySet[Loan]":
    """Return the loans in arrears on the day with `overdue_since` and `owed`, or with `bad` those in a bad category.

    A bad loan need not be in arrears: its `overdue_since` is empty then.
    """
    on = selection.as_of
    late = Q(spells__since__lt=on) & (Q(spells__until=None) | Q(spells__until__gt=on))
    owed = LoanEntry.objects.effective().filter(loan=OuterRef("pk"), value_date__lte=on).order_by().values("loan")
    rows = payouts(selection).annotate(
        spell=FilteredRelation("spells", condition=late),
        overdue_since=F("spell__since"),
        owed=Subquery(owed.annotate(owed=Sum(SIGNED_PRINCIPAL)).values("owed"), output_field=MONEY),
    )
    rows = rows.filter(owed__gt=0)
    rows = rows.filter(pk__in=bad_loans(on=on)) if bad else rows.filter(overdue_since__isnull=False)
    if bucket in BUCKET_OF_CODE:
        days = BUCKET_OF_CODE[bucket]
        rows = rows.filter(overdue_since__lte=on - timedelta(days=days.first))
        rows = rows.filter(overdue_since__gte=on - timedelta(days=days.last)) if days.last else rows
    return rows.select_related("application__person", "application__entity", "division__parent", "outlet")


def totals_of(rows: "QuerySet[Any]", field: str) -> tuple[int, Any]:
    """Return how many rows there are and the sum of one of their fields (None of none)."""
    sums = rows.order_by().aggregate(number=Count("pk"), total=Sum(field))
    return sums["number"], sums["total"]
