"""Branch meetings, written down by the operations themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from accounts.models import User
from loans.choices import MeetingKind
from loans.models import Application, Meeting, MeetingItem
from loans.operations.closing import ItemResult, close_meeting
from loans.operations.meetings import Attended, MeetingData, Voted, open_meeting, save_meeting, save_votes
from organizations.models import PartyMember
from tests.factories.county import NOON, Village

DISCUSSION = "逐户介绍情况，到会党员发表意见。"
CHECKED = {"plan_is_sound": True, "prospects_are_good": True, "credit_is_good": True, "can_repay": True}


def members_of(village: Village) -> list[PartyMember]:
    """The members of the first branch: three full ones, one on probation."""
    return village.members[:4]


def said(village: Village, **fields: object) -> MeetingData:
    """Return what is said about a meeting this morning; its chair is the third member, its recorder the fourth."""
    members = members_of(village)
    values = {
        "kind": MeetingKind.MEMBERS,
        "held_at": NOON - timedelta(hours=3),
        "place": "村党员活动室",
        "topic": "审议“红色信贷”贷款申请",
        "chair_id": members[2].pk,
        "recorder_id": members[3].pk,
        "discussion": DISCUSSION,
    }
    return MeetingData(**(values | fields))


def called(
    village: Village, *cases: Application, by: User | None = None, at: datetime = NOON, **data: object
) -> Meeting:
    return open_meeting(
        branch_id=village.branch.pk, data=said(village, **data), application_ids=[case.pk for case in cases],
        request_id=uuid4(), opened_by=by or village.secretary, opened_at=at,
    )  # fmt: skip


def attended(village: Village, meeting: Meeting, *absent: PartyMember, **data: object) -> Meeting:
    """Note who came: everybody but the absent."""
    lines = [
        Attended(member.pk, is_present=member not in absent, reason="外出务工" if member in absent else "")
        for member in members_of(village)
    ]
    return save_meeting(
        meeting_id=meeting.pk, data=said(village, **data), attendance=lines, revision=meeting.revision,
        saved_by=village.secretary, saved_at=NOON,
    )  # fmt: skip


def voted(village: Village, meeting: Meeting, votes: Sequence[Voted]) -> Meeting:
    return save_votes(
        meeting_id=meeting.pk, votes=votes, revision=meeting.revision, saved_by=village.secretary, saved_at=NOON
    )


def vote(item: MeetingItem, in_favour: int | None = 2, against: int = 0, abstained: int = 0, **fields: Any) -> Voted:
    """Return a count with all checks passed; the introducer has left the room, two of three full members vote."""
    return Voted(item.pk, in_favour=in_favour, against=against, abstained=abstained, **(CHECKED | fields))


def ready(village: Village, *cases: Application) -> Meeting:
    """A meeting that everybody attended and that agrees to every case: it only has to be closed."""
    meeting = attended(village, called(village, *cases))
    return voted(village, meeting, [vote(item) for item in meeting.items.all()])


def closed(village: Village, meeting: Meeting, by: User | None = None, at: datetime = NOON) -> list[ItemResult]:
    meeting.refresh_from_db()
    return close_meeting(
        meeting_id=meeting.pk, revision=meeting.revision, closed_by=by or village.secretary, closed_at=at
    )
