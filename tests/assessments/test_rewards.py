"""A plan from its computation to the bank, and everything that keeps money from being paid twice or beyond budget."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from accounts.choices import Role
from assessments.choices import PayoutKind, PlanState, VillageRole
from assessments.models import RewardLine, RewardPayout
from assessments.operations.errors import AssessmentMoved, UnableToAssess
from assessments.operations.rewards import decide_plan, make_plan, record_payout, set_reward_budget
from assessments.operations.village_posts import leave_office, take_office
from assessments.queries.results import results_of_year
from assessments.queries.rewards import budget_of
from organizations.scope import NotAllowed
from tests.factories.accounts import UserFactory
from tests.factories.assessments import CLOSED_AT, YEAR_BEGIN, fill_posts, final_round, give_budget

pytestmark = pytest.mark.django_db
DAY = CLOSED_AT + timedelta(days=1)
SCORES = {"中羊村": "98", "新松村": "90", "寺登村": "80", "华龙村": "60"}


@pytest.fixture
def funded(office):
    fill_posts(office)
    give_budget(office)
    return office


@pytest.fixture
def plan(funded):
    return planned(funded)


def planned(funded, scores=SCORES):
    campaign = final_round(funded, scores)
    return make_plan(campaign_id=campaign.pk, year=2014, made_by=funded.organisation_officer, at=CLOSED_AT)


def decide(funded, plan, **more):
    wanted = {
        "plan_id": plan.pk, "is_approved": True, "document_number": "剑红组〔2014〕2号", "reason": "",
        "decided_by": funded.leading_group_officer, "at": CLOSED_AT,
    }  # fmt: skip
    return decide_plan(**(wanted | more))


def pay(funded, payee, **more):
    wanted = {
        "payee_id": payee.pk, "kind": PayoutKind.PAID, "value_date": DAY.date(), "bank_reference": f"JL{payee.pk}",
        "recorded_by": funded.finance_officer, "at": DAY,
    }  # fmt: skip
    return record_payout(**(wanted | more))


def test_a_plan_adds_up_and_has_one_row_for_every_payee(plan):
    # 10,000 + 5,000 + 8,000 to the village, 20,000 to its township, 4,000 to the second; 3 × (2,000 + 3,000).
    assert plan.total == Decimal(62_000)
    assert sum(payee.amount for payee in plan.payees.all()) == plan.total
    assert {payee.name: payee.amount for payee in plan.payees.exclude(organization=None)} == {
        "中羊村党总支": Decimal(23_000), "羊岑乡党委": Decimal(20_000), "新松村党总支": Decimal(4_000),
    }  # fmt: skip
    assert list(plan.payees.exclude(person=None).values_list("amount", flat=True)) == [Decimal(5_000)] * 3


def test_a_post_that_changed_hands_is_shared_by_days(funded):
    village = funded.yangcen.village
    take_office(
        organization=village.general_branch, person=village.people[9], role=VillageRole.DIRECTOR,
        valid_from=date(2013, 10, 1), recorded_by=funded.yangcen.committee_officer, at=CLOSED_AT,
    )  # fmt: skip
    lines = RewardLine.objects.filter(payee__plan=planned(funded), role=VillageRole.DIRECTOR).order_by("days")
    assert [(line.days, line.amount) for line in lines.filter(kind="person_township")] == [
        (92, Decimal("504.11")), (273, Decimal("1495.89")),
    ]  # fmt: skip


def test_a_post_nobody_held_is_named_and_not_paid(office):
    give_budget(office)
    plan = planned(office)
    assert plan.vacancies == [["中羊村党总支", role] for role in VillageRole.values]
    assert plan.total == Decimal(47_000)


def test_an_approval_beyond_the_budget_is_refused_with_both_sums(funded):
    set_reward_budget(
        county=funded.division, year=2014, amount=Decimal(61_999), document_number="调整", request_id=uuid4(),
        set_by=funded.finance_officer, at=CLOSED_AT,
    )  # fmt: skip
    with pytest.raises(UnableToAssess, match="62,000.00.*61,999.00"):
        decide(funded, planned(funded))


def test_a_budget_cannot_fall_below_what_is_approved(funded, plan):
    decide(funded, plan)
    with pytest.raises(UnableToAssess, match="62,000.00"):
        set_reward_budget(
            county=funded.division, year=2014, amount=Decimal(1), document_number="x", request_id=uuid4(),
            set_by=funded.finance_officer, at=CLOSED_AT,
        )  # fmt: skip


@pytest.mark.parametrize("name", ["finance_director", "organisation_officer", "finance_officer"])
def test_only_the_leading_group_approves(funded, plan, name):
    with pytest.raises(NotAllowed):
        decide(funded, plan, decided_by=getattr(funded, name))


def test_who_computed_does_not_approve(funded, plan):
    person = funded.yangcen.village.people[0]
    for user in (funded.organisation_officer, funded.leading_group_officer):
        user.person = person
        user.save()
    plan.made_key = funded.organisation_officer.person_key
    plan.save()
    with pytest.raises(NotAllowed, match="."):
        decide(funded, plan)


def test_a_plan_is_decided_once_and_a_returned_one_gives_way(funded, plan):
    with pytest.raises(UnableToAssess):
        decide(funded, plan, is_approved=False)
    decide(funded, plan, is_approved=False, reason="请核对")
    with pytest.raises(AssessmentMoved):
        decide(funded, plan)
    again = make_plan(campaign_id=plan.campaign_id, year=2014, made_by=funded.organisation_officer, at=CLOSED_AT)
    assert (again.total, again.state) == (plan.total, PlanState.COMPUTED)


def test_there_is_one_plan_at_a_time(funded, plan):
    with pytest.raises(AssessmentMoved):
        make_plan(campaign_id=plan.campaign_id, year=2014, made_by=funded.organisation_officer, at=CLOSED_AT)


def test_nothing_is_paid_before_the_approval(funded, plan):
    with pytest.raises(UnableToAssess):
        pay(funded, plan.payees.first())


def test_a_payee_is_paid_once_and_again_only_after_a_return(funded, plan):
    decide(funded, plan)
    payee = plan.payees.first()
    first = pay(funded, payee)
    assert pay(funded, payee) == first
    with pytest.raises(AssessmentMoved):
        pay(funded, payee, bank_reference="JL-X")
    pay(funded, payee, kind=PayoutKind.RETURNED, bank_reference="TH-1")
    pay(funded, payee, bank_reference="JL-2")
    assert RewardPayout.objects.filter(payee=payee).count() == 3
    assert budget_of(funded.division, 2014).paid == payee.amount


def test_a_bank_reference_pays_one_payee(funded, plan):
    decide(funded, plan)
    first, second = plan.payees.all()[:2]
    pay(funded, first)
    with pytest.raises(UnableToAssess):
        pay(funded, second, bank_reference=f"JL{first.pk}")


def test_who_approved_does_not_pay(funded, plan):
    both = UserFactory(role=Role.FINANCE_OFFICER, organization=funded.finance_bureau)
    decide(funded, plan)
    person = funded.yangcen.village.people[0]
    for user in (both, funded.leading_group_officer):
        user.person = person
        user.save()
    with pytest.raises(NotAllowed, match="."):
        pay(funded, plan.payees.first(), recorded_by=both)


def test_a_day_before_the_approval_is_refused(funded, plan):
    decide(funded, plan)
    with pytest.raises(UnableToAssess):
        pay(funded, plan.payees.first(), value_date=YEAR_BEGIN)


def test_the_years_report_shows_rewards_only_once_approved(funded, plan):
    assert {one.reward for one in results_of_year(funded.division, 2013)} == {0}
    decide(funded, plan)
    assert [one.reward for one in results_of_year(funded.division, 2013)] == [0, Decimal(62_000)]


def test_the_committee_of_another_township_keeps_no_posts_here(funded):
    village = funded.yangcen.village
    with pytest.raises(NotAllowed):
        take_office(
            organization=village.general_branch, person=village.people[0], role="director",
            valid_from=CLOSED_AT.date(), recorded_by=funded.shaxi.committee_officer, at=CLOSED_AT,
        )  # fmt: skip


def test_a_holder_leaves_on_or_after_his_first_day(funded):
    post = funded.yangcen.village.general_branch.village_posts.first()
    with pytest.raises(UnableToAssess):
        leave_office(
            post_id=post.pk, last_day=date(2012, 1, 1), recorded_by=funded.organisation_officer, at=CLOSED_AT
        )  # fmt: skip
