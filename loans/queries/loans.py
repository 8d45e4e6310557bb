"""The list of loans, in one query."""

from datetime import date
from typing import Any

from django.db.models import DecimalField, OuterRef, Q, QuerySet, Subquery, Sum

from loans.choices import LoanState
from loans.models import Loan, LoanEntry
from loans.queries.lending import SIGNED_PRINCIPAL
from loans.queries.paging import Keyset
from organizations.scope import Scope

BY_DUE_DATE = Keyset("due_date", date.fromisoformat)


def loan_rows(
    *, scope: Scope, text: str = "", place: str = "", state: str = "", on: date
) -> "QuerySet[Loan]":  # fmt: skip
    """Return the loans of a scope with `owed`, the principal not yet repaid in yuan."""
    owed = (
        LoanEntry.objects.effective().filter(loan=OuterRef("pk")).order_by().values("loan").annotate(owed=Sum(SIGNED_PRINCIPAL))
    )  # fmt: skip
    loans = Loan.objects.for_scope(scope).filter(_state(state, on))
    if text:
        loans = loans.filter(text_condition(text))
    if place:
        loans = loans.filter(division_path__startswith=place)
    return loans.select_related("application__person", "application__entity", "division__parent").annotate(
        owed=Subquery(owed.values("owed"), output_field=DecimalField(max_digits=14, decimal_places=2))
    )


def _state(state: str, on: date) -> Q:
    if state == "overdue":
        return Q(state=LoanState.LIVE, due_date__lt=on)
    return Q(state=state) if state else Q()


def text_condition(text: str) -> Q:
    """What is typed into a list of loans: a name, a number, the first letters of a name."""
    found: Q = Q(application__person__name__contains=text) | Q(application__entity__name__contains=text)
    if text.isascii():
        lower = text.lower()
        codes: dict[str, Any] = {
            "contract_number__contains": text,
            "application__number__contains": text,
            "application__person__initials__startswith": lower,
        }
        for lookup, value in codes.items():
            found |= Q(**{lookup: value})
    return found
