from decimal import Decimal, getcontext, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from finance.money import (
    AMOUNT_MAX,
    NotAnAmount,
    NothingToWeigh,
    allocate,
    exact,
    from_fen,
    parse_amount,
    parse_percent,
    require_amount,
    round_half_up,
    round_to_cent,
    split_rest_to_last,
    to_fen,
)
from tests.finance.cases import amounts, case_id, read_cases

signed_amounts = st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1).map(from_fen)
weights = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Decimal("0.005"), "0.01"),
        (Decimal("0.015"), "0.02"),
        (Decimal("0.025"), "0.03"),
        (Decimal("2.675"), "2.68"),
        (Decimal("-0.005"), "-0.01"),
        (Decimal("-0.004"), "0.00"),
        (Decimal("0.0049999999999999999999999999999999"), "0.00"),
        (Fraction(1, 200), "0.01"),
        (Fraction(2, 3), "0.67"),
        (7, "7.00"),
    ],
)
def test_half_a_fen_goes_away_from_zero(value, rounded):
    result = round_to_cent(value)

    assert str(result) == rounded


@given(fen=st.integers(min_value=0, max_value=10**14))
def test_every_exact_half_is_rounded_up_and_less_than_a_half_is_not(fen):
    half = Fraction(2 * fen + 1, 2)

    assert round_half_up(half) == fen + 1
    assert round_half_up(half - Fraction(1, 10**30)) == fen
    assert round_half_up(-half) == -(fen + 1)


def test_rounding_does_not_depend_on_the_precision_of_the_decimal_context():
    with localcontext(getcontext()) as context:
        context.prec = 3

        assert round_to_cent(Decimal("123456789.125")) == from_fen(12_345_678_913)
        assert str(require_amount(AMOUNT_MAX)) == "999999999999.99"


@pytest.mark.parametrize("value", [float("0.1"), "0.10", None])
def test_an_inexact_number_is_refused_and_not_converted(value):
    with pytest.raises(TypeError):
        exact(value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_what_is_not_finite_is_no_amount(value):
    with pytest.raises(NotAnAmount):
        round_to_cent(Decimal(value))


@given(amount=signed_amounts)
def test_an_amount_survives_the_way_through_fen(amount):
    assert from_fen(to_fen(amount)) == amount
    assert from_fen(to_fen(amount)).as_tuple().exponent == -2


@pytest.mark.parametrize("value", ["0.001", "-0.01", "1000000000000", "1e12"])
def test_a_sum_that_no_column_holds_is_refused(value):
    with pytest.raises(NotAnAmount):
        require_amount(Decimal(value))


def test_an_amount_is_given_two_decimals():
    assert str(require_amount(Decimal("5e4"))) == "50000.00"


@pytest.mark.parametrize(
    "text", ["", " 1", "-1", "+1", "1e3", "1,000", "１２", "1.234", "1.", ".5", "1234567890123", "NaN"]
)
def test_only_a_plainly_written_amount_is_read(text):
    with pytest.raises(NotAnAmount):
        parse_amount(text)


def test_a_plain_amount_and_a_plain_percentage_are_read():
    assert parse_amount("50000") == Decimal("50000.00")
    assert parse_amount("0.5") == Decimal("0.50")
    assert parse_percent("7.3125") == Decimal("7.3125")


@pytest.mark.parametrize("text", ["", "-1", "1e1", "7.31255", "1000", "７"])
def test_only_a_plainly_written_percentage_is_read(text):
    with pytest.raises(NotAnAmount):
        parse_percent(text)


@pytest.mark.parametrize("case", read_cases("splits.csv"), ids=case_id)
def test_the_worked_splits_come_out(case):
    split = {"largest_remainder": allocate, "rest_to_last": split_rest_to_last}[case["kind"]]
    shares = [Decimal(weight) for weight in case["weights"].split(":")]

    assert split(Decimal(case["amount"]), shares) == [Decimal(part) for part in case["parts"].split(":")]


@given(amount=signed_amounts, weights=weights)
def test_the_parts_add_up_and_no_part_is_a_fen_away_from_its_share(amount, weights):
    parts = allocate(amount, weights)

    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(exact(part) - exact(amount) * Fraction(weight, sum(weights))) < Fraction(1, 100)


@given(amount=signed_amounts, weights=weights)
def test_who_has_no_weight_gets_nothing_and_who_has_more_never_gets_less(amount, weights):
    parts = [abs(part) for part in allocate(amount, weights)]

    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    by_weight = sorted(zip(weights, parts, strict=True))
    assert all(smaller[1] <= larger[1] for smaller, larger in zip(by_weight, by_weight[1:], strict=False))


def test_of_equal_remainders_the_earlier_part_takes_the_odd_fen():
    assert allocate(Decimal("0.02"), [1, 1, 1]) == [Decimal("0.01"), Decimal("0.01"), Decimal("0.00")]


@given(amount=amounts, weights=weights)
def test_with_the_rest_to_the_last_the_parts_add_up_and_none_is_negative(amount, weights):
    parts = split_rest_to_last(amount, weights)

    assert sum(parts) == amount
    assert min(parts) >= 0


def test_many_half_fen_never_take_more_than_there_is():
    parts = split_rest_to_last(Decimal("0.02"), [1, 1, 1, 1])

    assert parts == [Decimal("0.01"), Decimal("0.01"), Decimal("0.00"), Decimal("0.00")]


@pytest.mark.parametrize("split", [allocate, split_rest_to_last])
def test_a_split_without_any_weight_is_refused(split):
    for nothing in ([], [0, 0]):
        with pytest.raises(NothingToWeigh):
            split(Decimal("1.00"), nothing)


@pytest.mark.parametrize("split", [allocate, split_rest_to_last])
def test_a_negative_weight_or_a_fraction_of_a_fen_is_refused(split):
    with pytest.raises(ValueError, match="negative"):
        split(Decimal("1.00"), [2, -1])
    with pytest.raises(NotAnAmount):
        split(Decimal("1.001"), [1, 1])
