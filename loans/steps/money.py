"""What a case holds of quota and budget, and how it is given back."""

from decimal import Decimal

from django.db.models import F

from finance.daycount import DayCount
from finance.money import ZERO
from finance.subsidy import SubsidyBasis as Basis, reservation
from loans.choices import SubsidyBasis
from loans.models import Application, ProgrammeVersion, Quota, SubsidyBudget
from loans.queries.rates import benchmark_percent, contract_rate
from web.clock import day_of


def reservation_of(case: Application, version: ProgrammeVersion, *, amount: Decimal, term_months: int) -> Decimal:
    """Return what the budget must set aside for a case of this amount and term, in yuan."""
    rate = ZERO
    if version.subsidy_basis == SubsidyBasis.INTEREST:
        day = day_of(case.submitted_at or case.created_at)
        benchmark = benchmark_percent(series=version.benchmark_series, term_months=term_months, on=day)
        rate = contract_rate(version, benchmark, case.concession)
    return reservation(
        amount=amount,
        rate_percent=version.subsidy_percent,
        term_months=term_months,
        subsidy_months_max=version.subsidy_months_max,
        basis=Basis(version.subsidy_basis),
        lending_rate_percent=rate,
        convention=DayCount(version.day_count),
    )


def free_quota(case: Application, *, down_to: Decimal = ZERO) -> Decimal:
    """Give the township's quota back, but for `down_to` yuan that the case still needs. Returns what was freed."""
    freed = case.quota_amount - down_to
    if not case.quota_id or freed <= 0:
        return ZERO
    Quota.objects.filter(pk=case.quota_id).update(used=F("used") - freed)
    case.quota_amount = down_to
    return freed


def free_reservation(case: Application, *, down_to: Decimal = ZERO) -> Decimal:
    """Give reserved subsidy back to the budget, but for `down_to` yuan. Returns what was freed."""
    freed = case.subsidy_reserved - down_to
    if not case.budget_id or freed <= 0:
        return ZERO
    SubsidyBudget.objects.filter(pk=case.budget_id).update(reserved=F("reserved") - freed)
    case.subsidy_reserved = down_to
    return freed
