"""Closing a branch meeting: its record is fixed, then every case it voted on is decided by the ordinary decision."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from audit.choices import Action
from audit.operations import record
from loans.choices import ItemOutcome, MeetingKind, MeetingState, Outcome, StepCode
from loans.models import Application, Meeting, MeetingItem, MeetingRecusal
from loans.operations.decisions import decide
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.operations.meetings import CHANGED_MEANWHILE, require_post
from loans.queries.meetings import Room, recusals_of, room_of, votes_of, with_ties
from loans.rules import Votes
from loans.steps.base import sentence
from loans.steps.facts import Problem, ReviewFacts
from organizations.models import PartyMember
from web.clock import day_of

logger = logging.getLogger(__name__)
DECIDING = {ItemOutcome.PASS: Outcome.PASS, ItemOutcome.REJECT: Outcome.REJECT}


@dataclass(frozen=True)
class ItemResult:
    """What became of one case: decided, or the sentence that says why not."""

    item_id: int
    is_decided: bool
    sentence: str = ""


def close_meeting(
    *, meeting_id: int, revision: int, closed_by: User, closed_at: datetime
) -> list[ItemResult]:  # fmt: skip
    """Close a meeting and decide every case it voted on, each in its own transaction; one that fails stops no other.

    The caller must not hold a transaction. A closed meeting decides only what is not decided yet: sending the page
    again, or another secretary's trying, finishes the rest and does nothing twice. Raises Blocked when quorum,
    counts or recusals do not allow it, NotAllowed.
    """
    meeting = _close(meeting_id, revision, closed_by, closed_at)
    items = MeetingItem.objects.filter(meeting=meeting, outcome__in=DECIDING).order_by("position", "pk")
    room = room_of(list(meeting.attendance.all()))
    return [_carry_out(meeting, item, room, closed_by, closed_at) for item in items.prefetch_related("recusals")]


def problems_of(meeting: Meeting, *, on: date) -> list[Problem]:
    """Return why a meeting cannot be closed on a day. `field` names the input, of a case `item-<key>`.

    Needs `queries.meetings.meetings_in_full`: no query.
    """
    attendance = list(meeting.attendance.all())
    room = room_of(attendance)
    problems = _record_problems(meeting, on)
    if not room.has_quorum:
        counts = {"present": len(room.present), "called": len(room.voters)}
        quorum = _("No quorum: %(present)s of %(called)s who may vote are present; more than half must be.")
        problems.append(Problem(quorum % counts, "attendance"))
    members = [line.member for line in attendance]
    for item in meeting.items.all():
        problems += _item_problems(item, room, members)
    return problems


def outcome_of(item: MeetingItem, votes: Votes) -> ItemOutcome:
    """Return what the count and the checks come to."""
    return ItemOutcome.PASS if votes.is_carried and item.all_checks_passed else ItemOutcome.REJECT


def is_counted(item: MeetingItem) -> bool:
    return None not in (item.in_favour, item.against, item.abstained)


@transaction.atomic
def _close(meeting_id: int, revision: int, user: User, at: datetime) -> Meeting:
    """Fix the record of a meeting, or find it fixed already."""
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("branch__division").get(pk=meeting_id)
    require_post(meeting.branch, user, at)
    if not meeting.is_open:
        return meeting
    if meeting.revision != revision:
        raise Blocked([Problem(str(CHANGED_MEANWHILE))])
    _refresh_recusals(meeting)
    problems = problems_of(meeting, on=day_of(at))
    if problems:
        raise Blocked(problems)
    room = room_of(list(meeting.attendance.all()))
    for item in meeting.items.prefetch_related("recusals"):
        if item.outcome == ItemOutcome.OPEN:
            recused = [one.member_id for one in item.recusals.all()]
            item.outcome = outcome_of(item, votes_of(item, room, recused))
            item.save(update_fields=["outcome"])
    Meeting.objects.filter(pk=meeting.pk).update(
        state=MeetingState.CLOSED, closed_by=user, closed_at=at, revision=F("revision") + 1
    )
    record(action=Action.CHANGED, actor=user, at=at, subject=meeting, detail={"state": ["open", "closed"]})
    meeting.refresh_from_db()
    return meeting


def _refresh_recusals(meeting: Meeting) -> None:
    """Ask the register once more who is tied to the cases: it may have changed since the agenda was made."""
    members = [row.member for row in meeting.attendance.select_related("member__person")]
    cases = with_ties(Application.objects.filter(meeting_items__meeting=meeting))
    tied = {case.pk: recusals_of(case, members) for case in cases}
    MeetingRecusal.objects.bulk_create(
        [
            MeetingRecusal(item=item, member_id=member_id, cause=cause)
            for item in meeting.items.all()
            for member_id, cause in tied[item.application_id].items()
        ],
        ignore_conflicts=True,
    )


def _record_problems(meeting: Meeting, on: date) -> list[Problem]:
    problems = []
    if day_of(meeting.held_at) > on:
        problems.append(Problem(_("The day lies in the future."), "held_on"))
    if not meeting.place:
        problems.append(Problem(_("Please fill this in."), "place"))
    if not meeting.discussion:
        problems.append(Problem(_("Please write down what was said."), "discussion"))
    lines = {line.member_id: line for line in meeting.attendance.all()}
    for name, member_id, absent in (
        ("chair", meeting.chair_id, _("The chair is a member who is present.")),
        ("recorder", meeting.recorder_id, _("The recorder is a member who is present.")),
    ):
        line = lines.get(member_id) if member_id else None
        if line is None or not line.is_present:
            problems.append(Problem(absent, name))
        elif name == "chair" and not line.has_vote:
            problems.append(Problem(_("The chair is a full member."), name))
    return problems


def _item_problems(item: MeetingItem, room: Room, members: Sequence[PartyMember]) -> list[Problem]:
    """Return what keeps a case from being decided by this meeting, each sentence with the case's number."""
    if item.outcome == ItemOutcome.POSTPONED:
        return []
    recused = {one.member_id for one in item.recusals.all()}
    sentences = []
    if recusals_of(item.application, members).keys() - recused:
        sentences.append(_("The applicant, his household and the introducer must leave the room."))
    votes = votes_of(item, room, recused)
    if not is_counted(item):
        sentences.append(_("The votes are not written down. Write them down or postpone the case."))
    else:
        sentences += [problem.message for problem in map(sentence, votes.breaches())]
        if not sentences and not votes.has_quorum:
            sentences.append(_("Without those who left the room there is no quorum: postpone the case."))
        if not sentences and outcome_of(item, votes) == ItemOutcome.REJECT and not item.discussion:
            sentences.append(_("It is not agreed to: write down why."))
    return [Problem(f"{item.application.number} {text}", f"item-{item.pk}") for text in sentences]


