"""The whole way of a case through the operations: six steps, four steps, and what may not happen on the way."""

from datetime import timedelta
from decimal import Decimal

import pytest

from loans import operations
from loans.choices import LoanState, Outcome, StepCode
from loans.models import ProgrammeVersion, Quota, SubsidyBudget
from loans.steps.facts import FilingFacts, ReferralFacts
from tests.factories.county import NOON
from tests.factories.loans import CaseFactory, helped, review_facts, store_four_steps
from workflow.engine import Move, State, replay


def test_a_case_goes_through_all_six_steps(office):
    story = CaseFactory(office)
    story.settled()
    story.assess()
    case = story.case
    assert case.state == State.CLOSED
    assert [d.step for d in case.decisions.order_by("sequence") if d.outcome not in ("publish", "settle")] == [
        StepCode.INTAKE,
        StepCode.REFERRAL,
        StepCode.BRANCH_REVIEW,
        StepCode.PUBLIC_NOTICE,
        StepCode.COMMITTEE_FILING,
        StepCode.SUBSIDY_CONFIRMATION,
        StepCode.DISBURSEMENT,
        StepCode.ASSESSMENT,
    ]


def test_the_history_of_a_case_replays_to_where_it_stands(office):
    story = CaseFactory(office)
    case = story.settled()
    moves = [Move(d.step, d.outcome, d.target) for d in case.decisions.order_by("sequence")]
    assert replay(case.version.workflow, moves) == case.position


def test_the_four_steps_of_yulong_run_by_the_same_code(county):
    version = store_four_steps(county)
    member = county.yangcen.village.members[1].person
    story = CaseFactory(county, version=version, person=member)
    case = story.lent()
    assert case.state == State.LENT
    assert case.subsidy_reserved == 0
    story.repay(case.loan.principal)
    assert story.case.state == State.CLOSED


def test_the_loan_carries_the_rate_of_its_version(office):
    loan = CaseFactory(office).lent().loan
    assert (loan.benchmark_percent, loan.rate_percent) == (Decimal("6.0000"), Decimal("6.6000"))
    assert loan.due_date == loan.start_date.replace(year=2015)


def test_filing_takes_the_quota_and_confirmation_the_budget(office):
    CaseFactory(office, amount="50000").at(StepCode.DISBURSEMENT)
    assert Quota.objects.get(version__code="2014", township=office.yangcen.division).used == 50000
    assert SubsidyBudget.objects.get(version__code="2014").reserved == 1500


def test_paying_out_less_gives_quota_and_budget_back(office):
    story = CaseFactory(office, amount="50000")
    story.at(StepCode.DISBURSEMENT)
    story.disburse(Decimal(30000))
    assert Quota.objects.get(version__code="2014", township=office.yangcen.division).used == 30000
    assert SubsidyBudget.objects.get(version__code="2014").reserved == 900


@pytest.mark.parametrize("outcome", [Outcome.DECLINE, Outcome.WITHDRAW])
def test_a_case_that_ends_without_a_loan_gives_everything_back(office, outcome):
    story = CaseFactory(office)
    story.at(StepCode.DISBURSEMENT)
    by = office.yangcen.credit_officer if outcome == Outcome.DECLINE else office.yangcen.clerk
    story.decide(outcome, by, reason="资金用途不符。")
    assert story.case.is_ended
    assert Quota.objects.get(version__code="2014", township=office.yangcen.division).used == 0
    assert SubsidyBudget.objects.get(version__code="2014").reserved == 0


def test_a_returned_case_comes_again_in_a_second_round(office):
    story = CaseFactory(office)
    story.at(StepCode.COMMITTEE_FILING)
    story.decide(Outcome.RETURN, office.yangcen.committee_officer, reason="缺公示照片。", target=StepCode.INTAKE)
    assert (story.case.state, story.case.round) == (State.RETURNED, 2)
    story.at(StepCode.DISBURSEMENT)
    assert story.case.notices.count() == 2


