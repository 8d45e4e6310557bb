"""A bank statement: taken in, booked line by line by its job, with a reversal, a double and a line nobody knows."""

from datetime import date, datetime
from decimal import Decimal

from accounts.choices import Role
from jobs import operations as jobs
from jobs.models import Job
from loans.choices import RepaymentMethod, StatementState
from loans.models import Loan, LoanEntry, StatementImport
from loans.operations.statements import post_statement, take_in_statement
from tests.crash.subject import Subject, Unfinished, holder
from tests.factories.county import NOON, build_county
from tests.factories.lending import Order, lend
from tests.factories.loans import store_jianchuan
from tests.factories.statements import csv, row_of
from web import clock

START = date(2013, 9, 25)
LOANS = 2


def build_statement() -> None:
    """Two loans that owe their first quarter's interest."""
    county = build_county()
    store_jianchuan()
    lend(*[Order(county.yangcen.village, "50000", START) for _ in range(LOANS)])
    Loan.objects.update(repayment_method=RepaymentMethod.QUARTERLY_INTEREST, day_count="act360")


def _file() -> bytes:
    first, second = Loan.objects.order_by("pk")
    due, later = date(2013, 12, 20), date(2014, 1, 10)
    double = row_of(second, "LS3", due, interest="870.00")
    return csv(
        row_of(first, "LS1", due, interest="870.00"),
        row_of(first, "LS2", later, principal="1000.00"),
        double,
        double,
        row_of(first, "LS2", later, kind="冲正", principal="1000.00"),
        row_of("无此合同", "LS4", due, interest="1.00"),
    )


def run_statement(moment: datetime) -> None:
    """What an officer and then a worker do: upload, book. Nobody is woken here: the work is done at once."""
    jobs.wake = lambda job_id: True
    officer = holder(Role.CREDIT_OFFICER)
    outlet = officer.posts.get().organization
    taken = take_in_statement(
        content=_file(), file_name="回单.csv", outlet=outlet, uploaded_by=officer, uploaded_at=moment
    )
    if taken.statement.state == StatementState.POSTED:
        _finish_what_was_killed(moment)
        return
    job = post_statement(statement_id=taken.statement.pk, posted_by=officer, posted_at=moment)
    with clock.frozen(moment):
        jobs.run_job(job_id=job.pk, now=clock.now)
    job.refresh_from_db()
    if StatementImport.objects.get().state != StatementState.POSTED or job.state != "done":
        raise Unfinished


def _finish_what_was_killed(moment: datetime) -> None:
    """Every row is booked, but the job may have been killed before it said so: the minute's sweep takes it up."""
    with clock.frozen(moment):
        for job in Job.objects.exclude(state="done"):
            jobs.run_job(job_id=job.pk, now=clock.now)
            job.refresh_from_db()
            if job.state != "done":
                raise Unfinished


def violations_of_statement() -> list[str]:
    """The interest of both loans once, the principal taken back."""
    entries = LoanEntry.objects.effective().exclude(kind="disbursement").order_by("loan", "kind")
    found = list(entries.values_list("kind", "amount"))
    wanted = [("interest", Decimal("870.00"))] * LOANS
    return [] if found == wanted else [f"the ledger holds {found}"]


STATEMENT = Subject("bank_statement", build_statement, run_statement, NOON, violations_of_statement)
