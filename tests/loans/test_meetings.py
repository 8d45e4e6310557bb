"""A branch meeting: who is called, who leaves the room, quorum and majority, and what closing decides."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError

from loans.choices import ItemOutcome, MeetingKind, MeetingState, Outcome, RecusalCause, StepCode
from loans.models import Meeting, MeetingItem
from loans.operations import Blocked, NotAllowed
from loans.operations.meetings import Attended, Voted, change_agenda, open_meeting, save_meeting
from loans.queries.meetings import (
    has_vote,
    meetings_in_full,
    members_on,
    other_open_meetings,
    room_of,
    votes_of,
)
from tests.factories.county import NOON
from tests.factories.loans import CaseFactory
from tests.factories.meetings import attended, called, closed, members_of, ready, said, vote, voted
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(office):
    return office.yangcen.village


def waiting(office, place: int = -2, **data: object):
    """A case that waits for the first branch; `place` is the applicant among the people of the village."""
    return CaseFactory(office, person=office.yangcen.village.people[place], **data).at(StepCode.BRANCH_REVIEW)


@pytest.fixture
def case(office):
    return waiting(office)


def problems(refusal: pytest.ExceptionInfo[Blocked]) -> list[str]:
    return [problem.field for problem in refusal.value.problems]


# --- calling ---------------------------------------------------------------------------------------------------------


def test_a_meeting_lists_the_members_of_the_day_and_who_votes(village, case):
    meeting = called(village, case)
    lines = {line.member_id: line.has_vote for line in meeting.attendance.all()}
    assert lines == {member.pk: member.status == "full" for member in members_of(village)}
    assert (meeting.members_total, meeting.full_members_total) == (4, 3)
    assert meeting.number == f"HY-{village.branch.code}-2014-001"


def test_who_is_kept_on_probation_or_came_later_does_not_vote(village):
    member = members_of(village)[0]
    member.standing = "on_probation"
    assert not has_vote(member, NOON.date())
    member.standing = "warned"
    assert has_vote(member, NOON.date())
    assert not has_vote(member, member.full_from - timedelta(days=1))
    assert members_on(village.branch, member.joined_on - timedelta(days=1)) == []


def test_a_general_branch_counts_the_members_of_its_branches(village):
    assert len(members_on(village.general_branch, NOON.date())) == 8


def test_the_same_call_twice_is_one_meeting(village, case):
    values = {
        "branch_id": village.branch.pk, "data": said(village), "application_ids": [case.pk], "request_id": uuid4(),
        "opened_by": village.secretary, "opened_at": NOON,
    }  # fmt: skip
    assert open_meeting(**values) == open_meeting(**values)


def test_the_secretary_of_another_branch_calls_no_meeting_here(village, case):
    with pytest.raises(NotAllowed):
        called(village, case, by=village.other_secretary)


def test_a_case_of_another_branch_is_not_put_on_the_agenda(village, office):
    other = waiting(office, branch_id=village.branches[1].pk)
    with pytest.raises(NotAllowed):
        called(village, other)


def test_a_case_that_has_moved_on_is_named(village, office):
    story = CaseFactory(office)
    story.at(StepCode.PUBLIC_NOTICE)
    with pytest.raises(Blocked) as refusal:
        called(village, story.case)
    assert story.case.number in str(refusal.value)


def test_an_agenda_is_changed_while_the_meeting_is_open(village, office, case):
    second = waiting(office, -4)
    meeting = called(village, case)
    change_agenda(
        meeting_id=meeting.pk, application_ids=[second.pk], revision=meeting.revision, changed_by=village.secretary,
        changed_at=NOON,
    )  # fmt: skip
    assert [item.application for item in meeting.items.all()] == [second]
    assert other_open_meetings([second.pk, case.pk]) == {second.pk: meeting.number}


def test_two_recorders_do_not_overwrite_one_another(village, case):
    meeting = called(village, case)
    attended(village, meeting)
    with pytest.raises(Blocked):
        attended(village, meeting)


def test_the_chair_belongs_to_the_branch(village, case):
    with pytest.raises(Blocked) as refusal:
        called(village, case, chair_id=village.members[5].pk)
    assert problems(refusal) == ["chair"]


def test_another_day_is_another_list_of_members(village, case):
    meeting = called(village, case)
    membership = members_of(village)[3].memberships.get()
    membership.valid_to = NOON.date() - timedelta(days=1)
    membership.save()
    meeting = attended(village, meeting, recorder_id=members_of(village)[1].pk)
    assert meeting.attendance.count() == 3
    assert meeting.members_total == 3


def test_of_a_committee_meeting_only_its_own_are_called(village, case):
    meeting = called(village, case, kind=MeetingKind.COMMITTEE)
    lines = [
        Attended(member.pk, is_present=True, is_called=place < 2) for place, member in enumerate(members_of(village))
    ]
    save_meeting(
        meeting_id=meeting.pk, data=said(village, kind=MeetingKind.COMMITTEE), attendance=lines,
        revision=meeting.revision, saved_by=village.secretary, saved_at=NOON,
    )  # fmt: skip
    assert len(room_of(list(meeting.attendance.all())).voters) == 2


# --- who leaves the room ---------------------------------------------------------------------------------------------


def test_applicant_household_and_introducer_are_recused_by_themselves(village, office):
    own = waiting(office, 0)  # the first member applies; the second is of his household, the third introduces him
    item = called(village, own).items.get()
    members = members_of(village)
    assert {one.member_id: one.cause for one in item.recusals.all()} == {
        members[0].pk: RecusalCause.APPLICANT,
        members[1].pk: RecusalCause.HOUSEHOLD,
        members[2].pk: RecusalCause.INTRODUCER,
    }


def test_a_household_that_the_loan_serves_is_recused(village, office):
    case = waiting(office, served_household_ids=(village.households[0].pk,))
    causes = {one.cause for one in called(village, case).items.get().recusals.all()}
    assert RecusalCause.SERVED in causes


def test_a_relative_whom_no_register_knows_leaves_by_hand(village, case):
    meeting = attended(village, called(village, case))
    item = meeting.items.get()
    second = members_of(village)[1]
    voted(village, meeting, [vote(item, in_favour=1, relatives=(second.pk,))])
    assert item.recusals.get(member=second).cause == RecusalCause.RELATIVE
    votes = votes_of(item, room_of(list(meeting.attendance.all())), [one.member_id for one in item.recusals.all()])
    assert (votes.entitled, votes.recused, votes.base, votes.present) == (3, 2, 1, 1)


def test_who_was_tied_to_a_case_later_is_recused_at_closing(village, case):
    meeting = ready(village, case)
    person = members_of(village)[1].person
    person.household, person.relation = case.household, "other"
    person.save()
    with pytest.raises(Blocked) as refusal:
        closed(village, meeting)
    assert problems(refusal) == [f"item-{meeting.items.get().pk}"]


# --- quorum, majority, record ----------------------------------------------------------------------------------------


def test_half_of_those_called_are_no_quorum(village, case):
    members = members_of(village)
    meeting = attended(village, called(village, case), members[0], members[1])
    voted(village, meeting, [vote(meeting.items.get(), in_favour=1)])
    with pytest.raises(Blocked) as refusal:
        closed(village, meeting)
    assert "attendance" in problems(refusal)


def test_votes_must_add_up_to_those_who_voted(village, case):
    meeting = attended(village, called(village, case))
    voted(village, meeting, [vote(meeting.items.get(), in_favour=3)])
    with pytest.raises(Blocked) as refusal:
        closed(village, meeting)
    assert "2" in str(refusal.value)


def test_a_case_without_votes_is_not_closed_but_may_be_postponed(village, office, case):
    second = waiting(office, -4)
    meeting = attended(village, called(village, case, second))
    first, other = meeting.items.all()
    meeting = voted(village, meeting, [vote(first)])
    with pytest.raises(Blocked) as refusal:
        closed(village, meeting)
    assert problems(refusal) == [f"item-{other.pk}"]
    voted(village, meeting, [Voted(other.pk, is_postponed=True)])
    assert [result.is_decided for result in closed(village, meeting)] == [True]
    second.refresh_from_db()
    assert second.step == StepCode.BRANCH_REVIEW


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"chair_id": None}, "chair"), ({"discussion": ""}, "discussion"), ({"recorder_id": None}, "recorder"),
     ({"held_at": NOON + timedelta(days=1)}, "held_on")],
)  # fmt: skip
def test_a_record_is_complete_before_the_meeting_is_closed(village, case, fields, field):
    meeting = attended(village, called(village, case), **fields)
    voted(village, meeting, [vote(meeting.items.get())])
    with pytest.raises(Blocked) as refusal:
        closed(village, meeting)
    assert field in problems(refusal)


def test_a_probationary_member_does_not_take_the_chair(village, case):
    meeting = attended(village, called(village, case), chair_id=members_of(village)[3].pk)
    voted(village, meeting, [vote(meeting.items.get())])
    with pytest.raises(Blocked) as refusal:
        closed(village, meeting)
    assert problems(refusal) == ["chair"]


# --- closing ---------------------------------------------------------------------------------------------------------


def test_closing_decides_every_case_and_the_decision_names_the_meeting(village, office, case):
    second = waiting(office, -4)
    meeting = attended(village, called(village, case, second))
    first, other = meeting.items.all()
    voted(village, meeting, [vote(first, discussion="同意推荐。"), vote(other, 0, 1, 1, discussion="外债较多。")])
    assert [result.is_decided for result in closed(village, meeting)] == [True, True]
    passed, rejected = (item.decision for item in meeting.items.order_by("position"))
    assert (passed.outcome, rejected.outcome) == (Outcome.PASS, Outcome.REJECT)
    assert passed.facts["meeting"] == meeting.number
    assert passed.facts["recused_names"] == [members_of(village)[0].person.name]
    assert passed.facts["votes"] == {
        "entitled": 3, "present": 2, "in_favour": 2, "against": 0, "abstained": 0, "recused": 1,
    }  # fmt: skip
    assert rejected.reason == "外债较多。"
    case.refresh_from_db()
    assert case.step == StepCode.PUBLIC_NOTICE


def test_what_is_not_agreed_to_needs_a_reason(village, case):
    meeting = attended(village, called(village, case))
    voted(village, meeting, [vote(meeting.items.get(), 1, 1)])
    with pytest.raises(Blocked) as refusal:
        closed(village, meeting)
    assert problems(refusal) == [f"item-{meeting.items.get().pk}"]


def test_a_failed_check_is_not_agreed_to_whatever_the_count(village, case):
    meeting = attended(village, called(village, case))
    voted(village, meeting, [vote(meeting.items.get(), can_repay=False, discussion="还贷能力不足。")])
    closed(village, meeting)
    assert meeting.items.get().outcome == ItemOutcome.REJECT


def test_a_case_that_fails_stops_no_other_and_says_why(village, office, case):
    second = waiting(office, -4)
    meeting = ready(village, case, second)
    moved = CaseFactory(office)
    moved.case, moved.moment = case, NOON
    moved.decide(Outcome.RETURN, village.secretary, days=0, reason="补充材料。", target=StepCode.INTAKE)
    first, other = closed(village, meeting)
    assert (first.is_decided, other.is_decided) == (False, True)
    assert meeting.items.first().failure == first.sentence != ""


def test_closing_again_does_nothing_twice_and_finishes_the_rest(village, office):
    """The secretary's own household: he may not decide it, the secretary of the general branch may."""
    case = waiting(office)
    village.secretary.person = village.people[-1]
    village.secretary.save()
    meeting = ready(village, case)
    assert [result.is_decided for result in closed(village, meeting)] == [False]
    assert [result.is_decided for result in closed(village, meeting, by=village.general_secretary)] == [True]
    assert [result.is_decided for result in closed(village, meeting)] == [True]
    assert case.decisions.filter(step=StepCode.BRANCH_REVIEW).count() == 1


