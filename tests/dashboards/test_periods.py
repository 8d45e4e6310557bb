"""Months, quarters and years of statistics, and changes against another period."""

from datetime import date
from decimal import Decimal

import pytest

from dashboards.figures.periods import Period, PeriodKind, change_percent, periods_until
from dashboards.statistics.definitions import reports


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2014-07", date(2014, 7, 1), date(2014, 7, 31)),
        ("2014-Q1", date(2014, 1, 1), date(2014, 3, 31)),
        ("2013", date(2013, 1, 1), date(2013, 12, 31)),
    ],
)
def test_a_period_goes_from_its_first_to_its_last_day(code, first, last):
    period = Period.parse(code)
    assert (period.first, period.last, period.code) == (first, last, code)


@pytest.mark.parametrize("code", ["", "2014-13", "2014-Q5", "14-07", "2014-7", "２０１４", "2014-07-01"])
def test_a_text_that_is_no_period_is_none(code):
    assert Period.parse(code) is None


@pytest.mark.parametrize(
    ("code", "before", "year_before"),
    [("2014-01", "2013-12", "2013-01"), ("2014-Q1", "2013-Q4", "2013-Q1"), ("2014", "2013", "2013")],
)
def test_a_period_is_compared_with_the_one_before_and_with_that_of_last_year(code, before, year_before):
    period = Period.parse(code)
    assert (period.before.code, period.year_before.code) == (before, year_before)


def test_a_period_is_over_on_the_day_after_its_last():
    july = Period.parse("2014-07")
    assert not july.is_over(date(2014, 7, 31))
    assert july.is_over(date(2014, 8, 1))


def test_the_periods_offered_begin_with_the_present_one():
    found = periods_until(PeriodKind.QUARTER, today=date(2014, 8, 15), number=3)
    assert [period.code for period in found] == ["2014-Q3", "2014-Q2", "2014-Q1"]


@pytest.mark.parametrize(
    ("value", "base", "change"),
    [
        (Decimal("150"), Decimal("100"), Decimal("50.00")),
        (0, 4, Decimal("-100.00")),
        (5, 0, None),
        (5, None, None),
        (None, 5, None),
    ],
)
def test_a_change_without_a_base_is_nothing_and_not_a_hundred_percent(value, base, change):
    assert change_percent(value, base) == change


@pytest.mark.parametrize(
    ("report", "period", "due"),
    [
        ("monthly_progress", "2014-07", date(2014, 8, 5)),
        ("monthly_progress", "2013-12", date(2014, 1, 5)),
        ("use_structure", "2014-Q2", date(2014, 7, 10)),
        ("prefecture_summary", "2014-Q2", date(2014, 7, 15)),
        ("party_annual", "2013", date(2014, 1, 15)),
    ],
)
def test_a_report_is_due_on_its_day_after_the_period(report, period, due):
    assert reports()[report].due_on(Period.parse(period)) == due
