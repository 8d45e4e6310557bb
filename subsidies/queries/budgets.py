"""Budgets by version and year: appropriated, reserved, due, paid, open."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from finance.money import ZERO
from loans.models import SubsidyBudget
from organizations.scope import Scope
from subsidies.choices import PaymentState
from subsidies.models import Payment, YearEndDecision


@dataclass(frozen=True)
class BudgetRow:
    """One budget in yuan. `at_bank` is sent and not answered yet, `returned` came back and is not paid again."""

    budget: SubsidyBudget
    at_bank: Decimal
    returned: Decimal
    returned_count: int
    year_end: YearEndDecision | None

    @property
    def unpaid(self) -> Decimal:
        return self.budget.due - self.budget.paid

    @property
    def free(self) -> Decimal:
        return self.budget.appropriated - self.budget.due


def open_of_budget(budget: SubsidyBudget) -> "QuerySet[Payment]":
    """Return the payments of a budget that are neither on their way nor settled."""
    open_states = Q(state=PaymentState.PLANNED) | Q(state=PaymentState.RETURNED, reissued_by=None)
    return Payment.objects.filter(budget=budget).filter(open_states).order_by("pk")


def budget_rows(*, scope: Scope) -> list[BudgetRow]:
    """Return the budgets of the programmes of a scope's county, the newest year first. Three queries."""
    budgets = (
        SubsidyBudget.objects.filter(scope.divisions("version__programme__division__path"))
        .select_related("version__programme")
        .order_by("-year", "version__code")
    )
    open_sums: dict[int, dict[str, Any]] = {
        row["budget"]: dict(row)
        for row in Payment.objects.filter(budget__in=budgets)
        .values("budget")
        .annotate(
            at_bank=Sum("amount", filter=Q(state=PaymentState.SENT), default=ZERO),
            returned=Sum("amount", filter=Q(state=PaymentState.RETURNED, reissued_by=None), default=ZERO),
            returned_count=Count("pk", filter=Q(state=PaymentState.RETURNED, reissued_by=None)),
        )
    }
    decisions = {decision.budget_id: decision for decision in YearEndDecision.objects.filter(budget__in=budgets)}
    nothing: dict[str, Any] = {"at_bank": ZERO, "returned": ZERO, "returned_count": 0}
    return [
        BudgetRow(
            budget=budget,
            at_bank=row["at_bank"],
            returned=row["returned"],
            returned_count=row["returned_count"],
            year_end=decisions.get(budget.pk),
        )
        for budget in budgets
        for row in [open_sums.get(budget.pk, nothing)]
    ]
