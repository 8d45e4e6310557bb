"""Says how a value became points: value, target, formula, in words for the sheet."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _, pgettext

from assessments.choices import Direction, Formula, Level
from assessments.models import SchemeItem, ScoreRecord, ScoreSheet, Subject
from assessments.queries.rounds import items_of, latest_of, measured_of
from assessments.rules import Value
from finance.money import exact, round_to_cent


@dataclass(frozen=True)
class Cell:
    """What a level found on an item. `steps` is the arithmetic; `differs`: another value than the level before."""

    level: Level
    record: ScoreRecord
    value: str
    steps: str
    differs: bool


@dataclass(frozen=True)
class ItemRow:
    """An item of a sheet: what it demands, what was counted, what each level found (None: not yet)."""

    item: SchemeItem
    demand: str
    counted: str
    cells: list[Cell | None]
    opens_group: bool

    @property
    def last(self) -> Cell | None:
        """What the highest level so far found."""
        return next((cell for cell in reversed(self.cells) if cell), None)


def number(value: Decimal) -> str:
    """A number without needless zeros: 47, 0.25."""
    return f"{value.normalize():f}"


def percent(value: Decimal) -> str:
    return f"{number(round_to_cent(value * 100))}%"


def show_value(item: SchemeItem, value: Value) -> str:
    """Return a value as people write it: 47 / 50 (94%), 36.5, or that there was nothing to measure."""
    if value.number is None:
        return _("nothing to measure")
    if item.is_share or value.denominator != 1:
        share = round_to_cent(value.number * 100)
        return f"{number(value.numerator)} / {number(value.denominator)} ({number(share)}%)"
    return number(value.numerator)


def show_target(item: SchemeItem) -> str:
    return percent(item.target) if item.is_share else number(item.target)


def demand_of(item: SchemeItem) -> str:
    """Return what an item demands, in one line."""
    values = {"target": show_target(item), "points": number(item.points)}
    match item.formula:
        case Formula.THRESHOLD if item.is_veto:
            sentence = (
                _("not above %(target)s, else unqualified")
                if item.direction == Direction.LOWER
                else _("at least %(target)s, else unqualified")
            )
        case Formula.THRESHOLD:
            sentence = _("target %(target)s: reached or no points")
        case Formula.DEDUCTION:
            sentence = _("from %(target)s on %(deduction)s points off for each unit")
        case _:
            sentence = _("target %(target)s, points in proportion")
    return sentence % {**values, "deduction": number(item.deduction)}


def steps_of(item: SchemeItem, record: ScoreRecord) -> str:
    """Return the arithmetic of a record: 47 / 50 → 18.80."""
    value = Value(record.numerator, record.denominator)
    if item.is_veto:
        return _("missed: unqualified") if record.is_missed else pgettext("veto item", "kept")
    return _("%(value)s → %(points)s points") % {"value": show_value(item, value), "points": record.points}


def rows_of(subject: Subject, levels: list[Level]) -> list[ItemRow]:
    """Return the sheet of a subject, item by item. Needs `subjects_in_full`; one query more."""
    sheets, measured = latest_of(subject.sheets.all()), measured_of(subject)
    records = {level: {one.item_id: one for one in sheet.records.all()} for level, sheet in sheets.items()}
    rows: list[ItemRow] = []
    for item in items_of(subject.campaign.scheme_id):
        opens = not rows or rows[-1].item.group_id != item.group_id
        counted = show_value(item, measured[item.pk]) if item.pk in measured else ""
        rows.append(ItemRow(item, demand_of(item), counted, _cells(item, records, levels), opens))
    return rows


def _cells(item: SchemeItem, records: dict[str, dict[int, ScoreRecord]], levels: list[Level]) -> list[Cell | None]:
    cells: list[Cell | None] = []
    before: ScoreRecord | None = None
    for level in levels:
        record = records.get(level, {}).get(item.pk)
        if record is None:
            cells.append(None)
            continue
        value = Value(record.numerator, record.denominator)
        differs = before is not None and _pair(before) != _pair(record)
        cells.append(Cell(level, record, show_value(item, value), steps_of(item, record), differs))
        before = record
    return cells


def _pair(record: ScoreRecord) -> tuple[Decimal, Decimal]:
    return record.numerator, record.denominator


def sheets_in_order(subject: Subject, levels: list[Level]) -> list[ScoreSheet | None]:
    """Return the sheet that counts of each level, in the order of the levels."""
    sheets = latest_of(subject.sheets.all())
    return [sheets.get(level) for level in levels]


def total_points(items: list[SchemeItem]) -> Decimal:
    return round_to_cent(sum(exact(item.points) for item in items))
