"""Promises of help: counted once in the county, verified by the branch, and what comes of one that is not kept."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, OperationalError, transaction

from loans import operations
from loans.choices import HelpVerdict, Outcome, StepCode
from loans.models import Application, HelpCommitment, HelpLapse, HelpVerification
from loans.steps.facts import ReviewFacts
from organizations.models import Person
from tests.factories.county import County, build_county
from tests.factories.loans import CaseFactory, helped, review_facts, store_jianchuan
from tests.races import race

LOW_INCOME = "low_income_member"


def helping(county: County, place: int, *people, tier: str = "helping", kind: str = "villager_in_difficulty", **data):
    """A member of the first village who asks for a class that rests on the people he helps."""
    member = county.yangcen.village.members[place].person
    tier = CaseFactory(county).version.tiers.get(code=tier)
    data = {"amount": "150000", "person": member, "helped": helped(*people, kind=kind), "tier_id": tier.pk} | data
    return CaseFactory(county, **data)


@pytest.fixture
def poor(office):
    """Four people of the next village's register, whom nobody here is related to."""
    return [office.yangcen.villages[1].people[place] for place in (8, 9, 10, 11)]


def live(case: Application) -> list[int]:
    return sorted(case.commitments.filter(is_live=True).values_list("person", flat=True))


# --- counted once ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_promise_counts_from_submission_to_the_end_of_the_case(office, poor):
    story = helping(office, 0, poor[0])
    story.draft()
    assert live(story.case) == []
    story.at(StepCode.BRANCH_REVIEW)
    assert live(story.case) == [poor[0].pk]
    story.decide(Outcome.REJECT, office.yangcen.village.secretary, rejected(story), reason="前景不明。")
    assert live(story.case) == []


def rejected(story: CaseFactory) -> ReviewFacts:
    return review_facts(story.day, can_repay=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "outcome", "who"),
    [(StepCode.REFERRAL, Outcome.WITHDRAW, "clerk"), (StepCode.DISBURSEMENT, Outcome.DECLINE, "credit_officer")],
)
def test_a_withdrawn_or_declined_case_lets_its_people_go(office, poor, step, outcome, who):
    story = helping(office, 0, poor[0])
    story.at(step)
    story.decide(outcome, getattr(office.yangcen, who), reason="另有安排。")
    assert live(story.case) == []


@pytest.mark.django_db
def test_a_repaid_loan_lets_its_people_go(office, poor):
    story = helping(office, 0, poor[0])
    story.lent()
    assert live(story.case) == [poor[0].pk]
    story.repay(Decimal(150000))
    assert live(story.case) == []


@pytest.mark.django_db
def test_a_returned_case_keeps_its_people(office, poor):
    story = helping(office, 0, poor[0])
    story.at(StepCode.BRANCH_REVIEW)
    story.decide(Outcome.RETURN, office.yangcen.village.secretary, reason="请补正。", target=StepCode.INTAKE)
    assert live(story.case) == [poor[0].pk]
    story.at(StepCode.BRANCH_REVIEW)
    assert live(story.case) == [poor[0].pk]


@pytest.mark.django_db
def test_the_same_person_offered_by_a_second_borrower_is_refused_with_the_number_of_the_case(office, poor):
    first = helping(office, 0, poor[0])
    first.at(StepCode.REFERRAL)
    second = helping(office, 4, poor[0])
    with pytest.raises(operations.Blocked) as blocked:
        second.at(StepCode.REFERRAL)
    assert [problem.message for problem in blocked.value.problems] == [
        f"{poor[0].name}已列为{first.case.number}的帮扶对象：帮扶对象在全县只计算一次。"
    ]
    assert blocked.value.problems[0].field == "helped"


@pytest.mark.django_db
def test_the_number_of_a_case_out_of_reach_is_not_told(office, poor):
    """Another township's case has the same person: that is said, and nothing more."""
    first = helping(office, 0, poor[0])
    first.at(StepCode.REFERRAL)
    shaxi = office.shaxi
    Application.objects.filter(pk=first.case.pk).update(
        branch_path=shaxi.village.branch.path, division_path=shaxi.village.division.path, outlet_path=shaxi.outlet.path
    )
    second = helping(office, 4, poor[0])
    with pytest.raises(operations.Blocked) as blocked:
        second.at(StepCode.REFERRAL)
    assert first.case.number not in str(blocked.value)
    assert "另一笔申请" in str(blocked.value)


@pytest.mark.django_db
def test_who_is_named_where_the_class_asks_for_nobody_counts_nowhere(office, poor):
    story = helping(office, 0, poor[0], tier="self", amount="50000")
    story.at(StepCode.REFERRAL)
    assert live(story.case) == []
    other = helping(office, 4, poor[0])
    assert other.at(StepCode.REFERRAL).step == StepCode.REFERRAL


