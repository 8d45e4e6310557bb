"""Tables that people upload. Every file is opened in a program of its own (`web.spreadsheet_reader`) and nowhere else.

    rows = read_rows(upload, COLUMNS)       # Unreadable: one sentence for whatever is wrong with the file
    rows[0]["amount"].text                  # "1200.1", exactly as Excel shows it
    amount_in(rows[0]["amount"])            # CellProblem: what is wrong with this cell

A file ends in rows or in a sentence, never in an error of the server.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Protocol

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from web import spreadsheet_reader as reader
from web.fields import DayField, MoneyField
from web.text import compact

SECONDS_MAX = 30
HEADER_SEARCHED_IN = 10
"""Rows above the header: banks print a title and the day of printing there."""
FIRST_DAY = date(1899, 12, 30)
"""Day 0 of Excel's calendar."""
SERIALS = range(10_000, 100_000)  # 1927 to 2173

SENTENCES: Mapping[str, str | Promise] = {
    "too_large": _("The file is larger than 10 MB. Please split it."),
    "old_format": _("This is the old Excel format (.xls). Please save it as .xlsx and upload it again."),
    "encrypted": _("The file is protected by a password. Please remove the password and upload it again."),
    "too_many_rows": _("The table has more than 20,000 rows. Please split it, and delete what lies far below it."),
    "too_many_columns": _("The table has more than 50 columns. Please keep only those that are asked for."),
    "too_much_text": _("A cell holds more than 500 characters, or all cells together too many."),
    "bomb": _("The file unpacks to far more than a table needs. It was not opened."),
    "dangerous": _("The file holds parts that a table does not have. It was not opened."),
    "broken": _("The file is damaged or no Excel workbook. Please save it again as .xlsx."),
    "no_table": _("The file is neither an Excel workbook (.xlsx) nor a CSV table."),
    "slow": _("The file took too long to read. It was not opened."),
    "empty": _("The file holds no rows below its header."),
}


class Unreadable(Exception):
    """The file cannot be used. The text is a sentence for the person who uploaded it."""


class CellFault(models.TextChoices):
    """What can be wrong with one cell."""

    EMPTY = "empty", _("Empty.")
    FORMULA = "formula", _("Excel could not work this cell out.")
    TOO_LONG = "too_long", _("Excel has cut this number after 15 digits. Format the column as text and type it again.")
    NOT_A_DAY = "not_a_day", _("No date. Write it as year-month-day, for example 2014-07-31.")
    NOT_AN_AMOUNT = "not_an_amount", _("No amount in yuan with at most two decimals.")
    NEGATIVE = "negative", _("An amount cannot be negative.")


