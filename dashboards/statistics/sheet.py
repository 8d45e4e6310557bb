"""A filled form: its head, its rows and its total. What an edition keeps, and all that its papers know."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

from dashboards.figures.periods import Period, change_percent
from web.display import EMPTY, show_count, show_percent, show_wan

Number = Decimal | int
Cell = Decimal | int | str | None
Marks = Mapping[tuple[str, str], str]
"""What an earlier edition showed in a cell, by the key of the row and the code of the column."""

COUNTED_FORMS = ("count", "wan")


@dataclass(frozen=True)
class Head:
    """A column as printed."""

    code: str
    title: str
    form: str
    group: str = ""


@dataclass(frozen=True)
class Row:
    """A township (or county): the values by the column's code. `key` is the division's path, "" of the total."""

    key: str
    label: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Signers:
    """Who answers for the paper."""

    unit: str = ""
    head: str = ""
    filled_by: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Sheet:
    """One report of one period. `changes` are the two lines below the total: 环比 and 同比, in percent."""

    report: str
    title: str
    period: str
    place: str
    unit: str
    note: str
    as_of: str
    columns: Sequence[Head]
    rows: Sequence[Row]
    total: Row
    changes: Sequence[Row] = ()
    signers: Signers = field(default_factory=Signers)

    @property
    def lines(self) -> list[Row]:
        return [*self.rows, self.total]

    @property
    def period_label(self) -> str:
        period = Period.parse(self.period)
        return period.label if period else self.period

    def with_entered(self, entered: Mapping[str, str], signers: Signers) -> "Sheet":
        """Return the sheet with what an officer wrote; `entered` is keyed "row:column", the total's row is empty.

        Numbers entered are added up in the total unless the total itself was entered.
        """
        codes = {head.code: head.form for head in self.columns if head.form in ("text", "number", "money")}
        rows = [
            replace(row, cells={**row.cells, **{code: entered.get(f"{row.key}:{code}", "") for code in codes}})
            for row in self.rows
        ]
        sums = {
            code: _sum_of([str(row.cells[code]) for row in rows]) for code, form in codes.items() if form != "text"
        }
        own = {code: entered.get(f":{code}", "") or sums.get(code, "") for code in codes}
        return replace(self, rows=rows, total=replace(self.total, cells={**self.total.cells, **own}), signers=signers)

    def with_changes(self, changes: Sequence[Row]) -> "Sheet":
        return replace(self, changes=changes)

    def to_json(self) -> dict[str, Any]:
        def plain(row: Row) -> dict[str, Any]:
            cells = {code: str(value) if isinstance(value, Decimal) else value for code, value in row.cells.items()}
            return {"key": row.key, "label": row.label, "cells": cells}

        return {
            **{name: getattr(self, name) for name in ("report", "title", "period", "place", "unit", "note", "as_of")},
            "columns": [asdict(head) for head in self.columns],
            "rows": [plain(row) for row in self.rows],
            "total": plain(self.total),
            "changes": [plain(row) for row in self.changes],
            "signers": asdict(self.signers),
        }


def sheet_of_json(data: Mapping[str, Any]) -> Sheet:
    """Return the sheet that `to_json` wrote: amounts are Decimals again."""
    columns = [Head(**head) for head in data["columns"]]
    exact = {head.code for head in columns if head.form in ("wan", "percent", "times", "hidden")}

    def row(plain: Mapping[str, Any], *, is_change: bool = False) -> Row:
        cells = {
            code: Decimal(value) if isinstance(value, str) and (is_change or code in exact) else value
            for code, value in plain["cells"].items()
        }
        return Row(plain["key"], plain["label"], cells)

    return Sheet(
        **{name: data[name] for name in ("report", "title", "period", "place", "unit", "note", "as_of")},
        columns=columns,
        rows=[row(one) for one in data["rows"]],
        total=row(data["total"]),
        changes=[row(one, is_change=True) for one in data["changes"]],
        signers=Signers(**data["signers"]),
    )


def hash_of(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a sheet as JSON, whatever the order in which the database gave its keys."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def compare(sheet: Sheet, *, before: Sheet | None, year_before: Sheet | None, labels: tuple[str, str]) -> list[Row]:
    """Return how each counted total changed since the period before and the same one of last year, in percent."""
    rows = []
    for label, base in zip(labels, (before, year_before), strict=True):
        cells = {
            head.code: _change(sheet.total.cells.get(head.code), base.total.cells.get(head.code) if base else None)
            for head in sheet.columns
            if head.form in COUNTED_FORMS
        }
        rows.append(Row("", label, cells))
    return rows


def _change(value: Cell, base: Cell) -> Decimal | None:
    if isinstance(value, str) or isinstance(base, str):
        return None
    return change_percent(value, base)


def show_cell(form: str, value: Cell) -> str:
    """Return a cell as it is printed; what is not known is --, an empty text stays empty."""
    if value is None:
        return EMPTY
    if isinstance(value, str):
        return value
    match form:
        case "wan":
            return show_wan(value)
        case "percent":
            return show_percent(value).removesuffix("%")
        case "times":
            return f"{value:,.2f}"
    return show_count(int(value))


def show_change(value: Cell) -> str:
    """Return a change in percent with its sign: +12.50, -3.00; without a base --."""
    return EMPTY if value is None or isinstance(value, str) else f"{value:+.2f}"


def differences(new: Sheet, old: Sheet) -> Marks:
    """Return what an earlier sheet showed in the cells that differ, by row and column. A new row differs in all."""
    forms = {head.code: head.form for head in new.columns if head.form != "hidden"}
    before = {row.key: row.cells for row in old.lines}
    found: dict[tuple[str, str], str] = {}
    for row in new.lines:
        cells = before.get(row.key, {})
        for code, form in forms.items():
            shown = show_cell(form, cells.get(code))
            if shown != show_cell(form, row.cells.get(code)):
                found[row.key, code] = shown
    return found


def _sum_of(texts: Sequence[str]) -> str:
    numbers = [Decimal(text) for text in texts if text]
    return str(sum(numbers)) if numbers else ""
