"""What the bank answers on its payments: read from a file, then booked all or nothing, and never twice."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from loans.models import SubsidyBudget
from loans.steps.facts import Problem
from subsidies.choices import PaymentState, ReturnCode
from subsidies.models import Payment, PaymentResult, SubsidyBatch
from subsidies.operations.entitled import MAKING, require_another_person, require_county_post
from subsidies.operations.errors import Blocked, blocked
from subsidies.operations.payments import lock_batch, reconcile_if_done
from web.clock import day_of
from web.text import compact, half_width

BYTES_MAX = 10 * 1024 * 1024
ROWS_MAX = 20_000
PROBLEMS_SHOWN = 50
COLUMNS = ("payment", "result", "code", "date", "reference")
NAMES = {
    "支付编号": "payment",
    "payment": "payment",
    "结果": "result",
    "result": "result",
    "退票代码": "code",
    "code": "code",
    "日期": "date",
    "date": "date",
    "流水号": "reference",
    "reference": "reference",
}
CREDITED_WORDS = frozenset({"成功", "已到账", "credited"})
RETURNED_WORDS = frozenset({"失败", "退票", "returned"})
REFERENCE_MAX = 60
# The codes of the handbook, as banks print them.
CODE_WORDS = {
    "户名与账号不符": ReturnCode.NAME_MISMATCH,
    "账号不存在": ReturnCode.NO_ACCOUNT,
    "账户已销户": ReturnCode.CLOSED,
    "账户冻结": ReturnCode.FROZEN,
    "账户冻结/止付": ReturnCode.FROZEN,
    "证件号不符": ReturnCode.ID_MISMATCH,
    "睡眠户": ReturnCode.DORMANT,
    "超限额": ReturnCode.OVER_LIMIT,
    "其他": ReturnCode.OTHER,
} | {code.value: code for code in ReturnCode}


@dataclass(frozen=True)
class Answer:
    """One line of the bank's answer. `code` is empty for a credited payment."""

    line: int
    payment_id: int
    is_credited: bool
    code: str
    value_date: date
    bank_reference: str


@dataclass(frozen=True)
class Booked:
    """How many answers were new, and how many had been booked before."""

    new: int
    known: int


def read_answers(content: bytes) -> list[Answer]:
    """Read the bank's CSV (UTF-8 or GB 18030; columns in any order). Raises Blocked with a sentence for each line."""
    if len(content) > BYTES_MAX:
        raise blocked(_("The file is too large."), "file")
    rows = _rows(_text(content))
    problems: list[Problem] = []
    answers = []
    for line, row in rows:
        try:
            answers.append(_answer(line, row))
        except ValueError as error:
            problems.append(Problem(_("Line %(line)s: %(problem)s") % {"line": line, "problem": error}, "file"))
    problems += _doubles(answers)
    if problems:
        raise Blocked(problems[:PROBLEMS_SHOWN])
    if not answers:
        raise blocked(_("The file holds no line."), "file")
    return answers


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise blocked(_("The file is no CSV text."), "file")


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise blocked(_("The file is no CSV text."), "file") from error
    if len(lines) > ROWS_MAX + 1:
        raise blocked(_("The file has more than %(rows)s lines.") % {"rows": ROWS_MAX}, "file")
    names = [NAMES.get(half_width(cell).lower(), "") for cell in lines[0]] if lines else []
    missing = [name for name in COLUMNS if names.count(name) != 1]
    if missing:
        raise blocked(_("The file needs the columns 支付编号, 结果, 退票代码, 日期 and 流水号, each once."), "file")
    return [
        (number, {name: cell for name, cell in zip(names, cells, strict=False) if name})
        for number, cells in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]


def _answer(line: int, row: dict[str, str]) -> Answer:
    """Raises ValueError with a sentence."""
    cells = {name: compact(row.get(name, "")) for name in COLUMNS}
    number, result = cells["payment"], cells["result"].lower()
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise ValueError(_("the payment number is no number."))
    if result not in CREDITED_WORDS | RETURNED_WORDS:
        raise ValueError(_("the result must be 成功 or 退票."))
    code = CODE_WORDS.get(cells["code"], "") if result in RETURNED_WORDS else ""
    if result in RETURNED_WORDS and not code:
        raise ValueError(_("the return code is missing or unknown."))
    if not 0 < len(cells["reference"]) <= REFERENCE_MAX:
        raise ValueError(_("the bank reference is missing or too long."))
    return Answer(line, int(number), result in CREDITED_WORDS, code, _day(cells["date"]), cells["reference"])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError:
        raise ValueError(_("the day must look like 2014-07-31.")) from None


