from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from finance.daycount import DayCount
from finance.interest import interest
from finance.quotes import Quote, RatesReversed, quote, quote_readings
from finance.subsidy import SubsidyBasis, SubsidyTerms
from tests.finance.cases import case_id, conventions, loan_amounts, rates, read_cases

PERIOD = {"start": date(2013, 9, 10), "end": date(2014, 9, 10)}
JIANCHUAN_2013 = SubsidyTerms(
    basis=SubsidyBasis.PRINCIPAL,
    rate_percent=Decimal("5"),
    months_max=12,
    convention=DayCount.PER_LOAN,
    cap_at_interest=True,
)
JIANCHUAN_2014 = replace(JIANCHUAN_2013, rate_percent=Decimal("3"))


def parts(split: Quote) -> list[str]:
    return [str(part) for part in (split.concession, split.subsidy, split.own_cost, split.benefit)]


@pytest.mark.parametrize("case", read_cases("quotes.csv"), ids=case_id)
def test_the_published_split_and_the_consistent_ones_come_out(case):
    terms = {"2013": JIANCHUAN_2013, "2014": JIANCHUAN_2014}[case["version"]]
    readings = quote_readings(
        amount=Decimal(case["amount"]),
        **PERIOD,
        ordinary_rate_percent=Decimal(case["ordinary_rate_percent"]),
        lending_rate_percent=Decimal(case["lending_rate_percent"]),
        terms=terms,
    )

    split = getattr(readings, case["reading"])
    assert parts(split) == [case[name] for name in ("concession", "subsidy", "own_cost", "benefit")]
    assert split.is_mixed == (case["reading"] == "published")
    assert (split.parts_total == split.ordinary_interest) is not split.is_mixed


def test_each_part_names_its_day_count():
    readings = quote_readings(
        amount=Decimal("10000"),
        **PERIOD,
        ordinary_rate_percent=Decimal("10.20"),
        lending_rate_percent=Decimal("7.20"),
        terms=JIANCHUAN_2013,
    )

    published = readings.published
    assert published.concession_convention is DayCount.ACT_360
    assert published.subsidy_convention is DayCount.PER_LOAN
    assert published.own_cost_convention is DayCount.PER_LOAN


def test_a_share_of_the_interest_is_reckoned_as_the_interest_was():
    readings = quote_readings(
        amount=Decimal("10000"),
        **PERIOD,
        ordinary_rate_percent=Decimal("10.20"),
        lending_rate_percent=Decimal("7.20"),
        terms=replace(JIANCHUAN_2013, basis=SubsidyBasis.INTEREST, rate_percent=Decimal("70")),
    )

    found = [(split.subsidy, split.subsidy_convention) for split in (readings.by_days, readings.by_months)]
    assert found == [(Decimal("511.00"), DayCount.ACT_360), (Decimal("504.00"), DayCount.PER_LOAN)]


@given(
    amount=loan_amounts,
    rate=rates,
    markup=rates,
    days=st.integers(0, 1500),
    convention=conventions,
    basis=st.sampled_from(SubsidyBasis),
)
def test_the_three_parts_of_a_consistent_split_are_the_ordinary_interest(
    amount, rate, markup, days, convention, basis
):
    period = {"start": date(2013, 9, 10), "end": date(2013, 9, 10) + timedelta(days=days)}
    split = quote(
        amount=amount,
        **period,
        ordinary_rate_percent=rate + markup,
        lending_rate_percent=rate,
        terms=replace(JIANCHUAN_2013, basis=basis),
        concession_convention=convention,
        own_cost_convention=convention,
    )

    ordinary = interest(principal=amount, rate_percent=rate + markup, **period, convention=convention)
    assert split.parts_total == split.ordinary_interest == ordinary
    assert min(split.concession, split.subsidy, split.own_cost) >= 0


def test_a_subsidy_above_the_interest_is_cut_to_it_unless_the_terms_say_otherwise():
    loan = {
        "amount": Decimal("10000"),
        **PERIOD,
        "ordinary_rate_percent": Decimal("4.35"),
        "lending_rate_percent": Decimal("4.35"),
        "concession_convention": DayCount.PER_LOAN,
        "own_cost_convention": DayCount.PER_LOAN,
    }

    assert parts(quote(**loan, terms=JIANCHUAN_2013)) == ["0.00", "435.00", "0.00", "435.00"]
    uncapped = replace(JIANCHUAN_2013, cap_at_interest=False)
    assert parts(quote(**loan, terms=uncapped)) == ["0.00", "500.00", "-65.00", "500.00"]


def test_an_ordinary_rate_below_the_programmes_rate_is_refused():
    with pytest.raises(RatesReversed):
        quote_readings(
            amount=Decimal("10000"),
            **PERIOD,
            ordinary_rate_percent=Decimal("7.19"),
            lending_rate_percent=Decimal("7.20"),
            terms=JIANCHUAN_2013,
        )
