"""Every write of printed statistics: what the calendar prepares, what an officer enters, and an edition."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Min
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Post, User
from accounts.queries import holders_of
from audit.choices import Action
from audit.operations import record
from dashboards.figures import Selection
from dashboards.figures.periods import Period
from dashboards.messages import REPORT_LATE, REPORT_OWED
from dashboards.models import ReportDraft, ReportEdition
from dashboards.statistics.definitions import Report, reports
from dashboards.statistics.errors import UnableToIssue
from dashboards.statistics.queries import filled, missing_drafts, owed
from dashboards.statistics.sheet import Signers, hash_of
from inbox.operations import News, tell
from inbox.registry import Kind
from loans.models import Loan
from organizations.choices import DivisionLevel
from organizations.models import Division
from organizations.scope import NotAllowed, Scope
from web.clock import day_of

PAPER_LANGUAGE = "zh-hans"


@transaction.atomic
def issue_edition(
    *,
    report: Report,
    period: Period,
    county: Division,
    entered: Mapping[str, str],
    signers: Signers,
    reason: str,
    made_by: User,
    made_at: datetime,
    request_id: uuid.UUID,
) -> ReportEdition:
    """Freeze the report of a period as the next edition: figures as they stand now, and what the officer entered.

    The same `request_id` gives the same edition. Raises NotAllowed without a post at the county that answers for this
    report, UnableToIssue for a period that is not over and for a correction without a reason.
    """
    on = day_of(made_at)
    post = post_for(made_by, report, county, on)
    known = ReportEdition.objects.filter(request_id=request_id, made_by=made_by).first()
    if known is not None:
        return known
    if not period.is_over(on):
        raise UnableToIssue(_("The period is not over yet: its figures still change."))
    Division.objects.select_for_update(no_key=True).get(pk=county.pk)  # two officers at once make two editions
    number = _next_number(report, period, county)
    if number > 1 and not reason:
        raise UnableToIssue(_("Please say why the report is corrected."), "reason")
    with translation.override(PAPER_LANGUAGE):
        sheet = filled(report, period, selection=selection_of(county, on), county=county, today=on)
        data = sheet.with_entered(entered, signers).to_json()
    edition = ReportEdition.objects.create(
        report=report.code,
        period=period.code,
        division=county,
        number=number,
        request_id=request_id,
        as_of=period.last,
        sheet=data,
        sha256=hash_of(data),
        reason=reason if number > 1 else "",
        made_at=made_at,
        made_by=made_by,
        organization=post.organization,
    )
    record(action=Action.PUBLISHED, actor=made_by, at=made_at, subject=edition, reason=edition.reason)
    return edition


def _next_number(report: Report, period: Period, county: Division) -> int:
    found = ReportEdition.objects.filter(division=county, report=report.code, period=period.code)
    return (found.aggregate(last=Max("number"))["last"] or 0) + 1


def post_for(user: User, report: Report, county: Division, on: date) -> Post:
    """Return the post by which an account makes editions of a report. Raises NotAllowed."""
    user.forget_posts()
    for verb in report.verbs:
        post = user.post_covering(verb, county.place, on=on)
        if post is not None:
            return post
    raise NotAllowed


def selection_of(county: Division, on: date) -> Selection:
    """Return the whole county: what an edition counts, whoever makes it."""
    whole = Scope(division_paths=(county.path,))
    return Selection(scope=whole, registers=whole, as_of=on)


@transaction.atomic
def keep_entered(
    *, report: Report, period: Period, county: Division, entered: Mapping[str, str], kept_by: User, kept_at: datetime
) -> ReportDraft:
    """Keep what an officer entered so far; nothing is handed in by it. Raises NotAllowed and UnableToIssue."""
    on = day_of(kept_at)
    post_for(kept_by, report, county, on)
    if not period.is_over(on):
        raise UnableToIssue(_("The period is not over yet: its figures still change."))
    draft, _is_new = ReportDraft.objects.select_for_update().get_or_create(
        report=report.code,
        period=period.code,
        division=county,
        defaults={"due_on": report.due_on(period), "prepared_at": kept_at},
    )
    draft.entered = dict(entered)
    draft.save(update_fields=["entered"])
    record(action=Action.CHANGED, actor=kept_by, at=kept_at, subject=draft, detail={"entered": []})
    return draft


def prepare_reports(*, at: datetime) -> int:
    """Note what each county owes for the periods that are over, and tell those who answer for it. Idempotent.

    Whoever owes a report hears of it when the period is over and once more when it is late.
    """
    on = day_of(at)
    made = 0
    for county in Division.objects.filter(level=DivisionLevel.COUNTY, path__in=_lending_counties()):
        first = Loan.objects.filter(division_path__startswith=county.path).aggregate(day=Min("start_date"))["day"]
        made += _prepare(county, on=on, at=at, since=first)
        _remind(county, on=on, at=at)
    return made


def _lending_counties() -> set[str]:
    return {path[:6] for path in Loan.objects.order_by().values_list("division_path", flat=True).distinct()}


@transaction.atomic
def _prepare(county: Division, *, on: date, at: datetime, since: date) -> int:
    new = [
        ReportDraft(
            report=report.code,
            period=period.code,
            division=county,
            due_on=report.due_on(period),
            prepared_at=at,
        )
        for report, period in missing_drafts(county, today=on, since=since)
    ]
    ReportDraft.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def _remind(county: Division, *, on: date, at: datetime) -> None:
    news = []
    for draft in owed(scope=Scope(division_paths=(county.path,))).filter(division=county):
        report, period = reports().get(draft.report), Period.parse(draft.period)
        if report is None or period is None:
            continue
        kind = REPORT_LATE if draft.due_on < on else REPORT_OWED
        news += [_news(kind, report, period, draft, reader.pk) for reader in _makers(report, county, on)]
    tell(news, at=at)


def _makers(report: Report, county: Division, on: date) -> list[User]:
    """Those at the county who answer for the report; the first of its verbs names the office."""
    return list(holders_of(report.verbs[0], county.place, on=on))


def _news(kind: Kind, report: Report, period: Period, draft: ReportDraft, reader: int) -> News:
    return News(
        recipient_id=reader,
        key=f"{kind.code}:{draft.pk}",
        kind=kind.code,
        facts={"report": report.title, "period": period.code, "day": draft.due_on.isoformat()},
        url=f"{reverse('dashboards:report', args=[report.code])}?period={period.code}",
    )
