from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from finance.daycount import PeriodReversed
from finance.periods import (
    Frequency,
    HolidayRule,
    NoWorkingDay,
    Period,
    monthly_periods,
    payment_day,
    settlement_period,
    settlement_periods,
)

days = st.dates(min_value=date(1999, 1, 1), max_value=date(2051, 12, 31))
spans = st.integers(min_value=0, max_value=1900)
frequencies = st.sampled_from(Frequency)


@pytest.mark.parametrize(
    ("on", "frequency", "first_day", "last_day"),
    [
        (date(2014, 6, 20), Frequency.QUARTERLY, date(2014, 3, 21), date(2014, 6, 20)),
        (date(2014, 6, 21), Frequency.QUARTERLY, date(2014, 6, 21), date(2014, 9, 20)),
        (date(2013, 12, 21), Frequency.QUARTERLY, date(2013, 12, 21), date(2014, 3, 20)),
        (date(2013, 12, 31), Frequency.MONTHLY, date(2013, 12, 21), date(2014, 1, 20)),
        (date(2014, 1, 20), Frequency.MONTHLY, date(2013, 12, 21), date(2014, 1, 20)),
        (date(2014, 1, 1), Frequency.HALF_YEARLY, date(2013, 12, 21), date(2014, 6, 20)),
        (date(2014, 12, 20), Frequency.HALF_YEARLY, date(2014, 6, 21), date(2014, 12, 20)),
        (date(2014, 12, 20), Frequency.YEARLY, date(2013, 12, 21), date(2014, 12, 20)),
        (date(2014, 12, 21), Frequency.YEARLY, date(2014, 12, 21), date(2015, 12, 20)),
    ],
)
def test_a_settlement_period_ends_with_the_20th(on, frequency, first_day, last_day):
    period = settlement_period(on=on, frequency=frequency)

    assert (period.start, period.last_day) == (first_day, last_day)


@given(on=days, frequency=frequencies)
def test_every_day_lies_in_its_period_and_the_next_one_follows_at_once(on, frequency):
    period = settlement_period(on=on, frequency=frequency)

    assert period.start <= on < period.end
    assert settlement_period(on=period.end, frequency=frequency).start == period.end
    assert settlement_period(on=period.start, frequency=frequency) == period


@given(start=days, length=spans, frequency=frequencies)
def test_the_periods_of_a_loan_follow_each_other_without_a_gap(start, length, frequency):
    end = start + timedelta(days=length)
    periods = settlement_periods(start=start, end=end, frequency=frequency)

    assert (periods[0].start, periods[-1].end) == (start, end)
    assert all(earlier.end == later.start for earlier, later in zip(periods, periods[1:], strict=False))
    assert all(period.last_day.day == 20 for period in periods[:-1])
    assert all(period.days > 0 for period in periods) or length == 0


def test_a_loan_that_ends_the_day_after_a_settlement_day_is_settled_at_its_end():
    periods = settlement_periods(start=date(2014, 3, 21), end=date(2014, 6, 21), frequency=Frequency.QUARTERLY)

    assert periods == [Period(start=date(2014, 3, 21), end=date(2014, 6, 21))]


def test_a_loan_that_starts_on_a_settlement_day_settles_that_day():
    first, *_ = settlement_periods(start=date(2019, 12, 20), end=date(2020, 12, 20), frequency=Frequency.QUARTERLY)

    assert (first.days, first.last_day) == (1, date(2019, 12, 20))


def test_monthly_periods_keep_to_the_day_of_the_start():
    periods = monthly_periods(start=date(2014, 1, 31), end=date(2014, 5, 10))

    assert [period.start for period in periods] == [
        date(2014, 1, 31),
        date(2014, 2, 28),
        date(2014, 3, 31),
        date(2014, 4, 30),
    ]
    assert periods[-1].end == date(2014, 5, 10)


@pytest.mark.parametrize(
    "cut", [monthly_periods, lambda **days: settlement_periods(**days, frequency=Frequency.YEARLY)]
)
def test_a_loan_of_no_days_is_one_empty_period_and_a_reversed_one_is_refused(cut):
    day = date(2014, 6, 30)

    assert cut(start=day, end=day) == [Period(start=day, end=day)]
    with pytest.raises(PeriodReversed):
        cut(start=day, end=day - timedelta(days=1))


def works_on_weekdays(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("rule", "paid_on"),
    [
        (HolidayRule.UNCHANGED, date(2014, 8, 16)),
        (HolidayRule.WORKING_DAY_BEFORE, date(2014, 8, 15)),
        (HolidayRule.WORKING_DAY_AFTER, date(2014, 8, 18)),
    ],
)
def test_the_contract_says_what_becomes_of_a_due_date_on_a_saturday(rule, paid_on):
    assert payment_day(due_date=date(2014, 8, 16), rule=rule, is_working_day=works_on_weekdays) == paid_on


@pytest.mark.parametrize("rule", HolidayRule)
def test_a_due_date_that_is_a_working_day_stays(rule):
    friday = date(2014, 8, 15)

    assert payment_day(due_date=friday, rule=rule, is_working_day=works_on_weekdays) == friday


def test_a_calendar_without_working_days_is_an_error_and_not_an_endless_search():
    with pytest.raises(NoWorkingDay):
        payment_day(due_date=date(2014, 8, 15), rule=HolidayRule.WORKING_DAY_AFTER, is_working_day=lambda day: False)
