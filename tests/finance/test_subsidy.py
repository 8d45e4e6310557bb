from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from finance.daycount import DayCount, add_months
from finance.interest import BalanceSegment, SegmentsOverlap
from finance.money import AMOUNT_MAX, NotAnAmount, round_to_cent
from finance.periods import Frequency, settlement_periods
from finance.subsidy import (
    SubsidyBasis,
    SubsidyTerms,
    bases_within_limit,
    entitlement,
    reservation,
    subsidised_until,
)
from tests.finance.cases import amounts, case_id, conventions, loan_amounts, rates, read_cases

starts = st.dates(min_value=date(2008, 1, 1), max_value=date(2030, 12, 31))
bases = st.sampled_from(SubsidyBasis)
START = date(2013, 9, 10)
MATURITY = date(2014, 9, 10)
JIANCHUAN_2013 = SubsidyTerms(
    basis=SubsidyBasis.PRINCIPAL,
    rate_percent=Decimal("5"),
    months_max=12,
    convention=DayCount.PER_LOAN,
    cap_at_interest=True,
)
SEVENTY_PERCENT = replace(JIANCHUAN_2013, basis=SubsidyBasis.INTEREST, rate_percent=Decimal("70"))
ENOUGH = AMOUNT_MAX


def one_balance(balance: Decimal, *, start: date = START, end: date = MATURITY) -> list[BalanceSegment]:
    return [BalanceSegment(start=start, end=end, balance=balance, rate_percent=Decimal("7.20"))]


def entitled(balance: str = "50000", *, to: date = MATURITY, terms: SubsidyTerms = JIANCHUAN_2013, **facts) -> Decimal:
    facts = {"interest_paid": ENOUGH, "segments": one_balance(Decimal(balance))} | facts
    return entitlement(terms=terms, start=START, to=to, **facts).amount


def reserved(**changes) -> Decimal:
    arguments = {
        "amount": Decimal("50000"),
        "rate_percent": Decimal("5"),
        "term_months": 12,
        "subsidy_months_max": 12,
        "basis": SubsidyBasis.PRINCIPAL,
        "lending_rate_percent": Decimal("7.20"),
    }
    return reservation(**arguments | changes)


@pytest.mark.parametrize(
    ("changes", "amount"),
    [
        ({}, "2500.00"),
        ({"term_months": 6}, "1250.00"),
        ({"term_months": 7}, "1458.33"),
        ({"term_months": 36}, "2500.00"),
        ({"term_months": 36, "subsidy_months_max": 36}, "7500.00"),
        ({"subsidy_months_max": 0}, "0.00"),
        ({"rate_percent": Decimal("0")}, "0.00"),
        ({"amount": Decimal("50000000")}, "2500000.00"),
        ({"amount": Decimal("55000000"), "rate_percent": Decimal("3")}, "1650000.00"),
        ({"convention": DayCount.ACT_360}, "2541.67"),
        (
            {
                "basis": SubsidyBasis.INTEREST,
                "rate_percent": Decimal("70"),
                "lending_rate_percent": Decimal("3.45"),
            },
            "1207.50",
        ),
        ({"lending_rate_percent": Decimal("4.785")}, "2500.00"),
    ],
)
def test_what_is_reserved_when_a_subsidy_is_confirmed(changes, amount):
    assert str(reserved(**changes)) == amount


@pytest.mark.parametrize("changes", [{"term_months": 0}, {"subsidy_months_max": -1}, {"amount": Decimal("-1")}])
def test_a_reservation_for_no_term_or_a_negative_sum_is_refused(changes):
    with pytest.raises(ValueError, match=r"month|outside"):
        reserved(**changes)


