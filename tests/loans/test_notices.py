"""The public notice: its days, and what happens when something of it changes meanwhile."""

from datetime import datetime, time, timedelta

import pytest

from loans import operations
from loans.choices import NoticeState, Outcome, StepCode
from loans.operations.daily import run_daily_work
from loans.queries.work import waiting_for
from loans.steps.facts import NoticeFacts
from tests.factories.county import NOON
from tests.factories.loans import CaseFactory
from web.clock import day_of


@pytest.fixture
def story(office):
    story = CaseFactory(office)
    story.at(StepCode.PUBLIC_NOTICE)
    story.publish()
    return story


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), NOON.tzinfo)


def rename(person):
    person.name = "赵又廷"
    person.save()


def test_a_notice_of_seven_days_counts_its_first_and_its_last(office, story):
    notice = story.case.notices.get()
    assert (notice.ends_on - notice.starts_on).days == 6
    assert run_daily_work(at=at(notice.ends_on, 23, 59))["notices_closed"] == 0
    assert run_daily_work(at=at(notice.ends_on + timedelta(days=1), 0, 5))["notices_closed"] == 1
    story.case.refresh_from_db()
    assert story.case.state_since == notice.ends_on + timedelta(days=1)


@pytest.mark.parametrize(("hour", "minute"), [(0, 30), (23, 30)])
def test_a_notice_published_at_night_begins_on_the_countys_day(office, hour, minute):
    story = CaseFactory(office)
    story.at(StepCode.PUBLIC_NOTICE)
    story.moment = story.moment.replace(hour=hour, minute=minute) + timedelta(days=1)
    today = day_of(story.moment)
    secretary = office.yangcen.village.secretary
    facts = [NoticeFacts("公示栏", "0872-4520001", day) for day in (today - timedelta(days=1), today)]
    with pytest.raises(operations.Blocked):
        story.decide(Outcome.PUBLISH, secretary, facts[0], days=0)
    story.decide(Outcome.PUBLISH, secretary, facts[1], days=0)
    assert story.case.notices.get().starts_on == story.moment.date()


def test_a_notice_that_is_no_longer_true_is_stopped_and_published_anew(office, story):
    rename(story.case.person)
    assert run_daily_work(at=story.moment)["notices_stopped"] == 1
    secretary = office.yangcen.village.secretary
    assert waiting_for(secretary, on=story.day, steps=(StepCode.PUBLIC_NOTICE,)).get() == story.case
    story.case.refresh_from_db()
    story.pass_notice()
    assert story.case.step == StepCode.COMMITTEE_FILING
    assert sorted(story.case.notices.values_list("state", flat=True)) == [NoticeState.PASSED, NoticeState.STOPPED]
    stopped = story.case.decisions.get(outcome=Outcome.STOP)
    assert (stopped.decided_by.is_system, bool(stopped.reason)) == (True, True)


def test_a_notice_that_is_true_is_not_stopped(office, story):
    assert run_daily_work(at=story.moment)["notices_stopped"] == 0
    rename(office.yangcen.village.people[0])
    assert run_daily_work(at=story.moment)["notices_stopped"] == 0


def test_nobody_loses_an_objection_by_a_changed_name(office, story):
    notice = story.case.notices.get()
    moment = at(notice.starts_on, 12)
    objection = operations.record_objection(
        notice_id=notice.pk, received_on=notice.starts_on, channel="phone", objector="", text="外债未还。",
        recorded_by=office.yangcen.clerk, recorded_at=moment,
    )  # fmt: skip
    rename(story.case.person)
    assert run_daily_work(at=moment)["notices_stopped"] == 0
    operations.settle_objection(
        objection_id=objection.pk, upheld=False, finding="不属实。",
        settled_by=office.yangcen.committee_officer, settled_at=moment,
    )  # fmt: skip
    assert run_daily_work(at=moment)["notices_stopped"] == 1
