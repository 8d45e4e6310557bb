"""Two officers at one loan at once: booked once, reversed once, never more repaid than is owed."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from loans.choices import EntryKind, LoanState
from loans.models import Loan, LoanStanding
from loans.operations.standings import refresh_due_standings
from loans.queries.ledger import account_of
from tests.factories.county import County, build_county
from tests.factories.loans import store_jianchuan
from tests.loans.servicing import LoanStory
from tests.loans.test_races import at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story(transactional_db: None) -> LoanStory:
    county: County = build_county()
    store_jianchuan()
    return LoanStory(county)


@pytest.mark.parametrize("turn", range(3))
def test_two_officers_who_book_at_once_never_book_more_than_is_owed(story, turn):
    on = story.days(30)
    results = at_once(*(lambda: story.repay(30000, on=on, reference=f"HK-{uuid4()}") for _officer in range(2)))
    assert kinds(results) == {"Loan": 1, "Blocked": 1}
    assert account_of(story.loan, on=on).outstanding == 20000


@pytest.mark.parametrize("turn", range(3))
def test_one_payment_booked_by_two_officers_at_once_stands_once(story, turn):
    on = story.days(30)
    results = at_once(*(lambda: story.repay(50000, on=on, reference="HK-1") for _officer in range(2)))
    assert kinds(results) == {"Loan": 2}
    assert story.loan.entries.filter(kind=EntryKind.PRINCIPAL).count() == 1
    assert Loan.objects.get().state == LoanState.SETTLED


@pytest.mark.parametrize("turn", range(3))
def test_reversed_by_two_at_once_an_entry_is_reversed_once(story, turn):
    on = story.days(30)
    story.repay(1000, on=on)
    paid = story.entry(EntryKind.PRINCIPAL)
    results = at_once(*(lambda: story.reverse(paid, on=on) for _officer in range(2)))
    assert kinds(results) == {"Loan": 2}
    assert story.loan.entries.filter(kind=EntryKind.REVERSAL).count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_the_nightly_work_does_not_undo_what_is_booked_at_the_same_time(story, turn):
    night = story.due + timedelta(days=1)
    refresh = lambda: refresh_due_standings(on=night)  # noqa: E731  # two acts side by side
    at_once(refresh, lambda: story.repay(50000, on=night, interest=Decimal(3000)), refresh)
    refresh_due_standings(on=night)
    account = account_of(story.loan, on=night)
    assert LoanStanding.objects.get().overdue_since == account.overdue_since


def test_written_off_and_repaid_at_once_a_loan_ends_once(story):
    on = story.due + timedelta(days=400)
    proposal = story.propose_write_off(on=on)
    results = at_once(
        lambda: story.repay(50000, on=on),
        lambda: story.decide_write_off(proposal, on=on),
    )
    # Whoever came first ended it: the repayment, or the decision to write it off.
    ended = kinds(results)
    assert ended.pop("Blocked") == 1
    assert dict(ended) in ({"Loan": 1}, {"WriteOffRequest": 1})
    assert account_of(story.loan, on=on).outstanding == 0
