from datetime import date

import pytest
from django.core.cache import cache
from hypothesis import given, strategies as st

from workflow.deadlines import WorkCalendar
from workflow.models import Holiday
from workflow.queries import forget_calendar, work_calendar

PLAIN = WorkCalendar(exceptions={}, known_years=frozenset())
NATIONAL_DAY = WorkCalendar(
    exceptions={
        **{date(2013, 10, day): False for day in range(1, 8)},
        date(2013, 9, 29): True,
        date(2013, 10, 12): True,
    },
    known_years=frozenset({2013}),
)
DAYS = st.dates(date(2012, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2014, 8, 15), 0, date(2014, 8, 15)),  # a Friday
        (date(2014, 8, 15), 1, date(2014, 8, 18)),
        (date(2014, 8, 15), 5, date(2014, 8, 22)),
        (date(2014, 8, 16), 1, date(2014, 8, 18)),
    ],
)
def test_a_time_limit_skips_weekends(start, days, end):
    assert PLAIN.add_workdays(start, days) == end


def test_a_time_limit_skips_holidays_and_counts_moved_working_days():
    assert NATIONAL_DAY.add_workdays(date(2013, 9, 30), 1) == date(2013, 10, 8)
    assert NATIONAL_DAY.add_workdays(date(2013, 9, 27), 1) == date(2013, 9, 29)  # a Sunday with work


@given(DAYS, st.integers(1, 40))
def test_adding_and_counting_working_days_are_each_others_mirror(start, days):
    assert NATIONAL_DAY.workdays_between(start, NATIONAL_DAY.add_workdays(start, days)) == days


@given(DAYS, DAYS)
def test_counting_backwards_is_the_negative(one, other):
    assert PLAIN.workdays_between(one, other) == -PLAIN.workdays_between(other, one)


def test_a_year_without_data_counts_its_weekdays_and_says_so():
    assert PLAIN.is_workday(date(2031, 10, 1))
    assert not NATIONAL_DAY.knows(date(2031, 10, 1))
    assert NATIONAL_DAY.knows(date(2013, 1, 1))


@pytest.mark.django_db
def test_the_seeded_calendar_knows_the_years_of_the_programme():
    forget_calendar()
    calendar = work_calendar()
    assert not calendar.is_workday(date(2013, 10, 1))
    assert calendar.is_workday(date(2013, 10, 12))
    assert {2013, 2014, 2015, 2026} <= calendar.known_years


@pytest.mark.django_db
def test_a_changed_holiday_is_seen_after_forgetting(django_assert_num_queries):
    forget_calendar()
    work_calendar()
    Holiday.objects.create(day=date(2014, 8, 15), is_workday=False, name="火把节")
    with django_assert_num_queries(0):
        assert work_calendar().is_workday(date(2014, 8, 15))
    forget_calendar()
    assert not work_calendar().is_workday(date(2014, 8, 15))
    cache.clear()
