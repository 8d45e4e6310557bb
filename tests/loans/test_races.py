"""Two people at once, on real transactions: exactly one wins, nothing is taken twice, nobody overdraws."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from functools import partial
from time import sleep
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from accounts.operations import dismiss, set_active
from loans import operations
from loans.choices import Outcome, StepCode
from loans.models import Application, ApplicationDecision, Loan, LoanEntry, Quota, SubsidyBudget
from loans.operations.decisions import lock_application
from loans.steps.facts import FilingFacts
from organizations.models import Organization
from organizations.operations import Refused
from tests.factories.county import County, build_county
from tests.factories.loans import CaseFactory, review_facts, store_jianchuan
from tests.races import race

REFUSALS = (operations.Blocked, operations.Conflict, operations.NotAllowed, OperationalError, Refused)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> County:
    county = build_county()
    store_jianchuan()
    return county


at_once = partial(race, REFUSALS)


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


def deciding(office, story, outcome, user, **values):
    case = story.case
    return lambda: operations.decide(
        application_id=case.pk,
        step=case.step,
        outcome=outcome,
        decided_by=user,
        decided_at=story.moment,
        revision=case.revision,
        **values,
    )


def test_a_case_is_either_withdrawn_or_confirmed(office):
    story = CaseFactory(office)
    story.at(StepCode.SUBSIDY_CONFIRMATION)
    results = at_once(
        deciding(office, story, Outcome.WITHDRAW, office.yangcen.clerk, reason="申请人不再需要。"),
        deciding(office, story, Outcome.CONFIRM, office.finance_officer),
    )
    assert kinds(results) == {"ApplicationDecision": 1, "Conflict": 1}
    case = Application.objects.get()
    assert SubsidyBudget.objects.get(version__code="2014").reserved == case.subsidy_reserved
    assert Quota.objects.get(version__code="2014", township=office.yangcen.division).used == case.quota_amount


def editing(office, story, **changes):
    data = CaseFactory(office, **changes).data
    return lambda: operations.edit_application(
        application_id=story.case.pk,
        data=data,
        revision=story.case.revision,
        edited_by=office.yangcen.village.clerk,
        edited_at=story.moment,
    )


def test_what_is_submitted_is_what_the_clerk_saw(office):
    story = CaseFactory(office)
    story.draft()
    results = at_once(
        editing(office, story, amount="90000"), deciding(office, story, Outcome.SUBMIT, office.yangcen.clerk)
    )
    assert kinds(results)["Conflict"] == 1
    case = Application.objects.get()
    assert (case.step, case.amount_asked) in {(StepCode.INTAKE, 90000), (StepCode.REFERRAL, 50000)}


def test_two_cases_do_not_get_one_contract_number(office):
    stories = [CaseFactory(office, person=person) for person in office.yangcen.village.people[-2:-5:-2]]
    for story in stories:
        story.at(StepCode.DISBURSEMENT)
    facts = [
        story.payout(Decimal(50000), contract_number="HT-1", bank_reference=f"FK-{number}", start_date=story.day)
        for number, story in enumerate(stories)
    ]
    acts = [
        deciding(office, story, Outcome.DISBURSE, office.yangcen.credit_officer, facts=said)
        for story, said in zip(stories, facts, strict=True)
    ]
    assert kinds(at_once(*acts)) == {"ApplicationDecision": 1, "Blocked": 1}
    assert Loan.objects.count() == 1


@pytest.mark.parametrize("how", ["dismissed", "closed"])
def test_rights_that_end_while_a_decision_waits_for_the_case_are_gone(office, how):
    story = CaseFactory(office)
    case = story.at(StepCode.BRANCH_REVIEW)
    secretary = office.yangcen.village.secretary
    assert secretary.may("review", on=story.day)  # the page has read his posts
    decide = deciding(office, story, Outcome.PASS, secretary, facts=review_facts(story.day))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock_application(case.pk)
            waiting = pool.submit(at_once, decide)
            wait_for_a_lock()
            end_rights(office, secretary, how, story)
        assert kinds(waiting.result()) == {"NotAllowed": 1}


def end_rights(office, user, how, story):
    """End the rights in a transaction of its own, which is through before the lock on the case is given up."""
    yesterday = story.day - timedelta(days=1)
    acts = {
        "dismissed": lambda: dismiss(
            post=user.posts.get(),
            last_day=yesterday,
            dismissed_by=office.security_administrator,
            dismissed_at=story.moment,
        ),
        "closed": lambda: set_active(
            user=User.objects.get(pk=user.pk),
            active=False,
            changed_by=office.system_administrator,
            changed_at=story.moment,
        ),
    }
    assert at_once(acts[how]) == [None]


def wait_for_a_lock() -> None:
    """Return when another connection waits for a lock that this one holds."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.02)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("turn", range(4))
def test_an_office_does_not_close_over_a_new_application(office, turn):
    story = CaseFactory(office)

    def close():
        return operations.close_organization(
            organization=office.yangcen.outlet,
            last_day=story.day - timedelta(days=1),
            closed_by=office.organisation_officer,
            closed_at=story.moment,
        )

    office.yangcen.outlet.posts.update(valid_to=story.day - timedelta(days=1))
    results = kinds(at_once(close, story.draft))
    assert results in (Counter(Application=1, Refused=1), Counter(Organization=1, NotAllowed=1))


@pytest.mark.parametrize("turn", range(4))
def test_moving_a_branch_and_changing_its_cases_do_not_wait_in_a_circle(office, turn):
    story = CaseFactory(office)
    story.draft()
    village = office.yangcen.villages[1]

    def move():
        return operations.relocate(
            organization=office.yangcen.village.branch,
            parent=village.general_branch,
            moved_by=office.organisation_officer,
            moved_at=story.moment,
            confirmed=True,
        )

    edit = editing(office, story, amount="60000")
    results = kinds(at_once(move, edit))
    assert results["Move"] == 1
    assert results["OperationalError"] == 0
    case, branch = Application.objects.get(), Organization.objects.get(pk=office.yangcen.village.branch.pk)
    assert case.branch_path == branch.path


def test_a_case_that_somebody_holds_does_not_keep_the_calendar_from_the_others(office):
    people = office.yangcen.village.people[-2:-5:-2]
    stories = [CaseFactory(office, person=person) for person in people]
    for story in stories:
        story.at(StepCode.PUBLIC_NOTICE)
        story.publish()
    over = stories[-1].moment + timedelta(days=20)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        lock_application(stories[0].case.pk)
        closed = pool.submit(at_once, lambda: operations.close_due_notices(at=over)).result()
    assert closed == [1]
    assert operations.close_due_notices(at=over) == 1
