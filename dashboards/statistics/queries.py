"""What the pages of statistics read: the reader's places, editions, what is owed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.models import User
from dashboards.figures import Selection
from dashboards.figures.periods import Period
from dashboards.models import Bulletin, BulletinVersion, ReportDraft, ReportEdition
from dashboards.queries import get_townships
from dashboards.statistics.counting import COUNTY_DIGITS, Places, fill, row_label
from dashboards.statistics.definitions import COUNTIES, Report, reports
from dashboards.statistics.sheet import Marks, Sheet, compare, differences, sheet_of_json
from loans.queries.paging import Keyset
from organizations.choices import DivisionLevel
from organizations.models import Division
from organizations.scope import Scope

CHANGE_LABELS = ("环比（%）", "同比（%）")
NEWEST = Keyset("made_at", datetime.fromisoformat, descending=True)


class NoCounty(LookupError):
    """The reader's offices lie in no county that is registered."""


def county_of(registers: Scope) -> Division:
    """Return the county in which an account's offices lie. Raises NoCounty."""
    for path in registers.division_paths:
        county = Division.objects.filter(path=path[:COUNTY_DIGITS], level=DivisionLevel.COUNTY).first()
        if county is not None:
            return county
    raise NoCounty


def places_of(report: Report, *, selection: Selection, county: Division) -> Places:
    """Return the rows that the reader sees: of a township its own, of a county all of them."""
    if report.rows == COUNTIES:
        return Places(county, [county])
    townships = list(get_townships(registers=selection.registers).filter(path__startswith=county.path))
    if selection.scope.outlet_paths:  # a counter lends to people of every township
        return Places(county, townships)
    own = [one for one in townships if _touches(selection.registers, one.path)]
    if report.has_county_row and is_whole(selection, county):
        own.append(county)
    return Places(county, own)


def _touches(registers: Scope, path: str) -> bool:
    return any(path.startswith(own) or own.startswith(path) for own in registers.division_paths)


def is_whole(selection: Selection, county: Division) -> bool:
    """Whether the reader sees the whole county."""
    return selection.scope.covers(county.place)


def filled(report: Report, period: Period, *, selection: Selection, county: Division, today: date) -> Sheet:
    """Return the report of a period with the two lines of change. About three times the queries of one report."""
    places = places_of(report, selection=selection, county=county)

    def of(one: Period) -> Sheet:
        return fill(report, one, selection=selection, places=places, today=today)

    sheet = of(period)
    before = of(period.before)
    year_before = before if period.before == period.year_before else of(period.year_before)
    changes = compare(sheet, before=before, year_before=year_before, labels=CHANGE_LABELS)
    return sheet.with_changes(changes)


def editions_of(*, scope: Scope, report: str = "", period: str = "") -> "QuerySet[ReportEdition]":
    """Return the editions, without their sheets, newest first."""
    editions = ReportEdition.objects.for_scope(scope).defer("sheet").select_related("made_by", "organization")
    if report:
        editions = editions.filter(report=report)
    return editions.filter(period=period) if period else editions


def edition_before(edition: ReportEdition) -> ReportEdition | None:
    """Return the edition that this one corrects."""
    return ReportEdition.objects.filter(
        division=edition.division_id, report=edition.report, period=edition.period, number=edition.number - 1
    ).first()


def marks_of(edition: ReportEdition) -> Marks:
    """Return what the corrected edition said in each cell that differs; nothing of a first edition."""
    before = edition_before(edition) if edition.number > 1 else None
    return differences(sheet_of_json(edition.sheet), sheet_of_json(before.sheet)) if before else {}


def owed(*, scope: Scope) -> "QuerySet[ReportDraft]":
    """Return the reports of periods that are over and have no edition yet, the most urgent first."""
    edition = ReportEdition.objects.filter(
        division=OuterRef("division"), report=OuterRef("report"), period=OuterRef("period")
    )
    return ReportDraft.objects.for_scope(scope).exclude(Exists(edition)).order_by("due_on", "pk")


@dataclass(frozen=True)
class Owed:
    """A report that is owed, as the page shows it."""

    draft: ReportDraft
    report: Report
    period: Period
    is_late: bool


def owed_rows(*, scope: Scope, today: date) -> list[Owed]:
    rows = []
    for draft in owed(scope=scope):
        report, period = reports().get(draft.report), Period.parse(draft.period)
        if report and period:
            rows.append(Owed(draft, report, period, draft.due_on < today))
    return rows


def may_make(user: User, report: Report, county: Division, *, on: date) -> bool:
    """Whether the account makes editions of this report for the county."""
    return any(user.post_covering(verb, county.place, on=on) for verb in report.verbs)


def missing_drafts(county: Division, *, today: date, since: date) -> list[tuple[Report, Period]]:
    """Return the newest period that is over of each report, as far as the county lent by its end."""
    known = set(ReportDraft.objects.filter(division=county).values_list("report", "period"))
    found = []
    for report in reports().values():
        period = Period.containing(report.kind, today).before
        if period.last >= since and (report.code, period.code) not in known:
            found.append((report, period))
    return found


def editions_of_period(*, report: Report, period: Period, county: Division) -> "QuerySet[ReportEdition]":
    """Return the editions of one report of one period, the last one first."""
    editions = ReportEdition.objects.filter(division=county, report=report.code, period=period.code)
    return editions.defer("sheet").select_related("made_by").order_by("-number")


def entry_rows(report: Report, *, county: Division) -> list[tuple[str, str]]:
    """Return the rows in which an officer enters something: path and name."""
    whole = Scope(division_paths=(county.path,))
    places = places_of(
        report, selection=Selection(scope=whole, registers=whole, as_of=date.min), county=county
    )  # fmt: skip
    return [(place.path, row_label(report, place)) for place in places.rows]


@dataclass(frozen=True)
class EditionRow:
    """An edition in the list."""

    edition: ReportEdition
    title: str
    period: str

    @classmethod
    def of(cls, edition: ReportEdition) -> "EditionRow":
        report, period = reports().get(edition.report), Period.parse(edition.period)
        return cls(
            edition, report.title if report else edition.report, period.label if period else edition.period
        )  # fmt: skip


@dataclass(frozen=True)
class Overview:
    """A form with its newest period that is over: when it is due, and the edition that was issued of it."""

    report: Report
    period: Period
    due_on: date
    edition: ReportEdition | None
    is_late: bool


def overview(*, county: Division, today: date) -> list[Overview]:
    """Return the six forms with the state of their newest period that is over. One query."""
    newest = {code: Period.containing(report.kind, today).before for code, report in reports().items()}
    found = ReportEdition.objects.filter(
        division=county, period__in={period.code for period in newest.values()}
    ).defer("sheet")  # fmt: skip
    editions = {(one.report, one.period): one for one in found.order_by("number")}
    rows = []
    for code, report in reports().items():
        period = newest[code]
        edition, due_on = editions.get((code, period.code)), report.due_on(period)
        rows.append(Overview(report, period, due_on, edition, is_late=edition is None and due_on < today))
    return rows


def whole(county: Division) -> Scope:
    return Scope(division_paths=(county.path,))


def bulletins_of(*, county: Division, with_drafts: bool) -> "QuerySet[Bulletin]":
    """Return the bulletins of a county without their figures, each with the title of its last version."""
    titles = BulletinVersion.objects.filter(bulletin=OuterRef("pk")).order_by("-number").values("title")[:1]
    bulletins = Bulletin.objects.for_scope(whole(county)).defer("standing").select_related("made_by")
    if not with_drafts:
        bulletins = bulletins.exclude(number="")
    return bulletins.annotate(title=Subquery(titles))