class CellProblem(Exception):
    """A cell that cannot be understood. `fault` is a CellFault."""

    def __init__(self, fault: CellFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Column:
    """A column we ask for: its name in the code, and the headers under which it may stand (case does not matter)."""

    name: str
    headers: tuple[str, ...]
    is_required: bool = True

    @property
    def label(self) -> str:
        return self.headers[0]


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell as its reader sees it. `address` is what Excel calls it: C7."""

    address: str
    text: str = ""
    kind: str = reader.TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row of the sheet; a column that the file lacks is an empty cell without address."""

    number: int
    cells: Mapping[str, Cell] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Cell:
        return self.cells[name]


class Upload(Protocol):
    """What Django's uploaded files and plain files have in common."""

    def read(self, size: int = ..., /) -> bytes: ...


def read_rows(upload: "Upload | BinaryIO", columns: Sequence[Column]) -> list[Row]:
    """Return the rows below the header that hold something. Raises Unreadable with a sentence.

    The header may stand in any of the first ten rows; further columns are left out. The first sheet counts.
    """
    raw = _read_cells(upload.read(reader.FILE_MAX + 1))
    position, header_row = _find_header(raw, columns)
    rows = [_row(number, cells, columns, position) for number, cells in raw if number > header_row]
    rows = [row for row in rows if any(cell.text for cell in row.cells.values())]
    if not rows:
        raise Unreadable(SENTENCES["empty"])
    return rows


def code_in(cell: Cell) -> str:
    """Return a number that is not a quantity, half-width and without spaces. Raises CellProblem."""
    _demand_text(cell)
    return compact(cell.text)


def day_in(cell: Cell) -> date:
    """Return a day: a date cell, Excel's count of days, 20140620, 2014-06-20 or 2014年6月20日. Raises CellProblem."""
    _demand_text(cell)
    text = cell.text.split(" ")[0] if cell.text[:2].isdigit() else cell.text
    if cell.kind == reader.NUMBER and text.isdigit() and int(text) in SERIALS:
        return FIRST_DAY + timedelta(days=int(text))
    try:
        found = _DAY.clean(text)
    except forms.ValidationError as error:
        raise CellProblem(CellFault.NOT_A_DAY) from error
    assert found is not None
    return found


def amount_in(cell: Cell) -> Decimal:
    """Return an amount in yuan, an empty cell as zero. Nothing is rounded: three decimals raise CellProblem."""
    if not cell.text and cell.kind == reader.TEXT:
        return Decimal("0.00")
    _demand_text(cell)
    try:
        found: Decimal | None = _AMOUNT.clean(cell.text)
    except forms.ValidationError as error:
        raise CellProblem(_FAULT_OF_AMOUNT.get(error.code or "", CellFault.NOT_AN_AMOUNT)) from error
    assert found is not None
    return found


_DAY, _AMOUNT = DayField(), MoneyField(allow_zero=True)
_FAULT_OF_AMOUNT = {"negative": CellFault.NEGATIVE}


def _demand_text(cell: Cell) -> None:
    if cell.kind == reader.FAULTY:
        raise CellProblem(CellFault.FORMULA)
    if cell.kind == reader.TOO_LONG:
        raise CellProblem(CellFault.TOO_LONG)
    if not cell.text:
        raise CellProblem(CellFault.EMPTY)


def _read_cells(content: bytes) -> list[tuple[int, list[tuple[str, str]]]]:
    """Let the reader open the file. It may die of it: that is a sentence too."""
    try:
        done = subprocess.run(  # noqa: S603  # our own program, by its path, without arguments of anybody
            [sys.executable, "-I", "-B", str(Path(reader.__file__))],
            input=content,
            capture_output=True,
            timeout=SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(SENTENCES["slow"]) from error
    if done.returncode != 0:
        raise Unreadable(SENTENCES["bomb"])
    answer = json.loads(done.stdout)
    if "fault" in answer:
        raise Unreadable(SENTENCES[answer["fault"]])
    return [(number, [(text, kind) for text, kind in cells]) for number, cells in answer["rows"]]


def _find_header(
    raw: Iterable[tuple[int, list[tuple[str, str]]]], columns: Sequence[Column]
) -> tuple[dict[str, int], int]:
    """Return where each column stands, and the row of the header. Raises Unreadable naming what is missing."""
    best: tuple[dict[str, int], int] = ({}, 0)
    for number, cells in raw:
        if number > HEADER_SEARCHED_IN:
            break
        found = _positions([text for text, _kind in cells], columns)
        if len(found) > len(best[0]):
            best = (found, number)
    missing = [column.label for column in columns if column.is_required and column.name not in best[0]]
    if missing:
        raise Unreadable(_("These columns are missing: %(columns)s.") % {"columns": "、".join(missing)})
    return best


def _positions(headers: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    known = {_plain(header): column.name for column in columns for header in column.headers}
    found: dict[str, int] = {}
    for index, header in enumerate(headers):
        name = known.get(_plain(header))
        if name in found:
            raise Unreadable(_("The column %(column)s stands there twice.") % {"column": header})
        if name:
            found[name] = index
    return found


def _plain(header: str) -> str:
    return compact(header).casefold()


def _row(number: int, cells: Sequence[tuple[str, str]], columns: Sequence[Column], position: Mapping[str, int]) -> Row:
    return Row(number, {column.name: _cell(number, cells, position.get(column.name)) for column in columns})


def _cell(number: int, cells: Sequence[tuple[str, str]], index: int | None) -> Cell:
    if index is None:
        return Cell("")
    text, kind = cells[index] if index < len(cells) else ("", reader.TEXT)
    return Cell(f"{_letters(index)}{number}", text, kind)


def _letters(index: int) -> str:
    """0 is A, 26 is AA: what Excel calls a column. There are never more than 702."""
    first, second = divmod(index, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)
