"""A branch meeting while it is open: its agenda, who came, how they voted. `closing` is what decides."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _, gettext_lazy

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from loans.choices import ItemOutcome, MeetingKind, RecusalCause, StepCode
from loans.models import Application, Meeting, MeetingAttendance, MeetingItem, MeetingRecusal
from loans.operations.errors import Blocked, NotAllowed
from loans.queries.meetings import (
    has_vote,
    is_full_member,
    members_on,
    place_of,
    recusals_of,
    with_ties,
)
from loans.steps.facts import Problem
from loans.steps.locks import hold_request
from loans.steps.numbers import next_number
from organizations.models import Organization, PartyMember
from web.clock import day_of

CASES_MAX = 50
CHANGED_MEANWHILE = gettext_lazy("Somebody else has changed this meeting meanwhile. Please look at it again.")


@dataclass(frozen=True)
class MeetingData:
    """What is said about a meeting. Chair and recorder are members; they may be named later."""

    kind: MeetingKind
    held_at: datetime
    place: str
    topic: str
    chair_id: int | None = None
    recorder_id: int | None = None
    discussion: str = ""


@dataclass(frozen=True)
class Attended:
    """One line of the list of members. `is_called` counts only where not every member is called."""

    member_id: int
    is_present: bool
    is_called: bool = True
    reason: str = ""


@dataclass(frozen=True)
class Voted:
    """What the meeting found about one case; counts that are None are not known yet.

    `relatives` are members who left the room besides those whom the register ties to the case.
    """

    item_id: int
    in_favour: int | None = None
    against: int | None = None
    abstained: int | None = None
    discussion: str = ""
    plan_is_sound: bool = False
    prospects_are_good: bool = False
    credit_is_good: bool = False
    can_repay: bool = False
    is_postponed: bool = False
    relatives: tuple[int, ...] = ()


@transaction.atomic
def open_meeting(
    *,
    branch_id: int,
    data: MeetingData,
    application_ids: Sequence[int],
    request_id: uuid.UUID,
    opened_by: User,
    opened_at: datetime,
) -> Meeting:
    """Call a meeting of a branch on cases that wait for its review. The same `request_id` again returns the first.

    Raises Blocked with sentences, NotAllowed.
    """
    hold_request(request_id)
    known = Meeting.objects.filter(request_id=request_id, opened_by=opened_by).first()
    if known is not None:
        return known
    branch = _branch(branch_id)
    require_post(branch, opened_by, opened_at)
    cases = _cases(branch, application_ids)
    on = day_of(opened_at)
    meeting = Meeting(
        branch=branch, number=next_number(f"HY-{branch.code}-{on.year}", digits=3), request_id=request_id,
        opened_by=opened_by, opened_at=opened_at,
    )  # fmt: skip
    _fill(meeting, data, _members(meeting, data))
    meeting.save(force_insert=True)
    _list_members(meeting)
    _put_on_agenda(meeting, cases)
    record(action=Action.CREATED, actor=opened_by, at=opened_at, subject=meeting, label=meeting.number)
    return meeting


@transaction.atomic
def change_agenda(
    *, meeting_id: int, application_ids: Sequence[int], revision: int, changed_by: User, changed_at: datetime
) -> Meeting:
    """Put these cases on the agenda and take the others off. Raises Blocked, NotAllowed."""
    meeting = _lock(meeting_id, changed_by, changed_at, revision)
    known = {item.application_id: item for item in meeting.items.all()}
    dropped = [item.pk for case_id, item in known.items() if case_id not in application_ids]
    MeetingRecusal.objects.filter(item__in=dropped).delete()
    MeetingItem.objects.filter(pk__in=dropped).delete()
    if not application_ids:
        raise Blocked([Problem(_("Choose at least one case."), "cases")])
    fresh = [case_id for case_id in application_ids if case_id not in known]
    if fresh:
        _put_on_agenda(meeting, _cases(meeting.branch, fresh), begin=len(known))
    return _changed(meeting)


@transaction.atomic
def save_meeting(
    *,
    meeting_id: int,
    data: MeetingData,
    attendance: Sequence[Attended],
    revision: int,
    saved_by: User,
    saved_at: datetime,
) -> Meeting:
    """Write down what is said about the meeting and who came. Another day may be another list of members.

    Raises Blocked, NotAllowed.
    """
    meeting = _lock(meeting_id, saved_by, saved_at, revision)
    _fill(meeting, data, _members(meeting, data))
    _list_members(meeting)
    said = {line.member_id: line for line in attendance}
    rows = list(meeting.attendance.all())
    for row in rows:
        line = said.get(row.member_id)
        if line is None:
            continue
        row.is_called = line.is_called or meeting.kind == MeetingKind.MEMBERS
        row.is_present = line.is_present and row.is_called
        row.reason = "" if row.is_present else line.reason.strip()
    MeetingAttendance.objects.bulk_update(rows, ["is_called", "is_present", "reason"])
    return _changed(meeting)


@transaction.atomic
def save_votes(
    *, meeting_id: int, votes: Sequence[Voted], revision: int, saved_by: User, saved_at: datetime
) -> Meeting:
    """Write down counts, checks and who left the room, finished or not. Raises Blocked, NotAllowed."""
    meeting = _lock(meeting_id, saved_by, saved_at, revision)
    items = {item.pk: item for item in meeting.items.all()}
    if not {vote.item_id for vote in votes} <= items.keys():
        raise NotAllowed
    listed = set(meeting.attendance.values_list("member_id", flat=True))
    for vote in votes:
        if not set(vote.relatives) <= listed:
            raise NotAllowed
        _note_vote(items[vote.item_id], vote)
    return _changed(meeting)


def _branch(branch_id: int) -> Organization:
    """Return the branch, locked against a move. What is no branch was not chosen on a page: NotAllowed."""
    branches = Organization.objects.select_for_update(of=("self",), no_key=True).select_related("division")
    branch: Organization | None = branches.reviewing().filter(pk=branch_id).first()
    if branch is None:
        raise NotAllowed
    return branch


def require_post(branch: Organization, user: User, at: datetime) -> None:
    """Go on only if a post of the account, read anew, reviews for the branch. Raises NotAllowed."""
    user.forget_posts()
    if user.post_covering(Verb.REVIEW, place_of(branch), on=day_of(at)) is None:
        raise NotAllowed


def _lock(meeting_id: int, user: User, at: datetime, revision: int | None) -> Meeting:
    """Return an open meeting under a row lock, as the page showed it."""
    meetings = Meeting.objects.select_for_update(of=("self",)).select_related("branch__division")
    meeting = meetings.filter(pk=meeting_id).first()
    if meeting is None:
        raise NotAllowed
    require_post(meeting.branch, user, at)
    if not meeting.is_open:
        raise Blocked([Problem(_("This meeting is closed; its record is kept as it is."))])
    if revision is not None and meeting.revision != revision:
        raise Blocked([Problem(str(CHANGED_MEANWHILE))])
    return meeting


def _changed(meeting: Meeting) -> Meeting:
    meeting.revision += 1
    meeting.save()
    return meeting


def _cases(branch: Organization, application_ids: Sequence[int]) -> list[Application]:
    """Return the cases to be put on the agenda, in the order given. One that has moved on is named."""
    if not application_ids:
        raise Blocked([Problem(_("Choose at least one case."), "cases")])
    if len(application_ids) > CASES_MAX:
        raise Blocked([Problem(_("Not more than %(number)s cases in one meeting.") % {"number": CASES_MAX}, "cases")])
    found = {case.pk: case for case in with_ties(Application.objects.filter(pk__in=application_ids, branch=branch))}
    if found.keys() != set(application_ids):
        raise NotAllowed
    moved = [case for case in found.values() if case.step != StepCode.BRANCH_REVIEW or not case.is_waiting]
    if moved:
        sentence_of = _("%(number)s no longer waits for the branch.")
        raise Blocked([Problem(sentence_of % {"number": case.number}, "cases") for case in moved])
    return [found[case_id] for case_id in dict.fromkeys(application_ids)]


def _members(meeting: Meeting, data: MeetingData) -> dict[int, PartyMember]:
    return {member.pk: member for member in members_on(meeting.branch, day_of(data.held_at))}


def _fill(meeting: Meeting, data: MeetingData, members: dict[int, PartyMember]) -> None:
    """Write the plain facts. Chair and recorder must be members of the branch on the day."""
    for name, member_id in (("chair", data.chair_id), ("recorder", data.recorder_id)):
        if member_id is not None and member_id not in members:
            raise Blocked([Problem(_("This member does not belong to the branch on that day."), name)])
    on = day_of(data.held_at)
    meeting.kind, meeting.held_at, meeting.place, meeting.topic = data.kind, data.held_at, data.place, data.topic
    meeting.chair_id, meeting.recorder_id = data.chair_id, data.recorder_id
    meeting.discussion = data.discussion.strip()
    meeting.members_total = len(members)
    meeting.full_members_total = sum(is_full_member(member, on) for member in members.values())


def _list_members(meeting: Meeting) -> None:
    """Let the list hold exactly the members of the day, with what was noted about those who stay on it."""
    on = day_of(meeting.held_at)
    members = members_on(meeting.branch, on)
    rows = {row.member_id: row for row in meeting.attendance.all()}
    wanted = {member.pk: member for member in members}
    MeetingAttendance.objects.filter(pk__in=[row.pk for key, row in rows.items() if key not in wanted]).delete()
    for key, row in rows.items():
        if key in wanted and row.has_vote != has_vote(wanted[key], on):
            row.has_vote = not row.has_vote
            row.save(update_fields=["has_vote"])
    MeetingAttendance.objects.bulk_create(
        MeetingAttendance(
            meeting=meeting,
            member=member,
            has_vote=has_vote(member, on),
            is_called=meeting.kind == MeetingKind.MEMBERS,
        )
        for member in members
        if member.pk not in rows
    )


def _put_on_agenda(meeting: Meeting, cases: Sequence[Application], begin: int = 0) -> None:
    members = [row.member for row in meeting.attendance.select_related("member__person")]
    for position, case in enumerate(cases, start=begin + 1):
        item = MeetingItem.objects.create(
            meeting=meeting, application=case, position=position, case_revision=case.revision
        )
        MeetingRecusal.objects.bulk_create(
            MeetingRecusal(item=item, member_id=member_id, cause=cause)
            for member_id, cause in recusals_of(case, members).items()
        )


def _note_vote(item: MeetingItem, vote: Voted) -> None:
    names = ("in_favour", "against", "abstained", "plan_is_sound", "prospects_are_good", "credit_is_good", "can_repay")
    for name in names:
        setattr(item, name, getattr(vote, name))
    item.discussion = vote.discussion.strip()
    item.outcome = ItemOutcome.POSTPONED if vote.is_postponed else ItemOutcome.OPEN
    item.save()
    tied = set(item.recusals.exclude(cause=RecusalCause.RELATIVE).values_list("member_id", flat=True))
    item.recusals.filter(cause=RecusalCause.RELATIVE).delete()
    MeetingRecusal.objects.bulk_create(
        MeetingRecusal(item=item, member_id=member_id, cause=RecusalCause.RELATIVE)
        for member_id in sorted(set(vote.relatives) - tied)
    )
