"""Many at once, counted exactly: reviewers in pairs, a quota that sixteen want, a form sent ten times, two officers.

Each act runs in a thread and a transaction of its own. `./run soak` deals three hundred pairs, thirty turns and fifty
forms, `./run test` a fifth of them.
"""

import os
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.db import OperationalError

from loans import operations
from loans.choices import Outcome, StepCode
from loans.models import Application, ApplicationDecision, Loan, Quota
from loans.operations.recall import recall_decision
from loans.steps.facts import DisbursementFacts, FilingFacts
from tests.factories.county import County, build_county
from tests.factories.loans import CaseFactory, review_facts, store_jianchuan
from tests.factories.organizations import HouseholdFactory, PersonFactory
from tests.races import race

REFUSALS = (operations.Blocked, operations.Conflict, operations.NotAllowed, OperationalError)
pytestmark = pytest.mark.django_db(transaction=True)
at_once = partial(race, REFUSALS)
IS_SOAK = bool(os.environ.get("SOAK"))
PAIRS, TURNS, FORMS, PAYOUTS = (300, 30, 50, 40) if IS_SOAK else (60, 8, 10, 8)


@pytest.fixture
def office(transactional_db: None) -> County:
    county = build_county()
    store_jianchuan()
    return county


def kinds(results):
    return Counter(type(result).__name__ for result in results)


def stories_at(office, step, number, **data):
    """Return cases of people of their own, all at one step."""
    village = office.yangcen.village
    found = []
    for _ in range(number):
        household = HouseholdFactory(division=village.division)
        person = PersonFactory(division=village.division, household=household)
        story = CaseFactory(office, person=person, **data)
        story.at(step)
        found.append(story)
    return found


def test_of_many_pairs_of_reviewers_none_decides_twice(office):
    village = office.yangcen.village
    outcomes = Counter()
    for story in stories_at(office, StepCode.BRANCH_REVIEW, PAIRS):
        review = partial(
            operations.decide,
            application_id=story.case.pk,
            step=StepCode.BRANCH_REVIEW,
            outcome=Outcome.PASS,
            decided_at=story.moment + timedelta(hours=1),
            revision=story.case.revision,
            facts=review_facts(story.day),
            reason="见会议记录。",
        )
        outcomes += kinds(
            at_once(
                partial(review, decided_by=village.secretary), partial(review, decided_by=village.general_secretary)
            )
        )
    assert outcomes == {"ApplicationDecision": PAIRS, "Conflict": PAIRS}
    assert ApplicationDecision.objects.filter(step=StepCode.BRANCH_REVIEW).count() == PAIRS


def test_sixteen_filings_want_one_quota_again_and_again_and_it_is_used_to_the_last_yuan(office):
    stories = stories_at(office, StepCode.COMMITTEE_FILING, 16)
    quota = Quota.objects.get(version__code="2014", township=office.yangcen.division)
    amount = stories[0].case.amount_asked
    moment = max(story.moment for story in stories) + timedelta(days=1)
    for turn in range(TURNS):
        fitting = turn * 5 % 16 + 1
        Quota.objects.filter(pk=quota.pk).update(total=amount * fitting + Decimal(turn * 100))
        results = at_once(*[partial(_file, office, story.case.pk, moment) for story in stories])
        assert kinds(results)["ApplicationDecision"] == fitting
        quota.refresh_from_db()
        assert quota.used == amount * fitting
        for decision in [one for one in results if isinstance(one, ApplicationDecision)]:
            recall_decision(decision_id=decision.pk, recalled_by=office.yangcen.committee_officer, recalled_at=moment)
        quota.refresh_from_db()
        assert quota.used == 0


def _file(office, case_id, moment):
    return operations.decide(
        application_id=case_id,
        step=StepCode.COMMITTEE_FILING,
        outcome=Outcome.PASS,
        decided_by=office.yangcen.committee_officer,
        decided_at=moment,
        revision=Application.objects.values_list("revision", flat=True).get(pk=case_id),
        facts=FilingFacts(moment.date()),
    )


def test_many_forms_each_sent_ten_times_at_once_are_as_many_applications(office):
    village = office.yangcen.village
    for _ in range(FORMS):
        household = HouseholdFactory(division=village.division)
        person = PersonFactory(division=village.division, household=household)
        story, request_id = CaseFactory(office, person=person), uuid4()
        submit = partial(
            operations.submit_application,
            data=story.data,
            request_id=request_id,
            submitted_by=office.yangcen.clerk,
            submitted_at=story.moment,
        )
        results = at_once(*[submit] * 10)
        assert kinds(results) == {"Application": 10}
        assert len({case.pk for case in results}) == 1
    assert Application.objects.count() == FORMS
    assert ApplicationDecision.objects.filter(outcome=Outcome.SUBMIT).count() == FORMS


def test_two_who_pay_out_each_case_at_once_pay_each_once(office):
    officer = office.yangcen.credit_officer
    outcomes = Counter()
    for number, story in enumerate(stories_at(office, StepCode.DISBURSEMENT, PAYOUTS), start=1):
        pay = partial(
            operations.decide,
            application_id=story.case.pk,
            step=StepCode.DISBURSEMENT,
            outcome=Outcome.DISBURSE,
            decided_by=officer,
            decided_at=story.moment + timedelta(hours=1),
            revision=story.case.revision,
        )
        facts = [
            DisbursementFacts(story.case.amount_asked, 12, f"HT-{number}-{key}", story.day, f"FK-{number}-{key}")
            for key in (1, 2)
        ]
        outcomes += kinds(at_once(*[partial(pay, facts=one) for one in facts]))
    assert outcomes == {"ApplicationDecision": PAYOUTS, "Conflict": PAYOUTS}
    assert Loan.objects.count() == PAYOUTS
