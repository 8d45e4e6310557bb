"""What the lender may not do, and what a decision keeps for whoever reads it years later."""

from datetime import timedelta
from decimal import Decimal

import pytest

from loans import operations
from loans.choices import Outcome, StepCode
from loans.models import ApplicationDecision, LimitTier, LoanUnit
from loans.steps.facts import ReviewFacts
from tests.factories.loans import CaseFactory, helped


def test_the_lender_cannot_lend_for_longer_than_was_asked(office):
    story = CaseFactory(office)
    story.at(StepCode.DISBURSEMENT)
    facts = story.payout(Decimal(50000), term_months=24)
    with pytest.raises(operations.Blocked) as blocked:
        story.decide(Outcome.DISBURSE, office.yangcen.credit_officer, facts)
    assert [problem.field for problem in blocked.value.problems] == ["term_months"]


def test_a_payout_for_less_says_what_went_back_to_quota_and_budget(office):
    story = CaseFactory(office)
    story.at(StepCode.DISBURSEMENT)
    story.disburse(Decimal(30000))
    kept = story.case.decisions.get(outcome=Outcome.DISBURSE).facts
    assert (kept["quota_freed"], kept["subsidy_freed"]) == ("20000.00", "600.00")


@pytest.mark.parametrize(
    ("step", "outcome", "target", "freed"),
    [
        (StepCode.DISBURSEMENT, Outcome.WITHDRAW, "", {"quota_freed": "50000.00", "subsidy_freed": "1500.00"}),
        (StepCode.DISBURSEMENT, Outcome.RETURN, StepCode.SUBSIDY_CONFIRMATION, {"subsidy_freed": "1500.00"}),
        (StepCode.SUBSIDY_CONFIRMATION, Outcome.WITHDRAW, "", {"quota_freed": "50000.00"}),
        (StepCode.BRANCH_REVIEW, Outcome.WITHDRAW, "", {}),
    ],
)
def test_the_end_of_a_case_says_what_it_gave_back(office, step, outcome, target, freed):
    story = CaseFactory(office)
    story.at(step)
    by = office.yangcen.clerk if outcome == Outcome.WITHDRAW else office.yangcen.credit_officer
    assert story.decide(outcome, by, reason="申请人另有资金。", target=target).facts == freed


def test_a_target_is_kept_only_where_the_case_goes_back(office):
    story = CaseFactory(office)
    story.at(StepCode.COMMITTEE_FILING)
    decision = story.decide(
        Outcome.WITHDRAW, office.yangcen.clerk, reason="申请人另有资金。", target=StepCode.INTAKE
    )  # fmt: skip
    assert decision.target == ""


def test_a_decision_without_its_facts_is_a_fault_of_the_program(office):
    story = CaseFactory(office)
    story.at(StepCode.BRANCH_REVIEW)
    with pytest.raises(TypeError, match=ReviewFacts.__name__):
        story.decide(Outcome.PASS, office.yangcen.village.secretary)


def test_the_last_day_of_membership_is_a_day_of_membership(office):
    village = office.yangcen.village
    member = village.members[1]
    story = CaseFactory(office, person=member.person)
    story.at(StepCode.DISBURSEMENT)
    member.left_on = story.day + timedelta(days=1)  # the day of paying out
    member.save()
    for other in village.members:
        if other.person.household_id == member.person.household_id and other != member:
            other.left_on = other.joined_on
            other.save()
    story.disburse()
    assert LoanUnit.objects.get().has_party_member


def test_a_decision_that_cannot_be_written_changes_nothing(office, monkeypatch):
    story = CaseFactory(office)
    case = story.at(StepCode.COMMITTEE_FILING)
    monkeypatch.setattr(ApplicationDecision, "save", refuse)
    with pytest.raises(RuntimeError):
        story.file()
    case.refresh_from_db()
    assert (case.step, case.quota_amount, case.sequence) == (StepCode.COMMITTEE_FILING, 0, 4 + 1)


def refuse(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError("the disk is full")


def leading(office, *people, kind):
    """An application for the highest class, which naming these people would open."""
    member = office.yangcen.village.members[0]
    tier = LimitTier.objects.get(version__code="2014", code="leading")
    return CaseFactory(
        office, amount="250000", person=member.person, helped=helped(*people, kind=kind), tier_id=tier.pk
    )  # fmt: skip


def test_ones_own_household_does_not_open_a_higher_class(office):
    members = office.yangcen.village.members
    assert members[1].person.household_id == members[0].person.household_id
    story = leading(office, members[1].person, members[2].person, kind="low_income_member")
    story.draft()
    with pytest.raises(operations.Blocked) as blocked:
        story.submit()
    assert [problem.field for problem in blocked.value.problems] == ["helped"]


def test_who_is_no_member_is_not_helped_as_a_member(office):
    village = office.yangcen.village
    story = leading(office, village.members[2].person, village.farmer, kind="low_income_member")
    story.draft()
    with pytest.raises(operations.Blocked) as blocked:
        story.submit()
    assert village.farmer.name in blocked.value.problems[0].message


def test_two_members_of_other_households_open_the_highest_class(office):
    members = office.yangcen.village.members
    story = leading(office, members[2].person, members[4].person, kind="low_income_member")
    story.draft()
    story.submit()
    assert story.case.step == StepCode.REFERRAL
