"""Model households: who decides what, what stops them, and what the title brings."""

from datetime import timedelta
from uuid import uuid4

import pytest

from assessments.choices_households import HonourObjectionState, HonourOutcome, HonourState, HonourTitle
from assessments.documents_households import certificate_content
from assessments.operations.households import HonourMoved, decide_honour
from assessments.operations.objections_households import record_honour_objection, settle_honour_objection
from assessments.queries.households import candidates, effect_for, honours_in_full, honours_waiting, model_households
from loans.choices import BenefitKind
from loans.models import BorrowerBenefit
from loans.operations.errors import Blocked, NotAllowed
from tests.factories.county import NOON, TODAY
from tests.factories.households import GOOD, HonourFactory, set_scheme
from tests.factories.loans import CaseFactory


@pytest.fixture
def story(office):
    set_scheme(office)
    return HonourFactory(office).borrowed()


def test_a_household_goes_from_recommendation_to_title_by_four_different_hands(story):
    honour = story.awarded()
    assert (honour.state, honour.award_number) == (HonourState.AWARDED, "SFH2014-001")
    assert honour.decisions.values("person_key").distinct().count() == 4
    assert honour.review_due == honour.awarded_on.replace(year=2015)


def test_a_title_brings_its_three_benefits_until_the_review(story):
    honour = story.awarded()
    rows = BorrowerBenefit.objects.filter(household=honour.household)
    assert set(rows.values_list("kind", flat=True)) == set(BenefitKind.values)
    assert {row.valid_to for row in rows} == {honour.review_due}
    case = CaseFactory(story.county, begin=story.moment + timedelta(days=1), amount="110000").draft()
    assert BorrowerBenefit.objects.in_force(TODAY + timedelta(days=20)).filter(household=case.household).count() == 3


def test_whoever_recommended_does_not_rate_review_or_award(story):
    story.recommended()
    with pytest.raises(NotAllowed):
        story.decide(HonourOutcome.PASS, story.village.secretary, grades=GOOD)


def test_a_poor_grade_is_not_honoured_and_all_three_are_asked_for(story):
    story.recommended()
    manager = story.county.yangcen.credit_manager
    with pytest.raises(Blocked):
        story.decide(HonourOutcome.PASS, manager, grades=GOOD | {"repayment": "poor"})
    with pytest.raises(Blocked):
        story.decide(HonourOutcome.PASS, manager, grades={"repayment": "good"})


def test_the_party_title_needs_a_member_of_the_household_on_the_day(office):
    set_scheme(office)
    with pytest.raises(Blocked) as refusal:
        HonourFactory(office, title=HonourTitle.PARTY).borrowed().recommended()
    assert [problem.field for problem in refusal.value.problems] == ["title"]


def test_a_household_without_a_loan_or_with_another_industry_is_not_recommended(office):
    set_scheme(office, supported_purposes=["tourism"])
    with pytest.raises(Blocked):
        HonourFactory(office).recommended()
    with pytest.raises(Blocked) as refusal:
        HonourFactory(office).borrowed().recommended()
    assert [problem.field for problem in refusal.value.problems] == ["household"]


def test_the_title_waits_for_the_notice_and_for_open_objections(story):
    honour = story.in_notice()
    group = story.county.leading_group_officer
    with pytest.raises(Blocked):
        story.decide(HonourOutcome.AWARD, group, days=1)
    objection = record_honour_objection(
        honour_id=honour.pk, raised_by="", text="猪场不是他家的。", request_id=uuid4(),
        recorded_by=story.county.yangcen.committee_officer, at=story.moment,
    )  # fmt: skip
    with pytest.raises(Blocked):
        story.decide(HonourOutcome.AWARD, group, days=9)
    settle_honour_objection(
        objection_id=objection.pk, is_upheld=False, finding="经核实为本户所有。",
        settled_by=story.county.yangcen.committee_officer, at=story.moment,
    )  # fmt: skip
    assert story.decide(HonourOutcome.AWARD, group, days=1).state == HonourState.AWARDED


def test_an_upheld_objection_keeps_the_title_away(story):
    honour = story.in_notice()
    officer = story.county.organisation_officer
    objection = record_honour_objection(
        honour_id=honour.pk, raised_by="", text="多次拖欠他人货款。", request_id=uuid4(), recorded_by=officer,
        at=story.moment,
    )  # fmt: skip
    settled = settle_honour_objection(
        objection_id=objection.pk, is_upheld=True, finding="属实。", settled_by=officer, at=story.moment
    )
    assert settled.state == HonourObjectionState.UPHELD
    with pytest.raises(Blocked):
        story.decide(HonourOutcome.AWARD, story.county.leading_group_officer, days=9)


def test_a_withdrawn_title_ends_its_benefits_and_is_counted_until_that_day(story):
    honour = story.awarded()
    before = story.moment.date()
    story.decide(HonourOutcome.WITHDRAW, story.county.organisation_officer, days=30, reason="改变贷款用途。")
    assert not BorrowerBenefit.objects.filter(ended_on=None).exists()
    county = story.county.division
    assert model_households(division=county, on=before) == {"party": 0, "model": 1}
    assert model_households(division=county, on=story.moment.date()) == {"party": 0, "model": 0}
    assert model_households(division=county, on=before, year=honour.year - 1) == {"party": 0, "model": 0}


def test_a_title_is_kept_at_the_review_with_new_benefits_and_not_before_it_is_due(story):
    honour = story.awarded()
    group = story.county.leading_group_officer
    with pytest.raises(Blocked):
        story.decide(HonourOutcome.RENEW, group, reason="表现良好。")
    first = honour.review_due
    honour = story.decide(HonourOutcome.RENEW, group, days=340, reason="表现良好。")
    assert honour.review_due == first.replace(year=2016)
    assert (
        BorrowerBenefit.objects.filter(household=honour.household, valid_from=first + timedelta(days=1)).count() == 3
    )


def test_a_stale_page_does_not_decide(story):
    honour = story.recommended()
    with pytest.raises(HonourMoved):
        decide_honour(
            honour_id=honour.pk, outcome=HonourOutcome.PASS, revision=honour.revision - 1, grades=GOOD,
            decided_by=story.county.yangcen.credit_manager, at=NOON,
        )  # fmt: skip


def test_a_second_recommendation_of_the_same_household_is_refused(story):
    story.recommended()
    assert (
        candidates(story.village.secretary.scope("review", on=TODAY), text=story.village.farmer.name, on=TODAY) == []
    )
    with pytest.raises(Blocked):
        story.recommended()


def test_the_offices_are_told_what_waits_for_them(story):
    story.recommended()
    assert honours_waiting(story.county.yangcen.credit_manager, on=TODAY) == 1
    assert honours_waiting(story.county.shaxi.credit_manager, on=TODAY) == 0


def test_the_cost_of_the_benefits_is_shown_and_the_certificate_masks_the_name(story):
    honour = story.awarded()
    effect = effect_for(honours_in_full().get(pk=honour.pk), on=TODAY)
    assert effect.interest_forgone > 0
    content = certificate_content(honours_in_full().get(pk=honour.pk))
    assert content.facts["name"] != honour.person.name
    assert content.number == honour.award_number
