"""People learn what became of their cases, and the level above learns what is late."""

from datetime import timedelta

import pytest

from accounts.choices import Role, Verb
from accounts.models import User
from accounts.queries import holders_of
from audit.models import AuditEvent
from inbox.models import Message
from inbox.operations import read_all
from loans.choices import Outcome, StepCode
from loans.models import Escalation
from loans.operations import Blocked, NotAllowed
from loans.operations.telling import escalate_late_cases, tell_of_cases, urge_case
from loans.queries.late import LEVELS_ABOVE, SUPERVISORS, late_for
from loans.queries.work import piles_of
from tests.factories.accounts import PostFactory, UserFactory
from tests.factories.county import NOON
from tests.factories.loans import CaseFactory, store_four_steps
from web.clock import day_of

pytestmark = pytest.mark.django_db
A_WEEK = timedelta(days=7)


def sentences(user):
    return [message.sentence for message in Message.objects.of_recipient(user).order_by("pk")]


@pytest.fixture
def late(office):
    """A case that waits for the branch since long; returns (case, a Friday noon well past its deadline)."""
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    assert case.due_date < day_of(NOON)
    return case


# --- What became of a case ---------------------------------------------------------------------------------------


def returned(office, *, to=StepCode.INTAKE, by="secretary"):
    story = CaseFactory(office, begin=NOON - timedelta(days=2))
    story.at(StepCode.BRANCH_REVIEW)
    story.decide(Outcome.RETURN, story.village.secretary, reason="请补户口本。", target=to, days=0)
    return story


def test_the_clerk_learns_that_his_case_came_back(office):
    story = returned(office)
    assert tell_of_cases(at=NOON) == 1
    (sentence,) = sentences(office.yangcen.clerk)
    assert sentence.startswith("退回补正：")
    assert story.case.number in sentence


def test_a_notice_names_the_applicant_only_masked(office):
    story = returned(office)
    tell_of_cases(at=NOON)
    (sentence,) = sentences(office.yangcen.clerk)
    assert story.case.person.name not in sentence
    assert story.case.person.id_number_masked not in sentence


def test_told_again_ten_minutes_later_nobody_hears_it_twice(office):
    returned(office)
    tell_of_cases(at=NOON)
    assert tell_of_cases(at=NOON + timedelta(minutes=10)) == 0
    assert len(sentences(office.yangcen.clerk)) == 1


def test_whoever_decided_himself_is_not_told(office):
    story = CaseFactory(office, begin=NOON - timedelta(days=2))
    story.at(StepCode.REFERRAL)
    story.decide(Outcome.RETURN, office.yangcen.clerk, reason="电话有误。", target=StepCode.INTAKE, days=0)
    assert tell_of_cases(at=NOON) == 0


def test_a_return_to_the_branch_tells_the_secretary_who_decided_there(office):
    story = CaseFactory(office, begin=NOON - timedelta(days=20))
    story.at(StepCode.COMMITTEE_FILING)
    story.decide(
        Outcome.RETURN, office.yangcen.committee_officer, reason="会议记录缺签字。", target=StepCode.BRANCH_REVIEW
    )
    tell_of_cases(at=story.moment)
    assert any("退回补正" in sentence for sentence in sentences(story.village.secretary))


def test_what_merely_goes_on_its_way_is_told_to_nobody(office):
    story = CaseFactory(office, begin=NOON - timedelta(days=3))
    story.at(StepCode.BRANCH_REVIEW)
    assert tell_of_cases(at=NOON) == 0


def test_a_decision_of_last_week_is_told_no_more(office):
    story = returned(office)
    assert tell_of_cases(at=story.moment + A_WEEK) == 0


# --- Who holds a case ----------------------------------------------------------------------------------------------


def test_the_holders_of_a_verb_are_those_whose_post_covers_the_place(office):
    case = CaseFactory(office).draft()
    on = day_of(NOON)
    assert set(holders_of(Verb.FILE, case.place, on=on)) == {office.yangcen.committee_officer}
    assert set(holders_of(Verb.REVIEW, case.place, on=on)) == {
        office.yangcen.village.secretary,
        office.yangcen.village.general_secretary,
    }
    assert office.yangcen.credit_officer in holders_of(Verb.DISBURSE, case.place, on=on)
    assert office.shaxi.credit_officer not in holders_of(Verb.DISBURSE, case.place, on=on)


@pytest.mark.parametrize("verb", [Verb.REFER, *SUPERVISORS])
def test_holders_and_the_rights_of_each_account_never_differ(office, verb):
    case, on = CaseFactory(office).draft(), day_of(NOON)
    entitled = {user for user in User.objects.filter(is_active=True) if user.post_covering(verb, case.place, on=on)}
    assert set(holders_of(verb, case.place, on=on)) == entitled


def test_a_closed_account_and_a_post_that_is_over_hold_nothing(office):
    case, on = CaseFactory(office).draft(), day_of(NOON)
    committee = office.yangcen.committee_officer.posts.get().organization
    closed = UserFactory(closed=True)
    PostFactory(user=closed, role=Role.COMMITTEE_OFFICER, organization=committee)
    former = UserFactory()
    PostFactory(user=former, role=Role.COMMITTEE_OFFICER, organization=committee, valid_to=on - timedelta(days=1))
    assert not {closed, former} & set(holders_of(Verb.FILE, case.place, on=on))


# --- What is late ----------------------------------------------------------------------------------------------------


def test_every_step_at_which_an_office_can_be_late_has_a_level_above():
    assert set(LEVELS_ABOVE) == set(StepCode)


