"""Taking back one's own decision: everything is as before, but for what is written about it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import OperationalError

from accounts.choices import Role
from loans import operations
from loans.choices import CreditStatus, NoticeState, Outcome, StepCode
from loans.flow import RECALLABLE
from loans.models import Application, ApplicationDecision, Quota, SubsidyBudget
from loans.operations.recall import RECALL_TIME
from loans.queries.detail import cases_in_full, last_decision, return_of
from loans.queries.facts import meeting_facts
from loans.queries.history import history_of
from loans.queries.standing import standing_decisions
from loans.queries.versions import published_version
from loans.steps.facts import NO_FACTS, CreditFacts, FilingFacts
from redcredit.invariants.checking import check
from redcredit.invariants.lending import LENDING
from tests.factories.accounts import UserFactory
from tests.factories.county import build_county
from tests.factories.loans import CaseFactory, review_facts, store_jianchuan
from tests.races import race
from workflow.engine import State

RESTORED = (
    "step", "state", "round", "due_date", "state_since", "introducer_id", "filing_number", "quota_id", "quota_amount",
    "budget_id", "subsidy_reserved", "credit_status", "amount_granted", "term_granted",
)  # fmt: skip
MINUTE = timedelta(minutes=1)


def held(case):
    return Application.objects.values(*RESTORED).get(pk=case.pk)


def pots(office):
    return [
        *Quota.objects.order_by("pk").values_list("used", flat=True),
        *SubsidyBudget.objects.order_by("pk").values_list("reserved", flat=True),
    ]


def recall(story, decision, by=None, after=MINUTE):
    return operations.recall_decision(
        decision_id=decision.pk, recalled_by=by or decision.decided_by, recalled_at=decision.decided_at + after
    )


def refer(story):
    story.at(StepCode.REFERRAL)
    return lambda: story.refer()


def at_review(outcome, **more):
    def prepare(story):
        story.at(StepCode.BRANCH_REVIEW)
        facts = NO_FACTS
        if outcome != Outcome.RETURN:
            facts = review_facts(story.day)
            if outcome == Outcome.REJECT:
                facts = review_facts(story.day, plan_is_sound=False)
        return lambda: story.decide(outcome, story.village.secretary, facts, reason="见记录。", **more)

    return prepare


def by_office(step, outcome, who, facts=NO_FACTS, **more):
    def prepare(story):
        story.at(step)
        return lambda: story.decide(outcome, who(story), facts, reason="见记录。", **more)

    return prepare


def credit(outcome):
    def prepare(story):
        story.at(StepCode.DISBURSEMENT)
        if outcome == Outcome.PROPOSE:
            return lambda: story.propose()
        story.propose()
        return lambda: story.decide(outcome, story.township.credit_manager, reason="见记录。")

    return prepare


def filing(story):
    story.at(StepCode.COMMITTEE_FILING)
    return lambda: story.file()


def committee(story):
    return story.township.committee_officer


def finance(story):
    return story.county.finance_officer


def officer(story):
    return story.township.credit_officer


EVERY = {
    "referral": refer,
    "referral returned": by_office(
        StepCode.REFERRAL, Outcome.RETURN, lambda story: story.township.clerk, target=StepCode.INTAKE
    ),
    "review": at_review(Outcome.PASS),
    "review returned": at_review(Outcome.RETURN, target=StepCode.REFERRAL),
    "review rejected": at_review(Outcome.REJECT),
    "filing": filing,
    "filing returned": by_office(StepCode.COMMITTEE_FILING, Outcome.RETURN, committee, target=StepCode.BRANCH_REVIEW),
    "subsidy": by_office(StepCode.SUBSIDY_CONFIRMATION, Outcome.CONFIRM, finance),
    "no subsidy": by_office(StepCode.SUBSIDY_CONFIRMATION, Outcome.CONFIRM_WITHOUT, finance),
    "credit asked": credit(Outcome.PROPOSE),
    "consent": credit(Outcome.CONSENT),
    "consent refused": credit(Outcome.REFUSE_CONSENT),
    "declined": by_office(StepCode.DISBURSEMENT, Outcome.DECLINE, officer),
    "sent back by the lender": by_office(
        StepCode.DISBURSEMENT, Outcome.RETURN, officer, target=StepCode.COMMITTEE_FILING
    ),
}


@pytest.fixture
def story(office):
    return CaseFactory(office)


@pytest.mark.parametrize("name", EVERY)
def test_after_a_recall_the_case_holds_what_it_held_before(office, story, name, monkeypatch):
    low_consent(monkeypatch, office)
    act = EVERY[name](story)
    before, full = held(story.case), pots(office)
    decision = act() or story.case.decisions.latest("sequence")
    written = recall(story, decision)
    assert held(story.case) == before
    assert pots(office) == full
    assert (written.outcome, written.recalls, written.side) == (Outcome.RECALL, decision, decision.side)
    assert [finding.invariant.name for finding in check(LENDING) if not finding.holds] == []


def low_consent(monkeypatch, office):
    """Let every loan of the rules need the manager's consent."""
    for code in ("2013", "2014"):
        version = published_version(version_of(code).pk)
        monkeypatch.setattr(version, "consent_above", Decimal(1000))


