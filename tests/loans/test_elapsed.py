"""How long the offices took: working days, without what the applicant needed to correct his case."""

from datetime import date, timedelta

import pytest

from loans.choices import Outcome, StepCode
from loans.queries.detail import cases_in_full
from loans.queries.elapsed import elapsed_of
from tests.factories.county import NOON
from tests.factories.loans import CaseFactory
from web.clock import day_of
from workflow.deadlines import WorkCalendar

pytestmark = pytest.mark.django_db
WEEKS = WorkCalendar(exceptions={}, known_years=frozenset({2014}))
MONDAY = NOON - timedelta(days=NOON.weekday() + 14)


def elapsed(story, on):
    return elapsed_of(cases_in_full().get(pk=story.case.pk), on=on, calendar=WEEKS)


@pytest.fixture
def story(office):
    """Submitted and introduced on a Monday and a Tuesday."""
    story = CaseFactory(office, begin=MONDAY)
    story.at(StepCode.BRANCH_REVIEW)
    return story


def test_a_draft_takes_no_time(office):
    story = CaseFactory(office)
    story.draft()
    assert elapsed(story, story.day) is None


def test_a_weekend_is_no_time_of_an_office(story):
    submitted = day_of(MONDAY)
    assert elapsed(story, submitted + timedelta(days=4)).offices == 4
    assert elapsed(story, submitted + timedelta(days=7)).offices == 5


def test_what_the_applicant_corrects_is_his_time(story):
    story.decide(Outcome.RETURN, story.village.secretary, reason="请补户口本。", target=StepCode.INTAKE)  # Wednesday
    assert elapsed(story, story.day + timedelta(days=2)).offices == 2
    assert elapsed(story, story.day + timedelta(days=2)).applicant == 2
    story.moment += timedelta(days=5)
    story.submit()  # the Monday after
    found = elapsed(story, story.day + timedelta(days=1))
    assert (found.offices, found.applicant) == (3, 3)


def test_a_return_to_an_office_is_the_offices_time(office):
    story = CaseFactory(office, begin=MONDAY - timedelta(days=21))
    story.at(StepCode.COMMITTEE_FILING)
    before = elapsed(story, story.day)
    committee = office.yangcen.committee_officer
    story.decide(Outcome.RETURN, committee, reason="会议记录缺签字。", target=StepCode.BRANCH_REVIEW)
    after = elapsed(story, story.day + timedelta(days=7))
    assert after.applicant == before.applicant == 0
    assert after.offices > before.offices


def test_the_clock_ends_with_paying_out(office):
    story = CaseFactory(office, begin=MONDAY - timedelta(days=60))
    story.lent()
    assert elapsed(story, date(2014, 12, 31)) == elapsed(story, story.day)


def test_the_clock_ends_with_a_refusal(office, story):
    story.decide(Outcome.WITHDRAW, office.yangcen.clerk, reason="不再需要。")
    assert elapsed(story, date(2014, 12, 31)) == elapsed(story, story.day)