def test_a_return_from_the_lender_frees_what_is_taken_again_later(office):
    story = CaseFactory(office)
    story.at(StepCode.DISBURSEMENT)
    story.decide(
        Outcome.RETURN, office.yangcen.credit_officer, reason="计划不清。", target=StepCode.SUBSIDY_CONFIRMATION
    )
    assert SubsidyBudget.objects.get(version__code="2014").reserved == 0
    assert Quota.objects.get(version__code="2014", township=office.yangcen.division).used == 50000


def test_a_return_needs_a_reason(office):
    story = CaseFactory(office)
    story.at(StepCode.BRANCH_REVIEW)
    with pytest.raises(operations.Blocked, match=r"原因|reason"):
        story.decide(Outcome.RETURN, office.yangcen.village.secretary, target=StepCode.INTAKE)


def test_a_secretary_of_another_village_is_refused(office):
    story = CaseFactory(office)
    story.at(StepCode.BRANCH_REVIEW)
    with pytest.raises(operations.NotAllowed):
        story.decide(Outcome.PASS, office.yangcen.villages[1].secretary, review_facts(story.day))


def test_the_general_branch_may_review_for_its_branch(office):
    story = CaseFactory(office)
    story.at(StepCode.BRANCH_REVIEW)
    story.decide(Outcome.PASS, office.yangcen.village.general_secretary, review_facts(story.day))
    assert story.case.step == StepCode.PUBLIC_NOTICE


def test_a_committee_of_another_township_is_refused(office):
    story = CaseFactory(office)
    story.at(StepCode.COMMITTEE_FILING)
    with pytest.raises(operations.NotAllowed):
        story.decide(Outcome.PASS, office.shaxi.committee_officer, FilingFacts(story.day))


def test_one_person_with_two_accounts_cannot_decide_at_two_steps(office):
    person = office.yangcen.villages[1].people[0]
    for user in (office.yangcen.village.secretary, office.yangcen.committee_officer):
        user.person = person
        user.save()
    story = CaseFactory(office)
    story.at(StepCode.COMMITTEE_FILING)
    with pytest.raises(operations.NotAllowed, match=r"."):
        story.file()


def test_nobody_decides_on_the_application_of_his_own_household(office):
    story = CaseFactory(office)
    story.at(StepCode.BRANCH_REVIEW)
    spouse = office.yangcen.village.people[-1]
    office.yangcen.village.secretary.person = spouse
    office.yangcen.village.secretary.save()
    with pytest.raises(operations.NotAllowed, match=r"."):
        story.review()


def test_of_two_who_decide_at_once_the_second_sees_who_was_quicker(office):
    story = CaseFactory(office)
    case = story.at(StepCode.BRANCH_REVIEW)
    seen = case.revision
    story.review()
    with pytest.raises(operations.Conflict) as conflict:
        operations.decide(
            application_id=case.pk,
            step=StepCode.BRANCH_REVIEW,
            outcome=Outcome.REJECT,
            decided_by=office.yangcen.village.secretary,
            decided_at=story.moment,
            revision=seen,
            reason="不同意。",
        )
    assert conflict.value.last_decision.decided_by == office.yangcen.village.secretary


def test_above_the_limit_the_lender_waits_for_another_persons_consent(office):
    member = office.yangcen.village.members[1].person
    tier3 = ProgrammeVersion.objects.get(code="2014").tiers.get(amount_max=300000, members_only=True)
    people = helped(*[m.person for m in office.yangcen.village.members[3:6]], kind="member_in_difficulty")
    story = CaseFactory(office, amount="250000", person=member, tier_id=tier3.pk, helped=people)
    story.at(StepCode.DISBURSEMENT)
    with pytest.raises(operations.Blocked):
        story.decide(Outcome.DISBURSE, office.yangcen.credit_officer, story.payout(Decimal(250000)))
    story.propose()
    with pytest.raises(operations.NotAllowed):
        story.decide(Outcome.CONSENT, office.yangcen.credit_officer)
    story.consent()
    with pytest.raises(operations.Blocked):
        story.decide(Outcome.DISBURSE, office.yangcen.credit_officer, story.payout(Decimal(240000)))
    story.decide(Outcome.DISBURSE, office.yangcen.credit_officer, story.payout(Decimal(250000)))
    assert story.case.loan.principal == 250000


