"""The list of loans, in one query."""

from datetime import date
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from loans.choices import LoanState
from loans.models import Loan, LoanEntry
from loans.queries.lending import SIGNED_PRINCIPAL
from loans.queries.paging import Keyset
from organizations.scope import Scope

BY_DUE_DATE = Keyset("maturity", date.fromisoformat)


def loan_rows(*, scope: Scope, text: str = "", place: str = "", state: str = "") -> "QuerySet[Loan]":
    """Return the loans of a scope with `owed` and `maturity`, the last day as extended."""
    loans = Loan.objects.for_scope(scope).filter(_state(state))
    return with_owed(matching(loans, text=text, place=place)).annotate(
        maturity=Coalesce(F("standing__maturity"), F("due_date"))
    )


def matching(loans: "QuerySet[Loan]", *, text: str, place: str) -> "QuerySet[Loan]":
    """Narrow loans to a name, number or initials and to a place."""
    if text:
        loans = loans.filter(text_condition(text))
    return loans.filter(division_path__startswith=place) if place else loans


def with_owed(loans: "QuerySet[Loan]") -> "QuerySet[Loan]":
    """Return the loans with all that a row shows and with `owed`, the principal not yet repaid in yuan."""
    effective = LoanEntry.objects.effective().filter(loan=OuterRef("pk")).order_by()
    owed = effective.values("loan").annotate(owed=Sum(SIGNED_PRINCIPAL))
    return loans.select_related("application__person", "application__entity", "division__parent", "standing").annotate(
        owed=Subquery(owed.values("owed"), output_field=DecimalField(max_digits=14, decimal_places=2))
    )


def _state(state: str) -> Q:
    if state == "overdue":
        return Q(state=LoanState.LIVE, standing__overdue_since__isnull=False)
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
