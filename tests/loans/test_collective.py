"""Many payments at once: the same rules as for one, all or none, and none that settles its loan."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loans.models import Loan, LoanEntry
from loans.operations import Blocked, NotAllowed, Repayment, record_repayment
from loans.operations.collective import record_repayments
from tests.factories.county import NOON
from tests.factories.lending import Order, lend
from tests.factories.loans import CaseFactory

pytestmark = pytest.mark.usefixtures("invariants_hold")
HAND_WRITTEN = frozenset({"decisions_follow_the_rules"})

DAY = date(2014, 6, 20)


@pytest.fixture
def loans(office) -> list[Loan]:
    village = office.yangcen.village
    return lend(*(Order(village, "50000", date(2014, 3, 25), households=[h]) for h in village.households[:4]))


def pay(interest="100.00", principal="0", *, reference, day=DAY) -> Repayment:
    return Repayment(
        principal=Decimal(principal), interest=Decimal(interest), value_date=day, bank_reference=reference
    )


def each(loans, **payment) -> list[tuple[int, Repayment]]:
    return [(loan.pk, pay(reference=f"HK{loan.pk}", **payment)) for loan in loans]


def book(office, lines, by=None) -> int:
    return record_repayments(lines=lines, recorded_by=by or office.yangcen.credit_officer, recorded_at=NOON)


def test_every_payment_stands_in_its_loans_ledger(office, loans):
    assert book(office, each(loans)) == 4
    assert [loan.entries.get(kind="interest").amount for loan in loans] == [Decimal("100.00")] * 4


def test_the_standing_follows_as_after_a_single_payment(office, loans):
    one, *others = loans
    record_repayment(
        loan_id=one.pk, repayment=pay(reference="HK-1"), recorded_by=office.yangcen.credit_officer, recorded_at=NOON
    )
    book(office, each(others))
    standings = {(s.next_due, s.overdue_since, s.overdue_interest) for s in (x.standing for x in _again(loans))}
    assert len(standings) == 1


def _again(loans) -> list[Loan]:
    return list(Loan.objects.filter(pk__in=[loan.pk for loan in loans]).select_related("standing"))


def test_the_same_lines_again_book_nothing(office, loans):
    book(office, each(loans))
    assert book(office, each(loans)) == 0
    assert LoanEntry.objects.filter(kind="interest").count() == 4


def test_a_reference_booked_with_another_amount_books_nothing_at_all(office, loans):
    book(office, each(loans[:1]))
    with pytest.raises(Blocked):
        book(office, each(loans, interest="101.00"))
    assert LoanEntry.objects.filter(kind="interest").count() == 1


def test_part_of_the_principal_may_be_among_them(office, loans):
    book(office, each(loans, principal="20000"))
    assert LoanEntry.objects.filter(kind="principal").count() == 4


def test_what_would_settle_a_loan_is_refused(office, loans):
    lines = [*each(loans[:1], principal="30000"), (loans[0].pk, pay(principal="20000", reference="HK-2"))]
    with pytest.raises(Blocked, match=loans[0].contract_number):
        book(office, lines)


def test_more_than_was_owed_on_the_day_is_refused(office):
    story = CaseFactory(office, begin=NOON - timedelta(days=200))
    story.lent()
    loan = story.case.loan
    book(office, [(loan.pk, pay(principal="30000", reference="HK-1"))])
    with pytest.raises(Blocked):
        book(office, [(loan.pk, pay(principal="20001", reference="HK-2", day=loan.start_date))])


@pytest.mark.parametrize("day", [date(2014, 3, 24), date(2014, 8, 16)])
def test_a_day_before_the_loan_or_to_come_is_refused(office, loans, day):
    with pytest.raises(Blocked):
        book(office, each(loans, day=day))


@pytest.mark.parametrize("interest", ["0", "-1"])
def test_nothing_and_less_than_nothing_are_refused(office, loans, interest):
    with pytest.raises(Blocked):
        book(office, each(loans, interest=interest))


def test_one_loan_out_of_reach_refuses_all(office, loans):
    (foreign,) = lend(Order(office.townships[1].village, "50000", date(2014, 3, 25)))
    with pytest.raises(NotAllowed):
        book(office, each([*loans, foreign]))
    assert not LoanEntry.objects.filter(kind="interest").exists()


def test_a_borrower_books_nothing_on_his_own_loan(office):
    story = CaseFactory(office, begin=NOON - timedelta(days=200))
    story.lent()
    officer = office.yangcen.credit_officer
    officer.person = story.case.person
    officer.save()
    with pytest.raises(NotAllowed):
        book(office, [(story.case.loan.pk, pay(reference="HK-1"))])


def test_a_loan_that_does_not_exist_is_no_silent_gap(office, loans):
    with pytest.raises(Loan.DoesNotExist):
        book(office, [*each(loans), (0, pay(reference="HK-0"))])


def test_ten_times_as_many_lines_need_no_more_statements(office, loans):
    with CaptureQueriesContext(connection) as few:
        book(office, each(loans[:1]))
    with CaptureQueriesContext(connection) as many:
        book(office, [(loan.pk, pay(reference=f"ZZ{loan.pk}")) for loan in loans])
    assert len(many) <= len(few)
