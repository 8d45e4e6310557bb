"""The bank's table: which columns it has, what a row of it means, and an empty one to fill in."""

import hashlib
import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from finance.money import ZERO
from loans.choices import LineFault, LineKind, LineOutcome
from loans.models import StatementLine
from web.spreadsheets import Cell, CellProblem, Column, Row, amount_in, code_in, day_in

COLUMNS = (
    Column("contract_number", ("合同编号", "contract_no", "合同号")),
    Column("bank_reference", ("流水号", "bank_ref", "交易流水号")),
    Column("value_date", ("日期", "date", "交易日期")),
    Column("kind", ("类型", "kind", "交易类型")),
    Column("principal", ("本金", "principal", "本金（元）")),
    Column("interest", ("利息", "interest", "利息（元）")),
    Column("penalty", ("罚息", "penalty", "罚息（元）"), is_required=False),
)
KIND_OF_WORD: dict[str, LineKind] = {
    "还款": LineKind.REPAYMENT,
    "提前还款": LineKind.PREPAYMENT,
    "结清": LineKind.SETTLEMENT,
    "冲正": LineKind.REVERSAL,
} | {kind.value: kind for kind in LineKind}
REFERENCE = re.compile(r"[0-9A-Za-z一-鿿㐀-䶿〇()\[\]〔〕/._-]+")
LENGTH_MAX = {"contract_number": 40, "bank_reference": 60}
TEMPLATE_NAME = "银行回单模板.xlsx"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

T = TypeVar("T")
Problems = list[dict[str, Any]]


def line_of(row: Row, *, on: date) -> StatementLine:
    """Return a row as a line, not saved and not yet compared with the ledger. Faults of its cells are noted on it."""
    problems: Problems = []
    line = StatementLine(
        row_number=row.number,
        cells={name: cell.text for name, cell in row.cells.items()},
        contract_number=_read(_reference, row["contract_number"], problems, "contract_number") or "",
        bank_reference=_read(_reference, row["bank_reference"], problems, "bank_reference") or "",
        value_date=_read(_past_day, row["value_date"], problems, on),
        kind=_read(_kind, row["kind"], problems) or "",
        principal=_read(_amount, row["principal"], problems),
        interest=_read(_amount, row["interest"], problems),
        penalty=_read(_amount, row["penalty"], problems),
        problems=problems,
    )
    if not problems and line.kind != LineKind.REVERSAL and line.total == ZERO:
        problems.append(problem_of(row["principal"], LineFault.NOTHING_PAID))
    line.outcome = LineOutcome.FAULTY if problems else LineOutcome.NEW
    line.line_key = key_of(line)
    return line


def key_of(line: StatementLine) -> str:
    """Return what makes two rows of any files the same event: reference, day, contract and kind."""
    parts = (line.bank_reference, str(line.value_date), line.contract_number, line.kind)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def problem_of(cell: Cell | str, fault: str, **values: Any) -> dict[str, Any]:
    """Return one fault with the place to look at, as a line keeps it."""
    address = cell if isinstance(cell, str) else cell.address
    return {"cell": address, "fault": str(fault), "values": values}


class _Fault(Exception):
    def __init__(self, fault: LineFault, **values: Any) -> None:
        super().__init__(fault.value)
        self.fault, self.values = fault, values


def _read(function: Callable[..., T], cell: Cell, problems: Problems, *arguments: Any) -> T | None:
    try:
        return function(cell, *arguments)
    except CellProblem as error:
        problems.append(problem_of(cell, error.fault))
    except _Fault as error:
        problems.append(problem_of(cell, error.fault, **error.values))
    return None


def _reference(cell: Cell, name: str) -> str:
    text = code_in(cell)
    if len(text) > LENGTH_MAX[name] or not REFERENCE.fullmatch(text):
        raise _Fault(LineFault.NOT_A_REFERENCE, length=LENGTH_MAX[name])
    return text


def _past_day(cell: Cell, on: date) -> date:
    day = day_in(cell)
    if day > on:
        raise _Fault(LineFault.IN_THE_FUTURE)
    return day


def _kind(cell: Cell) -> LineKind:
    kind = KIND_OF_WORD.get(code_in(cell).casefold())
    if kind is None:
        raise _Fault(LineFault.UNKNOWN_KIND)
    return kind


def _amount(cell: Cell) -> Decimal:
    return amount_in(cell)


def template() -> bytes:
    """Return an empty workbook to fill in; its second sheet says how."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("Statement")
    for index, column in enumerate(COLUMNS, start=1):
        heading = sheet.cell(row=1, column=index, value=column.label)
        heading.font = Font(bold=True)
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = 18
        # As text: Excel cuts long numbers after fifteen digits and makes dates of 6/20.
        sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = "A2"
    notes = book.create_sheet(_("How to fill in"))
    notes.column_dimensions["A"].width = 90
    for number, sentence in enumerate(_instructions(), start=1):
        notes.cell(row=number, column=1, value=sentence).alignment = Alignment(wrap_text=True)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _instructions() -> list[str]:
    return [
        _("One row for each movement, as the bank booked it. Amounts in yuan with at most two decimals."),
        _("Kind: 还款, 提前还款, 结清 or 冲正. For 冲正 the reference is that of the payment that is reversed."),
        _("Dates as year-month-day, for example 2014-06-20."),
        _("The same file, or the same rows in another file, may be uploaded again: nothing is booked twice."),
    ]