@given(
    amount=loan_amounts,
    rate=rates,
    months=st.integers(1, 60),
    months_max=st.integers(1, 60),
    start=starts,
    convention=conventions,
)
def test_what_becomes_due_never_exceeds_what_was_reserved(amount, rate, months, months_max, start, convention):
    end = add_months(start, months)
    terms = replace(JIANCHUAN_2013, rate_percent=rate, months_max=months_max, convention=convention)

    due = entitlement(
        terms=terms, start=start, segments=one_balance(amount, start=start, end=end), to=end, interest_paid=ENOUGH
    )
    assert due.amount <= reserved(
        amount=amount,
        rate_percent=rate,
        term_months=months,
        subsidy_months_max=months_max,
        convention=convention,
    )


@pytest.mark.parametrize("case", read_cases("subsidies.csv"), ids=case_id)
def test_the_worked_subsidies_come_out(case):
    start, end = date.fromisoformat(case["start"]), date.fromisoformat(case["end"])
    terms = replace(
        JIANCHUAN_2013, rate_percent=Decimal(case["rate_percent"]), convention=DayCount(case["convention"])
    )

    due = entitlement(
        terms=terms,
        start=start,
        segments=one_balance(Decimal(case["principal"]), start=start, end=end),
        to=end,
        interest_paid=Decimal(case["interest_paid"]),
    )
    assert (str(due.amount), str(due.before_cap)) == (case["amount"], case["before_cap"])
    assert due.is_capped == (case["amount"] != case["before_cap"])


def test_a_share_of_the_interest_is_a_share_of_what_was_paid():
    due = entitlement(terms=SEVENTY_PERCENT, start=START, segments=[], to=MATURITY, interest_paid=Decimal("1748.96"))

    assert (due.amount, due.working) == (Decimal("1224.27"), ())


@given(paid=amounts, share=st.integers(0, 100), cap=st.booleans())
def test_a_share_of_up_to_the_whole_never_exceeds_the_interest_paid(paid, share, cap):
    terms = replace(SEVENTY_PERCENT, rate_percent=Decimal(share), cap_at_interest=cap)

    assert entitled(terms=terms, interest_paid=paid) <= paid


@given(amount=loan_amounts, paid=loan_amounts, rate=rates, start=starts, days=st.integers(0, 800), basis=bases)
def test_a_capped_subsidy_never_exceeds_the_interest_paid(amount, paid, rate, start, days, basis):
    end = start + timedelta(days=days)
    terms = replace(JIANCHUAN_2013, basis=basis, rate_percent=rate)

    due = entitlement(
        terms=terms, start=start, segments=one_balance(amount, start=start, end=end), to=end, interest_paid=paid
    )
    assert 0 <= due.amount <= paid
    assert due.amount <= due.before_cap


@given(
    amount=loan_amounts,
    start=starts,
    months=st.integers(1, 36),
    convention=conventions,
    frequency=st.sampled_from(Frequency),
)
def test_the_lines_of_all_periods_add_up_to_the_entitlement(amount, start, months, convention, frequency):
    end = add_months(start, months)
    terms = replace(JIANCHUAN_2013, convention=convention, months_max=24)
    facts = {"terms": terms, "start": start, "segments": one_balance(amount, start=start, end=end)}

    before, lines = Decimal(0), []
    for period in settlement_periods(start=start, end=end, frequency=frequency):
        until_now = entitlement(**facts, to=period.end, interest_paid=ENOUGH).amount
        lines.append(until_now - before)
        before = until_now
    assert sum(lines) == entitlement(**facts, to=end, interest_paid=ENOUGH).amount
    assert all(line >= 0 for line in lines)


def test_four_quarters_of_one_loan_are_paid_by_the_months_since_its_first_day():
    quarters = [date(2013, 9, 21), date(2013, 12, 21), date(2014, 3, 21), date(2014, 6, 21), date(2014, 9, 21)]
    until = [entitled(to=to) for to in quarters]

    assert [str(amount) for amount in until] == ["76.39", "701.39", "1326.39", "1951.39", "2500.00"]


@given(days=st.integers(0, 800), more=st.integers(0, 400), convention=conventions)
def test_an_entitlement_never_falls_as_time_passes(days, more, convention):
    terms = replace(JIANCHUAN_2013, convention=convention)
    earlier = entitled(to=START + timedelta(days=days), terms=terms)

    assert earlier <= entitled(to=START + timedelta(days=days + more), terms=terms)


