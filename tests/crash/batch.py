"""The subsidy batch, and two naive ways to write one, in which the harness must find the bug."""

from datetime import date, datetime
from functools import partial

from django.db import connection

from accounts.choices import Role
from loans.choices import EntryKind
from loans.models import ArrearsSpell, LoanStanding, Programme
from subsidies.choices import BatchState
from subsidies.models import InputSegment, SubsidyBatch, SubsidyLine
from subsidies.operations import batches
from subsidies.operations.batches import create_batch, prepare_batch
from subsidies.operations.computing import compute_batch
from tests.crash.subject import Subject, Unfinished, holder
from tests.factories.county import build_county
from tests.factories.lending import Order, lend
from tests.factories.loans import store_jianchuan
from tests.subsidies.world import AUTUMN, WINTER, book, close, compute, noon_of, pay_interest, readable_amount

LOANS = 12
LOANS_A_CHUNK = 3
BEGIN = noon_of(date(2014, 1, 5))


def build_batch() -> None:
    """Twelve loans in four ranges, a closed quarter before, and entries that came late: lines and differences."""
    batches.LOANS_A_CHUNK = LOANS_A_CHUNK
    county = build_county()
    store_jianchuan()
    orders = [Order(county.yangcen.village, "30000", date(2013, 8, 1 + n), reserved="1") for n in range(LOANS)]
    loans = lend(*orders)
    for loan in loans:
        pay_interest(loan, ("300.00", date(2013, 9, 20)))
    close(compute(county, AUTUMN, at=noon_of(date(2013, 9, 25))))
    for loan in loans[::4]:
        book(loan, EntryKind.PRINCIPAL, "10000", date(2013, 9, 15), known=date(2013, 10, 8))
    ArrearsSpell.objects.all().delete()  # and the standings are to be reckoned by the work itself
    LoanStanding.objects.all().delete()


def run_batch(moment: datetime) -> None:
    """What `manage.py subsidy_batch --compute` does: open, prepare, compute."""
    batches.LOANS_A_CHUNK = LOANS_A_CHUNK
    officer = holder(Role.FINANCE_OFFICER)
    batch = create_batch(
        programme=Programme.objects.get(code="jianchuan"),
        first_day=WINTER[0],
        last_day=WINTER[1],
        created_by=officer,
        created_at=moment,
    )
    if batch.computed_at is None:
        prepare_batch(batch_id=batch.pk, by=officer, at=moment)
        batch = compute_batch(batch_id=batch.pk, now=lambda: moment, progress=lambda done, total: None)
    if batch.state != BatchState.COMPUTED:
        raise Unfinished


def violations_of_batch() -> list[str]:
    """One batch, each range done, each loan's line once and as the readable form says."""
    batch = SubsidyBatch.objects.get(last_day=WINTER[1])
    said = [f"range {chunk} is not done" for chunk in batch.chunks.filter(done_at=None)]
    for loan_id in InputSegment.objects.filter(batch=batch).values_list("loan", flat=True).distinct():
        lines = SubsidyLine.objects.filter(batch=batch, loan=loan_id, kind="ordinary").select_related("loan__version")
        if len(lines) != 1:
            said.append(f"loan {loan_id} has {len(lines)} lines")
        said += [f"line {line} is wrong" for line in lines if line.amount != readable_amount(batch, line.loan)]
    if not batch.lines.filter(kind="difference").exists():
        said.append("the entries that came late made no difference")
    return said


def build_naive_batch() -> None:
    """The same, with the batch opened and the unique key taken away: only the program's care is left."""
    build_batch()
    create_batch(
        programme=Programme.objects.get(code="jianchuan"),
        first_day=WINTER[0],
        last_day=WINTER[1],
        created_by=holder(Role.FINANCE_OFFICER),
        created_at=BEGIN,
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_ordinary_line_per_period_and_loan")


def run_naively(moment: datetime, *, notes_first: bool) -> None:
    """Write the lines as somebody in a hurry would: loan by loan, and how far he is in a statement of its own.

    Killed in between, a line is written twice when it is noted afterwards, and never when it is noted first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, revision FROM subsidies_subsidybatch WHERE last_day = %s", [WINTER[1]])
        batch_id, done = cursor.fetchone()
        cursor.execute("SELECT id FROM loans_loan ORDER BY id OFFSET %s", [done])
        for (loan_id,) in cursor.fetchall():
            values = {"batch": batch_id, "loan": loan_id, "first": WINTER[0], "last": WINTER[1]}
            for statement in (_NOTE, _NAIVE_LINE) if notes_first else (_NAIVE_LINE, _NOTE):
                cursor.execute(statement, values)


_NOTE = "UPDATE subsidies_subsidybatch SET revision = revision + 1 WHERE id = %(batch)s"
_NAIVE_LINE = """
INSERT INTO subsidies_subsidyline (batch_id, loan_id, kind, first_day, last_day, budget_id, days, base,
                                   rate_percent, interest_paid, amount, status, reason)
SELECT %(batch)s, l.id, 'ordinary', %(first)s, %(last)s, a.budget_id, 91, l.principal, 5, 0, 100,
       'eligible', ''
FROM loans_loan l JOIN loans_application a ON a.id = l.application_id WHERE l.id = %(loan)s
"""


BATCH = Subject("subsidy_batch", build_batch, run_batch, BEGIN, violations_of_batch)
DOUBLING = Subject("batch_that_doubles", build_naive_batch, partial(run_naively, notes_first=False), BEGIN)
LOSING = Subject("batch_that_loses", build_naive_batch, partial(run_naively, notes_first=True), BEGIN)
