"""Lenders and the accounts to which subsidies for them go."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from loans.models import PayoutAccount
from organizations.choices import CREDIT_KINDS
from organizations.models import Organization
from organizations.scope import Scope
from subsidies.queries.payments import lender_accounts


@dataclass(frozen=True)
class LenderRow:
    """A lender with the account that serves it now; `is_own`: not one of the union above it."""

    lender: Organization
    account: PayoutAccount | None
    is_own: bool


def lenders_in(scope: Scope) -> "QuerySet[Organization]":
    """Return the unions and outlets that a scope reaches, whether as their counters or as their county."""
    condition = Q(pk__in=[])
    for path in scope.division_paths:
        condition |= Q(division__path__startswith=path)
    for path in scope.outlet_paths:
        condition |= Q(path__startswith=path)
    open_lenders = Organization.objects.filter(condition, kind__in=CREDIT_KINDS, valid_to=None)
    return open_lenders.select_related("division").order_by("path")


def lender_rows(*, scope: Scope) -> list[LenderRow]:
    """Return each lender with its account, in two queries."""
    accounts = lender_accounts()
    rows = []
    for lender in lenders_in(scope):
        serving = (one for one in accounts if one.organization and lender.path.startswith(one.organization.path))
        found = next(serving, None)
        rows.append(LenderRow(lender, found, found is not None and found.organization_id == lender.pk))
    return rows
