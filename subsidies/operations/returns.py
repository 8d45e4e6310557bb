"""What the bank answers on its payments: read from a file, looked at, then booked all or nothing, and never twice."""

import hashlib
import io
from collections.abc import Iterable, Sequence
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
from subsidies.choices import PaymentState, ReturnFault, ReturnFileState, ReturnOutcome
from subsidies.models import Payment, PaymentResult, ReturnFile, ReturnLine, SubsidyBatch
from subsidies.operations.entitled import MAKING, require_another_person, require_county_post
from subsidies.operations.errors import Blocked, blocked
from subsidies.operations.payments import lock_batch, reconcile_if_done
from subsidies.queries.return_files import COLUMNS, Facts, Reading, facts_for, judge, line_of, reading_of
from web.clock import day_of
from web.spreadsheets import read_rows

PROBLEMS_SHOWN = 50
ROWS_AT_ONCE = 1000
NAME_LENGTH_MAX = 200


@dataclass(frozen=True)
class Answer:
    """One line of the bank's answer. `code` is empty for a credited payment; `line` is its row in the file."""

    line: int
    payment_id: int
    is_credited: bool
    code: str
    value_date: date
    bank_reference: str

    @property
    def reading(self) -> Reading:
        return Reading(self.payment_id, self.is_credited, self.code, self.value_date, self.bank_reference)


@dataclass(frozen=True)
class Booked:
    """How many answers were new, and how many had been booked before."""

    new: int
    known: int


def take_in_answers(
    *, batch_id: int, content: bytes, file_name: str, uploaded_by: User, uploaded_at: datetime
) -> ReturnFile:
    """Read the bank's workbook or CSV and keep its rows, each compared with our payments. Nothing is booked yet.

    A file that was booked before is found again; one that was only read is read anew. Raises NotAllowed, and
    web.spreadsheets.Unreadable with a sentence for every file that is no table.
    """
    # Before the lock: the program that opens the file may take half a minute.
    read = [line_of(row) for row in read_rows(io.BytesIO(content), COLUMNS)]
    return _keep(batch_id, read, content, file_name, uploaded_by, uploaded_at)


@transaction.atomic
def _keep(
    batch_id: int, read: Sequence[tuple], content: bytes, file_name: str, user: User, at: datetime
) -> ReturnFile:  # fmt: skip
    batch = _lock(batch_id, user, at)
    sha256 = hashlib.sha256(content).hexdigest()
    same = ReturnFile.objects.filter(batch=batch, sha256=sha256).exclude(state=ReturnFileState.DISCARDED)
    found = same.first()
    if found is not None and found.state == ReturnFileState.BOOKED:
        return found
    same.update(state=ReturnFileState.DISCARDED)
    file = ReturnFile.objects.create(
        batch=batch, file_name=file_name[-NAME_LENGTH_MAX:], sha256=sha256, uploaded_by=user, uploaded_at=at
    )
    lines = judge(batch, read, on=day_of(at))
    for line in lines:
        line.file = file
    ReturnLine.objects.bulk_create(lines, batch_size=ROWS_AT_ONCE)
    record(action=Action.CREATED, actor=user, at=at, subject=file, detail={"lines": len(lines)})
    return file


@transaction.atomic
def book_return_file(*, file_id: int, booked_by: User, booked_at: datetime) -> Booked:
    """Book the rows of a file that was read, all of them or none. Booked again, nothing more happens.

    Raises Blocked (a sentence for each row), NotAllowed.
    """
    file = ReturnFile.objects.get(pk=file_id)
    batch = _lock(file.batch_id, booked_by, booked_at)
    file.refresh_from_db()
    lines = list(ReturnLine.objects.filter(file=file).order_by("row_number"))
    if file.state == ReturnFileState.BOOKED:
        return Booked(new=0, known=len(lines))
    if file.state == ReturnFileState.DISCARDED:
        raise blocked(_("This file was discarded. Please upload it again."))
    if any(line.outcome == ReturnOutcome.FAULTY for line in lines):
        raise blocked(_("Rows of this file are not in order: nothing is booked. Please have the bank correct it."))
    booked = _book_answers(batch, [_answer(line) for line in lines], booked_by, booked_at)
    file.state, file.booked_by, file.booked_at = ReturnFileState.BOOKED, booked_by, booked_at
    file.save(update_fields=["state", "booked_by", "booked_at"])
    return booked


def _answer(line: ReturnLine) -> Answer:
    reading = reading_of(line)
    return Answer(
        line.row_number,
        reading.payment_id,
        reading.is_credited,
        reading.code,
        reading.value_date,
        reading.bank_reference,
    )


@transaction.atomic
def discard_return_file(*, file_id: int, discarded_by: User, discarded_at: datetime) -> None:
    """Give up a file that was not booked. Raises Blocked, NotAllowed."""
    file = ReturnFile.objects.get(pk=file_id)
    _lock(file.batch_id, discarded_by, discarded_at)
    file.refresh_from_db()
    if file.state == ReturnFileState.DISCARDED:
        return
    if file.state == ReturnFileState.BOOKED:
        raise blocked(_("This file is booked: it cannot be discarded."))
    file.state = ReturnFileState.DISCARDED
    file.save(update_fields=["state"])
    record(action=Action.CLOSED, actor=discarded_by, at=discarded_at, subject=file)


def _lock(batch_id: int, user: User, at: datetime) -> SubsidyBatch:
    batch = lock_batch(batch_id)
    require_county_post(user, Verb.CONFIRM_SUBSIDY, batch.programme, on=day_of(at))
    require_another_person(batch, user, side=MAKING)
    return batch


@transaction.atomic
def book_answers(
    *, batch_id: int, answers: Sequence[Answer], booked_by: User, booked_at: datetime
) -> Booked:  # fmt: skip
    """Book what the bank answered: all lines or, when one is wrong, none. What was booked before is left alone.

    A credited payment raises its budget's `paid` in the same transaction. Raises Blocked (a sentence for each line),
    NotAllowed.
    """
    return _book_answers(_lock(batch_id, booked_by, booked_at), answers, booked_by, booked_at)


def _book_answers(batch: SubsidyBatch, answers: Sequence[Answer], by: User, at: datetime) -> Booked:
    facts = facts_for(
        batch,
        payment_ids=(answer.payment_id for answer in answers),
        references=(answer.bank_reference for answer in answers),
        on=day_of(at),
    )
    problems = list(_problems(answers, facts))
    if problems:
        raise Blocked(problems[:PROBLEMS_SHOWN])
    new = [answer for answer in answers if answer.payment_id not in facts.known]
    _book(new, by, at)
    reconcile_if_done(batch)
    if new:
        record(action=Action.CHANGED, actor=by, at=at, subject=batch, detail={"results": len(new)})
    return Booked(new=len(new), known=len(answers) - len(new))


def _problems(answers: Sequence[Answer], facts: Facts) -> Iterable[Problem]:
    payments, references = set[int](), set[str]()
    for answer in answers:
        is_double = answer.payment_id in payments or answer.bank_reference in references
        payments.add(answer.payment_id)
        references.add(answer.bank_reference)
        fault = ReturnFault.TWICE if is_double else facts.fault_of(answer.reading)
        if fault:
            sentence = ReturnFault(fault).label
            yield Problem(_("Row %(row)s: %(problem)s") % {"row": answer.line, "problem": sentence}, "file")


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
        batch_size=ROWS_AT_ONCE,
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