def version_of(code):
    return Application._meta.get_field("version").related_model.objects.get(programme__code="jianchuan", code=code)


def test_every_kind_that_may_be_taken_back_is_tried_here():
    assert sum(len(outcomes) for outcomes in RECALLABLE.values()) == len(EVERY)


def test_the_case_can_be_decided_anew_after_a_recall(office, story):
    decision = at_review(Outcome.PASS)(story)()
    recall(story, decision)
    story.case.refresh_from_db()
    again = at_review(Outcome.RETURN, target=StepCode.INTAKE)(story)()
    recall(story, again)
    story.case.refresh_from_db()
    story.review()
    assert [one.outcome for one in story.case.decisions.order_by("sequence")][2:] == [
        "pass", "recall", "return", "recall", "pass",
    ]  # fmt: skip
    assert [finding.invariant.name for finding in check(LENDING) if not finding.holds] == []


def test_a_second_click_takes_back_once(office, story):
    decision = at_review(Outcome.PASS)(story)()
    assert recall(story, decision) == recall(story, decision, after=2 * MINUTE)
    assert story.case.decisions.filter(outcome=Outcome.RECALL).count() == 1


def test_after_ten_minutes_it_is_too_late(office, story):
    decision = at_review(Outcome.PASS)(story)()
    with pytest.raises(operations.Blocked):
        recall(story, decision, after=RECALL_TIME + timedelta(seconds=1))
    recall(story, decision, after=RECALL_TIME)


def test_nobody_takes_back_what_another_decided(office, story):
    decision = at_review(Outcome.PASS)(story)()
    for user in (story.village.general_secretary, story.township.clerk, office.outsider):
        with pytest.raises(operations.NotAllowed):
            recall(story, decision, by=user)


def test_whoever_lost_his_post_takes_nothing_back(office, story):
    decision = at_review(Outcome.PASS)(story)()
    decision.decided_by.posts.update(valid_to=decision.decided_at.date() - timedelta(days=1))
    with pytest.raises(operations.NotAllowed):
        recall(story, decision)


def test_what_somebody_has_acted_on_stays(office, story):
    decision = at_review(Outcome.PASS)(story)()
    story.publish()
    assert story.case.notices.get().state == NoticeState.RUNNING
    with pytest.raises(operations.Conflict) as refused:
        recall(story, decision)
    assert refused.value.last_decision.outcome == Outcome.PUBLISH


def test_a_return_that_the_clerk_has_begun_to_mend_stays(office, story):
    decision = at_review(Outcome.RETURN, target=StepCode.INTAKE)(story)()
    story.case.refresh_from_db()
    operations.edit_application(
        application_id=story.case.pk,
        data=replace(story.data, plan="扩建猪舍，已核实。"),
        revision=story.case.revision,
        edited_by=story.township.clerk,
        edited_at=decision.decided_at + MINUTE,
    )
    with pytest.raises(operations.Conflict):
        recall(story, decision, after=2 * MINUTE)


def test_publishing_paying_out_and_handing_in_are_not_taken_back(office, story):
    story.lent()
    outcomes = (Outcome.SUBMIT, Outcome.PUBLISH, Outcome.PASS, Outcome.DISBURSE)
    fixed = [
        one
        for one in story.case.decisions.filter(outcome__in=outcomes)
        if one.outcome not in RECALLABLE.get(one.step, ())
    ]
    assert len(fixed) == 4
    for decision in fixed:
        with pytest.raises(operations.NotAllowed):
            recall(story, decision)