def test_a_late_case_is_shown_to_the_township_committee_and_later_to_the_county(office, late):
    on = late.due_date
    assert escalate_late_cases(at=NOON) == 2
    committee, county = office.yangcen.committee_officer, office.organisation_officer
    assert list(late_for(committee, on=day_of(NOON))) == list(late_for(county, on=day_of(NOON))) == [late]
    assert {(row.level, row.due_date) for row in Escalation.objects.all()} == {(1, on), (2, on)}


def test_a_case_late_since_yesterday_is_not_the_countys_business_yet(office, late):
    on = day_of(NOON)
    late.due_date = on - timedelta(days=1)
    late.save()
    escalate_late_cases(at=NOON)
    assert late_for(office.yangcen.committee_officer, on=on).exists()
    assert not late_for(office.organisation_officer, on=on).exists()


def test_other_townships_are_shown_nothing(office, late):
    escalate_late_cases(at=NOON)
    assert not late_for(office.shaxi.committee_officer, on=day_of(NOON)).exists()


def test_running_again_and_skipping_days_leads_to_the_same_rows(office, late):
    escalate_late_cases(at=NOON)
    before = set(Escalation.objects.values_list("pk", "escalated_on"))
    assert escalate_late_cases(at=NOON + timedelta(minutes=10)) == 0
    assert escalate_late_cases(at=NOON + A_WEEK) == 0
    assert set(Escalation.objects.values_list("pk", "escalated_on")) == before


def test_each_level_is_told_how_many_are_late_and_not_again_while_it_has_not_read_that(office, late):
    committee, monday = office.yangcen.committee_officer, NOON + timedelta(days=3)
    escalate_late_cases(at=NOON)
    escalate_late_cases(at=NOON + timedelta(minutes=10))
    escalate_late_cases(at=monday)
    (sentence,) = sentences(committee)
    assert "1 件" in sentence
    read_all(recipient=committee, up_to=Message.objects.latest("pk").pk, at=monday)
    escalate_late_cases(at=monday)
    escalate_late_cases(at=monday + timedelta(minutes=10))
    assert len(sentences(committee)) == 2


def test_nobody_is_told_on_a_day_without_work(office, late):
    escalate_late_cases(at=NOON + timedelta(days=1))  # a Saturday
    assert sentences(office.yangcen.committee_officer) == []


def test_a_programme_may_do_without_escalation(office):
    version = store_four_steps(office, escalation_days=0)
    tier = version.tiers.order_by("position").first()
    member = office.yangcen.village.members[0].person
    case = CaseFactory(office, version=version, amount=str(tier.amount_max), person=member).at(StepCode.BRANCH_REVIEW)
    assert case.due_date < day_of(NOON)
    assert escalate_late_cases(at=NOON) == 0


def test_the_clock_stands_still_while_the_applicant_corrects_his_case(office):
    story = CaseFactory(office, begin=NOON - timedelta(days=60))
    story.at(StepCode.BRANCH_REVIEW)
    story.decide(Outcome.RETURN, story.village.secretary, reason="请补户口本。", target=StepCode.INTAKE)
    assert story.case.due_date < day_of(NOON)
    assert escalate_late_cases(at=NOON) == 0
    pile = piles_of(office.yangcen.clerk, on=day_of(NOON))[StepCode.INTAKE]
    assert (pile.cases, pile.returned, pile.overdue) == (1, 1, 0)


def test_a_case_that_moved_on_is_escalated_anew_when_it_is_late_again(office, late):
    escalate_late_cases(at=NOON)
    story = CaseFactory(office)
    story.case, story.moment = late, NOON
    story.review()
    assert not late_for(office.yangcen.committee_officer, on=story.day).exists()
    much_later = NOON + timedelta(days=60)
    escalate_late_cases(at=much_later)
    assert late_for(office.yangcen.committee_officer, on=day_of(much_later)).exists()


# --- Reminding -------------------------------------------------------------------------------------------------------


def test_the_level_above_reminds_those_who_hold_the_case(office, late):
    escalate_late_cases(at=NOON)
    assert urge_case(application_id=late.pk, urged_by=office.yangcen.committee_officer, urged_at=NOON) == 2
    (sentence,) = sentences(office.yangcen.village.secretary)
    assert sentences(office.yangcen.village.general_secretary) == [sentence]
    assert sentence.startswith("请尽快办理：")
    assert AuditEvent.objects.filter(action="urged", subject_id=str(late.pk)).exists()


def test_reminding_twice_on_a_day_reminds_once(office, late):
    escalate_late_cases(at=NOON)
    for told in (2, 0):
        assert urge_case(application_id=late.pk, urged_by=office.yangcen.committee_officer, urged_at=NOON) == told
    assert AuditEvent.objects.filter(action="urged").count() == 1


@pytest.mark.parametrize("who", ["clerk", "credit_officer"])
def test_an_office_that_is_not_above_may_not_remind(office, late, who):
    escalate_late_cases(at=NOON)
    with pytest.raises(NotAllowed):
        urge_case(application_id=late.pk, urged_by=getattr(office.yangcen, who), urged_at=NOON)


def test_the_committee_of_another_township_may_not_remind(office, late):
    escalate_late_cases(at=NOON)
    with pytest.raises(NotAllowed):
        urge_case(application_id=late.pk, urged_by=office.shaxi.committee_officer, urged_at=NOON)


def test_a_case_that_is_not_late_is_not_urged(office):
    case = CaseFactory(office, begin=NOON - timedelta(days=1)).at(StepCode.REFERRAL)
    with pytest.raises(Blocked, match="已不再超期"):
        urge_case(application_id=case.pk, urged_by=office.yangcen.committee_officer, urged_at=NOON)