def test_the_lender_cannot_grant_more_than_was_asked(office):
    story = CaseFactory(office)
    story.at(StepCode.DISBURSEMENT)
    with pytest.raises(operations.Blocked):
        story.disburse(Decimal(60000))


def test_a_notice_closes_only_when_its_days_are_over(office):
    story = CaseFactory(office)
    story.at(StepCode.PUBLIC_NOTICE)
    story.publish()
    notice = story.case.notices.get()
    last_day = story.moment.replace(year=notice.ends_on.year, month=notice.ends_on.month, day=notice.ends_on.day)
    assert operations.close_due_notices(at=last_day) == 0
    assert operations.close_due_notices(at=last_day + timedelta(days=1)) == 1
    assert operations.close_due_notices(at=last_day + timedelta(days=1)) == 0


def test_an_open_objection_keeps_the_notice_from_closing(office):
    story, objection = objected(office)
    assert operations.close_due_notices(at=story.moment + timedelta(days=30)) == 0
    operations.settle_objection(
        objection_id=objection.pk,
        upheld=False,
        finding="经核查，反映不属实。",
        settled_by=office.yangcen.committee_officer,
        settled_at=story.moment + timedelta(days=31),
    )
    story.case.refresh_from_db()
    assert story.case.step == StepCode.COMMITTEE_FILING


def test_an_upheld_objection_lets_the_committee_send_the_case_back(office):
    story, objection = objected(office)
    with pytest.raises(operations.Blocked):
        story.decide(Outcome.REJECT, office.yangcen.committee_officer, reason="异议成立。")
    operations.settle_objection(
        objection_id=objection.pk,
        upheld=True,
        finding="经核查，情况属实。",
        settled_by=office.yangcen.committee_officer,
        settled_at=story.moment,
    )
    story.decide(Outcome.REJECT, office.yangcen.committee_officer, reason="异议成立。")
    assert story.case.state == State.REJECTED


def objected(office):
    story = CaseFactory(office)
    story.at(StepCode.PUBLIC_NOTICE)
    story.publish()
    story.moment += timedelta(days=2)
    objection = operations.record_objection(
        notice_id=story.case.notices.get().pk,
        received_on=story.day,
        channel="phone",
        objector="匿名",
        text="该户猪舍未建。",
        recorded_by=office.yangcen.clerk,
        recorded_at=story.moment,
    )
    return story, objection


def test_the_introducer_is_not_of_the_household(office):
    story = CaseFactory(office, person=office.yangcen.village.members[0].person)
    story.at(StepCode.REFERRAL)
    facts = ReferralFacts(office.yangcen.village.members[0].pk, story.day, True)
    with pytest.raises(operations.Blocked):
        story.decide(Outcome.PASS, office.yangcen.clerk, facts)


def test_the_same_request_twice_is_one_application(office):
    story = CaseFactory(office)
    first = story.draft()
    again = operations.create_application(
        data=story.data, request_id=first.request_id, created_by=office.yangcen.clerk, created_at=NOON
    )
    assert again.pk == first.pk


def test_a_person_has_one_application_under_way(office):
    CaseFactory(office).draft()
    with pytest.raises(operations.Blocked):
        CaseFactory(office).draft()


def test_repaying_more_than_is_owed_is_refused(office):
    story = CaseFactory(office)
    story.lent()
    with pytest.raises(operations.Blocked):
        story.repay(Decimal("50000.01"))
    assert story.case.loan.state == LoanState.LIVE


def test_a_bank_reference_is_booked_once(office):
    story = CaseFactory(office)
    story.lent()
    story.repay(Decimal(1000), reference="HK-1")
    with pytest.raises(operations.Blocked):
        story.repay(Decimal(1000), reference="HK-1")
