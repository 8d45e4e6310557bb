"""Bank statements: taking one in, booking its lines one by one, giving it up, and clarifying what differs."""

import hashlib
import io
import logging
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from finance.money import ZERO
from jobs.models import Job
from jobs.operations import start_job
from loans.choices import LineFault, LineKind, LineOutcome, StatementState
from loans.models import Loan, LoanEntry, StatementImport, StatementLine
from loans.operations.errors import Blocked, NotAllowed
from loans.operations.servicing import Repayment, record_repayment, reverse
from loans.queries.statement_files import COLUMNS, line_of
from loans.queries.statements import difference_of, effective_entries, judge
from loans.steps.facts import Problem
from organizations.models import Organization
from organizations.scope import scope_of
from web.clock import day_of
from web.spreadsheets import read_rows

logger = logging.getLogger(__name__)

BOOK_STATEMENT = "bank_statement"
LINES_AT_ONCE = 500
LOANS_AT_ONCE = 200
# What has not become an entry and may become one when the ledger has changed.
UNBOOKED = (LineOutcome.NEW, LineOutcome.KNOWN, LineOutcome.ALTERED, LineOutcome.UNKNOWN, LineOutcome.REFUSED)


@dataclass(frozen=True)
class TakenIn:
    """A statement, and whether this upload brought it: the same file again finds the first."""

    statement: StatementImport
    is_new: bool


def take_in_statement(
    *, content: bytes, file_name: str, outlet: Organization, uploaded_by: User, uploaded_at: datetime
) -> TakenIn:
    """Read a bank's file and keep its lines, each compared with the ledger. Nothing is booked yet.

    Raises NotAllowed, and web.spreadsheets.Unreadable with a sentence for every file that is no table.
    """
    demand_post(outlet, uploaded_by, uploaded_at)
    sha256 = hashlib.sha256(content).hexdigest()
    same = StatementImport.objects.exclude(state=StatementState.DISCARDED).filter(outlet=outlet, sha256=sha256)
    if found := same.first():
        return TakenIn(found, is_new=False)
    lines = [line_of(row, on=day_of(uploaded_at)) for row in read_rows(io.BytesIO(content), COLUMNS)]
    judge(lines, scope=scope_of(outlet))
    statement = StatementImport(
        outlet=outlet,
        outlet_path=outlet.path,
        file_name=file_name[-200:],
        sha256=sha256,
        uploaded_by=uploaded_by,
        uploaded_at=uploaded_at,
    )
    try:
        _keep(statement, lines)
    except IntegrityError as error:
        if "statement_is_taken_in_once" not in str(error):
            raise
        return TakenIn(same.get(), is_new=False)
    return TakenIn(statement, is_new=True)


@transaction.atomic
def _keep(statement: StatementImport, lines: Sequence[StatementLine]) -> None:
    statement.save()
    for line in lines:
        line.statement = statement
    StatementLine.objects.bulk_create(lines, batch_size=LINES_AT_ONCE)
    _note(Action.CREATED, statement, statement.uploaded_by, statement.uploaded_at, lines=len(lines))


@transaction.atomic
def post_statement(*, statement_id: int, posted_by: User, posted_at: datetime) -> Job:
    """Let a job book the new lines of a statement. A second click gives the same job, unless that job failed.

    Raises NotAllowed, and Blocked for a statement that was given up or has nothing to book.
    """
    statement = _locked(statement_id)
    demand_post(statement.outlet, posted_by, posted_at)
    if statement.state in (StatementState.POSTING, StatementState.POSTED) and not statement.is_stuck:
        assert statement.job is not None  # the constraint says so
        return statement.job
    is_waiting = statement.state == StatementState.READ and statement.lines.filter(outcome=LineOutcome.NEW).exists()
    if not is_waiting and not statement.is_stuck:
        raise Blocked([Problem(_("There is nothing to book."))])
    statement.job = start_job(
        kind=BOOK_STATEMENT,
        title=_("Booking of the bank statement %(name)s") % {"name": statement.file_name},
        owner=posted_by,
        arguments={"statement_id": statement.pk},
        at=posted_at,
        request_id=uuid.uuid4(),
    )
    statement.state = StatementState.POSTING
    statement.save(update_fields=["job", "state"])
    _note(Action.DECIDED, statement, posted_by, posted_at, state=statement.state)
    return statement.job


