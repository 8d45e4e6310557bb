"""The bank's answer as a table: which columns it has, what a row of it means, and what it is to our payments."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from openpyxl import Workbook
from openpyxl.styles import Font

from finance.money import ZERO
from subsidies.choices import PaymentState, ReturnCode, ReturnFault, ReturnOutcome
from subsidies.models import Payment, PaymentResult, ReturnFile, ReturnLine, SubsidyBatch
from web.spreadsheets import Cell, CellProblem, Column, Row, amount_in, code_in, day_in
from web.text import number_in

COLUMNS = (
    Column("payment", ("支付编号", "payment")),
    Column("result", ("结果", "result", "交易结果", "处理结果")),
    Column("code", ("退票代码", "code", "退票原因", "失败原因")),
    Column("date", ("日期", "date", "入账日期", "交易日期")),
    Column("reference", ("流水号", "reference", "bank_ref", "交易流水号")),
    Column("amount", ("金额", "amount", "金额（元）"), is_required=False),
)
CREDITED_WORDS = frozenset({"成功", "已到账", "交易成功", "credited"})
RETURNED_WORDS = frozenset({"失败", "退票", "退汇", "交易失败", "returned"})
# The codes of the handbook (4.4), as banks print them.
CODE_WORDS = {
    "户名与账号不符": ReturnCode.NAME_MISMATCH,
    "户名账号不符": ReturnCode.NAME_MISMATCH,
    "账号不存在": ReturnCode.NO_ACCOUNT,
    "账户已销户": ReturnCode.CLOSED,
    "已销户": ReturnCode.CLOSED,
    "账户冻结": ReturnCode.FROZEN,
    "账户冻结/止付": ReturnCode.FROZEN,
    "止付": ReturnCode.FROZEN,
    "证件号不符": ReturnCode.ID_MISMATCH,
    "姓名或证件号不符": ReturnCode.ID_MISMATCH,
    "睡眠户": ReturnCode.DORMANT,
    "超限额": ReturnCode.OVER_LIMIT,
    "其他": ReturnCode.OTHER,
} | {code.value: code for code in ReturnCode}
# What our own template offers, one word for each code.
CODES_OFFERED = (
    "户名与账号不符",
    "账号不存在",
    "账户已销户",
    "账户冻结/止付",
    "证件号不符",
    "睡眠户",
    "超限额",
    "其他",
)
REFERENCE = re.compile(r"\S{1,60}")
TEMPLATE_NAME = "银行回单模板.xlsx"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Tally:
    """What booking a file does, or has done: numbers and yuan."""

    new: int = 0
    credited: int = 0
    credited_amount: Decimal = ZERO
    returned: int = 0
    returned_amount: Decimal = ZERO
    known: int = 0
    faulty: int = 0


def line_of(row: Row) -> tuple[ReturnLine, int | None, Decimal | None]:
    """Return a row as a line, not saved and not yet compared, with the number of its payment and its amount.

    Faults of its cells are noted on it.
    """
    problems: list[dict[str, Any]] = []
    line = ReturnLine(row_number=row.number, cells={name: cell.text for name, cell in row.cells.items()})
    number, amount = _number(row["payment"], problems), _amount(row["amount"], problems)
    line.is_credited = _result(row["result"], problems)
    line.code = _code(row["code"], problems) if line.is_credited is False else ""
    line.value_date = _day(row["date"], problems)
    line.bank_reference = _reference(row["reference"], problems)
    line.problems = problems
    line.outcome = ReturnOutcome.FAULTY if problems else ReturnOutcome.NEW
    return line, number, amount


def _note(problems: list[dict[str, Any]], cell: Cell, fault: str) -> None:
    problems.append({"cell": cell.address, "fault": str(fault)})


def _text(cell: Cell, problems: list[dict[str, Any]]) -> str | None:
    try:
        return code_in(cell)
    except CellProblem as error:
        _note(problems, cell, error.fault)
        return None


def _number(cell: Cell, problems: list[dict[str, Any]]) -> int | None:
    text = _text(cell, problems)
    if text is None:
        return None
    number = number_in(text)
    if number is None:
        _note(problems, cell, ReturnFault.NOT_A_PAYMENT)
    return number


def _result(cell: Cell, problems: list[dict[str, Any]]) -> bool | None:
    text = _text(cell, problems)
    if text is None:
        return None
    word = text.casefold()
    if word not in CREDITED_WORDS | RETURNED_WORDS:
        _note(problems, cell, ReturnFault.UNKNOWN_RESULT)
        return None
    return word in CREDITED_WORDS


def _code(cell: Cell, problems: list[dict[str, Any]]) -> str:
    try:
        text = code_in(cell)
    except CellProblem:
        text = ""
    code = CODE_WORDS.get(text.casefold(), "")
    if not code:
        _note(problems, cell, ReturnFault.UNKNOWN_CODE)
    return code


def _day(cell: Cell, problems: list[dict[str, Any]]) -> date | None:
    try:
        return day_in(cell)
    except CellProblem as error:
        _note(problems, cell, error.fault)
        return None


def _reference(cell: Cell, problems: list[dict[str, Any]]) -> str:
    text = _text(cell, problems)
    if text is None:
        return ""
    if not REFERENCE.fullmatch(text):
        _note(problems, cell, ReturnFault.NOT_A_REFERENCE)
        return ""
    return text


def _amount(cell: Cell, problems: list[dict[str, Any]]) -> Decimal | None:
    """The amount is our own: the bank may leave the column out, or a cell of it empty."""
    if not cell.text:
        return None
    try:
        return amount_in(cell)
    except CellProblem as error:
        _note(problems, cell, error.fault)
        return None


@dataclass(frozen=True)
class Reading:
    """What one row says of one payment, without where it stood."""

    payment_id: int
    is_credited: bool
    code: str
    value_date: date
    bank_reference: str


@dataclass(frozen=True)
class Facts:
    """What our books hold about the payments and references of a file. Three queries, however long it is."""

    payments: dict[int, Payment]
    known: dict[int, PaymentResult]
    taken: dict[str, int]
    on: date

    def fault_of(self, reading: Reading) -> str:
        """Return why a row cannot be booked, "" when it can or when exactly this was booked before."""
        payment = self.payments.get(reading.payment_id)
        if payment is None:
            return ReturnFault.OF_ANOTHER_BATCH
        if self.taken.get(reading.bank_reference, payment.pk) != payment.pk:
            return ReturnFault.REFERENCE_TAKEN
        earlier = self.known.get(payment.pk)
        if earlier is not None:
            told = (earlier.is_credited, earlier.code, earlier.value_date, earlier.bank_reference)
            now = (reading.is_credited, reading.code, reading.value_date, reading.bank_reference)
            return "" if told == now else ReturnFault.ALTERED
        if payment.state != PaymentState.SENT or payment.file is None or payment.file.sent_on is None:
            return ReturnFault.NOT_SENT
        if not payment.file.sent_on <= reading.value_date <= self.on:
            return ReturnFault.NOT_IN_TIME
        return ""


def facts_for(batch: SubsidyBatch, *, payment_ids: Iterable[int], references: Iterable[str], on: date) -> Facts:
    payments = Payment.objects.filter(batch=batch, pk__in=set(payment_ids)).select_related("file").in_bulk()
    known = {result.payment_id: result for result in PaymentResult.objects.filter(payment__in=payments)}
    taken = PaymentResult.objects.filter(bank_reference__in=set(references))
    return Facts(payments, known, dict(taken.values_list("bank_reference", "payment_id")), on)


def judge(
    batch: SubsidyBatch, read: Sequence[tuple[ReturnLine, int | None, Decimal | None]], *, on: date
) -> list[ReturnLine]:
    """Say of each line what it is to our payments: new, booked before, or not in order and why."""
    numbers = Counter(number for _line, number, _amount in read if number is not None)
    references = Counter(line.bank_reference for line, _number, _amount in read if line.bank_reference)
    facts = facts_for(batch, payment_ids=numbers, references=references, on=on)
    for line, number, amount in read:
        if number is not None and numbers[number] > 1 or references[line.bank_reference] > 1:
            line.problems.append({"cell": "", "fault": ReturnFault.TWICE.value})
        line.payment = facts.payments.get(number) if number is not None else None
        if line.payment is not None and amount is not None and amount != line.payment.amount:
            line.problems.append({"cell": "", "fault": ReturnFault.OTHER_AMOUNT.value})
        if not line.problems:
            fault = facts.fault_of(reading_of(line, number))
            line.problems = [{"cell": "", "fault": str(fault)}] if fault else []
        if line.problems:
            line.outcome = ReturnOutcome.FAULTY
        elif line.payment_id in facts.known:
            line.outcome = ReturnOutcome.KNOWN
    return [line for line, _number, _amount in read]


def reading_of(line: ReturnLine, number: int | None = None) -> Reading:
    """Return what an understood line says."""
    payment_id = line.payment_id if number is None else number
    # An understood line has all of them: the constraint says so.
    assert payment_id is not None
    assert line.is_credited is not None
    assert line.value_date is not None
    return Reading(payment_id, line.is_credited, line.code, line.value_date, line.bank_reference)


def tally(file: ReturnFile) -> Tally:
    """Return what a file comes to, in one query."""
    new = Q(outcome=ReturnOutcome.NEW)
    credited, returned = new & Q(is_credited=True), new & Q(is_credited=False)
    found: dict[str, Any] = ReturnLine.objects.filter(file=file).aggregate(
        new=Count("pk", filter=new),
        credited=Count("pk", filter=credited),
        credited_amount=Sum("payment__amount", filter=credited, default=ZERO),
        returned=Count("pk", filter=returned),
        returned_amount=Sum("payment__amount", filter=returned, default=ZERO),
        known=Count("pk", filter=Q(outcome=ReturnOutcome.KNOWN)),
        faulty=Count("pk", filter=Q(outcome=ReturnOutcome.FAULTY)),
    )
    return Tally(**found)


def lines_of(file: ReturnFile) -> "QuerySet[ReturnLine]":
    """Return the lines, those not in order first, then what came back, then the rest as in the file."""
    rows = ReturnLine.objects.filter(file=file).select_related(
        "payment__loan__application__person", "payment__loan__application__entity"
    )
    is_faulty = Case(When(outcome=ReturnOutcome.FAULTY, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.order_by(is_faulty, F("is_credited").asc(nulls_first=True), "row_number")


def template(payments: Iterable[Payment]) -> bytes:
    """Return a workbook for the bank's clerk: a row for each payment at the bank, the answer left to fill in."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "代发回单"
    for index, column in enumerate(COLUMNS, start=1):
        sheet.cell(row=1, column=index, value=column.label).font = Font(bold=True)
    for row, payment in enumerate(payments, start=2):
        # As text: Excel cuts long numbers after fifteen digits.
        sheet.cell(row=row, column=1, value=str(payment.pk)).number_format = "@"
        sheet.cell(row=row, column=len(COLUMNS), value=payment.amount).number_format = "0.00"
    notes = book.create_sheet("退票代码")
    for row, word in enumerate(("成功", "退票", "", *CODES_OFFERED), start=1):
        notes.cell(row=row, column=1, value=word)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