@pytest.mark.django_db
def test_the_database_counts_a_person_once_whoever_writes(office, poor):
    for place in (0, 4):
        helping(office, place, poor[0]).draft()
    with pytest.raises(IntegrityError, match="person_is_helped_by_one_case_at_a_time"), transaction.atomic():
        HelpCommitment.objects.filter(person=poor[0]).update(is_live=True)


@pytest.mark.django_db
def test_a_refusal_taken_back_takes_its_people_back_if_they_are_free(office, poor):
    story = helping(office, 0, poor[0])
    story.at(StepCode.BRANCH_REVIEW)
    decision = story.decide(Outcome.REJECT, office.yangcen.village.secretary, rejected(story), reason="前景不明。")
    other = helping(office, 4, poor[0], begin=story.moment)
    other.at(StepCode.REFERRAL)
    recall = partial(
        operations.recall_decision,
        decision_id=decision.pk,
        recalled_by=office.yangcen.village.secretary,
        recalled_at=story.moment + timedelta(minutes=2),
    )
    with pytest.raises(operations.Blocked, match="只计算一次"):
        recall()
    other.decide(Outcome.WITHDRAW, office.yangcen.clerk, days=0, reason="另有安排。")
    recall()
    assert live(story.case) == [poor[0].pk]


# --- verified by the branch ------------------------------------------------------------------------------------------


def verify(story: CaseFactory, *findings: operations.Finding, by=None):
    return operations.verify_commitments(
        application_id=story.case.pk,
        findings=findings,
        verified_by=by or story.village.secretary,
        verified_at=story.moment,
    )


@pytest.fixture
def at_review(office, poor):
    story = helping(office, 0, *poor[:2])
    story.at(StepCode.BRANCH_REVIEW)
    return story


def pass_review(story: CaseFactory) -> None:
    story.decide(Outcome.PASS, story.village.secretary, review_facts(story.day), reason="同意推荐。")


@pytest.mark.django_db
def test_the_branch_cannot_recommend_before_everybody_is_verified(at_review, poor):
    verify(at_review, operations.Finding(poor[0].pk, HelpVerdict.CONFIRMED))
    with pytest.raises(operations.Blocked, match=poor[1].name):
        pass_review(at_review)


@pytest.mark.django_db
def test_one_confirmed_is_enough_where_the_class_asks_for_one(at_review, poor):
    verify(
        at_review,
        operations.Finding(poor[0].pk, HelpVerdict.CONFIRMED),
        operations.Finding(poor[1].pk, HelpVerdict.REFUTED, "家庭条件较好，不是困难群众。"),
    )
    pass_review(at_review)
    assert at_review.case.step == StepCode.PUBLIC_NOTICE


@pytest.mark.django_db
def test_too_few_confirmed_send_the_case_back(at_review, poor):
    verify(at_review, *(operations.Finding(one.pk, HelpVerdict.REFUTED, "不属实。") for one in poor[:2]))
    with pytest.raises(operations.Blocked, match="不足以适用本档"):
        pass_review(at_review)


@pytest.mark.django_db
def test_a_second_look_is_a_new_row_and_the_newest_counts(at_review, poor):
    verify(at_review, *(operations.Finding(one.pk, HelpVerdict.REFUTED, "不属实。") for one in poor[:2]))
    verify(at_review, *(operations.Finding(one.pk, HelpVerdict.CONFIRMED) for one in poor[:2]))
    pass_review(at_review)
    assert HelpVerification.objects.count() == 4


@pytest.mark.django_db
def test_saying_the_same_again_writes_nothing(at_review, poor):
    finding = operations.Finding(poor[0].pk, HelpVerdict.CONFIRMED)
    assert len(verify(at_review, finding)) == 1
    assert verify(at_review, finding) == []


@pytest.mark.django_db
def test_not_as_stated_needs_words(at_review, poor):
    with pytest.raises(operations.Blocked, match=poor[0].name):
        verify(at_review, operations.Finding(poor[0].pk, HelpVerdict.REFUTED))


@pytest.mark.django_db
def test_only_the_branch_of_the_case_verifies_and_only_who_is_named(office, at_review, poor):
    for user in (office.yangcen.clerk, office.shaxi.village.secretary, office.yangcen.committee_officer):
        with pytest.raises(operations.NotAllowed):
            verify(at_review, operations.Finding(poor[0].pk, HelpVerdict.CONFIRMED), by=user)
    with pytest.raises(operations.NotAllowed):
        verify(at_review, operations.Finding(poor[3].pk, HelpVerdict.CONFIRMED))


@pytest.mark.django_db
def test_nothing_is_verified_at_another_step(office, poor):
    story = helping(office, 0, poor[0])
    story.at(StepCode.REFERRAL)
    with pytest.raises(operations.Blocked, match="支部审核"):
        verify(story, operations.Finding(poor[0].pk, HelpVerdict.CONFIRMED))


# --- not kept --------------------------------------------------------------------------------------------------------