def _doubles(answers: Sequence[Answer]) -> list[Problem]:
    payments = Counter(answer.payment_id for answer in answers)
    references = Counter(answer.bank_reference for answer in answers)
    return [
        Problem(_("Line %(line)s: payment or bank reference stands there twice.") % {"line": answer.line}, "file")
        for answer in answers
        if payments[answer.payment_id] > 1 or references[answer.bank_reference] > 1
    ]


@transaction.atomic
def book_answers(
    *, batch_id: int, answers: Sequence[Answer], booked_by: User, booked_at: datetime
) -> Booked:  # fmt: skip
    """Book what the bank answered: all lines or, when one is wrong, none. What was booked before is left alone.

    A credited payment raises its budget's `paid` in the same transaction. Raises Blocked (a sentence for each line),
    NotAllowed.
    """
    batch = lock_batch(batch_id)
    require_county_post(booked_by, Verb.CONFIRM_SUBSIDY, batch.programme, on=day_of(booked_at))
    require_another_person(batch, booked_by, side=MAKING)
    payments = _payments(batch, answers)
    known = {result.payment_id: result for result in PaymentResult.objects.filter(payment__in=payments)}
    references = {answer.bank_reference for answer in answers}
    taken = dict(
        PaymentResult.objects.filter(bank_reference__in=references).values_list("bank_reference", "payment_id")
    )
    on = day_of(booked_at)
    problems = [
        Problem(_("Line %(line)s: %(problem)s") % {"line": answer.line, "problem": sentence}, "file")
        for answer in answers
        for sentence in [_objection(answer, payments.get(answer.payment_id), known, taken, on)]
        if sentence
    ]
    if problems:
        raise Blocked(problems[:PROBLEMS_SHOWN])
    new = [answer for answer in answers if answer.payment_id not in known]
    _book(new, booked_by, booked_at)
    reconcile_if_done(batch)
    if new:
        record(action=Action.CHANGED, actor=booked_by, at=booked_at, subject=batch, detail={"results": len(new)})
    return Booked(new=len(new), known=len(answers) - len(new))


def _payments(batch: SubsidyBatch, answers: Sequence[Answer]) -> dict[int, Payment]:
    payments = Payment.objects.filter(batch=batch, pk__in=[answer.payment_id for answer in answers])
    return {payment.pk: payment for payment in payments.select_related("file")}


def _objection(
    answer: Answer,
    payment: Payment | None,
    known: dict[int, PaymentResult],
    taken: dict[str, int],
    on: date,
) -> str:
    if payment is None:
        return _("this batch has no such payment.")
    if taken.get(answer.bank_reference, payment.pk) != payment.pk:
        return _("this bank reference belongs to another payment.")
    earlier = known.get(payment.pk)
    if earlier is not None:
        same = (earlier.is_credited, earlier.code, earlier.value_date, earlier.bank_reference) == (
            answer.is_credited, answer.code, answer.value_date, answer.bank_reference,
        )  # fmt: skip
        return "" if same else _("the bank answered otherwise before; nothing is overwritten.")
    if payment.state != PaymentState.SENT or payment.file is None or payment.file.sent_on is None:
        return _("this payment was not sent.")
    if not payment.file.sent_on <= answer.value_date <= on:
        return _("the day must lie between the sending and today.")
    return ""


def _book(answers: Sequence[Answer], by: User, at: datetime) -> None:
    PaymentResult.objects.bulk_create(
        [
            PaymentResult(
                payment_id=answer.payment_id,
                is_credited=answer.is_credited,
                code=answer.code,
                value_date=answer.value_date,
                bank_reference=answer.bank_reference,
                recorded_by=by,
                recorded_at=at,
            )
            for answer in answers
        ],
        batch_size=1000,
    )
    credited = Payment.objects.filter(pk__in=[answer.payment_id for answer in answers if answer.is_credited])
    returned = Payment.objects.filter(pk__in=[answer.payment_id for answer in answers if not answer.is_credited])
    sums = credited.values("budget").annotate(total=Sum("amount")).order_by("budget")
    for budget_id, total in list(sums.values_list("budget", "total")):
        enough = SubsidyBudget.objects.filter(pk=budget_id, due__gte=F("paid") + total)
        if not enough.update(paid=F("paid") + total):
            raise blocked(_("More would be paid from a budget than is due. Please tell the administrator."))
    credited.update(state=PaymentState.CREDITED)
    returned.update(state=PaymentState.RETURNED)
