"""Benefits of an honour: they act on what is submitted while they are in force, and on nothing before."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from loans.choices import BenefitKind, StepCode
from loans.models import ProgrammeVersion, UsedBenefit
from loans.models.benefits import Concession
from loans.operations import Blocked, NotAllowed
from loans.operations.benefits import BenefitTerms, end_benefit, grant_benefit
from loans.queries.benefit_effects import effect_of
from loans.queries.benefits import benefit_facts
from loans.queries.cases import BY_URGENCY, CaseFilter, queue_rows
from loans.queries.paging import keyset_page
from loans.queries.rates import contract_rate
from loans.rules import reduced_rate
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory

FROM = date(2014, 1, 2)
SOURCE = {"source": "“红色信贷”示范户", "document_number": "剑红信〔2014〕3号", "valid_from": FROM}
PRIORITY = BenefitTerms(kind=BenefitKind.PRIORITY, **SOURCE)
UPLIFT = BenefitTerms(kind=BenefitKind.LIMIT_UPLIFT, amount=Decimal(20_000), **SOURCE)
LOWER = BenefitTerms(
    kind=BenefitKind.RATE_REDUCTION, points=Decimal("0.5"), floor_multiplier=Decimal("1.00"), **SOURCE
)  # fmt: skip


def grant(county, terms, *, household=None):
    return grant_benefit(
        owner=household or county.yangcen.village.farmer.household, terms=terms,
        granted_by=county.leading_group_officer, at=NOON - timedelta(days=60),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "points", "floor", "expected"),
    [("7.2", "0.5", "6.6", "6.7"), ("7.2", "0.9", "6.6", "6.6"), ("6.0", "0.5", "6.6", "6.0")],
)
def test_a_rate_is_lowered_down_to_its_floor_and_never_raised_by_it(rate, points, floor, expected):
    assert reduced_rate(Decimal(rate), points=Decimal(points), floor=Decimal(floor)) == Decimal(expected)


def test_the_floor_is_a_multiple_of_the_benchmark(office):
    version = ProgrammeVersion.objects.get(programme__code="jianchuan", code="2014")
    assert contract_rate(version, Decimal("6.00"), None) == Decimal("6.6000")
    assert contract_rate(version, Decimal("6.00"), Concession(Decimal(2), Decimal(1))) == Decimal("6.0000")


def test_a_higher_limit_lets_more_be_asked_for_than_the_class_allows(office):
    story = CaseFactory(office, amount="110000")
    story.draft()
    with pytest.raises(Blocked):
        story.submit()
    grant(office, UPLIFT)
    case = story.at(StepCode.REFERRAL)
    assert case.limit_uplift == Decimal(20_000)
    assert ["20,000.00" in fact.value for fact in benefit_facts(case)] == [True]


def test_a_benefit_of_another_household_is_not_taken_along(office):
    grant(office, LOWER, household=office.shaxi.village.farmer.household)
    assert not CaseFactory(office).at(StepCode.REFERRAL).has_benefits


def test_a_lower_rate_stands_in_the_contract_of_whoever_was_granted_it(office):
    grant(office, LOWER)
    neighbour = office.yangcen.villages[1]
    lowered = CaseFactory(office).lent().loan
    ordinary = CaseFactory(office, person=neighbour.farmer, village=neighbour).lent().loan
    assert (lowered.rate_percent, ordinary.rate_percent) == (Decimal("6.1000"), Decimal("6.6000"))


def test_what_is_granted_after_the_submission_changes_nothing(office):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    grant(office, PRIORITY)
    case.refresh_from_db()
    assert (case.is_priority, UsedBenefit.objects.count()) == (False, 0)


def test_what_ends_after_the_submission_stays_with_the_case(office):
    benefit = grant(office, PRIORITY)
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    end_benefit(benefit_id=benefit.pk, reason="撤销称号", ended_by=office.organisation_officer, at=NOON)
    case.refresh_from_db()
    assert case.is_priority
    assert case.used_benefits.get().benefit == benefit


def test_an_ended_benefit_acts_no_more(office):
    benefit = grant(office, PRIORITY)
    end_benefit(
        benefit_id=benefit.pk, reason="撤销称号", ended_by=office.organisation_officer, at=NOON - timedelta(days=40)
    )
    assert not CaseFactory(office).at(StepCode.REFERRAL).is_priority


def test_a_case_with_priority_stands_before_an_older_one_and_keeps_its_deadline(office):
    other = office.yangcen.village
    older = CaseFactory(office, begin=NOON - timedelta(days=10), person=other.people[0]).at(StepCode.BRANCH_REVIEW)
    grant(office, PRIORITY)
    newer = CaseFactory(office, begin=NOON - timedelta(days=8)).at(StepCode.BRANCH_REVIEW)
    rows = queue_rows(user=other.secretary, step=StepCode.BRANCH_REVIEW, filters=CaseFilter(), on=TODAY)
    page = keyset_page(rows, keyset=BY_URGENCY, size=1)
    assert [row.pk for row in page.rows] == [newer.pk]
    assert [row.pk for row in keyset_page(rows, keyset=BY_URGENCY, size=1, after=page.after).rows] == [older.pk]
    newer.refresh_from_db()
    assert newer.queue_date == newer.state_since < newer.due_date


def test_the_same_grant_twice_is_one_and_only_the_leading_group_grants(office):
    assert grant(office, LOWER) == grant(office, LOWER)
    with pytest.raises(NotAllowed):
        grant_benefit(
            owner=office.yangcen.village.farmer.household, terms=LOWER, granted_by=office.organisation_officer, at=NOON
        )


def test_the_effect_of_a_benefit_is_the_difference_of_two_trials(office):
    version = ProgrammeVersion.objects.get(programme__code="jianchuan", code="2014")
    effect = effect_of(
        version=version, amount=Decimal(50_000), term_months=12, repayment_method="lump_sum", borrower_kind="person",
        uplift=Decimal(20_000), concession=Concession(Decimal("0.5"), Decimal(1)), on=TODAY,
    )  # fmt: skip
    # A whole year at half a point on 50,000 yuan.
    assert effect.interest_forgone == Decimal("250.00")
    assert effect.subsidy_saved == Decimal(0)
    assert effect.subsidy_added == effect.ordinary.subsidy * 2 / 5
