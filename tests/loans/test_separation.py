"""Maker is never checker: ways around it that somebody might try."""

import pytest

from accounts.choices import Role
from audit.models import AuditEvent
from loans import operations
from loans.choices import BorrowerKind, Outcome, StepCode
from loans.steps.facts import FilingFacts, ReferralFacts
from tests.factories.accounts import PostFactory, UserFactory
from tests.factories.loans import CaseFactory, review_facts
from tests.factories.organizations import EntityFactory


def sent_back(office, to=StepCode.INTAKE):
    story = CaseFactory(office)
    story.at(StepCode.BRANCH_REVIEW)
    story.decide(Outcome.RETURN, office.yangcen.village.secretary, reason="请核实金额。", target=to)
    return story


def edit(story, by, **changes):
    data = CaseFactory(story.county, begin=story.moment, **changes).data
    return operations.edit_application(
        application_id=story.case.pk, data=data, revision=story.case.revision, edited_by=by, edited_at=story.moment
    )


def refused(story, *args, **kwargs):
    with pytest.raises(operations.NotAllowed, match=r"."):
        story.decide(*args, **kwargs)


def test_who_wrote_a_draft_does_not_review_it_though_another_clerk_submitted_it(office):
    township = office.yangcen
    story = CaseFactory(office)
    story.draft()
    story.decide(Outcome.SUBMIT, township.village.clerk)
    PostFactory(user=township.clerk, role=Role.BRANCH_SECRETARY, organization=township.village.branch)
    story.refer = lambda: story.decide(
        Outcome.PASS, township.village.clerk, ReferralFacts(township.village.members[0].pk, story.day, True)
    )
    story.at(StepCode.BRANCH_REVIEW)
    refused(story, Outcome.PASS, township.clerk, review_facts(story.day))


def test_who_changed_a_returned_case_does_not_review_it(office):
    township = office.yangcen
    story = sent_back(office)
    changer = UserFactory(role=Role.TOWNSHIP_CLERK, organization=township.committee)
    edit(story, changer, amount="40000")
    PostFactory(user=changer, role=Role.BRANCH_SECRETARY, organization=township.village.branch)
    story.at(StepCode.BRANCH_REVIEW)
    refused(story, Outcome.PASS, changer, review_facts(story.day))


def test_who_reviewed_a_case_does_not_rewrite_it_for_the_second_round(office):
    story = sent_back(office)
    secretary = office.yangcen.village.secretary
    PostFactory(user=secretary, role=Role.VILLAGE_CLERK, organization=office.yangcen.village.branch)
    with pytest.raises(operations.NotAllowed, match=r"."):
        edit(story, secretary)


def test_a_change_of_an_application_is_on_the_record(office):
    story = sent_back(office)
    edit(story, office.yangcen.clerk, amount="40000", plan="改养肉牛。")
    event = AuditEvent.objects.get(subject_type="loans.application", action="changed")
    assert event.actor == office.yangcen.clerk
    assert event.detail["amount_asked"] == ["50000.00", "40000.00"]
    assert event.detail["plan"] == []


def test_saving_without_a_change_leaves_no_trace(office):
    story = CaseFactory(office)
    story.draft()
    edit(story, office.yangcen.clerk)
    assert not AuditEvent.objects.filter(subject_type="loans.application").exists()


def test_an_account_that_got_its_person_later_stays_the_same_decider(office):
    story = CaseFactory(office)
    story.at(StepCode.BRANCH_REVIEW)
    secretary = office.yangcen.village.secretary
    story.review()
    secretary.person = office.shaxi.village.people[0]
    secretary.save()
    PostFactory(user=secretary, role=Role.COMMITTEE_OFFICER, organization=office.yangcen.committee)
    story.at(StepCode.COMMITTEE_FILING)
    refused(story, Outcome.PASS, secretary, FilingFacts(story.day))