@transaction.atomic
def discard_statement(*, statement_id: int, discarded_by: User, discarded_at: datetime) -> None:
    """Give up a statement of which nothing was booked. The same file may be uploaded again afterwards."""
    statement = _locked(statement_id)
    demand_post(statement.outlet, discarded_by, discarded_at)
    if statement.state == StatementState.DISCARDED:
        return
    if statement.state != StatementState.READ or statement.lines.filter(outcome=LineOutcome.BOOKED).exists():
        raise Blocked([Problem(_("Lines of this statement are booked: it cannot be discarded."))])
    statement.state = StatementState.DISCARDED
    statement.save(update_fields=["state"])
    _note(Action.CLOSED, statement, discarded_by, discarded_at, state=statement.state)


@transaction.atomic
def check_again(*, statement_id: int, checked_by: User, checked_at: datetime) -> None:
    """Compare what is not booked with the ledger as it is now: a contract may have been paid out meanwhile."""
    statement = _locked(statement_id)
    demand_post(statement.outlet, checked_by, checked_at)
    if statement.state not in (StatementState.READ, StatementState.POSTED):
        raise Blocked([Problem(_("The statement is being booked, or was discarded."))])
    # A reversal without its payment is no fault of a cell: the payment may have come meanwhile.
    is_early = Q(outcome=LineOutcome.FAULTY, kind=LineKind.REVERSAL, problems__0__fault=LineFault.NO_SUCH_PAYMENT)
    lines = list(statement.lines.filter(Q(outcome__in=UNBOOKED) | is_early).order_by("row_number"))
    for line in lines:
        line.outcome, line.refusal, line.problems = LineOutcome.NEW, "", []
    judge(lines, scope=scope_of(statement.outlet))
    StatementLine.objects.bulk_update(lines, ["outcome", "problems", "refusal", "loan"], batch_size=LINES_AT_ONCE)
    if statement.state == StatementState.POSTED and any(line.outcome == LineOutcome.NEW for line in lines):
        statement.state, statement.posted_at = StatementState.READ, None
        statement.save(update_fields=["state", "posted_at"])
    _note(Action.CHANGED, statement, checked_by, checked_at, lines=len(lines))


def book_lines(
    *, statement_id: int, booked_by: User, now: Callable[[], datetime], progress: Callable[[int, int], None]
) -> None:
    """Book the new lines, each in a transaction of its own, payments by day and reversals last.

    Killed anywhere and begun again, it goes on with the next line. What the ledger refuses keeps its reason.
    """
    statement = StatementImport.objects.select_related("outlet").get(pk=statement_id)
    waiting = list(
        statement.lines.filter(outcome=LineOutcome.NEW).order_by("value_date", "row_number").values_list("pk", "kind")
    )
    waiting.sort(key=lambda line: line[1] == LineKind.REVERSAL)
    done = statement.lines.filter(outcome__in=(LineOutcome.BOOKED, LineOutcome.REFUSED)).count()
    total = done + len(waiting)
    progress(done, total)
    for line_id, _kind in waiting:
        book_line(line_id=line_id, booked_by=booked_by, booked_at=now())
        done += 1
        progress(done, total)
    touched = Loan.objects.filter(statement_lines__statement=statement).distinct()
    refresh_differences(touched)
    StatementImport.objects.filter(pk=statement_id, state=StatementState.POSTING).update(
        state=StatementState.POSTED, posted_at=now()
    )


def book_line(*, line_id: int, booked_by: User, booked_at: datetime) -> None:
    """Book one line as the bank split it, or keep the reason why not. A line that is no longer new is left alone."""
    try:
        _book(line_id, booked_by, booked_at)
    except Blocked as error:
        _refuse(line_id, " ".join(problem.message for problem in error.problems))
    except NotAllowed as error:
        _refuse(line_id, str(error) or _("This account may not book payments of this loan."))


@transaction.atomic
def _book(line_id: int, booked_by: User, booked_at: datetime) -> None:
    line = StatementLine.objects.select_for_update(of=("self",)).select_related("loan", "statement").get(pk=line_id)
    if line.outcome != LineOutcome.NEW:
        return
    assert line.loan is not None  # judge gave it one
    assert line.value_date is not None
    if line.kind == LineKind.REVERSAL:
        _reverse(line, booked_by, booked_at)
    else:
        record_repayment(
            loan_id=line.loan.pk, repayment=_payment(line), recorded_by=booked_by, recorded_at=booked_at
        )  # fmt: skip
    # Another file brought the same line while this one waited: it is in the ledger, and its line says so.
    is_taken = StatementLine.objects.filter(line_key=line.line_key, outcome=LineOutcome.BOOKED).exists()
    line.outcome = LineOutcome.KNOWN if is_taken else LineOutcome.BOOKED
    line.save(update_fields=["outcome"])


def _refuse(line_id: int, reason: str) -> None:
    StatementLine.objects.filter(pk=line_id, outcome=LineOutcome.NEW).update(
        outcome=LineOutcome.REFUSED, refusal=reason[:500]
    )