def _carry_out(meeting: Meeting, item: MeetingItem, room: Room, user: User, at: datetime) -> ItemResult:
    """Decide one case as the meeting resolved, unless it is decided already."""
    if item.decision_id is not None:
        return ItemResult(item.pk, is_decided=True)
    try:
        with transaction.atomic():
            decision = decide(
                application_id=item.application_id,
                step=StepCode.BRANCH_REVIEW,
                outcome=DECIDING[ItemOutcome(item.outcome)],
                decided_by=user,
                decided_at=at,
                revision=item.case_revision,
                facts=_facts(meeting, item, room),
                reason=item.discussion,
            )
            MeetingItem.objects.filter(pk=item.pk).update(decision=decision, failure="")
    except Blocked as error:
        return _failed(item, " ".join(problem.message for problem in error.problems))
    except NotAllowed as error:
        return _failed(item, str(error) or _("You hold no post that may decide this case."))
    except Conflict:
        if MeetingItem.objects.filter(pk=item.pk, decision__isnull=False).exists():
            return ItemResult(item.pk, is_decided=True)
        return _failed(item, _("Somebody else has changed this application meanwhile. Please look at it again."))
    except OperationalError as error:
        logger.warning("meeting.busy case=%s error=%s", item.application_id, type(error.__cause__).__name__)
        return _failed(item, _("Somebody else is at work on this application. Please try again."))
    return ItemResult(item.pk, is_decided=True)


def _failed(item: MeetingItem, text: str) -> ItemResult:
    MeetingItem.objects.filter(pk=item.pk, decision=None).update(failure=text[:500])
    return ItemResult(item.pk, is_decided=False, sentence=text)


def _facts(meeting: Meeting, item: MeetingItem, room: Room) -> ReviewFacts:
    assert meeting.chair is not None  # the constraint of a closed meeting
    assert meeting.recorder is not None
    recused = list(item.recusals.select_related("member__person").order_by("member__person__pinyin", "pk"))
    return ReviewFacts(
        held_on=day_of(meeting.held_at),
        place=meeting.place,
        kind=MeetingKind(meeting.kind),
        votes=votes_of(item, room, [one.member_id for one in recused]),
        chair=meeting.chair.person.name,
        recorder=meeting.recorder.person.name,
        recused_names=tuple(one.member.person.name for one in recused),
        plan_is_sound=item.plan_is_sound,
        prospects_are_good=item.prospects_are_good,
        credit_is_good=item.credit_is_good,
        can_repay=item.can_repay,
        meeting=meeting.number,
    )
