"""The record of a branch meeting (支部决议、会议记录) as a paper to be signed, with all fields of the form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from accounts.models import User
from loans.choices import ItemOutcome, PaperKind
from loans.documents import PAPER_LANGUAGE, NotReadable
from loans.documents_code import Content, Paper, make_paper
from loans.models import Meeting, MeetingAttendance, MeetingItem
from loans.queries.meetings import Room, meetings_in_full, reading_scope, room_of, votes_of
from loans.rules import Votes
from web.clock import day_of

MEETING_MINUTES = "meeting_minutes"


@dataclass(frozen=True)
class ItemRecord:
    """One case of the record: the count and who left the room."""

    item: MeetingItem
    votes: Votes
    recused: Sequence[str]

    @property
    def is_voted(self) -> bool:
        return self.item.outcome in (ItemOutcome.PASS, ItemOutcome.REJECT)

    @property
    def is_passed(self) -> bool:
        return bool(self.item.outcome == ItemOutcome.PASS)


def print_minutes(*, meeting_id: int, reader: User, at: datetime) -> Paper:
    """Return the record of a closed meeting as PDF and write down that it was handed out.

    The same meeting gives the same bytes. Raises NotReadable for a meeting outside what the reader reviews or files
    for, or one that is still open, and what web.documents.render_pdf raises.
    """
    reader.forget_posts()
    scope = reading_scope(reader, on=day_of(at))
    meeting = meetings_in_full().for_scope(scope).filter(pk=meeting_id).first()
    if meeting is None or meeting.is_open:
        raise NotReadable
    return make_paper(minutes_content(meeting), issued_by=reader, issued_at=at)


def minutes_content(meeting: Meeting) -> Content:
    """Return what the paper says. Needs `queries.meetings.meetings_in_full`."""
    attendance = list(meeting.attendance.all())
    room = room_of(attendance)
    held_on = day_of(meeting.held_at)
    with translation.override(PAPER_LANGUAGE):
        context = {
            "meeting": meeting,
            "kind": meeting.get_kind_display(),
            "held_on": held_on,
            "room": room,
            "present": [line for line in attendance if line.is_called and line.is_present],
            "absent": [line for line in attendance if line.is_called and not line.is_present],
            "records": [record_of(item, room) for item in meeting.items.all()],
            "signers": signers_of(attendance),
            "body": "loans/documents/_paper_branch_resolution.html",
        }
    return Content(
        kind=PaperKind.BRANCH_RESOLUTION,
        subject=f"meeting:{meeting.number}",
        number=meeting.number,
        title=f"支部决议 {meeting.number}",
        template="loans/documents/paper.html",
        created_on=held_on,
        context=context,
        facts={"cases": meeting.items.count(), "office": meeting.branch.name, "day": held_on.isoformat()},
    )


def record_of(item: MeetingItem, room: Room) -> ItemRecord:
    recusals = list(item.recusals.all())
    return ItemRecord(
        item=item,
        votes=votes_of(item, room, [one.member_id for one in recusals]),
        recused=[f"{one.member.person.name}（{one.get_cause_display()}）" for one in recusals],
    )


def signers_of(attendance: Sequence[MeetingAttendance]) -> list[str]:
    """Return who came, in the order of the list: each signs."""
    return [line.member.person.name for line in attendance if line.is_called and line.is_present]
