"""Bank statements as files and as rows that were taken in."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from loans.models import Loan, StatementImport
from loans.operations.statements import BOOK_STATEMENT, book_lines, post_statement, take_in_statement
from tests.factories.county import NOON, Township
from tests.factories.spreadsheets import csv_file, workbook

HEADER = ["合同编号", "流水号", "日期", "类型", "本金", "利息", "罚息"]
BOOK = BOOK_STATEMENT


def row_of(
    loan: Loan | str, reference: str, day: date | str, *, kind: str = "还款", principal: Any = 0, interest: Any = 0,
    penalty: Any = 0,
) -> list[Any]:  # fmt: skip
    number = loan if isinstance(loan, str) else loan.contract_number
    return [number, reference, day, kind, principal, interest, penalty]


def excel(*rows: list[Any]) -> bytes:
    return workbook([HEADER, *rows])


def csv(*rows: list[Any]) -> bytes:
    return csv_file([HEADER, *rows])


def take_in(township: Township, content: bytes, *, name: str = "回单.xlsx", by: User | None = None) -> StatementImport:
    return take_in_statement(
        content=content, file_name=name, outlet=township.outlet, uploaded_by=by or township.credit_officer,
        uploaded_at=NOON,
    ).statement  # fmt: skip


def book(statement: StatementImport, township: Township) -> StatementImport:
    """Book a statement as its job does."""
    post_statement(statement_id=statement.pk, posted_by=township.credit_officer, posted_at=NOON)
    work_on(statement, township)
    statement.refresh_from_db()
    return statement


def work_on(statement: StatementImport, township: Township) -> None:
    """Let the job's function run, whether or not it ran before."""
    book_lines(
        statement_id=statement.pk, booked_by=township.credit_officer, now=lambda: NOON, progress=lambda *_: None
    )


def outcomes_of(statement: StatementImport) -> list[str]:
    return list(statement.lines.order_by("row_number").values_list("outcome", flat=True))


def interest_of(loan: Loan) -> Decimal:
    return sum((e.amount for e in loan.entries.effective() if e.kind == "interest"), start=Decimal(0))
