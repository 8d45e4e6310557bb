"""Fill a report: each column is counted by its figure, township by township, and the total is theirs.

Every reader returns a mapping from the path of a township to its number. What exists only for the county as a whole
(a budget, a fund) is kept under WHOLE: it stands in the total and nowhere else.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from assessments.choices_households import HonourTitle
from assessments.models import HouseholdHonour
from dashboards.choices import Dimension, Measure
from dashboards.figures import Lending, Selection, read_lending, read_registers, share_percent
from dashboards.figures.intake import helped_households, lending_tasks, read_intake
from dashboards.figures.money import (
    borrowing_members,
    read_budget,
    read_claims,
    read_fund,
    read_prolonged,
    read_subsidies,
)
from dashboards.figures.periods import Period
from dashboards.figures.programmes import published_versions
from dashboards.figures.quality import QualityBy, quality_by
from dashboards.statistics.definitions import COUNTIES, SPAN_ALL, SPAN_PERIOD, Column, Report
from dashboards.statistics.sheet import Cell, Head, Number, Row, Sheet
from finance.money import ZERO
from organizations.choices import OrganizationKind as Kind
from organizations.models import Division, Organization
from risk.rules import multiple

WHOLE = ""
COUNTY_DIGITS = 6
TOTAL, OF_COUNTY = "合计", "县直单位"
Counts = Mapping[str, Number]
SHOWN = (Dimension.TOWNSHIP, Dimension.PURPOSE, Dimension.BAND, Dimension.BORROWER, Dimension.PARTY)
LENT = {
    "amount": Measure.AMOUNT,
    "loans": Measure.LOANS,
    "households": Measure.HOUSEHOLDS,
    "party_households": Measure.PARTY_HOUSEHOLDS,
}
COUNTY_ONLY = ("budget", "budget_used", "fund_balance", "plan")


@dataclass(frozen=True)
class Places:
    """The rows of a report: the county (the whole) and its townships in official order, as far as the reader sees."""

    county: Division
    rows: Sequence[Division]


class Readings:
    """The figures of one span, each read from the database once, when a column asks for the first time."""

    def __init__(self, selection: Selection, places: Places) -> None:
        self.selection = selection
        self.places = places

    @cached_property
    def lending(self) -> Lending:
        return read_lending(self.selection, SHOWN)

    @cached_property
    def intake(self) -> Mapping[str, Any]:
        return read_intake(self.selection)

    @cached_property
    def quality(self) -> Mapping[Any, Any]:
        return quality_by(self.selection, QualityBy.TOWNSHIP)

    @cached_property
    def subsidies(self) -> Mapping[str, Any]:
        return read_subsidies(self.selection)

    @cached_property
    def claims(self) -> Mapping[str, Any]:
        return read_claims(self.selection)

    @cached_property
    def prolonged(self) -> Mapping[str, Any]:
        return read_prolonged(self.selection)

    @cached_property
    def budget(self) -> tuple[Number | None, Number | None]:
        return read_budget(self.selection)

    @cached_property
    def registers(self) -> Mapping[str, Any]:
        """The registers are asked row by row: their reader has no dimension. Once a year, three queries each.

        The row of the county itself holds what belongs to none of its townships.
        """
        read = {place.path: read_registers(replace(self.selection, division=place.path)) for place in self.places.rows}
        whole = read.pop(self.places.county.path, None)
        if whole is None or not read:
            return read
        own = {
            name: getattr(whole, name) - sum(getattr(row, name) for row in read.values())
            for name in ("committees", "branches", "members")
        }
        return read | {self.places.county.path: replace(whole, **own)}

    @cached_property
    def general_branches(self) -> Counts:
        found: dict[str, int] = defaultdict(int)
        standing = Organization.objects.in_force(self.selection.as_of).filter(
            self.selection.places("division__path"), kind=Kind.GENERAL_PARTY_BRANCH
        )
        for path in standing.order_by().values_list("division__path", flat=True):
            found[path[:9]] += 1
        return found


def _lent(name: str) -> Callable[[Readings, Column], Counts]:
    def read(readings: Readings, column: Column) -> Counts:
        if not column.where:
            return readings.lending.by(Dimension.TOWNSHIP, LENT[name])
        ((dimension, wanted),) = column.where.items()
        parts = readings.lending.matrix(Dimension.TOWNSHIP, dimension, LENT[name])
        return {township: number for (township, key), number in parts.items() if key == wanted}

    return read


def _field(reading: str, name: str) -> Callable[[Readings, Column], Counts]:
    return lambda readings, column: {
        township: getattr(sums, name) for township, sums in getattr(readings, reading).items()
    }


def _whole(read: Callable[[Readings], Number | None]) -> Callable[[Readings, Column], Counts]:
    def counts(readings: Readings, column: Column) -> Counts:
        value = read(readings)
        return {} if value is None else {WHOLE: value}

    return counts


def _model_households(*, party: bool) -> Callable[[Readings, Column], Counts]:
    """The households that hold the title at the end of the day, by the township of their village."""

    def read(readings: Readings, column: Column) -> Counts:
        held = HouseholdHonour.objects.for_scope(readings.selection.scope).held_on(readings.selection.as_of)
        if party:
            held = held.filter(title=HonourTitle.PARTY)
        found: dict[str, int] = defaultdict(int)
        for path in held.order_by().values_list("division_path", flat=True):
            found[path[:9]] += 1
        return found

    return read


def _branches_only(readings: Readings, column: Column) -> Counts:
    general = readings.general_branches
    return {path: row.branches - general.get(path, 0) for path, row in readings.registers.items()}


def _plan(readings: Readings) -> Number | None:
    """The lending planned for the year by the versions that came into force in it; None without any."""
    year = readings.selection.as_of.year
    versions = published_versions(readings.selection).filter(effective_from__year=year)
    plans = [version.lending_plan for version in versions if version.lending_plan is not None]
    return sum(plans, start=ZERO) if plans else None


READERS: dict[str, Callable[[Readings, Column], Counts]] = {
    **{name: _lent(name) for name in LENT},
    **{name: _field("intake", name) for name in ("received", "received_amount", "referred", "filed")},
    **{
        name: _field("quality", name)
        for name in ("outstanding", "fallen_due", "collected", "overdue_households", "overdue_amount", "bad_amount")
    },
    **{
        name: _field("prolonged", name) for name in ("extended", "extended_amount", "renewed", "renewed_amount")
    },
    **{
        f"subsidy_{name}": _field("subsidies", name)
        for name in (
            "due_borrowers", "due_principal", "due", "withheld", "paid_borrowers", "approved", "credited",
            "returned_number", "returned", "reissued", "clawed_back",
        )
    },
    **{name: _field("registers", name) for name in ("committees", "members")},
    "late": lambda readings, column: {
        township: quality.late_by(column.bucket).amount for township, quality in readings.quality.items()
    },
    "claims": _field("claims", "paid"),
    "claims_recovered": _field("claims", "recovered"),
    "general_branches": lambda readings, column: readings.general_branches,
    "branches_only": _branches_only,
    "borrowing_members": lambda readings, column: borrowing_members(readings.selection),
    "model_households": _model_households(party=False),
    "party_model_households": _model_households(party=True),
    "helped": lambda readings, column: helped_households(readings.selection),
    "task": lambda readings, column: lending_tasks(readings.selection),
    "budget": _whole(lambda readings: readings.budget[0]),
    "budget_used": _whole(lambda readings: readings.budget[1]),
    "fund_balance": _whole(lambda readings: read_fund(readings.selection).balance),
    "plan": _whole(_plan),
}  # fmt: skip


def fill(report: Report, period: Period, *, selection: Selection, places: Places, today: date) -> Sheet:
    """Return the report of a period as the reader sees it, figures up to its last day or to yesterday's end.

    `selection` says what the reader sees; its days are replaced. What nobody can count is empty.
    """
    as_of = min(period.last, today)
    selection = replace(selection, as_of=as_of, since=None)
    starts = {SPAN_PERIOD: period.first, SPAN_ALL: None}
    readings = {
        span: Readings(replace(selection, since=starts.get(span, period.year_start)), places)
        for span in {column.span for column in report.columns if column.span}
    }
    counts = {
        column.code: READERS[column.figure](readings[column.span], column)
        for column in report.columns
        if column.figure
    }
    rows = [_row(report, place, counts) for place in places.rows]
    return Sheet(
        report=report.code,
        title=report.title,
        period=period.code,
        place=places.county.name,
        unit=report.unit,
        note=report.note,
        as_of=as_of.isoformat(),
        columns=[Head(column.code, column.title, column.form, column.group) for column in report.columns],
        rows=rows,
        total=_total(report, rows, counts),
    )


def _row(report: Report, place: Division, counts: Mapping[str, Counts]) -> Row:
    cells: dict[str, Cell] = {}
    for column in report.columns:
        if column.figure in COUNTY_ONLY:
            cells[column.code] = counts[column.code].get(WHOLE) if report.rows == COUNTIES else None
        elif column.figure:
            cells[column.code] = _of_place(report, counts[column.code], place.path, column)
        elif column.is_entered:
            cells[column.code] = ""
    return Row(place.path, row_label(report, place), cells | _quotients(report.columns, cells))


def row_label(report: Report, place: Division) -> str:
    """Return what a row is called: the county among its townships stands for what belongs to none of them."""
    is_county = report.rows != COUNTIES and len(place.path) == COUNTY_DIGITS
    return OF_COUNTY if is_county else place.name


def _of_place(report: Report, counts: Counts, path: str, column: Column) -> Number:
    is_exact = report.rows != COUNTIES
    parts = (number for key, number in counts.items() if key and (key == path if is_exact else key.startswith(path)))
    return sum(parts, start=_nothing(column))


def _nothing(column: Column) -> Number:
    return ZERO if column.form in ("wan", "hidden") else 0


def _total(report: Report, rows: Iterable[Row], counts: Mapping[str, Counts]) -> Row:
    """The sum of the rows shown, so that a paper always adds up; quotients are those of the sums."""
    rows = list(rows)
    cells: dict[str, Cell] = {}
    for column in report.columns:
        if column.figure in COUNTY_ONLY:
            cells[column.code] = counts[column.code].get(WHOLE)
        elif column.figure:
            numbers: list[Any] = [row.cells[column.code] for row in rows]
            cells[column.code] = sum(numbers, start=_nothing(column))
        elif column.is_entered:
            cells[column.code] = ""
    return Row("", TOTAL, cells | _quotients(report.columns, cells))


def _quotients(columns: Iterable[Column], cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Percentages and multiples; None where there is nothing to divide by, or no number."""
    found: dict[str, Cell] = {}
    for column in columns:
        pair: list[Any] = [cells.get(code) for code in column.share or column.times]
        if not pair:
            continue
        part, whole = pair
        if part is None or whole is None:
            found[column.code] = None
        else:
            found[column.code] = share_percent(part, whole) if column.share else multiple(part, whole)
    return found
