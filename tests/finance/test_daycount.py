from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from finance.daycount import (
    DayCount,
    MonthsAndDays,
    PeriodReversed,
    add_months,
    days_between,
    months_and_days,
    term_months,
    year_fraction,
    year_fraction_max,
    year_fraction_since,
)
from tests.finance.cases import conventions

days = st.dates(min_value=date(1999, 1, 1), max_value=date(2051, 12, 31))
spans = st.integers(min_value=0, max_value=4000)


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2014, 1, 31), 1, date(2014, 2, 28)),
        (date(2014, 1, 31), 2, date(2014, 3, 31)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2016, 2, 29), 48, date(2020, 2, 29)),
        (date(2015, 2, 28), 1, date(2015, 3, 28)),
        (date(2013, 12, 15), 1, date(2014, 1, 15)),
        (date(2014, 1, 31), -2, date(2013, 11, 30)),
        (date(2014, 8, 15), 0, date(2014, 8, 15)),
    ],
)
def test_a_day_that_the_month_lacks_becomes_its_last_day(day, months, result):
    assert add_months(day, months) == result


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        (date(2013, 11, 5), date(2014, 8, 20), MonthsAndDays(9, 15)),
        (date(2014, 3, 31), date(2014, 9, 30), MonthsAndDays(6, 0)),
        (date(2014, 8, 31), date(2015, 2, 28), MonthsAndDays(6, 0)),
        (date(2016, 1, 29), date(2016, 2, 29), MonthsAndDays(1, 0)),
        (date(2015, 1, 29), date(2015, 2, 28), MonthsAndDays(1, 0)),
        (date(2015, 2, 28), date(2015, 3, 31), MonthsAndDays(1, 3)),
        (date(2016, 2, 29), date(2017, 2, 28), MonthsAndDays(12, 0)),
        (date(2015, 1, 31), date(2015, 3, 1), MonthsAndDays(1, 1)),
        (date(2014, 12, 31), date(2015, 1, 30), MonthsAndDays(0, 30)),
        (date(2014, 1, 1), date(2014, 1, 1), MonthsAndDays(0, 0)),
    ],
)
def test_months_are_counted_from_the_start_day(start, end, span):
    assert months_and_days(start=start, end=end) == span


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2013, 9, 10), date(2014, 9, 10), 12),
        (date(2013, 9, 10), date(2014, 9, 11), 13),
        (date(2013, 9, 10), date(2014, 9, 9), 12),
        (date(2014, 8, 31), date(2015, 2, 28), 6),
        (date(2016, 2, 29), date(2017, 2, 28), 12),
        (date(2013, 9, 10), date(2013, 9, 11), 1),
        (date(2013, 9, 10), date(2013, 9, 10), 0),
    ],
)
def test_a_month_begun_counts_whole_in_a_term(start, end, months):
    assert term_months(start=start, end=end) == months


def test_a_leap_year_is_longer_by_days_and_not_by_months():
    leap = {"start": date(2015, 9, 10), "end": date(2016, 9, 10)}

    assert year_fraction(**leap, convention=DayCount.ACT_360) == Fraction(366, 360)
    assert year_fraction(**leap, convention=DayCount.ACT_365) == Fraction(366, 365)
    assert year_fraction(**leap, convention=DayCount.PER_LOAN) == 1


def test_the_first_day_counts_and_the_last_does_not():
    assert days_between(start=date(2014, 6, 20), end=date(2014, 6, 21)) == 1
    assert days_between(start=date(2014, 6, 20), end=date(2014, 6, 20)) == 0


@pytest.mark.parametrize("convention", DayCount)
def test_the_same_day_is_no_time_and_a_day_earlier_is_an_error(convention):
    day = date(2014, 2, 28)

    assert year_fraction(start=day, end=day, convention=convention) == 0
    with pytest.raises(PeriodReversed) as refusal:
        year_fraction(start=day, end=day - timedelta(days=1), convention=convention)
    assert refusal.value.end == date(2014, 2, 27)


@pytest.mark.parametrize("call", [days_between, months_and_days, term_months])
def test_a_reversed_period_is_refused(call):
    with pytest.raises(PeriodReversed):
        call(start=date(2014, 1, 2), end=date(2014, 1, 1))


def test_a_reversed_part_of_a_loan_is_refused():
    for start, end in ((date(2014, 2, 2), date(2014, 2, 1)), (date(2013, 12, 1), date(2014, 2, 1))):
        with pytest.raises(PeriodReversed):
            year_fraction_since(anchor=date(2014, 1, 1), start=start, end=end, convention=DayCount.PER_LOAN)


@given(start=days, first=spans, second=spans, convention=conventions)
def test_a_later_end_is_never_less_time(start, first, second, convention):
    shorter, longer = sorted((first, second))

    assert year_fraction(start=start, end=start + timedelta(days=shorter), convention=convention) <= year_fraction(
        start=start, end=start + timedelta(days=longer), convention=convention
    )


@given(start=days, first=spans, second=spans, convention=st.sampled_from([DayCount.ACT_360, DayCount.ACT_365]))
def test_time_by_days_adds_up_wherever_it_is_cut(start, first, second, convention):
    cut, end = start + timedelta(days=first), start + timedelta(days=first + second)

    whole = year_fraction(start=start, end=end, convention=convention)
    assert whole == year_fraction(start=start, end=cut, convention=convention) + year_fraction(
        start=cut, end=end, convention=convention
    )
    assert year_fraction_since(anchor=start, start=cut, end=end, convention=convention) == year_fraction(
        start=cut, end=end, convention=convention
    )


@given(anchor=days, lengths=st.lists(spans, min_size=1, max_size=5), convention=conventions)
def test_the_periods_of_a_loan_add_up_to_the_loan_by_every_day_count(anchor, lengths, convention):
    total, start = Fraction(0), anchor
    for length in lengths:
        end = start + timedelta(days=length)
        total += year_fraction_since(anchor=anchor, start=start, end=end, convention=convention)
        start = end

    assert total == year_fraction(start=anchor, end=start, convention=convention)


@given(start=days, months=st.integers(min_value=0, max_value=120))
def test_whole_months_are_twelfths_whatever_day_they_start_on(start, months):
    end = add_months(start, months)

    assert year_fraction(start=start, end=end, convention=DayCount.PER_LOAN) == Fraction(months, 12)


@given(start=days, length=spans)
def test_months_and_odd_days_lead_back_to_the_end(start, length):
    end = start + timedelta(days=length)
    span = months_and_days(start=start, end=end)

    assert add_months(start, span.months) + timedelta(days=span.days) == end
    assert 0 <= span.days <= 30


@given(start=days, months=st.integers(min_value=0, max_value=60), convention=conventions)
def test_no_start_makes_a_term_longer_than_what_is_reserved_for_it(start, months, convention):
    longest = year_fraction_max(months=months, convention=convention)

    assert year_fraction(start=start, end=add_months(start, months), convention=convention) <= longest


def test_the_longest_year_has_366_days_and_the_longest_quarter_92():
    assert year_fraction_max(months=12, convention=DayCount.ACT_360) == Fraction(366, 360)
    assert year_fraction_max(months=3, convention=DayCount.ACT_365) == Fraction(92, 365)
    assert year_fraction_max(months=12, convention=DayCount.PER_LOAN) == 1
