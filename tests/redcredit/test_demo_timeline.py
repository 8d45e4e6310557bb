"""When the acts of the demo's cases happen: in order, on working days, in office hours, inside the time limits."""

import csv
from dataclasses import astuple
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings

from redcredit.demo.timeline import HERE, Clockwork, Times
from redcredit.demo.waiting import STANDINGS, Waiting
from workflow.deadlines import WorkCalendar

NOTICE_DAYS = 7
LIMITS = {
    "intake": 5,
    "referral": 3,
    "branch_review": 5,
    "public_notice": 10,
    "committee_filing": 3,
    "subsidy_confirmation": 5,
    "disbursement": 7,
}


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    with (settings.BASE_DIR / "fixtures" / "holidays.csv").open(encoding="utf-8", newline="") as file:
        exceptions = {date.fromisoformat(row["day"]): row["is_workday"] == "1" for row in csv.DictReader(file)}
    return WorkCalendar(exceptions=exceptions, known_years=frozenset(day.year for day in exceptions))


@pytest.fixture
def clockwork(calendar) -> Clockwork:
    return Clockwork(calendar=calendar, notice_days=NOTICE_DAYS, seed="test")


@pytest.fixture
def chains(clockwork, calendar) -> list[Times]:
    days = [date(2013, 7, 22) + timedelta(days=n) for n in range(370)]
    return [
        clockwork.times_before(day, earliest=date(2013, 6, 3))
        for day in days
        if calendar.is_workday(day)
    ]  # fmt: skip


def moments(times: Times) -> list[datetime]:
    return [value for value in astuple(times) if isinstance(value, datetime)]


def test_the_acts_of_a_case_follow_one_another(chains):
    assert all(moments(times) == sorted(moments(times)) for times in chains)


def test_people_act_on_working_days_in_office_hours(chains, calendar):
    for moment in (moment for times in chains for moment in moments(times)):
        assert calendar.is_workday(moment.date())
        assert 8 <= moment.hour < 18


def test_a_notice_runs_its_days_before_the_case_is_filed(chains):
    for times in chains:
        assert times.published.date() <= times.notice_starts
        assert times.notice_over == times.notice_starts + timedelta(days=NOTICE_DAYS)
        assert times.filed.date() >= times.notice_over


def test_every_office_keeps_its_time_limit(chains, calendar):
    for times in chains:
        limits = [
            (times.submitted, times.referred, LIMITS["referral"]),
            (times.referred, times.reviewed, LIMITS["branch_review"]),
            (times.reviewed, times.published, LIMITS["public_notice"]),
            (times.filed, times.confirmed, LIMITS["subsidy_confirmation"]),
            (times.confirmed, times.paid, LIMITS["disbursement"]),
        ]
        assert all(end.date() <= calendar.add_workdays(start.date(), limit) for start, end, limit in limits)
        assert times.filed.date() <= calendar.add_workdays(times.notice_over, LIMITS["committee_filing"])


def test_the_money_moves_on_the_day_asked_for(clockwork):
    assert clockwork.times_before(date(2014, 5, 28), earliest=date(2014, 1, 2)).paid.date() == date(2014, 5, 28)


def test_a_case_paid_early_in_the_year_began_in_that_year(clockwork):
    times = clockwork.times_before(date(2014, 1, 20), earliest=date(2014, 1, 2))
    assert times.created.date() >= date(2014, 1, 2)


def test_a_case_that_cannot_have_begun_in_time_is_refused(clockwork):
    with pytest.raises(ValueError, match="cannot have begun"):
        clockwork.times_before(date(2014, 1, 10), earliest=date(2014, 1, 2))


def test_nobody_works_in_the_week_of_the_national_day(clockwork):
    assert clockwork.workday_before(date(2013, 10, 7), 0) == date(2013, 9, 30)
    assert clockwork.workday_before(date(2013, 10, 8), 1) == date(2013, 9, 30)


IN_TIME = [(standing, False) for standing in STANDINGS]
OVERDUE = [(standing, True) for standing in STANDINGS if standing.overdue or standing.own_overdue]


@pytest.mark.parametrize(("standing", "overdue"), IN_TIME + OVERDUE, ids=lambda value: getattr(value, "name", value))
def test_an_open_case_stands_where_it_shall(standing, overdue, clockwork):
    now = datetime(2014, 8, 15, 8, 30, tzinfo=HERE)
    waiting = Waiting(
        clockwork=clockwork, now=now, deadline_days=LIMITS, earliest=date(2014, 1, 2), seed=standing.name
    )
    times = waiting.times(standing, overdue=overdue)
    assert getattr(times, standing.last) < now
    if standing.waits_at == "public_notice" and standing.last == "published":
        assert times.notice_starts < now.date() < times.notice_over
