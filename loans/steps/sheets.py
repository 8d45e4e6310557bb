"""The sheet (公示) on which a case is published: its own, or one it shares with others of the same request."""

from uuid import UUID

from loans.choices import NoticeLevel, NoticeState
from loans.models import Application, NoticePhoto, NoticeRoster, PublicNotice
from loans.steps.base import Context
from loans.steps.facts import NoticeFacts, SheetFacts
from loans.steps.locks import hold_request
from loans.steps.numbers import next_number

# Sheets are Chinese whatever the reader's language: they hang in the village.
TITLE = "关于拟推荐{programme}贷款对象的公示"
LINES_MAX = 100


def title_of(programme: str) -> str:
    return TITLE.format(programme=programme)


def place_on_sheet(case: Application, facts: NoticeFacts, context: Context) -> tuple[NoticeRoster, int]:
    """Return the sheet and the line of the case on it. The first case of a request makes the sheet for all.

    Must run in the transaction of the decision: a refused case takes its sheet and number back.
    """
    if facts.sheet is None:
        return _make(case, facts, context, _own_sheet(case, context)), 1
    # The lock ends with this case's transaction: of two tabs that send the same request one waits for the other.
    hold_request(UUID(facts.sheet.request_id))
    roster = NoticeRoster.objects.filter(request_id=facts.sheet.request_id).first()
    if roster is None:
        return _make(case, facts, context, facts.sheet), 1
    return roster, roster.notices.count() + 1


def is_photographed(case: Application) -> bool:
    """Whether a photo proves that the last notice of a case hung."""
    notice = PublicNotice.objects.filter(application=case, state=NoticeState.PASSED).order_by("-pk").first()
    return notice is not None and NoticePhoto.objects.filter(roster=notice.roster_id).exists()


def _own_sheet(case: Application, context: Context) -> SheetFacts:
    return SheetFacts(
        request_id="",
        title=title_of(context.version.programme.name),
        level=NoticeLevel.VILLAGE,
        organization_id=case.branch_id,
        division_code=case.division.code,
        notice_days=context.version.notice_days,
    )


def _make(case: Application, facts: NoticeFacts, context: Context, sheet: SheetFacts) -> NoticeRoster:
    named = {"request_id": sheet.request_id} if sheet.request_id else {}
    return NoticeRoster.objects.create(
        number=next_number(f"GS-{sheet.division_code}-{context.on.year}", digits=3),
        title=sheet.title,
        level=sheet.level,
        organization_id=sheet.organization_id,
        version=context.version,
        place=facts.place,
        phone=facts.phone,
        address=facts.address,
        starts_on=facts.starts_on,
        ends_on=facts.last_day(sheet.notice_days),
        published_by=context.decided_by,
        published_at=context.decided_at,
        **named,
    )