def objected(office):
    story = CaseFactory(office)
    story.at(StepCode.PUBLIC_NOTICE)
    story.publish()
    objection = operations.record_objection(
        notice_id=story.case.notices.get().pk,
        received_on=story.case.notices.get().starts_on,
        channel="phone",
        objector="",
        text="该户猪舍未建。",
        recorded_by=office.yangcen.clerk,
        recorded_at=story.moment.replace(day=story.moment.day + 2),
    )
    story.moment = objection.recorded_at
    return story, objection


def settle(objection, by, at, *, upheld=False, finding="经核查，反映不属实。"):
    return operations.settle_objection(
        objection_id=objection.pk, upheld=upheld, finding=finding, settled_by=by, settled_at=at
    )


def test_who_wrote_the_application_does_not_settle_the_objection_to_it(office):
    story, objection = objected(office)
    clerk = office.yangcen.clerk
    PostFactory(user=clerk, role=Role.COMMITTEE_OFFICER, organization=office.yangcen.committee)
    with pytest.raises(operations.NotAllowed, match=r"."):
        settle(objection, clerk, story.moment)


def test_who_settled_the_objection_does_not_confirm_the_subsidy(office):
    story, objection = objected(office)
    settler = UserFactory(role=Role.COMMITTEE_OFFICER, organization=office.yangcen.committee)
    PostFactory(user=settler, role=Role.FINANCE_OFFICER, organization=office.finance_bureau)
    settle(objection, settler, story.moment)
    story.moment += 10 * (story.moment - story.moment.replace(day=story.moment.day - 1))
    operations.close_due_notices(at=story.moment)
    story.case.refresh_from_db()
    story.at(StepCode.SUBSIDY_CONFIRMATION)
    refused(story, Outcome.CONFIRM, settler)


def test_the_same_finding_with_another_result_is_not_a_second_click(office):
    story, objection = objected(office)
    officer = office.yangcen.committee_officer
    settle(objection, officer, story.moment)
    assert settle(objection, officer, story.moment).state == "dismissed"
    with pytest.raises(operations.Conflict):
        settle(objection, officer, story.moment, upheld=True)


def test_the_representative_of_a_body_does_not_decide_on_its_application(office):
    village = office.yangcen.village
    tier = CaseFactory(office).version.tiers.get(code="collective")
    body = EntityFactory(division=village.division, representative=village.people[4])
    story = CaseFactory(
        office, entity_id=body.pk, borrower_kind=BorrowerKind.COOPERATIVE, tier_id=tier.pk,
        served_household_ids=(village.households[-1].pk,),
    )  # fmt: skip
    story.at(StepCode.BRANCH_REVIEW)
    village.secretary.person = village.people[4]
    village.secretary.save()
    refused(story, Outcome.PASS, village.secretary, review_facts(story.day))


def test_nobody_decides_on_a_loan_that_serves_his_household(office):
    village = office.yangcen.village
    story = CaseFactory(office, served_household_ids=(village.households[-1].pk, village.households[-2].pk))
    story.at(StepCode.BRANCH_REVIEW)
    village.secretary.person = village.people[-4]
    village.secretary.save()
    refused(story, Outcome.PASS, village.secretary, review_facts(story.day))


def test_nobody_records_his_own_introduction(office):
    story = CaseFactory(office)
    story.at(StepCode.REFERRAL)
    member = office.yangcen.village.members[0]
    office.yangcen.clerk.person = member.person
    office.yangcen.clerk.save()
    with pytest.raises(operations.Blocked) as blocked:
        story.decide(Outcome.PASS, office.yangcen.clerk, ReferralFacts(member.pk, story.day, True))
    assert [problem.field for problem in blocked.value.problems] == ["introducer"]


def test_a_page_posted_again_with_other_contents_is_not_taken_for_a_second_click(office):
    story = CaseFactory(office)
    first = story.draft()
    other = CaseFactory(office, amount="80000").data
    with pytest.raises(operations.Blocked, match=first.number):
        operations.submit_application(
            data=other, request_id=first.request_id, submitted_by=office.yangcen.clerk, submitted_at=story.moment
        )
    first.refresh_from_db()
    assert (first.step, first.amount_asked) == (StepCode.INTAKE, 50000)