def test_what_a_meeting_resolved_is_not_one_persons_to_take_back(office, story):
    story.at(StepCode.PUBLIC_NOTICE)
    decision = story.case.decisions.get(step=StepCode.BRANCH_REVIEW)
    decision.facts["meeting"] = "HY-1"
    assert not operations.recall.is_recallable(decision)


def test_what_was_freed_and_taken_by_another_cannot_be_taken_back(office, story):
    other = CaseFactory(office, person=office.yangcen.village.people[-4])
    other.at(StepCode.COMMITTEE_FILING)
    decision = EVERY["sent back by the lender"](story)()
    quota = Quota.objects.get(version__code="2014", township=office.yangcen.division)
    Quota.objects.filter(pk=quota.pk).update(total=50000)
    other.moment = decision.decided_at
    story.case.refresh_from_db()
    other.case.version.filing_in_order = False
    other.decide(Outcome.PASS, office.yangcen.committee_officer, FilingFacts(other.day), days=0)
    with pytest.raises(operations.Blocked):
        recall(story, decision)
    assert Quota.objects.get(pk=quota.pk).used == 50000


def test_a_rejection_is_not_taken_back_once_the_applicant_has_a_new_case(office, story):
    decision = at_review(Outcome.REJECT)(story)()
    CaseFactory(office, begin=decision.decided_at + MINUTE).draft()
    with pytest.raises(operations.Blocked):
        recall(story, decision, after=2 * MINUTE)
    story.case.refresh_from_db()
    assert story.case.state == State.REJECTED


def test_nothing_rests_on_what_was_taken_back(office, story):
    decision = at_review(Outcome.REJECT)(story)()
    recall(story, decision)
    case = cases_in_full().get(pk=story.case.pk)
    assert last_decision(case, StepCode.BRANCH_REVIEW) is None
    assert return_of(case) is None
    assert meeting_facts(case) == []
    assert [one.outcome for one in standing_decisions(case)] == ["submit", "pass"]


def test_the_timeline_tells_of_both(office, story):
    decision = at_review(Outcome.PASS)(story)()
    recall(story, decision)
    titles = [str(event.title) for event in history_of(cases_in_full().get(pk=story.case.pk))]
    assert titles[1:3] == ["支部审核：已撤回决定", "支部审核：通过（已撤回）"]


def test_a_recall_cannot_be_decided_like_an_outcome(office, story):
    story.at(StepCode.BRANCH_REVIEW)
    with pytest.raises(operations.NotAllowed):
        story.decide(Outcome.RECALL, story.village.secretary)


def test_a_credit_decision_taken_back_no_longer_waits_for_consent(office, monkeypatch):
    low_consent(monkeypatch, office)
    story = CaseFactory(office)
    story.at(StepCode.DISBURSEMENT)
    other = UserFactory(role=Role.CREDIT_OFFICER, organization=office.yangcen.outlet)
    decision = story.decide(Outcome.PROPOSE, other, CreditFacts(Decimal(40000), 12))
    recall(story, decision)
    story.case.refresh_from_db()
    assert (story.case.credit_status, story.case.amount_granted) == (CreditStatus.NONE, None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(8))
def test_of_a_recall_and_the_next_decider_at_once_exactly_one_wins(transactional_db, turn):
    county = build_county()
    store_jianchuan()
    story = CaseFactory(county)
    decision = by_office(StepCode.SUBSIDY_CONFIRMATION, Outcome.CONFIRM, finance)(story)()
    case, moment = story.case, decision.decided_at + MINUTE

    def decline():
        return operations.decide(
            application_id=case.pk,
            step=StepCode.DISBURSEMENT,
            outcome=Outcome.DECLINE,
            decided_by=county.yangcen.credit_officer,
            decided_at=moment,
            revision=case.revision,
            reason="征信不良。",
        )

    refusals = (operations.Blocked, operations.Conflict, operations.NotAllowed, OperationalError)
    results = race(refusals, lambda: recall(story, decision), decline)
    assert sorted(type(result).__name__ for result in results) == ["ApplicationDecision", "Conflict"]
    assert ApplicationDecision.objects.filter(application=case, sequence__gt=decision.sequence).count() == 1
    assert [finding.invariant.name for finding in check(LENDING) if not finding.holds] == []
