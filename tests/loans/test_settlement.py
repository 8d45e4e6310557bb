"""Repaying and settling: what the ledger says moves the case, and nothing else does."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from accounts.operations import system_user
from finance.daycount import add_months
from finance.money import NotAnAmount
from loans import operations
from loans.choices import LoanState, Outcome, StepCode
from loans.models import LoanEntry
from loans.operations.daily import run_daily_work
from loans.steps.facts import SettlementFacts
from tests.factories.county import NOON
from tests.factories.loans import CaseFactory, four_steps, store_four_steps
from web.clock import day_of
from workflow.engine import State

pytestmark = pytest.mark.usefixtures("invariants_hold")


def repay(office, story, principal, *, day, reference="HK-1", by=None):
    return operations.record_repayment(
        loan_id=story.case.loan.pk,
        repayment=operations.Repayment(Decimal(principal), Decimal(0), day, reference),
        recorded_by=by or office.yangcen.credit_officer,
        recorded_at=story.moment + timedelta(days=60),
    )


def test_the_last_repayment_is_booked_though_the_borrower_has_asked_for_the_next_loan(office):
    story = CaseFactory(office)
    story.lent()
    CaseFactory(office, begin=story.moment).draft()
    story.repay(Decimal(50000))
    assert story.case.step == StepCode.ASSESSMENT


def test_a_case_is_settled_by_its_ledger_not_by_a_decision(office):
    story = CaseFactory(office)
    story.lent()
    with pytest.raises(operations.Blocked):
        story.decide(Outcome.SETTLE, office.yangcen.credit_officer, SettlementFacts(story.day))
    assert story.case.state == State.LENT


def test_without_an_assessment_an_unpaid_loan_does_not_close_its_case(county):
    story = CaseFactory(county, version=store_four_steps(county), person=county.yangcen.village.members[1].person)
    story.lent()
    with pytest.raises(operations.Blocked):
        story.decide(Outcome.SETTLE, county.yangcen.credit_officer, SettlementFacts(story.day))
    assert story.case.state == State.LENT


@pytest.fixture
def by_date(county):
    """A programme of four steps and an assessment six months after paying out, repaid or not."""
    return store_four_steps(
        county,
        assessment_after_months=6,
        steps=[*four_steps(), four_steps()[-1] | {"code": "assessment", "name": "组织考核"}],
    )


def test_a_version_may_assess_by_date_while_the_loan_still_lives(county, by_date):
    story = CaseFactory(county, version=by_date, person=county.yangcen.village.members[1].person)
    loan = story.lent().loan
    day_before = datetime.combine(add_months(loan.start_date, 6), time(23, 30), NOON.tzinfo) - timedelta(days=1)
    assert run_daily_work(at=day_before)["assessments_opened"] == 0
    assert run_daily_work(at=day_before + timedelta(hours=1))["assessments_opened"] == 1
    assert run_daily_work(at=day_before + timedelta(hours=2))["assessments_opened"] == 0
    story.moment = day_before + timedelta(hours=1)
    story.case.refresh_from_db()
    story.assess()
    story.repay(loan.principal)
    loan.refresh_from_db()
    assert (story.case.state, loan.state) == (State.CLOSED, LoanState.SETTLED)


def test_the_calendar_does_not_assess_before_the_day(county, by_date):
    story = CaseFactory(county, version=by_date, person=county.yangcen.village.members[1].person)
    story.lent()
    with pytest.raises(operations.Blocked):
        story.decide(Outcome.DUE, system_user())


def test_a_loan_is_settled_on_the_day_of_its_last_payment_in_whatever_order_they_are_booked(office):
    story = CaseFactory(office)
    loan = story.lent().loan
    late, early = loan.start_date + timedelta(days=40), loan.start_date + timedelta(days=30)
    repay(office, story, 20000, day=late, reference="HK-late")
    repay(office, story, 30000, day=early, reference="HK-early")
    loan.refresh_from_db()
    assert (loan.state, loan.settled_on) == (LoanState.SETTLED, late)


def test_who_may_not_decide_on_a_case_does_not_book_its_repayments_either(office):
    story = CaseFactory(office)
    loan = story.lent().loan
    office.yangcen.credit_officer.person = office.yangcen.village.people[-1]  # the borrower's wife
    office.yangcen.credit_officer.save()
    with pytest.raises(operations.NotAllowed, match=r"户|household"):
        repay(office, story, 1000, day=loan.start_date)
    assert LoanEntry.objects.filter(kind="principal").count() == 0


def test_a_payment_finer_than_a_fen_is_no_payment():
    with pytest.raises(NotAnAmount):
        operations.Repayment(Decimal("0.004"), Decimal(0), NOON.date(), "HK-1")


def test_the_day_of_a_repayment_is_the_countys_not_londons(office):
    story = CaseFactory(office)
    loan = story.lent().loan
    midnight = (story.moment + timedelta(days=1)).replace(hour=0, minute=30)
    assert day_of(midnight) == midnight.date()
    repaid = operations.record_repayment(
        loan_id=loan.pk,
        repayment=operations.Repayment(Decimal(1000), Decimal(0), midnight.date(), "HK-1"),
        recorded_by=office.yangcen.credit_officer,
        recorded_at=midnight,
    )
    assert repaid.entries.get(kind="principal").value_date == midnight.date()
