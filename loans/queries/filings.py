"""The filings of township committees: the list of them, and one with its cases."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Prefetch, QuerySet, Sum

from finance.money import ZERO
from loans.models import CommitteeFiling, FilingItem
from loans.queries.paging import Keyset
from organizations.scope import Scope

NEWEST_FIRST = Keyset("filed_on", date.fromisoformat, descending=True)


@dataclass(frozen=True)
class FilingSums:
    """Of the cases that are still under a filing: how many, and yuan."""

    cases: int
    amount: Decimal


def filing_rows(*, scope: Scope) -> "QuerySet[CommitteeFiling]":
    """Return the filings of the townships of a scope, each with `cases` and `amount` (yuan) as they were filed."""
    rows = CommitteeFiling.objects.filter(scope.divisions("township__path"))
    return rows.select_related("organization", "version").annotate(
        cases=Count("items"), amount=Sum("items__amount", default=ZERO)
    )


def filings_in_full() -> "QuerySet[CommitteeFiling]":
    items = FilingItem.objects.select_related("application__person", "application__entity", "application__division")
    return CommitteeFiling.objects.select_related("organization", "township", "version", "filed_by").prefetch_related(
        Prefetch("items", queryset=items.order_by("pk"))
    )


def filing_of(number: str) -> CommitteeFiling | None:
    """Return a filing by its number with its cases in the order in which they were filed: `items`."""
    return filings_in_full().filter(number=number).first()


def is_in_force(filing: CommitteeFiling, item: FilingItem) -> bool:
    """Whether a case still stands under the filing: it was neither sent back since nor was the decision taken back."""
    return item.application.filing_number == filing.number


def sums_of(filing: CommitteeFiling) -> FilingSums:
    """Return the sums of what still stands under a filing. Needs `filings_in_full`."""
    standing = [item.amount for item in filing.items.all() if is_in_force(filing, item)]
    return FilingSums(len(standing), sum(standing, start=ZERO))
