"""Bank statements taken in and booked by several hands at once, on real transactions."""

from datetime import date, timedelta

import pytest

from loans.choices import EntryKind, LineOutcome
from loans.models import LoanEntry, StatementImport, StatementLine
from loans.operations.statements import book_lines, post_statement
from tests.factories.county import NOON, County, build_county
from tests.factories.lending import Order, lend
from tests.factories.loans import store_jianchuan
from tests.factories.statements import csv, row_of, take_in
from tests.loans.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2014, 3, 20)


@pytest.fixture
def office(transactional_db: None) -> County:
    county = build_county()
    store_jianchuan()
    return county


@pytest.fixture
def rows(office):
    loans = lend(*[Order(office.yangcen.village, "50000", date(2013, 9, 25)) for _ in range(2)])
    return [row_of(loans[n % 2], f"LS{n}", DAY + timedelta(days=n), principal=100) for n in range(8)]


def booked_amounts():
    return list(LoanEntry.objects.filter(kind=EntryKind.PRINCIPAL).values_list("bank_reference", "amount"))


def test_of_two_who_upload_the_same_file_at_once_one_brings_it(office, rows):
    content = csv(*rows)
    first, second = at_once(*[lambda: take_in(office.yangcen, content)] * 2)
    assert first == second
    assert (StatementImport.objects.count(), StatementLine.objects.count()) == (1, 8)


def test_overlapping_statements_and_two_workers_on_each_book_every_payment_once(office, rows):
    statements = [take_in(office.yangcen, csv(*part)) for part in (rows[:6], rows[2:], rows[::-1])]
    for statement in statements:
        post_statement(statement_id=statement.pk, posted_by=office.yangcen.credit_officer, posted_at=NOON)

    def work(statement):
        officer = type(office.yangcen.credit_officer).objects.get(pk=office.yangcen.credit_officer.pk)
        return lambda: book_lines(
            statement_id=statement.pk, booked_by=officer, now=lambda: NOON, progress=lambda *_: None
        )

    assert at_once(*[work(statement) for statement in statements * 2]) == [None] * 6
    assert sorted(booked_amounts()) == [(f"LS{n}", 100) for n in range(8)]
    outcomes = list(StatementLine.objects.values_list("outcome", flat=True))
    assert (outcomes.count(LineOutcome.BOOKED), outcomes.count(LineOutcome.KNOWN)) == (8, 12)
