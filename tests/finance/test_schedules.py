from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

import pytest
from hypothesis import given, strategies as st

from finance.daycount import DayCount, PeriodReversed, add_months
from finance.interest import interest
from finance.money import NotAnAmount
from finance.schedules import RepaymentMethod, Settlement, SettlementDoesNotFit, schedule
from tests.finance.cases import case_id, conventions, loan_amounts, rates, read_cases

starts = st.dates(min_value=date(2008, 1, 1), max_value=date(2030, 12, 31))
spans = st.integers(min_value=0, max_value=1900)
fitting = st.sampled_from(
    [(RepaymentMethod.LUMP_SUM, Settlement.AT_END)]
    + [
        (method, settlement)
        for method in RepaymentMethod
        for settlement in Settlement
        if method is not RepaymentMethod.LUMP_SUM and settlement is not Settlement.AT_END
    ]
)
SETTLED_QUARTERLY = [
    list(rows)
    for _, rows in groupby(
        read_cases("quarterly_settlements.csv"), key=lambda case: (case["principal"], case["loan_start"])
    )
]
YEAR = {"start": date(2014, 1, 31), "end": date(2015, 1, 31)}


@pytest.mark.parametrize("rows", SETTLED_QUARTERLY, ids=lambda rows: f"{rows[0]['principal']} {rows[0]['loan_start']}")
def test_the_worked_quarters_come_out_to_the_fen(rows):
    loan = rows[0]
    instalments = schedule(
        principal=Decimal(loan["principal"]),
        rate_percent=Decimal(loan["rate_percent"]),
        start=date.fromisoformat(loan["loan_start"]),
        end=date.fromisoformat(loan["loan_end"]),
        method=RepaymentMethod.INTEREST_ONLY,
        settlement=Settlement.QUARTERLY_20,
        convention=DayCount.ACT_360,
    )

    names = ("number", "start", "end", "due_date", "interest")
    printed = [[str(getattr(instalment, name)) for name in names] for instalment in instalments]
    assert printed == [[row[name] for name in names] for row in rows]
    assert sum(instalment.interest for instalment in instalments) == Decimal(loan["total_interest"])
    assert instalments[-1].principal == Decimal(loan["principal"])


@pytest.mark.parametrize("case", read_cases("equal_schedules.csv"), ids=case_id)
def test_the_worked_monthly_instalments_come_out_to_the_fen(case):
    start = date(2014, 5, 28)
    instalments = schedule(
        principal=Decimal(case["principal"]),
        rate_percent=Decimal(case["rate_percent"]),
        start=start,
        end=add_months(start, int(case["months"])),
        method=RepaymentMethod(case["method"]),
        settlement=Settlement.MONTHLY_START_DAY,
        convention=DayCount.PER_LOAN,
    )

    instalment = instalments[int(case["number"]) - 1]
    assert str(instalment.total) == case["total"]
    assert str(instalment.principal) == case["principal_part"]
    assert str(instalment.interest) == case["interest"]
    assert str(instalment.balance_after) == case["balance_after"]
    assert sum(each.interest for each in instalments) == Decimal(case["total_interest"])


@given(principal=loan_amounts, rate=rates, start=starts, length=spans, shape=fitting, convention=conventions)
def test_the_principal_is_repaid_to_the_fen_and_never_twice(principal, rate, start, length, shape, convention):
    method, settlement = shape
    instalments = schedule(
        principal=principal,
        rate_percent=rate,
        start=start,
        end=start + timedelta(days=length),
        method=method,
        settlement=settlement,
        convention=convention,
    )

    assert sum(instalment.principal for instalment in instalments) == principal
    assert instalments[-1].balance_after == 0
    assert all(instalment.principal >= 0 and instalment.interest >= 0 for instalment in instalments)
    assert [instalment.number for instalment in instalments] == list(range(1, len(instalments) + 1))


@given(principal=loan_amounts, rate=rates, start=starts, length=spans, shape=fitting, convention=conventions)
def test_instalments_follow_each_other_and_fall_due_in_order(principal, rate, start, length, shape, convention):
    method, settlement = shape
    end = start + timedelta(days=length)
    instalments = schedule(
        principal=principal,
        rate_percent=rate,
        start=start,
        end=end,
        method=method,
        settlement=settlement,
        convention=convention,
    )

    assert (instalments[0].start, instalments[-1].end, instalments[-1].due_date) == (start, end, end)
    for earlier, later in zip(instalments, instalments[1:], strict=False):
        assert earlier.end == later.start
        assert earlier.due_date < later.due_date


@given(principal=loan_amounts, rate=rates, start=starts, months=st.integers(1, 60))
def test_equal_instalments_are_equal_but_for_the_last(principal, rate, start, months):
    *earlier, last = schedule(
        principal=principal,
        rate_percent=rate,
        start=start,
        end=add_months(start, months),
        method=RepaymentMethod.EQUAL_INSTALMENT,
        settlement=Settlement.MONTHLY_START_DAY,
        convention=DayCount.PER_LOAN,
    )

    assert len({instalment.total for instalment in earlier if instalment.balance_after > 0}) <= 1
    if earlier and principal > 100:
        # Half a fen of the payment and half a fen of interest a month, with their interest: far below one yuan.
        assert abs(last.total - earlier[0].total) < 1


@pytest.mark.parametrize("convention", DayCount)
def test_a_loan_without_interest_is_repaid_in_equal_parts(convention):
    instalments = schedule(
        principal=Decimal("12000"),
        rate_percent=Decimal(0),
        **YEAR,
        method=RepaymentMethod.EQUAL_INSTALMENT,
        settlement=Settlement.MONTHLY_START_DAY,
        convention=convention,
    )

    assert {instalment.total for instalment in instalments} == {Decimal("1000.00")}


