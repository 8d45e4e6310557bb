"""The demo county's loans: what is kept of each is what its account says."""

import pytest

from finance.money import ZERO
from loans.models import ArrearsSpell, Loan, LoanEntry, LoanStanding
from loans.operations.standings import refresh_due_standings
from loans.queries.ledger import ledger_of
from redcredit.demo.loading import LOAD_DAY

pytestmark = pytest.mark.usefixtures("small_demo", "db")


def test_every_standing_of_the_demo_is_what_the_account_of_its_loan_says():
    refresh_due_standings(on=LOAD_DAY)
    assert refresh_due_standings(on=LOAD_DAY) == 0
    assert LoanStanding.objects.count() == Loan.objects.count() > 0
    for loan in Loan.objects.select_related("standing"):
        account = ledger_of(loan).account(LOAD_DAY)
        standing, spells = loan.standing, ArrearsSpell.objects.filter(loan=loan).values_list("since", "until")
        assert (standing.maturity, standing.overdue_since) == (account.maturity, account.overdue_since)
        assert list(spells) == [(spell.since, spell.until) for spell in account.spells]
        if standing.overdue_since:
            assert (standing.overdue_principal, standing.overdue_interest) == (
                account.overdue_principal,
                account.overdue_interest,
            )


def test_no_loan_of_the_demo_was_ever_repaid_beyond_what_was_owed():
    for loan in Loan.objects.all():
        ledger = ledger_of(loan)
        days = LoanEntry.objects.filter(loan=loan).values_list("value_date", flat=True)
        assert min(ledger.outstanding(day) for day in days) >= ZERO
