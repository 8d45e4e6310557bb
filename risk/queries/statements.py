"""The bank's table of the special account: which columns it has, and what a row is to what we hold already."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from finance.money import ZERO
from risk.choices import StatementFault, StatementOutcome
from risk.models import FundStatement, FundStatementLine, RiskFund
from web.spreadsheets import Cell, CellFault, CellProblem, Column, Row as SheetRow, amount_in, code_in, day_in

COLUMNS = (
    Column("date", ("日期", "date", "交易日期", "记账日期")),
    Column("reference", ("流水号", "reference", "bank_ref", "交易流水号")),
    Column("paid_in", ("收入", "in", "收入金额", "存入", "贷方", "贷方发生额")),
    Column("paid_out", ("支出", "out", "支出金额", "支取", "借方", "借方发生额")),
)
REFERENCE_LENGTH_MAX = 60
SENTENCES: Mapping[str, Any] = dict(CellFault.choices) | dict(StatementFault.choices)


@dataclass
class Row:
    """A row as it was understood; amounts in yuan. `problems` are pairs of cell and fault."""

    number: int
    value_date: str = ""
    bank_reference: str = ""
    paid_in: str = "0.00"
    paid_out: str = "0.00"
    outcome: str = StatementOutcome.NEW.value
    problems: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.value_date) if self.value_date else None

    @property
    def amount(self) -> Decimal:
        """In is positive, out negative."""
        return Decimal(self.paid_in) - Decimal(self.paid_out)

    @property
    def outcome_label(self) -> str:
        return str(StatementOutcome(self.outcome).label)

    @property
    def sentences(self) -> list[str]:
        return [f"{cell} {SENTENCES[fault]}".strip() for cell, fault in self.problems]


def row_of(sheet_row: SheetRow, *, on: date) -> Row:
    """Return a row of the sheet, not yet compared with what we hold. Faults of its cells are noted on it."""
    row = Row(number=sheet_row.number)
    row.value_date = _day(sheet_row["date"], row, on)
    row.bank_reference = _reference(sheet_row["reference"], row)
    row.paid_in = _amount(sheet_row["paid_in"], row)
    row.paid_out = _amount(sheet_row["paid_out"], row)
    if not row.problems and (Decimal(row.paid_in) > ZERO) == (Decimal(row.paid_out) > ZERO):
        row.problems.append((sheet_row["paid_in"].address, StatementFault.IN_OR_OUT.value))
    return row


def _day(cell: Cell, row: Row, on: date) -> str:
    try:
        day = day_in(cell)
    except CellProblem as error:
        row.problems.append((cell.address, str(error.fault)))
        return ""
    if day > on:
        row.problems.append((cell.address, StatementFault.IN_THE_FUTURE.value))
    return day.isoformat()


def _reference(cell: Cell, row: Row) -> str:
    try:
        text = code_in(cell)
    except CellProblem as error:
        row.problems.append((cell.address, str(error.fault)))
        return ""
    if len(text) > REFERENCE_LENGTH_MAX:
        row.problems.append((cell.address, StatementFault.NOT_A_REFERENCE.value))
        return ""
    return text


def _amount(cell: Cell, row: Row) -> str:
    try:
        return str(amount_in(cell))
    except CellProblem as error:
        row.problems.append((cell.address, str(error.fault)))
        return "0.00"


def judge(fund: RiskFund, rows: Sequence[Row]) -> None:
    """Say of each row whether it is new, known or not in order. One query."""
    references = Counter(row.bank_reference for row in rows if row.bank_reference)
    known = {
        line.bank_reference: line
        for line in FundStatementLine.objects.filter(fund=fund, bank_reference__in=set(references))
    }
    for row in rows:
        if references[row.bank_reference] > 1:
            row.problems.append(("", StatementFault.TWICE.value))
        old = known.get(row.bank_reference)
        if old is not None and not row.problems:
            is_same = (old.value_date, old.paid_in - old.paid_out) == (row.day, row.amount)
            row.outcome = StatementOutcome.KNOWN.value
            if not is_same:
                row.problems.append(("", StatementFault.ALTERED.value))
        if row.problems:
            row.outcome = StatementOutcome.FAULTY.value


def rows_of(statement: FundStatement) -> list[Row]:
    """Return the rows of a file, those not in order first."""
    rows = [Row(**{**row, "problems": [tuple(problem) for problem in row["problems"]]}) for row in statement.rows]
    return sorted(rows, key=lambda row: (row.outcome != StatementOutcome.FAULTY, row.number))


def waiting_statements(fund: RiskFund) -> list[FundStatement]:
    """Return the files that were read and not kept yet."""
    files = FundStatement.objects.filter(fund=fund, state="read").defer("rows")
    return list(files.select_related("uploaded_by").order_by("-uploaded_at"))