def test_nothing_is_due_before_the_loan_began():
    assert entitled(to=START) == 0
    assert entitled(to=date(2013, 6, 21)) == 0


def test_a_longer_loan_is_subsidised_for_its_first_months_only():
    long = one_balance(Decimal("50000"), end=date(2016, 9, 10))

    assert entitled(segments=long, to=date(2016, 9, 10)) == Decimal("2500.00")
    assert entitled(segments=long, to=date(2014, 9, 10)) == Decimal("2500.00")
    assert entitled(segments=long, to=date(2014, 8, 10)) == Decimal("2291.67")


def test_from_the_day_of_a_stop_nothing_more_is_due():
    stopped = date(2014, 3, 10)

    assert entitled(stopped_from=stopped) == Decimal("1250.00")
    assert entitled(stopped_from=stopped, to=date(2014, 2, 10)) == Decimal("1041.67")
    assert entitled(stopped_from=START) == 0


def test_the_earliest_of_all_ends_counts():
    far = date(2020, 1, 1)

    assert subsidised_until(start=START, months_max=12, to=far) == MATURITY
    assert subsidised_until(start=START, months_max=12, to=far, stopped_from=date(2014, 1, 1)) == date(2014, 1, 1)
    assert subsidised_until(start=START, months_max=12, to=date(2013, 12, 21), stopped_from=far) == date(2013, 12, 21)
    assert subsidised_until(start=START, months_max=12, to=far, stopped_from=date(2013, 1, 1)) == START


def test_only_the_part_within_the_limit_is_subsidised():
    terms = replace(JIANCHUAN_2013, principal_max=Decimal("50000"))

    assert entitled("80000", terms=terms) == Decimal("2500.00")
    assert entitled("30000", terms=terms) == Decimal("1500.00")


def test_a_repaid_part_is_subsidised_until_its_day_and_each_line_of_the_working_says_so():
    middle = date(2014, 3, 10)
    segments = [
        *one_balance(Decimal("50000"), end=middle),
        *one_balance(Decimal("20000"), start=middle),
    ]
    due = entitlement(terms=JIANCHUAN_2013, start=START, segments=segments, to=MATURITY, interest_paid=ENOUGH)

    assert due.amount == Decimal("1750.00")
    assert [(line.start, line.end, line.days, line.base) for line in due.working] == [
        (START, middle, 181, Decimal("50000")),
        (middle, MATURITY, 184, Decimal("20000")),
    ]
    assert round_to_cent(sum(line.exact_value for line in due.working)) == due.before_cap


def test_a_balance_that_changes_in_the_middle_of_a_month_keeps_the_months_of_the_loan():
    middle = date(2014, 6, 21)
    segments = [*one_balance(Decimal("50000"), end=middle), *one_balance(Decimal("50000"), start=middle)]

    assert entitled(segments=segments) == entitled() == Decimal("2500.00")


def test_overlapping_balances_or_negative_interest_are_refused():
    segments = [*one_balance(Decimal("50000")), *one_balance(Decimal("50000"))]

    with pytest.raises(SegmentsOverlap):
        entitled(segments=segments)
    with pytest.raises(NotAnAmount):
        entitled(interest_paid=Decimal("-0.01"))


def test_the_loans_of_one_household_share_its_limit_in_order_of_time():
    balances = [Decimal("30000"), Decimal("30000"), Decimal("10000")]

    assert bases_within_limit(balances=balances, limit=Decimal("50000")) == [
        Decimal("30000"),
        Decimal("20000"),
        Decimal("0"),
    ]


@given(balances=st.lists(loan_amounts, max_size=8), limit=loan_amounts)
def test_a_household_is_never_subsidised_above_its_limit(balances, limit):
    bases = bases_within_limit(balances=balances, limit=limit)

    assert sum(bases) == min(sum(balances), limit)
    assert all(base <= balance for base, balance in zip(bases, balances, strict=True))
