from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from finance.allocation import (
    COSTS_THEN_PRINCIPAL,
    INTEREST_FIRST,
    PRINCIPAL_FIRST,
    Claim,
    OrderIncomplete,
    allocate_repayment,
)
from finance.money import NotAnAmount, from_fen
from tests.finance.cases import case_id, read_cases

sums = st.integers(min_value=0, max_value=10**9).map(from_fen)
dues = st.dictionaries(st.sampled_from(Claim), sums)
orders = st.permutations(list(Claim))
NAMED = {
    "interest_first": INTEREST_FIRST,
    "principal_first": PRINCIPAL_FIRST,
    "costs_then_principal": COSTS_THEN_PRINCIPAL,
}


@pytest.mark.parametrize("case", read_cases("allocations.csv"), ids=case_id)
def test_the_worked_repayments_come_out(case):
    due = {claim: Decimal(case[claim]) for claim in Claim if claim is not Claim.COMPOUND}

    paid = allocate_repayment(amount=Decimal(case["amount"]), due=due, order=NAMED[case["order"]])
    for claim in due:
        assert str(getattr(paid, claim)) == case[f"paid_{claim}"]
    assert (paid.compound, paid.rest) == (0, 0)


@given(amount=sums, due=dues, order=orders)
def test_the_parts_and_the_rest_add_up_to_what_was_paid(amount, due, order):
    paid = allocate_repayment(amount=amount, due=due, order=order)
    parts = [getattr(paid, claim) for claim in Claim]

    assert sum(parts) + paid.rest == amount
    assert all(0 <= part <= due.get(claim, 0) for claim, part in zip(Claim, parts, strict=True))


@given(amount=sums, due=dues, order=orders)
def test_nothing_later_is_paid_while_something_earlier_is_open(amount, due, order):
    paid = allocate_repayment(amount=amount, due=due, order=order)

    open_claims = [index for index, claim in enumerate(order) if getattr(paid, claim) < due.get(claim, 0)]
    if open_claims:
        later = order[open_claims[0] + 1 :]
        assert all(getattr(paid, claim) == 0 for claim in later)
        assert paid.rest == 0


def test_interest_on_interest_is_paid_before_the_penalty_and_the_interest():
    due = {Claim.COMPOUND: Decimal("16.38"), Claim.PENALTY: Decimal("450"), Claim.INTEREST: Decimal("910")}
    paid = allocate_repayment(amount=Decimal("100"), due=due, order=INTEREST_FIRST)

    assert (paid.compound, paid.penalty, paid.interest) == (Decimal("16.38"), Decimal("83.62"), 0)


def test_an_overpayment_is_kept_apart():
    paid = allocate_repayment(amount=Decimal("120"), due={Claim.PRINCIPAL: Decimal("100")}, order=INTEREST_FIRST)

    assert (paid.principal, paid.rest) == (Decimal("100.00"), Decimal("20.00"))


@pytest.mark.parametrize(
    "order", [(), INTEREST_FIRST[:-1], (*INTEREST_FIRST[:-1], Claim.COSTS), (*INTEREST_FIRST, Claim.COSTS)]
)
def test_an_order_with_a_claim_missing_or_twice_is_refused(order):
    with pytest.raises(OrderIncomplete):
        allocate_repayment(amount=Decimal("1"), due={}, order=order)


@pytest.mark.parametrize(("amount", "owed"), [("-0.01", "1"), ("0.001", "1"), ("1", "-1")])
def test_a_negative_or_too_fine_sum_is_refused(amount, owed):
    with pytest.raises(NotAnAmount):
        allocate_repayment(amount=Decimal(amount), due={Claim.COSTS: Decimal(owed)}, order=INTEREST_FIRST)
