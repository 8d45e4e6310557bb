"""What became of the loans that each introducer, or each branch, brought: sets, never loan by loan."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, TextChoices
from django.utils.translation import gettext_lazy as _

from finance.money import ZERO
from loans.choices import LoanState, UseOfFunds
from loans.models import Loan, Visit
from organizations.scope import Scope


class By(TextChoices):
    """Whose answer it is."""

    INTRODUCER = "introducer", _("Introducer")
    BRANCH = "branch", _("Branch that reviewed")


GROUPS = {
    By.INTRODUCER: {
        "key": F("application__introducer"),
        "name": F("application__introducer__person__name"),
        "place": F("application__introducer__person__division__short_name"),
    },
    By.BRANCH: {"key": F("branch"), "name": F("branch__name"), "place": F("division__parent__short_name")},
}


def loans_answered_for(
    *, scope: Scope, place: str = "", year: int | None = None, by: str = By.INTRODUCER, key: int | None = None
) -> QuerySet[Loan]:
    """Return the loans of a scope that somebody introduced; `key`: those of one introducer or branch."""
    rows = Loan.objects.for_scope(scope).filter(application__introducer__isnull=False)
    if place:
        rows = rows.filter(division_path__startswith=place)
    if year:
        rows = rows.filter(start_date__year=year)
    if key is not None:
        rows = rows.filter(application__introducer=key) if by == By.INTRODUCER else rows.filter(branch=key)
    misuse = Visit.objects.effective().filter(loan=OuterRef("pk")).exclude(use_of_funds=UseOfFunds.AS_AGREED)
    return rows.annotate(found_misused=Q(standing__is_misused=True) | Exists(misuse))


def outcomes_by(rows: QuerySet[Loan], *, by: str) -> "QuerySet[Any, Any]":
    """Return a row per introducer or branch: `loans`, `lent` (yuan), `settled`, `overdue`, `overdue_amount`,
    `written_off`, `misused`, `bad` (loans with any of the three). The worst first.
    """
    live_and_late = Q(state=LoanState.LIVE, standing__overdue_since__isnull=False)
    written_off = Q(state=LoanState.WRITTEN_OFF)
    misused = Q(found_misused=True)
    grouped: QuerySet[Any, Any] = rows.order_by().values(**GROUPS[By(by)])
    return grouped.annotate(
        loans=Count("pk"),
        lent=Sum("principal", default=ZERO),
        settled=Count("pk", filter=Q(state=LoanState.SETTLED)),
        overdue=Count("pk", filter=live_and_late),
        overdue_amount=Sum("standing__overdue_principal", filter=live_and_late, default=ZERO),
        written_off=Count("pk", filter=written_off),
        misused=Count("pk", filter=misused),
        bad=Count("pk", filter=live_and_late | written_off | misused),
    ).order_by("-bad", "-loans", "key")


@dataclass(frozen=True)
class Sums:
    """The line below a list: the whole of what is listed. Amounts are yuan."""

    loans: int
    lent: Any
    settled: int
    overdue: int
    written_off: int
    misused: int


def sums_of(rows: QuerySet[Loan]) -> Sums:
    live_and_late = Q(state=LoanState.LIVE, standing__overdue_since__isnull=False)
    found = rows.aggregate(
        loans=Count("pk"),
        lent=Sum("principal", default=ZERO),
        settled=Count("pk", filter=Q(state=LoanState.SETTLED)),
        overdue=Count("pk", filter=live_and_late),
        written_off=Count("pk", filter=Q(state=LoanState.WRITTEN_OFF)),
        misused=Count("pk", filter=Q(found_misused=True)),
    )
    return Sums(**found)


def loan_rows(rows: QuerySet[Loan]) -> QuerySet[Loan]:
    """Return the loans behind a row, the newest first."""
    return rows.select_related(
        "application__person", "application__entity", "application__introducer__person", "division", "standing"
    ).order_by("-start_date", "-pk")