def refresh_differences(loans: Iterable[Loan]) -> None:
    """Compare every booked line of these loans with the account as it is now.

    A late or back-dated line changes what was expected of others. A line whose difference changes is to be looked
    into again, whatever was noted about the old one.
    """
    loans = list(loans)
    for begin in range(0, len(loans), LOANS_AT_ONCE):
        _refresh(loans[begin : begin + LOANS_AT_ONCE])


@transaction.atomic
def _refresh(loans: Sequence[Loan]) -> None:
    entries = effective_entries(loans)
    by_key = {loan.pk: loan for loan in loans}
    lines = StatementLine.objects.filter(loan__in=loans, outcome=LineOutcome.BOOKED).exclude(kind=LineKind.REVERSAL)
    changed = []
    for line in lines.select_for_update().order_by("pk"):
        assert line.loan_id is not None
        found = difference_of(by_key[line.loan_id], entries[line.loan_id], line)
        new = (found.principal, found.interest, found.penalty) if found else (ZERO, ZERO, ZERO)
        if new != (line.principal_difference, line.interest_difference, line.penalty_difference):
            changed.append(_with_difference(line, *new))
    fields = [
        "principal_difference", "interest_difference", "penalty_difference", "is_different",
        "clarified_by", "clarified_at", "note",
    ]  # fmt: skip
    StatementLine.objects.bulk_update(changed, fields, batch_size=LINES_AT_ONCE)


def _with_difference(line: StatementLine, principal: Decimal, interest: Decimal, penalty: Decimal) -> StatementLine:
    line.principal_difference, line.interest_difference, line.penalty_difference = principal, interest, penalty
    line.is_different = any((principal, interest, penalty))
    line.clarified_by, line.clarified_at, line.note = None, None, ""
    return line


@transaction.atomic
def clarify_line(*, line_id: int, note: str, clarified_by: User, clarified_at: datetime) -> StatementLine:
    """Note how a difference was clarified. Raises NotAllowed, and Blocked for a line without one."""
    line = (
        StatementLine.objects.select_for_update(of=("self",)).select_related("statement__outlet").get(pk=line_id)
    )  # fmt: skip
    demand_post(line.statement.outlet, clarified_by, clarified_at)
    if not line.is_stray or line.clarified_at is not None:
        raise Blocked([Problem(_("There is nothing to clarify about this line, or somebody has done it."))])
    line.note, line.clarified_by, line.clarified_at = note, clarified_by, clarified_at
    line.save(update_fields=["note", "clarified_by", "clarified_at"])
    record(action=Action.CHANGED, actor=clarified_by, at=clarified_at, subject=line, reason=note)
    return line


def demand_post(outlet: Organization, account: User, at: datetime) -> None:
    """Raise NotAllowed unless the account pays out loans at this counter."""
    account.forget_posts()
    paths = account.scope(Verb.DISBURSE, on=day_of(at)).outlet_paths
    if not outlet.path.startswith(paths):
        raise NotAllowed


def _locked(statement_id: int) -> StatementImport:
    return StatementImport.objects.select_for_update(of=("self",)).select_related("outlet", "job").get(pk=statement_id)


def _note(action: Action, statement: StatementImport, actor: User, at: datetime, **detail: str | int) -> None:
    record(action=action, actor=actor, at=at, subject=statement, detail=dict(detail))


def _payment(line: StatementLine) -> Repayment:
    assert line.value_date is not None
    return Repayment(
        principal=line.principal or ZERO,
        interest=line.interest or ZERO,
        penalty=line.penalty or ZERO,
        value_date=line.value_date,
        bank_reference=line.bank_reference,
    )


def _reverse(line: StatementLine, booked_by: User, booked_at: datetime) -> None:
    """Reverse what the bank took back; the payment of the same file was booked before."""
    booked = LoanEntry.objects.effective().filter(loan=line.loan, bank_reference=line.bank_reference)
    entry = booked.order_by("pk").first()
    if entry is None:
        raise Blocked([Problem(str(LineFault.NO_SUCH_PAYMENT.label))])
    reason = _("Reversed by the bank: %(file)s, row %(row)s") % {
        "file": line.statement.file_name[:200],
        "row": line.row_number,
    }
    reverse(entry_id=entry.pk, reason=reason, reversed_by=booked_by, reversed_at=booked_at)


def refresh_late_differences() -> None:
    """Compare again what was booked by hand, or reversed, after the loan's statement had been booked."""
    late = Loan.objects.filter(
        statement_lines__outcome=LineOutcome.BOOKED,
        entries__recorded_at__gt=F("statement_lines__statement__posted_at"),
    )
    refresh_differences(late.distinct())
