"""Two people at once, on real transactions: exactly one wins, nothing is taken twice, nobody overdraws."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from loans import operations
from loans.choices import Outcome, StepCode
from loans.models import Application, ApplicationDecision, Loan, LoanEntry, Quota, SubsidyBudget
from loans.steps.facts import FilingFacts
from tests.factories.county import County, build_county
from tests.factories.loans import CaseFactory, review_facts, store_jianchuan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> County:
    county = build_county()
    store_jianchuan()
    return county


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together; return each result or the exception it raised."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            gate.wait()
            return act()
        except (operations.Blocked, operations.Conflict, operations.NotAllowed) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def kinds(results: list[object]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


@pytest.mark.parametrize("turn", range(6))
def test_of_two_secretaries_who_decide_at_once_exactly_one_wins(office, turn):
    story = CaseFactory(office)
    case = story.at(StepCode.BRANCH_REVIEW)
    moment = story.moment + timedelta(hours=1)

    def decide(outcome, user):
        return lambda: operations.decide(
            application_id=case.pk,
            step=StepCode.BRANCH_REVIEW,
            outcome=outcome,
            decided_by=user,
            decided_at=moment,
            revision=case.revision,
            facts=review_facts(story.day),
            reason="见会议记录。",
        )

    village = office.yangcen.village
    results = at_once(decide(Outcome.PASS, village.secretary), decide(Outcome.PASS, village.general_secretary))
    assert kinds(results) == {"ApplicationDecision": 1, "Conflict": 1}
    assert ApplicationDecision.objects.filter(application=case, step=StepCode.BRANCH_REVIEW).count() == 1


def test_filings_racing_for_one_quota_never_overdraw_it(office):
    villages = office.yangcen.villages
    people = [person for village in villages for person in village.people[::2]][:8]
    stories = [_story_at_filing(office, person) for person in people]
    Quota.objects.filter(version__code="2014", township=office.yangcen.division).update(total=Decimal(150000))
    results = at_once(*[_filing(office, story) for story in stories])
    assert kinds(results) == {"ApplicationDecision": 3, "Blocked": len(stories) - 3}
    assert Quota.objects.get(version__code="2014", township=office.yangcen.division).used == 150000


def _story_at_filing(office, person):
    village = next(v for v in office.yangcen.villages if v.division == person.division)
    story = CaseFactory(office, person=person, village=village)
    story.at(StepCode.COMMITTEE_FILING)
    return story


def _filing(office, story):
    case = story.case
    moment = story.moment + timedelta(days=1)
    return lambda: operations.decide(
        application_id=case.pk,
        step=StepCode.COMMITTEE_FILING,
        outcome=Outcome.PASS,
        decided_by=office.yangcen.committee_officer,
        decided_at=moment,
        revision=case.revision,
        facts=FilingFacts(story.day),
    )


def test_confirmations_racing_for_one_budget_never_overdraw_it(office):
    people = office.yangcen.village.people[::2][:5]
    stories = [CaseFactory(office, person=person) for person in people]
    for story in stories:
        story.at(StepCode.SUBSIDY_CONFIRMATION)
    SubsidyBudget.objects.filter(version__code="2014").update(appropriated=Decimal(3000))
    results = at_once(*[_confirmation(office, story) for story in stories])
    assert kinds(results) == {"ApplicationDecision": 2, "Blocked": 3}
    assert SubsidyBudget.objects.get(version__code="2014").reserved == 3000


def _confirmation(office, story):
    case, moment = story.case, story.moment + timedelta(days=1)
    return lambda: operations.decide(
        application_id=case.pk,
        step=StepCode.SUBSIDY_CONFIRMATION,
        outcome=Outcome.CONFIRM,
        decided_by=office.finance_officer,
        decided_at=moment,
        revision=case.revision,
    )


def test_a_form_posted_ten_times_at_once_is_one_application(office):
    story = CaseFactory(office)
    request_id = uuid4()

    def create():
        return operations.create_application(
            data=story.data, request_id=request_id, created_by=office.yangcen.clerk, created_at=story.moment
        )

    results = at_once(*[create] * 10)
    assert kinds(results) == {"Application": 10}
    assert len({case.pk for case in results}) == 1
    assert Application.objects.count() == 1


def test_two_officers_paying_out_at_once_pay_once(office):
    story = CaseFactory(office)
    case = story.at(StepCode.DISBURSEMENT)
    moment = story.moment + timedelta(days=1)

    def pay(number):
        facts = story.payout(Decimal(50000), contract_number=f"HT-{number}", bank_reference=f"FK-{number}")
        return lambda: operations.decide(
            application_id=case.pk,
            step=StepCode.DISBURSEMENT,
            outcome=Outcome.DISBURSE,
            decided_by=office.yangcen.credit_officer,
            decided_at=moment,
            revision=case.revision,
            facts=facts,
        )

    results = at_once(pay(1), pay(2))
    assert kinds(results) == {"ApplicationDecision": 1, "Conflict": 1}
    assert Loan.objects.count() == LoanEntry.objects.count() == 1


def test_two_repayments_at_once_never_repay_more_than_is_owed(office):
    story = CaseFactory(office)
    loan = story.lent().loan
    moment = story.moment + timedelta(days=5)

    def repay(number):
        return lambda: operations.record_repayment(
            loan_id=loan.pk,
            repayment=operations.Repayment(Decimal(30000), Decimal(0), loan.start_date, f"HK-{number}"),
            recorded_by=office.yangcen.credit_officer,
            recorded_at=moment,
        )

    assert kinds(at_once(repay(1), repay(2))) == {"Loan": 1, "Blocked": 1}