def lapse(story: CaseFactory, person, by=None, **changes) -> HelpLapse:
    values = {
        "application_id": story.case.pk,
        "person_id": person.pk,
        "lapsed_on": story.case.loan.start_date,
        "reason": "未开展帮扶。",
        "reported_by": by or story.village.secretary,
        "reported_at": story.moment + timedelta(days=2),
    }
    return operations.report_lapse(**(values | changes))


@pytest.fixture
def lent(office):
    """A loan of the highest class, on two low-income members of other households."""
    members = [office.yangcen.villages[1].members[place].person for place in (0, 1, 2)]
    story = helping(office, 0, *members[:2], tier="leading", kind=LOW_INCOME, amount="150000")
    story.lent()
    return story


@pytest.mark.django_db
def test_a_lapse_frees_the_person_and_lowers_the_households_next_limit(office, lent):
    one, _two, third = [office.yangcen.villages[1].members[place].person for place in (0, 1, 2)]
    lapse(lent, one)
    assert one.pk not in live(lent.case)
    next_case = helping(
        office, 1, one, third, tier="leading", kind=LOW_INCOME, amount="100000", begin=lent.moment + timedelta(days=9)
    )
    Application.objects.filter(pk=lent.case.pk).update(household=household_of(next_case))
    with pytest.raises(operations.Blocked, match="有1人未落实"):
        next_case.at(StepCode.REFERRAL)
    more = [office.yangcen.villages[1].members[place].person for place in (0, 2, 4)]
    better = helping(
        office, 2, *more, tier="leading", kind=LOW_INCOME, amount="100000", begin=lent.moment + timedelta(days=9)
    )
    Application.objects.filter(pk=lent.case.pk).update(household=household_of(better))
    assert better.at(StepCode.REFERRAL).step == StepCode.REFERRAL


def household_of(story: CaseFactory) -> int:
    return Person.objects.get(pk=story.data.person_id).household_id


@pytest.mark.django_db
def test_a_lapse_is_reported_once(lent, office):
    person = office.yangcen.villages[1].members[0].person
    first = lapse(lent, person)
    assert lapse(lent, person, by=office.yangcen.committee_officer, reason="另一种说法。") == first


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [({"reason": " "}, "reason"), ({"lapsed_on": "before"}, "lapsed_on"), ({"lapsed_on": "after"}, "lapsed_on")],
)
def test_a_lapse_has_a_reason_and_a_day_of_the_loan(lent, office, changes, field):
    days = {"before": lent.case.loan.start_date - timedelta(days=1), "after": lent.day + timedelta(days=9)}
    changes = {key: days.get(value, value) for key, value in changes.items()}
    with pytest.raises(operations.Blocked) as blocked:
        lapse(lent, office.yangcen.villages[1].members[0].person, **changes)
    assert [problem.field for problem in blocked.value.problems] == [field]


@pytest.mark.django_db
def test_who_has_no_post_there_or_reports_on_somebody_not_named_is_refused(lent, office, poor):
    person = office.yangcen.villages[1].members[0].person
    for user in (office.yangcen.clerk, office.shaxi.committee_officer, office.yangcen.credit_officer):
        with pytest.raises(operations.NotAllowed):
            lapse(lent, person, by=user)
    with pytest.raises(operations.NotAllowed):
        lapse(lent, poor[3])


@pytest.mark.django_db
def test_before_paying_out_the_case_is_returned_instead(at_review, poor):
    with pytest.raises(operations.Blocked, match="退回补正"):
        operations.report_lapse(
            application_id=at_review.case.pk, person_id=poor[0].pk, lapsed_on=at_review.day, reason="未帮扶。",
            reported_by=at_review.village.secretary, reported_at=at_review.moment,
        )  # fmt: skip


# --- races -----------------------------------------------------------------------------------------------------------

REFUSALS = (operations.Blocked, operations.Conflict, operations.NotAllowed, OperationalError)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(6))
def test_of_two_borrowers_who_promise_to_help_the_same_at_once_one_wins(transactional_db, turn):
    county = build_county()
    store_jianchuan()
    poor = [county.yangcen.villages[1].people[place] for place in (8, 9)]
    # Named in opposite order: they wait for each other, and never in a circle.
    stories = [helping(county, 0, *poor), helping(county, 4, *reversed(poor))]
    cases = [story.draft() for story in stories]
    results = race(
        REFUSALS,
        *(
            partial(
                operations.decide, application_id=case.pk, step=StepCode.INTAKE, outcome=Outcome.SUBMIT,
                decided_by=county.yangcen.clerk, decided_at=stories[0].moment, revision=case.revision,
            )
            for case in cases
        ),
    )  # fmt: skip
    assert sorted(type(result).__name__ for result in results) == ["ApplicationDecision", "Blocked"]
    assert HelpCommitment.objects.filter(is_live=True).count() == 2