def test_a_closed_meeting_is_not_changed(village, case):
    meeting = ready(village, case)
    closed(village, meeting)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CLOSED
    with pytest.raises(Blocked):
        attended(village, meeting)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loans_meeting SET place = 'x'",
        "DELETE FROM loans_meetingattendance",
        "UPDATE loans_meetingattendance SET is_present = false",
        "UPDATE loans_meetingitem SET in_favour = 1",
        "UPDATE loans_meetingitem SET decision_id = NULL",
        "DELETE FROM loans_meetingrecusal",
    ],
)
def test_the_database_keeps_the_record_of_a_closed_meeting(village, case, statement):
    closed(village, ready(village, case))
    with (
        pytest.raises((InternalError, DatabaseError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_meeting_of_another_branch_is_not_in_the_scope(village, office, case):
    meeting = called(village, case)
    seen = {
        name: Meeting.objects.for_scope(user.scope(verb, on=NOON.date())).filter(pk=meeting.pk).exists()
        for name, user, verb in (
            ("own", village.secretary, "review"),
            ("next", village.other_secretary, "review"),
            ("committee", office.yangcen.committee_officer, "file"),
            ("elsewhere", office.shaxi.committee_officer, "file"),
        )
    }
    assert seen == {"own": True, "next": False, "committee": True, "elsewhere": False}


def test_reading_a_meeting_costs_the_same_whatever_its_length(village, office, case, django_assert_num_queries):
    meeting = called(village, case, waiting(office, -4), waiting(office, -6))
    with django_assert_num_queries(5):
        found = meetings_in_full().get(pk=meeting.pk)
        assert [len(item.recusals.all()) for item in found.items.all()] == [1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_decide_once(office):
    village = office.yangcen.village
    cases = [waiting(office, place) for place in (-2, -4)]
    meeting = ready(village, *cases)
    first, second = race((), *[lambda: closed(village, Meeting.objects.get(pk=meeting.pk))] * 2)
    assert [result.is_decided for result in (*first, *second)] == [True] * 4
    assert MeetingItem.objects.filter(decision__isnull=False).count() == 2
    assert [case.decisions.filter(step=StepCode.BRANCH_REVIEW).count() for case in cases] == [1, 1]
