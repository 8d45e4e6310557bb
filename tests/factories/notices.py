"""Cases that wait for a notice, sheets of several of them, and what the village answers."""

import uuid
from datetime import date, datetime, timedelta
from io import BytesIO

from accounts.models import User
from files.choices import FileKind
from files.operations import Prepared, prepare
from loans.choices import StepCode
from loans.models import Application, NoticePhoto, NoticeRoster, Objection
from loans.operations.public_pages import PublicObjection, receive_objection
from loans.operations.rosters import Line, Published, Sheet, add_photos, publish_roster
from tests.factories.county import NOON, TODAY, County, Township
from tests.factories.files import jpeg, upload
from tests.factories.loans import CaseFactory
from web.clock import day_of

PHONE = "0872-4520001"


def waiting(county: County, number: int = 3, *, township: Township | None = None, first: int = 0) -> list[Application]:
    """Return so many cases of the first village that wait for a notice, each of another household from `first` on."""
    township = township or county.yangcen
    heads = township.village.people[2 * first : 2 * (first + number) : 2]
    return [
        CaseFactory(county, township=township, person=head, begin=NOON - timedelta(days=6)).at(StepCode.PUBLIC_NOTICE)
        for head in heads
    ]


def lines_of(cases: list[Application]) -> list[Line]:
    for case in cases:
        case.refresh_from_db()
    return [Line(case.pk, case.revision) for case in cases]


def sheet(starts_on: date = TODAY, **fields: str) -> Sheet:
    values = {
        "title": "关于拟推荐剑川县“红色信贷”贷款对象的公示",
        "place": "村委会公示栏",
        "phone": PHONE,
        "address": "新松村委会",
    }
    return Sheet(starts_on=starts_on, **(values | fields))


def publish(
    cases: list[Application], by: User, *, at: datetime = NOON, request_id: uuid.UUID | None = None, **fields: str
) -> Published:
    return publish_roster(
        lines=lines_of(cases),
        sheet=sheet(at.date(), **fields),
        request_id=request_id or uuid.uuid4(),
        published_by=by,
        published_at=at,
    )


def hanging(county: County, number: int = 3) -> NoticeRoster:
    """Return a sheet of so many cases that hangs from 2014-08-15 to 2014-08-21."""
    published = publish(waiting(county, number), county.yangcen.village.secretary)
    assert published.roster is not None
    return published.roster


def object_by_page(
    roster: NoticeRoster,
    *,
    position: int = 1,
    text: str = "申请人的猪舍已经转给别人。",
    objector: str = "赵四全",
    phone: str = "13812342207",
    address: str = "198.51.100.7",
    request_id: uuid.UUID | None = None,
    at: datetime = NOON,
) -> Objection:
    return receive_objection(
        token=roster.token,
        position=position,
        said=PublicObjection(text, objector, phone),
        request_id=request_id or uuid.uuid4(),
        address=address,
        at=at,
    )


def board(number: int = 1) -> Prepared:
    """Return a photo of a board; another number is another photo."""
    return prepare(upload=upload(jpeg((120 + number, 90)), f"board-{number}.jpg"), kinds={FileKind.JPEG})


def hang(roster: NoticeRoster, by: User) -> NoticePhoto:
    """Write down that the paper hangs, with a photo."""
    return add_photos(
        roster_id=roster.pk, photos=[board(roster.pk)], place=roster.place, posted_on=day_of(roster.published_at),
        request_id=uuid.uuid4(), recorded_by=by, recorded_at=NOON,
    )[0]  # fmt: skip


def picture_file(number: int = 1) -> BytesIO:
    """Return a photo as a browser sends it."""
    content = BytesIO(jpeg((120 + number, 90)))
    content.name = f"board-{number}.jpg"
    return content
