"""What a repayment pays first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from finance.money import ZERO, require_amount


class Claim(StrEnum):
    COSTS = "costs"
    COMPOUND = "compound"
    """Interest on unpaid interest (复利)."""
    PENALTY = "penalty"
    """罚息."""
    INTEREST = "interest"
    PRINCIPAL = "principal"


INTEREST_FIRST = (Claim.COSTS, Claim.COMPOUND, Claim.PENALTY, Claim.INTEREST, Claim.PRINCIPAL)
"""The order of a loan in order or at most 90 days late (民法典 art. 561), unless the contract has its own."""

PRINCIPAL_FIRST = (Claim.PRINCIPAL, Claim.COSTS, Claim.COMPOUND, Claim.PENALTY, Claim.INTEREST)
"""The order of a non-accrual loan (非应计贷款, 金融企业会计制度)."""

COSTS_THEN_PRINCIPAL = (Claim.COSTS, Claim.PRINCIPAL, Claim.COMPOUND, Claim.PENALTY, Claim.INTEREST)
"""The order of a non-accrual loan whose contract puts the costs of collection first."""


class OrderIncomplete(ValueError):
    """An order of allocation must name each claim exactly once."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """The parts of one repayment; parts and rest add up to the amount paid."""

    costs: Decimal
    compound: Decimal
    penalty: Decimal
    interest: Decimal
    principal: Decimal
    rest: Decimal
    """Paid beyond everything due. The caller decides: prepay, or give back; it never disappears."""


def allocate_repayment(*, amount: Decimal, due: Mapping[Claim, Decimal], order: Sequence[Claim]) -> Allocation:
    """Pay what is due in the order given until the amount is used up; a claim left out of `due` is nothing.

    Raises NotAnAmount for a negative or too fine amount, OrderIncomplete for an order with a claim missing or twice.
    """
    if sorted(order) != sorted(Claim):
        raise OrderIncomplete("The order must name each claim exactly once.")
    rest = require_amount(amount)
    paid = {}
    for claim in order:
        paid[claim] = min(rest, require_amount(due.get(claim, ZERO)))
        rest -= paid[claim]
    return Allocation(
        costs=paid[Claim.COSTS],
        compound=paid[Claim.COMPOUND],
        penalty=paid[Claim.PENALTY],
        interest=paid[Claim.INTEREST],
        principal=paid[Claim.PRINCIPAL],
        rest=rest,
    )
