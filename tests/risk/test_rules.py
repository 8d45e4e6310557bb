"""The pure rules: shares, caps, recoveries, ratios, categories. Golden values of the handbook."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from finance.money import split_rest_to_last
from risk.rules import (
    Band,
    Category,
    Spell,
    bands_problem,
    capped,
    category_of_days,
    is_tripped,
    may_claim,
    multiple,
    percent_of,
    ratio_percent,
    share_recovery,
    system_minimum,
)

DAY = date(2014, 8, 15)
MODEL_4321 = [Decimal(4), Decimal(3), Decimal(2), Decimal(1)]
FLAT_AND_TOP = [Band(Decimal(0), Decimal(125000), Decimal(75)), Band(Decimal(125000), None, Decimal(15))]


def money(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("loss", "weights", "parts"),
    [
        ("50000.00", (7, 3), ("35000.00", "15000.00")),
        ("51234.57", (8, 2), ("40987.66", "10246.91")),
        ("1000000.00", (4, 3, 2, 1), ("400000.00", "300000.00", "200000.00", "100000.00")),
        ("99999.99", (4, 3, 2, 1), ("40000.00", "30000.00", "20000.00", "9999.99")),
    ],
)
def test_a_loss_is_shared_as_the_handbook_says(loss, weights, parts):
    assert split_rest_to_last(Decimal(loss), weights) == money(*parts)


@pytest.mark.parametrize(("net", "parts"), [("10000", ("7000.00", "3000.00")), ("8800", ("6160.00", "2640.00"))])
def test_a_recovery_after_costs_is_shared_by_the_claims_shares(net, parts):
    left = money("35000.00", "15000.00")
    assert share_recovery(Decimal(net), weights=[Decimal(7), Decimal(3)], left=left) == money(*parts)


def test_three_recoveries_of_a_third_repay_a_claim_of_four_to_the_fen():
    left = split_rest_to_last(Decimal(100000), MODEL_4321)
    for amount in money("33333.33", "33333.33", "33333.34"):
        parts = share_recovery(amount, weights=MODEL_4321, left=left)
        assert sum(parts) == amount
        left = [before - part for before, part in zip(left, parts, strict=True)]
    assert left == [0, 0, 0, 0]


@given(
    loss=st.integers(1, 10**9),
    weights=st.lists(st.integers(1, 40), min_size=2, max_size=5),
    cuts=st.lists(st.integers(0, 100), max_size=6),
)
def test_whatever_comes_in_is_shared_whole_and_nobody_gets_more_than_he_bore(loss, weights, cuts):
    shares = [Decimal(weight) for weight in weights]
    left = split_rest_to_last(Decimal(loss).scaleb(-2), shares)
    for cut in [*cuts, 100]:
        amount = (sum(left) * cut / 100).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
        parts = share_recovery(amount, weights=shares, left=left)
        assert sum(parts) == amount
        assert all(0 <= part <= most for part, most in zip(parts, left, strict=True))
        left = [most - part for part, most in zip(parts, left, strict=True)]
    assert sum(left) == 0


def test_more_than_was_borne_is_not_shared():
    with pytest.raises(ValueError, match="more is shared"):
        share_recovery(Decimal("50000.01"), weights=[Decimal(7), Decimal(3)], left=money("35000.00", "15000.00"))


@pytest.mark.parametrize(
    ("loss", "counts"),
    [("100000", "75000.00"), ("125000", "93750.00"), ("225000", "108750.00"), ("0.01", "0.01")],
)
def test_a_cap_in_bands_counts_each_part_by_its_own_percentage(loss, counts):
    assert capped(Decimal(loss), FLAT_AND_TOP) == Decimal(counts)


def test_without_bands_the_whole_loss_counts():
    assert capped(Decimal("51234.57"), []) == Decimal("51234.57")


def test_bands_must_join_from_nothing_upwards():
    assert bands_problem(FLAT_AND_TOP) == ""
    assert bands_problem([Band(Decimal(1), None, Decimal(50))]) == "gap"
    assert bands_problem([Band(Decimal(0), Decimal(0), Decimal(50))]) == "empty"
    assert bands_problem([Band(Decimal(0), None, Decimal(101))]) == "percent"
    assert bands_problem([FLAT_AND_TOP[1], FLAT_AND_TOP[0]]) == "gap"


def test_over_ninety_days_begins_on_day_ninety_one_and_from_day_ninety_on_day_ninety():
    assert may_claim(90, trigger_days=90, is_more_than=False)
    assert not may_claim(90, trigger_days=90, is_more_than=True)
    assert may_claim(91, trigger_days=90, is_more_than=True)


@pytest.mark.parametrize(
    ("balance", "bad", "ratio", "tripped"),
    [("800000", "45000", "5.6250", True), ("800000", "40000", "5.0000", False), ("0", "0", None, False)],
)
def test_a_breaker_trips_above_its_limit_and_not_at_it(balance, bad, ratio, tripped):
    assert ratio_percent(Decimal(bad), Decimal(balance)) == (None if ratio is None else Decimal(ratio))
    assert is_tripped(Decimal(bad), Decimal(balance), limit_percent=Decimal(5)) is tripped


def test_a_share_a_hair_above_the_limit_trips_though_it_is_shown_as_the_limit():
    assert ratio_percent(Decimal("50000.01"), Decimal(1000000)) == Decimal("5.0000")
    assert is_tripped(Decimal("50000.01"), Decimal(1000000), limit_percent=Decimal(5))


def test_the_countys_own_fund_was_lent_out_a_hundred_and_five_times():
    assert multiple(Decimal(105000000), Decimal(1000000)) == 105
    assert multiple(Decimal(105000000), Decimal(0)) is None
    assert percent_of(Decimal(1000000), Decimal(1000)) == Decimal("10000000.00")
    assert percent_of(Decimal(87072000), Decimal(10)) == Decimal("8707200.00")


@pytest.mark.parametrize(
    ("days", "category"),
    [(0, 1), (1, 2), (7, 2), (8, 2), (90, 2), (91, 3), (270, 3), (271, 4), (360, 4), (361, 5)],
)
def test_days_past_due_demand_a_category(days, category):
    assert category_of_days(days) == category


def test_a_technical_delay_is_normal_for_seven_days_and_no_longer():
    assert [category_of_days(days, is_technical=True) for days in (1, 7, 8)] == [1, 1, 2]


def test_a_bad_loan_stays_bad_until_it_has_been_clean_for_six_months():
    paid = date(2014, 2, 1)
    spells = [Spell(paid - timedelta(days=100), paid)]
    asked = [date(2014, 2, 2), date(2014, 7, 30), date(2014, 7, 31), DAY]
    assert [system_minimum(spells, on=day, clean_months=6) for day in asked] == [3, 3, 1, 1]


def test_a_short_spell_leaves_nothing_behind():
    assert system_minimum([Spell(date(2014, 5, 1), date(2014, 6, 1))], on=DAY, clean_months=6) == Category.NORMAL


def test_a_loan_late_now_is_classified_by_today():
    assert system_minimum([Spell(DAY - timedelta(days=91))], on=DAY, clean_months=6) == Category.SUBSTANDARD
    assert system_minimum([Spell(DAY + timedelta(days=1))], on=DAY, clean_months=6) == Category.NORMAL
