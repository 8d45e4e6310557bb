"""Sheets of public notices: what waits for one, which hang, which have ended, and what one of them shows."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _, ngettext

from accounts.choices import Verb
from accounts.models import User
from files.models import Attachment
from loans.choices import (
    HOLDING_OBJECTIONS,
    PENDING_OBJECTIONS,
    NoticeState,
    ObjectionState,
    Purpose,
    StepCode,
)
from loans.models import Application, NoticePhoto, NoticeRoster, Objection, PublicNotice
from loans.queries.cases import for_rows
from loans.queries.paging import Keyset
from loans.queries.published import is_outdated, published_facts
from loans.queries.tags import Tag
from loans.queries.work import IN_NOTICE, WAITING
from organizations.scope import Scope
from web.layout import Tone

BY_LAST_DAY = Keyset("ends_on", date.fromisoformat)
NEWEST_LAST_DAY = Keyset("ends_on", date.fromisoformat, descending=True)


@dataclass(frozen=True)
class Shown:
    """A line of a sheet as the village reads it. Amount in yuan; never a number of a person."""

    position: int
    name: str
    village: str
    purpose: str
    project: str
    amount: Decimal
    term_months: int
    branch: str


@dataclass(frozen=True)
class SheetLine:
    """A line of a sheet as the office sees it."""

    notice: PublicNotice
    shown: Shown
    tag: Tag
    is_outdated: bool
    waits_anew: bool  # stopped, and its case waits for another notice


def awaiting_notice(*, user: User, on: date) -> QuerySet[Application]:
    """Return the cases that this account may publish now, the most urgent first."""
    scope = user.scope(Verb.REVIEW, on=on)
    ready = Q(step=StepCode.PUBLIC_NOTICE) & WAITING & ~Q(pk__in=IN_NOTICE)
    return for_rows(Application.objects.for_scope(scope).filter(ready)).order_by("due_date", "pk")


def chosen_for_notice(*, user: User, pks: Iterable[int], on: date) -> list[Application]:
    """Return those of the ticked cases that may be published, in the order of the sheet."""
    chosen = awaiting_notice(user=user, on=on).filter(pk__in=list(pks)).select_related("branch")
    return list(chosen.order_by("division__code", "pk"))


def preview_of(cases: Iterable[Application]) -> list[Shown]:
    """Return the lines as they would be published."""
    return [shown_of(position, published_facts(case)) for position, case in enumerate(cases, start=1)]


def shown_of(position: int, snapshot: dict[str, Any]) -> Shown:
    """Read a snapshot."""
    return Shown(
        position=position,
        name=snapshot["name"],
        village=snapshot["village"],
        purpose=str(Purpose(snapshot["purpose"]).label),
        project=snapshot["project"],
        amount=Decimal(snapshot["amount"]),
        term_months=snapshot["term_months"],
        branch=snapshot["branch"],
    )


def roster_rows(*, scope: Scope, is_running: bool, place: str = "", without_photo: bool = False) -> QuerySet[Any]:
    """Return the sheets of a scope, each with how many `lines`, `running`, `photo_count` and `pending` objections."""
    rosters = NoticeRoster.objects.for_scope(scope)
    rosters = rosters.running() if is_running else rosters.ended()
    if place:
        rosters = rosters.filter(
            Exists(PublicNotice.objects.filter(roster=OuterRef("pk"), application__division_path__startswith=place))
        )
    rosters = rosters.annotate(
        lines=_counted(PublicNotice.objects.all()),
        running=_counted(PublicNotice.objects.filter(state=NoticeState.RUNNING)),
        photo_count=_counted(NoticePhoto.objects.all()),
        pending=_counted(Objection.objects.filter(state__in=PENDING_OBJECTIONS), "notice__roster"),
    ).select_related("organization")
    return rosters.filter(photo_count=0) if without_photo else rosters


def _counted(rows: QuerySet[Any], field: str = "roster") -> Coalesce:
    counted = rows.filter(**{field: OuterRef("pk")}).order_by().values(field).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def rosters_in_full() -> QuerySet[NoticeRoster]:
    """Return the sheets with all that the page of one shows: four queries."""
    notices = PublicNotice.objects.select_related(
        "application__person", "application__entity", "application__division", "application__branch"
    )
    notices = notices.annotate(
        is_held=Exists(Objection.objects.filter(notice=OuterRef("pk"), state__in=HOLDING_OBJECTIONS)),
        is_upheld=Exists(Objection.objects.filter(notice=OuterRef("pk"), state=ObjectionState.UPHELD)),
        objection_count=Coalesce(Count("objections"), 0),
        is_in_notice=Exists(
            PublicNotice.objects.filter(application=OuterRef("application"), state=NoticeState.RUNNING)
        ),
    )
    photos = NoticePhoto.objects.select_related("attachment", "recorded_by").order_by("pk")
    return NoticeRoster.objects.select_related("organization", "version__programme", "published_by").prefetch_related(
        Prefetch("notices", queryset=notices.order_by("position")), Prefetch("photos", queryset=photos)
    )


def lines_of(roster: NoticeRoster, *, on: date) -> list[SheetLine]:
    """Return the lines of a sheet. Needs `rosters_in_full`."""
    return [_line(notice, on) for notice in roster.notices.all()]


def _line(notice: Any, on: date) -> SheetLine:
    case = notice.application
    waits = notice.state == NoticeState.STOPPED and case.step == StepCode.PUBLIC_NOTICE and case.is_waiting
    changed = notice.state == NoticeState.RUNNING and is_outdated(notice, case)
    return SheetLine(
        notice=notice,
        shown=shown_of(notice.position, notice.snapshot),
        tag=notice_tag(notice, on=on, is_held=notice.is_held, is_outdated=changed),
        is_outdated=changed,
        waits_anew=waits and not notice.is_in_notice,
    )


def notice_tag(notice: PublicNotice, *, on: date, is_held: bool, is_outdated: bool = False) -> Tag:
    """Return how a notice stands, in the words of an office."""
    if notice.state != NoticeState.RUNNING:
        tone = Tone.OK if notice.state == NoticeState.PASSED else Tone.WARN
        return Tag(notice.get_state_display(), tone)
    if is_held:
        return Tag(_("Objection to the notice"), Tone.BAD)
    if is_outdated:
        return Tag(_("Changed since published"), Tone.BAD)
    return days_tag(notice.starts_on, notice.ends_on, on=on)


def days_tag(starts_on: date, ends_on: date, *, on: date) -> Tag:
    """Return how many days of a notice are left, this one included."""
    if on > ends_on:
        return Tag(_("The days are over"), Tone.INFO)
    if on < starts_on:
        return Tag(_("Not begun"), Tone.INFO)
    days = (ends_on - on).days + 1
    return Tag(ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}, Tone.INFO)


def get_notice_photo(roster: NoticeRoster, photo: uuid.UUID) -> Attachment | None:
    """Return a photo of this sheet, or None."""
    return Attachment.objects.filter(uuid=photo, notice_photo__roster=roster).first()


def public_roster(token: uuid.UUID) -> NoticeRoster | None:
    """Return the sheet of a public page, with its organization."""
    return NoticeRoster.objects.select_related("organization", "version__programme").filter(token=token).first()


def public_lines(roster: NoticeRoster, *, on: date) -> list[Shown]:
    """Return what a sheet shows the public on a day: the lines in notice, and nothing before or after their days."""
    if not roster.starts_on <= on <= roster.ends_on:
        return []
    notices = roster.notices.filter(state=NoticeState.RUNNING).order_by("position")
    return [shown_of(position, snapshot) for position, snapshot in notices.values_list("position", "snapshot")]


def poster_lines(roster: NoticeRoster) -> list[Shown]:
    """Return the lines of the paper: all but those that were taken down, numbered as they stand on it."""
    notices = roster.notices.exclude(state=NoticeState.STOPPED).order_by("position")
    return [
        shown_of(number, snapshot)
        for number, snapshot in enumerate(notices.values_list("snapshot", flat=True), start=1)
    ]