def test_a_start_on_the_31st_keeps_to_the_months_end():
    instalments = schedule(
        principal=Decimal("12000"),
        rate_percent=Decimal("7.20"),
        **YEAR,
        method=RepaymentMethod.EQUAL_PRINCIPAL,
        settlement=Settlement.MONTHLY_START_DAY,
        convention=DayCount.PER_LOAN,
    )

    assert [instalment.due_date for instalment in instalments[:3]] == [
        date(2014, 2, 28),
        date(2014, 3, 31),
        date(2014, 4, 30),
    ]
    assert len(instalments) == 12


def test_a_lump_sum_is_one_instalment_at_the_end():
    (only,) = schedule(
        principal=Decimal("50000"),
        rate_percent=Decimal("7.20"),
        start=date(2013, 11, 5),
        end=date(2014, 8, 20),
        method=RepaymentMethod.LUMP_SUM,
        settlement=Settlement.AT_END,
        convention=DayCount.PER_LOAN,
    )

    assert (only.due_date, only.principal, only.interest) == (date(2014, 8, 20), Decimal("50000"), Decimal("2850.00"))


def test_monthly_settlement_on_the_20th_pays_the_20th_itself():
    first, second, *_ = schedule(
        principal=Decimal("50000"),
        rate_percent=Decimal("7.20"),
        start=date(2014, 1, 10),
        end=date(2014, 7, 10),
        method=RepaymentMethod.INTEREST_ONLY,
        settlement=Settlement.MONTHLY_20,
        convention=DayCount.ACT_360,
    )

    assert (first.due_date, first.interest) == (date(2014, 1, 20), Decimal("110.00"))
    assert (second.due_date, second.interest) == (date(2014, 2, 20), Decimal("310.00"))


@given(principal=loan_amounts, rate=rates, start=starts, length=spans, convention=conventions)
def test_a_lump_sum_bears_the_interest_of_the_whole_loan(principal, rate, start, length, convention):
    loan = {"principal": principal, "rate_percent": rate, "start": start, "end": start + timedelta(days=length)}
    (only,) = schedule(**loan, method=RepaymentMethod.LUMP_SUM, settlement=Settlement.AT_END, convention=convention)

    assert only.interest == interest(**loan, convention=convention)


def test_a_loan_of_some_fen_is_not_repaid_beyond_its_principal():
    # Half a fen a month is rounded up to one, and six months of it are all there is.
    instalments = schedule(
        principal=Decimal("0.06"),
        rate_percent=Decimal("7.20"),
        **YEAR,
        method=RepaymentMethod.EQUAL_PRINCIPAL,
        settlement=Settlement.MONTHLY_START_DAY,
        convention=DayCount.PER_LOAN,
    )

    assert [instalment.principal for instalment in instalments] == [Decimal("0.01")] * 6 + [Decimal("0.00")] * 6


def test_a_month_whose_interest_exceeds_the_payment_repays_nothing_and_adds_nothing():
    instalments = schedule(
        principal=Decimal("50000"),
        rate_percent=Decimal("36"),
        start=date(2014, 1, 1),
        end=date(2044, 1, 1),
        method=RepaymentMethod.EQUAL_INSTALMENT,
        settlement=Settlement.MONTHLY_START_DAY,
        convention=DayCount.ACT_360,
    )

    january = instalments[0]
    assert (january.principal, january.balance_after) == (0, Decimal("50000"))
    assert sum(instalment.principal for instalment in instalments) == Decimal("50000")


def test_two_methods_cost_different_interest():
    def cost(method: RepaymentMethod) -> Decimal:
        instalments = schedule(
            principal=Decimal("50000"),
            rate_percent=Decimal("7.20"),
            **YEAR,
            method=method,
            settlement=Settlement.MONTHLY_START_DAY,
            convention=DayCount.PER_LOAN,
        )
        return sum((instalment.interest for instalment in instalments), Decimal(0))

    assert [cost(method) for method in RepaymentMethod if method is not RepaymentMethod.LUMP_SUM] == [
        Decimal("3600.00"),
        Decimal("1971.37"),
        Decimal("1950.00"),
    ]


@pytest.mark.parametrize(
    ("method", "settlement"),
    [
        (RepaymentMethod.LUMP_SUM, Settlement.QUARTERLY_20),
        (RepaymentMethod.INTEREST_ONLY, Settlement.AT_END),
        (RepaymentMethod.EQUAL_PRINCIPAL, Settlement.AT_END),
    ],
)
def test_a_settlement_that_contradicts_the_method_is_refused(method, settlement):
    with pytest.raises(SettlementDoesNotFit):
        schedule(
            principal=Decimal("1"),
            rate_percent=Decimal("1"),
            **YEAR,
            method=method,
            settlement=settlement,
            convention=DayCount.ACT_360,
        )


@pytest.mark.parametrize("settlement", [Settlement.QUARTERLY_20, Settlement.MONTHLY_START_DAY])
def test_a_reversed_loan_or_a_fraction_of_a_fen_is_refused(settlement):
    terms = {
        "rate_percent": Decimal("7.20"),
        "method": RepaymentMethod.INTEREST_ONLY,
        "settlement": settlement,
        "convention": DayCount.ACT_360,
    }

    with pytest.raises(PeriodReversed):
        schedule(principal=Decimal("1"), start=date(2014, 1, 2), end=date(2014, 1, 1), **terms)
    with pytest.raises(NotAnAmount):
        schedule(principal=Decimal("1.001"), **YEAR, **terms)
