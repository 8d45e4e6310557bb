"""Publishing several cases on one sheet (公示), publishing anew what has changed, and photos of the paper."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import Post, User
from audit.choices import Action
from audit.operations import record
from files.operations import Prepared, store
from loans.choices import NoticeLevel, NoticeState, Outcome, StepCode
from loans.models import Application, NoticePhoto, NoticeRoster, PublicNotice
from loans.operations.bulk import Result, Wanted, decide_several
from loans.operations.errors import Blocked, NotAllowed
from loans.operations.notices import stop_notice
from loans.queries.published import is_outdated
from loans.queries.versions import published_version
from loans.steps.facts import NoticeFacts, Problem, SheetFacts
from loans.steps.locks import hold_request
from loans.steps.sheets import LINES_MAX
from organizations.choices import DivisionLevel
from organizations.models import Organization
from web.clock import day_of

PHOTOS_MAX = 6
LEVELS = {DivisionLevel.TOWNSHIP: NoticeLevel.TOWNSHIP, DivisionLevel.COUNTY: NoticeLevel.COUNTY}
# Who may add a photo: whoever walks past the board.
POSTING_VERBS = (Verb.REVIEW, Verb.REFER, Verb.FILE)


@dataclass(frozen=True)
class Line:
    """A case to be published. Because of the `revision` that the page showed it cannot be published twice."""

    application_id: int
    revision: int


@dataclass(frozen=True)
class Sheet:
    """What a sheet says besides its cases."""

    title: str
    place: str
    phone: str
    starts_on: date
    address: str = ""


@dataclass(frozen=True)
class Published:
    """What became of a request: the sheet (None where no case could be published) and the answer of each case."""

    roster: NoticeRoster | None
    results: list[Result]

    @property
    def refused(self) -> list[Result]:
        return [result for result in self.results if not result.is_done]


def publish_roster(
    *, lines: Sequence[Line], sheet: Sheet, request_id: uuid.UUID, published_by: User, published_at: datetime
) -> Published:
    """Publish cases on one sheet: each by its ordinary decision; one that cannot be stops no other.

    The sheet hangs as long as the longest notice its cases ask for. The same `request_id` again publishes nothing
    twice and finishes what was cut off. The caller must not hold a transaction. Raises NotAllowed, Blocked.
    """
    if len(lines) > LINES_MAX:
        raise Blocked([Problem(_("Not more than %(number)s cases on one sheet.") % {"number": LINES_MAX})])
    earlier = NoticeRoster.objects.filter(request_id=request_id).first()
    if earlier is not None and earlier.published_by_id != published_by.pk:
        raise NotAllowed
    done = dict(PublicNotice.objects.filter(roster=earlier).values_list("application_id", "pk")) if earlier else {}
    facts = _facts(lines, sheet, request_id, published_by, on=day_of(published_at))
    wanted = [
        Wanted(line.application_id, StepCode.PUBLIC_NOTICE, Outcome.PUBLISH, line.revision, facts)
        for line in lines
        if line.application_id not in done
    ]
    results = {
        result.application_id: result
        for result in decide_several(wanted=wanted, decided_by=published_by, decided_at=published_at)
    }
    return Published(
        roster=NoticeRoster.objects.filter(request_id=request_id).first(),
        results=[
            results.get(line.application_id) or Result(line.application_id, is_done=True) for line in lines
        ],
    )  # fmt: skip


def _facts(lines: Sequence[Line], sheet: Sheet, request_id: uuid.UUID, by: User, *, on: date) -> NoticeFacts:
    cases = list(Application.objects.filter(pk__in=[line.application_id for line in lines]).select_related("branch"))
    if not cases:
        raise NotAllowed
    by.forget_posts()
    office = _office_of(cases, by, on=on)
    days = [published_version(case.version_id).notice_days for case in cases]
    shared = SheetFacts(
        request_id=str(request_id),
        title=sheet.title,
        level=LEVELS.get(DivisionLevel(office.division.level), NoticeLevel.VILLAGE),
        organization_id=office.pk,
        division_code=office.division.code,
        notice_days=max(days),
    )
    return NoticeFacts(sheet.place, sheet.phone, sheet.starts_on, sheet.address, shared)


def _office_of(cases: Sequence[Application], user: User, *, on: date) -> Organization:
    """Return who publishes: the branch of all cases, or the office above them on which the account holds its post."""
    branches = {case.branch_id: case.branch for case in cases}
    posts = [user.post_covering(Verb.REVIEW, case.place, on=on) for case in cases]
    if len(branches) == 1:
        return next(iter(branches.values()))
    held: list[Post] = [post for post in posts if post is not None]
    offices = sorted((post.organization for post in held), key=lambda one: len(one.path))
    if not offices:
        raise NotAllowed
    return offices[0]


def publish_anew(*, roster_id: int, request_id: uuid.UUID, published_by: User, published_at: datetime) -> Published:
    """Take down what a sheet says that is no longer true, and publish those cases anew, at the same place from today.

    A notice that an objection holds stays: it is settled first. The caller must not hold a transaction. Raises
    NotAllowed, Blocked where nothing needs it, NoticeRoster.DoesNotExist.
    """
    roster = NoticeRoster.objects.get(pk=roster_id)
    on = day_of(published_at)
    published_by.forget_posts()
    notices = [notice for notice in _with_cases(roster) if _may_review(published_by, notice.application, on=on)]
    if not notices:
        raise NotAllowed
    for notice in notices:
        if notice.state == NoticeState.RUNNING and is_outdated(notice, notice.application):
            stop_notice(notice, at=published_at)
    stopped = [notice.application_id for notice in notices]
    waiting = Application.objects.filter(
        pk__in=stopped, step=StepCode.PUBLIC_NOTICE, notices__roster=roster, notices__state=NoticeState.STOPPED
    ).exclude(notices__state=NoticeState.RUNNING)
    lines = [Line(*pair) for pair in waiting.order_by("pk").values_list("pk", "revision")]
    sent_before = PublicNotice.objects.filter(roster__request_id=request_id).exists()
    if not lines and not sent_before:
        raise Blocked([Problem(_("Nothing on this sheet needs to be published anew."))])
    sheet = Sheet(roster.title, roster.place, roster.phone, on, roster.address)
    if sent_before:
        lines += [
            Line(*pair)
            for pair in Application.objects.filter(notices__roster__request_id=request_id).values_list(
                "pk", "revision"
            )
        ]
    return publish_roster(
        lines=lines, sheet=sheet, request_id=request_id, published_by=published_by, published_at=published_at
    )


def _with_cases(roster: NoticeRoster) -> list[PublicNotice]:
    return list(
        roster.notices.select_related(
            "application__person", "application__entity", "application__division", "application__branch"
        ).order_by("position")
    )


def _may_review(user: User, case: Application, *, on: date) -> bool:
    return user.post_covering(Verb.REVIEW, case.place, on=on) is not None


@transaction.atomic
def add_photos(
    *,
    roster_id: int,
    photos: Sequence[Prepared],
    place: str,
    posted_on: date,
    request_id: uuid.UUID,
    recorded_by: User,
    recorded_at: datetime,
) -> list[NoticePhoto]:
    """Keep photos of the paper as it hangs. The same `request_id` again changes nothing.

    Raises NotAllowed, Blocked with sentences, files.UnableToStore, NoticeRoster.DoesNotExist.
    """
    hold_request(request_id)
    roster = NoticeRoster.objects.get(pk=roster_id)
    on = day_of(recorded_at)
    recorded_by.forget_posts()
    cases = Application.objects.filter(notices__roster=roster)
    if not any(recorded_by.post_covering(verb, case.place, on=on) for case in cases for verb in POSTING_VERBS):
        raise NotAllowed
    known = list(roster.photos.filter(request_id=request_id, recorded_by=recorded_by))
    if known:
        return known
    problems = _photo_problems(roster, photos, posted_on, on)
    if problems:
        raise Blocked(problems)
    kept = [
        NoticePhoto.objects.create(
            roster=roster,
            request_id=request_id,
            position=position,
            attachment=store(prepared=photo, by=recorded_by, at=recorded_at),
            place=place.strip(),
            posted_on=posted_on,
            recorded_by=recorded_by,
            recorded_at=recorded_at,
        )
        for position, photo in enumerate(photos, start=1)
    ]
    record(action=Action.CREATED, actor=recorded_by, at=recorded_at, subject=kept[0], label=roster.number)
    return kept


def _photo_problems(roster: NoticeRoster, photos: Sequence[Prepared], posted_on: date, on: date) -> list[Problem]:
    problems = []
    if not photos:
        problems.append(Problem(_("Please take or choose at least one photo."), "photos"))
    if posted_on > on:
        problems.append(Problem(_("The day lies in the future."), "posted_on"))
    if not day_of(roster.published_at) <= posted_on <= roster.ends_on:
        problems.append(Problem(_("The paper hung from %(first)s to %(last)s.") % _days(roster), "posted_on"))
    if roster.photos.count() + len(photos) > PHOTOS_MAX:
        problems.append(Problem(_("Not more than %(number)s photos.") % {"number": PHOTOS_MAX}, "photos"))
    hashes = [photo.sha256 for photo in photos]
    # A photo proves that this paper hung: one that proved another notice proves nothing here.
    if len(set(hashes)) < len(hashes) or NoticePhoto.objects.filter(attachment__sha256__in=hashes).exists():
        problems.append(
            Problem(_("One of these photos already belongs to a notice. Please take a new one."), "photos")
        )
    return problems


def _days(roster: NoticeRoster) -> dict[str, date]:
    return {"first": day_of(roster.published_at), "last": roster.ends_on}
