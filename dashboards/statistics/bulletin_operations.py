"""Every write of a bulletin: proposed by the program, written by people, issued once under a number."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import Post, User
from audit.choices import Action
from audit.operations import record
from dashboards.figures.periods import Period
from dashboards.models import Bulletin, BulletinVersion
from dashboards.statistics.bulletin_text import proposed_text, title_of
from dashboards.statistics.counting import fill
from dashboards.statistics.definitions import reports
from dashboards.statistics.errors import UnableToIssue
from dashboards.statistics.operations import PAPER_LANGUAGE, selection_of
from dashboards.statistics.queries import places_of
from dashboards.statistics.ranking import Standing, rank
from dashboards.statistics.sheet import Cell, Number, Sheet
from finance.money import ZERO
from loans.queries.arrears import arrears_rows
from loans.queries.late import late_cases
from organizations.models import Division
from organizations.scope import NotAllowed, Scope
from web.clock import day_of
from web.display import show_wan
from web.masking import masked_name

WRITER = Verb.ASSESS
OVERDUE_LISTED_MAX = 60
REPORT_OF_MEASURE = {"recovery": "risk_monthly"}


@transaction.atomic
def propose_bulletin(
    *, period: Period, measure: str, county: Division, made_by: User, made_at: datetime, request_id: uuid.UUID
) -> Bulletin:
    """Count the standing of the townships and propose a text. The same `request_id` gives the same bulletin.

    Raises NotAllowed without a post of the organisation department, UnableToIssue for a period that is not over.
    """
    on = day_of(made_at)
    post = _writer(made_by, county, on)
    known = Bulletin.objects.filter(request_id=request_id, made_by=made_by).first()
    if known is not None:
        return known
    if not period.is_over(on):
        raise UnableToIssue(_("The period is not over yet: its figures still change."), "period")
    with translation.override(PAPER_LANGUAGE):
        standing, text = _count(period, measure, county, on)
        title = title_of(period)
    bulletin = Bulletin.objects.create(
        period=period.code,
        division=county,
        request_id=request_id,
        measure=measure,
        as_of=period.last,
        standing=standing,
        made_at=made_at,
        made_by=made_by,
        organization=post.organization,
    )
    BulletinVersion.objects.create(bulletin=bulletin, number=1, title=title, body=text, written_at=made_at)
    record(action=Action.CREATED, actor=made_by, at=made_at, subject=bulletin, label=title)
    return bulletin


@transaction.atomic
def write_bulletin(
    *, bulletin_id: int, title: str, body: str, seen: int, written_by: User, written_at: datetime
) -> BulletinVersion:
    """Keep what a person wrote as the next version. `seen` is the version that his page showed.

    Raises NotAllowed, and UnableToIssue where the bulletin is issued or somebody wrote meanwhile. The same text again
    is the same version.
    """
    bulletin = _locked(bulletin_id)
    _writer(written_by, bulletin.division, day_of(written_at))
    last = last_version(bulletin)
    if (last.title, last.body, last.written_by_id) == (title, body, written_by.pk):
        return last
    _demand_open(bulletin)
    if last.number != seen:
        raise UnableToIssue(_("Somebody else has written a newer version meanwhile. Please read it first."))
    return BulletinVersion.objects.create(
        bulletin=bulletin,
        number=last.number + 1,
        title=title,
        body=body,
        written_at=written_at,
        written_by=written_by,
    )


@transaction.atomic
def issue_bulletin(
    *, bulletin_id: int, number: str, issued_on: date, seen: int, issued_by: User, issued_at: datetime
) -> Bulletin:
    """Issue the bulletin under its document number. A second time with the same number changes nothing.

    Raises NotAllowed, and UnableToIssue where it is issued already, its number is taken, or its text has changed.
    """
    bulletin = _locked(bulletin_id)
    _writer(issued_by, bulletin.division, day_of(issued_at))
    if bulletin.number == number:
        return bulletin
    _demand_open(bulletin)
    if last_version(bulletin).number != seen:
        raise UnableToIssue(_("Somebody else has written a newer version meanwhile. Please read it first."))
    bulletin.number, bulletin.issued_on, bulletin.issued_by = number, issued_on, issued_by
    try:
        with transaction.atomic():
            bulletin.save(update_fields=["number", "issued_on", "issued_by"])
    except IntegrityError:
        raise UnableToIssue(_("Another bulletin already has this number."), "number") from None
    record(action=Action.PUBLISHED, actor=issued_by, at=issued_at, subject=bulletin)
    return bulletin


def last_version(bulletin: Bulletin) -> BulletinVersion:
    """Return the version that is printed."""
    return bulletin.versions.select_related("written_by").order_by("-number")[:1].get()


def _locked(bulletin_id: int) -> Bulletin:
    return Bulletin.objects.select_for_update(of=("self",)).select_related("division").get(pk=bulletin_id)


def _demand_open(bulletin: Bulletin) -> None:
    if bulletin.number:
        raise UnableToIssue(_("This bulletin is issued and does not change any more."))


def _writer(user: User, county: Division, on: date) -> Post:
    user.forget_posts()
    post = user.post_covering(WRITER, county.place, on=on)
    if post is None:
        raise NotAllowed
    return post


def _count(period: Period, measure: str, county: Division, on: date) -> tuple[dict[str, Any], str]:
    sheet, before = _sheets(period, measure, county, on)
    standings = rank(_values(sheet, measure), _values(before, measure))
    late, overdue = _late(county, on), _overdue(county, on)
    total, total_before = _number(sheet.total.cells[measure]), _number(before.total.cells[measure])
    text = proposed_text(
        period=period,
        place=county.name,
        measure=measure,
        standings=standings,
        total=total,
        before=total_before,
        late_cases=sum(row["cases"] for row in late),
        overdue=show_wan(sum((outlet["sum"] for outlet in overdue), start=ZERO)),
    )
    for outlet in overdue:
        outlet["sum"] = str(outlet["sum"])
    rows = [_plain(one) for one in standings]
    return {"rows": rows, "total": _text(total), "before": _text(total_before), "late": late, "overdue": overdue}, text


def _sheets(period: Period, measure: str, county: Division, on: date) -> tuple[Sheet, Sheet]:
    report = reports()[REPORT_OF_MEASURE.get(measure, "monthly_progress")]
    selection = selection_of(county, on)
    places = places_of(report, selection=selection, county=county)
    now, before = (fill(report, one, selection=selection, places=places, today=on) for one in (period, period.before))
    return now, before


def _values(sheet: Sheet, measure: str) -> Mapping[str, Number | None]:
    return {row.label: _number(row.cells[measure]) for row in sheet.rows}


def _number(cell: Cell) -> Number | None:
    return None if isinstance(cell, str) else cell


def _plain(one: Standing) -> dict[str, Any]:
    return {
        "rank": one.rank, "label": one.label, "value": _text(one.value), "before": _text(one.before),
        "rank_before": one.rank_before,
    }  # fmt: skip


def _text(value: Number | None) -> str | None:
    return None if value is None else str(value)


def _late(county: Division, on: date) -> list[dict[str, Any]]:
    """The cases past their deadline by township, as they stand on the day of counting."""
    found: dict[str, list[date]] = defaultdict(list)
    cases = late_cases(on=on).filter(Scope(division_paths=(county.path,)).rows()).select_related("division__parent")
    for case in cases:
        place = case.division.parent.name if case.division.parent else case.division.name
        assert case.due_date is not None  # a late case has a deadline
        found[place].append(case.due_date)
    rows = [{"label": place, "cases": len(days), "since": min(days).isoformat()} for place, days in found.items()]
    return sorted(rows, key=lambda row: -int(str(row["cases"])))


def _overdue(county: Division, on: date) -> list[dict[str, Any]]:
    """The loans in arrears by outlet, the longest first, the borrowers' names masked: a bulletin is passed on."""
    outlets: dict[str, dict[str, Any]] = {}
    rows: QuerySet[Any] = arrears_rows(scope=Scope(division_paths=(county.path,)), on=on)
    loans = rows.select_related("application__person", "application__entity", "outlet", "division__parent", "standing")
    for loan in loans.order_by("overdue_since", "pk"):
        outlet = outlets.setdefault(loan.outlet.name, {"label": loan.outlet.name, "loans": 0, "sum": ZERO, "list": []})
        outlet["loans"] += 1
        outlet["sum"] += loan.owed
        if len(outlet["list"]) < OVERDUE_LISTED_MAX:
            case = loan.application
            outlet["list"].append(
                {
                    "borrower": case.entity.name if case.entity else masked_name(case.person.name),
                    "place": loan.division.place_name,
                    "owed": str(loan.owed),
                    "days": (on - loan.overdue_since).days,
                }
            )
    return list(outlets.values())
