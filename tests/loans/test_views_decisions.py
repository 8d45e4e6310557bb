"""The pages of the steps: deciding, refusing what may not be, and what happens when two people decide at once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.choices import Role
from loans.choices import Outcome, StepCode
from loans.models import Application, ApplicationDecision
from tests.factories.accounts import PostFactory, UserFactory
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory
from tests.loans.pages import case_at, decide_url, decision, meeting, payout, text_of
from workflow.engine import State

# The step, who decides it, and what he posts.
STEPS = [
    (StepCode.REFERRAL, "yangcen.clerk"),
    (StepCode.BRANCH_REVIEW, "yangcen.village.secretary"),
    (StepCode.PUBLIC_NOTICE, "yangcen.village.secretary"),
    (StepCode.COMMITTEE_FILING, "yangcen.committee_officer"),
    (StepCode.SUBSIDY_CONFIRMATION, "finance_officer"),
    (StepCode.DISBURSEMENT, "yangcen.credit_officer"),
    (StepCode.ASSESSMENT, "organisation_officer"),
]
DECIDERS = dict(STEPS)


def somebody(office, path):
    for name in path.split("."):
        office = getattr(office, name)
    return office


def positive(office, case):
    """Return what passes the present step."""
    match case.step:
        case StepCode.REFERRAL:
            member = office.yangcen.village.members[0]
            fields = {"introducer": member.pk, "visited_on": TODAY.isoformat(), "is_no_relative": "on"}
            return decision(case, Outcome.PASS, **fields)
        case StepCode.BRANCH_REVIEW:
            return decision(case, Outcome.PASS, **meeting(), reason="同意推荐。")
        case StepCode.PUBLIC_NOTICE:
            fields = {"place": "村委会公示栏", "phone": "0872-4520001", "starts_on": TODAY.isoformat()}
            return decision(case, Outcome.PUBLISH, **fields)
        case StepCode.COMMITTEE_FILING:
            return decision(case, Outcome.PASS, received_on=TODAY.isoformat())
        case StepCode.SUBSIDY_CONFIRMATION:
            return decision(case, Outcome.CONFIRM)
        case StepCode.DISBURSEMENT:
            return decision(case, Outcome.DISBURSE, **payout())
    assessment = {"use": "as_agreed", "conduct": "on_time", "leading_role": "some", "households_led": "3"}
    return decision(case, Outcome.PASS, **assessment)


@pytest.mark.parametrize(("step", "who"), STEPS)
def test_a_step_is_decided_on_its_page(office, sign_in, noon, step, who):
    case = case_at(office, step)
    client = sign_in(somebody(office, who))
    assert client.get(decide_url(case)).status_code == 200
    response = client.post(decide_url(case), positive(office, case))
    assert response.status_code == 302, response.context["form"].errors
    last = case.decisions.order_by("-sequence").first()
    assert (last.step, last.decided_by) == (step, somebody(office, who))


@pytest.mark.parametrize(("step", "who"), STEPS)
def test_a_second_click_decides_nothing_twice(office, sign_in, noon, step, who):
    case = case_at(office, step)
    client = sign_in(somebody(office, who))
    posted = positive(office, case)
    first, second = client.post(decide_url(case), posted), client.post(decide_url(case, step), posted)
    assert (first.status_code, second.status_code) == (302, 302)
    assert second.url == first.url
    assert case.decisions.filter(step=step).exclude(outcome=Outcome.SETTLE).count() == 1


@pytest.mark.parametrize(("step", "who"), STEPS)
def test_the_page_of_a_step_is_not_there_for_others(office, sign_in, noon, step, who):
    case = case_at(office, step)
    decider = somebody(office, who)
    strangers = [office.shaxi.clerk, office.shaxi.committee_officer, office.shaxi.credit_officer, office.outsider]
    inside = [office.yangcen.clerk, office.yangcen.committee_officer, office.finance_officer]
    for user in [*strangers, *(user for user in inside if user != decider)]:
        client = sign_in(user)
        assert client.get(decide_url(case)).status_code == 404
        assert client.post(decide_url(case), positive(office, case)).status_code == 404
    assert not case.decisions.filter(decided_by__in=strangers).exists()


@pytest.mark.parametrize(("step", "who"), STEPS)
def test_opening_the_page_writes_nothing(office, sign_in, noon, step, who):
    case = case_at(office, step)
    before = Application.objects.filter(pk=case.pk).values().get()
    sign_in(somebody(office, who)).get(decide_url(case))
    assert Application.objects.filter(pk=case.pk).values().get() == before


@pytest.mark.parametrize("step", [StepCode.BRANCH_REVIEW, StepCode.COMMITTEE_FILING, StepCode.DISBURSEMENT])
def test_a_return_names_a_step_and_a_reason(office, sign_in, noon, step):
    case = case_at(office, step)
    client = sign_in(somebody(office, DECIDERS[step]))
    refused = client.post(decide_url(case), decision(case, Outcome.RETURN, target=""))
    assert set(refused.context["form"].errors) == {"target", "reason"}
    returned = decision(case, Outcome.RETURN, target=StepCode.INTAKE, reason="缺少照片。")
    assert client.post(decide_url(case), returned).status_code == 302
    case.refresh_from_db()
    assert (case.step, case.state, case.round) == (StepCode.INTAKE, State.RETURNED, 2)


def test_a_return_goes_only_to_an_earlier_step(office, sign_in, noon):
    case = case_at(office, StepCode.BRANCH_REVIEW)
    posted = decision(case, Outcome.RETURN, target=StepCode.DISBURSEMENT, reason="不对。")
    page = sign_in(office.yangcen.village.secretary).post(decide_url(case), posted)
    assert "target" in page.context["form"].errors


def test_mistakes_in_the_fields_of_another_outcome_do_not_matter(office, sign_in, noon):
    case = case_at(office, StepCode.BRANCH_REVIEW)
    posted = decision(
        case, Outcome.RETURN, target=StepCode.INTAKE, reason="缺少照片。", held_on="昨天", present="-1", chair="😀"
    )
    assert sign_in(office.yangcen.village.secretary).post(decide_url(case), posted).status_code == 302


@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"present": "4"}, "in_favour"),
        ({"present": "4", "in_favour": "4", "abstained": "0"}, "present"),
        ({"in_favour": "4", "against": "3"}, "in_favour"),
        ({"present": "10", "in_favour": "9"}, "present"),
        ({"credit_is_good": ""}, "plan_is_sound"),
        ({"held_on": (TODAY + timedelta(days=1)).isoformat()}, "held_on"),
        ({"held_on": "2013-01-01"}, "held_on"),
        ({"held_on": "2014-02-30"}, "held_on"),
        ({"entitled": "0"}, "entitled"),
        ({"entitled": "-9"}, "entitled"),
        ({"entitled": "九"}, "entitled"),
        ({"entitled": "8.5"}, "entitled"),
        ({"entitled": "1" * 13}, "entitled"),
        ({"chair": ""}, "chair"),
        ({"chair": "段😀"}, "chair"),
        ({"place": "村" * 101}, "place"),
        ({"place": "\x00"}, "place"),
        ({"recused_names": "和1"}, "recused_names"),
        ({"kind": "party"}, "kind"),
        ({"outcome": "settle"}, "outcome"),
        ({"outcome": ""}, "outcome"),
        ({"reason": "同意👍"}, "reason"),
        ({"reason": "同" * 1001}, "reason"),
    ],
)
def test_a_meeting_that_cannot_be_true_is_refused(office, sign_in, noon, fields, blamed):
    case = case_at(office, StepCode.BRANCH_REVIEW)
    posted = decision(case, Outcome.PASS) | meeting(**fields)
    page = sign_in(office.yangcen.village.secretary).post(decide_url(case), posted)
    assert page.status_code == 200
    assert blamed in page.context["form"].errors
    assert 'id="errors"' in text_of(page)
    case.refresh_from_db()
    assert case.step == StepCode.BRANCH_REVIEW


@pytest.mark.parametrize(
    "fields",
    [
        {"entitled": "９", "present": "８", "in_favour": "７"},
        {"held_on": "2014年8月15日", "place": " 村党员活动室　"},
        {"chair": "𠮷䶮㛃", "recorder": "阿普•扎西次仁"},
        {"entitled": "10", "recused_names": "和丽芳、段　军"},
    ],
    ids=["full-width digits", "a written date", "rare characters", "recused members"],
)
def test_a_meeting_may_be_typed_as_an_office_types(office, sign_in, noon, fields):
    case = case_at(office, StepCode.BRANCH_REVIEW)
    posted = decision(case, Outcome.PASS, **meeting(**fields))
    response = sign_in(office.yangcen.village.secretary).post(decide_url(case), posted)
    assert response.status_code == 302, response.context["form"].errors


def test_recused_members_do_not_count(office, sign_in, noon):
    case = case_at(office, StepCode.BRANCH_REVIEW)
    posted = decision(case, Outcome.PASS, **meeting(recused_names="和丽芳"))
    sign_in(office.yangcen.village.secretary).post(decide_url(case), posted)
    votes = case.decisions.get(step=StepCode.BRANCH_REVIEW).facts["votes"]
    assert (votes["entitled"], votes["recused"]) == (9, 1)


def test_an_introducer_is_found_by_initials(office, sign_in, noon):
    case = case_at(office, StepCode.REFERRAL)
    member = office.yangcen.villages[1].members[2]
    client = sign_in(office.yangcen.clerk)
    assert f'value="{member.pk}"' not in text_of(client.get(decide_url(case)))
    found = client.get(reverse("loans:introducers", args=[case.pk]), {"q": member.person.initials})
    assert f'value="{member.pk}"' in text_of(found)
    assert "<html" not in text_of(found)


def test_a_member_of_another_township_introduces_nobody(office, sign_in, noon):
    case = case_at(office, StepCode.REFERRAL)
    posted = positive(office, case) | {"introducer": office.shaxi.village.members[0].pk}
    page = sign_in(office.yangcen.clerk).post(decide_url(case), posted)
    assert "introducer" in page.context["form"].errors


@pytest.mark.parametrize("introducer", ["", "0", "x", "9" * 30, "²"])
def test_a_made_up_introducer_is_refused(office, sign_in, noon, introducer):
    case = case_at(office, StepCode.REFERRAL)
    page = sign_in(office.yangcen.clerk).post(decide_url(case), positive(office, case) | {"introducer": introducer})
    assert "introducer" in page.context["form"].errors


def test_a_relative_introduces_nobody(office, sign_in, noon):
    case = case_at(office, StepCode.REFERRAL)
    posted = positive(office, case)
    del posted["is_no_relative"]
    page = sign_in(office.yangcen.clerk).post(decide_url(case), posted)
    assert "申请人的亲属不能作介绍人。" in page.context["form"].errors["is_no_relative"]


@pytest.mark.parametrize("text", ["\x00", "😀", "名" * 500, "%", "'"])
def test_a_strange_search_for_an_introducer_is_no_error(office, sign_in, noon, text):
    case = case_at(office, StepCode.REFERRAL)
    client = sign_in(office.yangcen.clerk)
    for url in (reverse("loans:introducers", args=[case.pk]), decide_url(case)):
        assert client.get(url, {"q": text}).status_code == 200


def test_the_fragment_of_introducers_is_not_there_for_others(office, sign_in, noon):
    case = case_at(office, StepCode.REFERRAL)
    url = reverse("loans:introducers", args=[case.pk])
    assert sign_in(office.yangcen.village.secretary).get(url).status_code == 404
    assert sign_in(office.shaxi.clerk).get(url).status_code == 404


def test_the_filing_page_shows_the_quota_left(office, sign_in, noon):
    case = case_at(office, StepCode.COMMITTEE_FILING)
    page = text_of(sign_in(office.yangcen.committee_officer).get(decide_url(case)))
    assert "5,000,000.00 元" in page


def test_the_subsidy_page_shows_what_will_be_reserved(office, sign_in, noon):
    case = case_at(office, StepCode.SUBSIDY_CONFIRMATION)
    page = text_of(sign_in(office.finance_officer).get(decide_url(case)))
    assert "1,500.00 元" in page
    assert "250,000.00 元" in page


def test_a_confirmation_without_subsidy_needs_a_reason(office, sign_in, noon):
    case = case_at(office, StepCode.SUBSIDY_CONFIRMATION)
    client = sign_in(office.finance_officer)
    refused = client.post(decide_url(case), decision(case, Outcome.CONFIRM_WITHOUT))
    assert "reason" in refused.context["form"].errors
    assert client.post(decide_url(case), decision(case, Outcome.CONFIRM_WITHOUT, reason="超范围。")).status_code == 302


def test_of_two_people_the_slower_one_is_told_who_decided_what(office, sign_in, noon):
    case = case_at(office, StepCode.COMMITTEE_FILING)
    posted = positive(office, case)
    sign_in(office.yangcen.committee_officer).post(decide_url(case), posted)
    colleague = UserFactory(role=Role.COMMITTEE_OFFICER, organization=office.yangcen.committee)
    page = sign_in(colleague).post(decide_url(case, StepCode.COMMITTEE_FILING), posted)
    assert page.status_code == 409
    assert office.yangcen.committee_officer.name in text_of(page)
    assert "党委备案：通过" in text_of(page)


def test_a_stale_page_decides_nothing(office, sign_in, noon):
    case = case_at(office, StepCode.BRANCH_REVIEW)
    posted = positive(office, case) | {"revision": case.revision - 1}
    assert sign_in(office.yangcen.village.secretary).post(decide_url(case), posted).status_code == 409
    case.refresh_from_db()
    assert case.step == StepCode.BRANCH_REVIEW


@pytest.mark.parametrize("revision", ["", "x", "9" * 5000, "-1", "1.5"])
def test_a_page_without_its_revision_decides_nothing(office, sign_in, noon, revision):
    case = case_at(office, StepCode.BRANCH_REVIEW)
    posted = positive(office, case) | {"revision": revision}
    page = sign_in(office.yangcen.village.secretary).post(decide_url(case), posted)
    assert page.status_code == 200
    assert "revision" in page.context["form"].errors
    assert case.decisions.filter(step=StepCode.BRANCH_REVIEW).count() == 0


def test_somebody_who_decided_before_is_refused_with_a_sentence(office, sign_in, noon):
    case = case_at(office, StepCode.COMMITTEE_FILING)
    secretary = office.yangcen.village.secretary
    PostFactory(user=secretary, role=Role.COMMITTEE_OFFICER, organization=office.yangcen.committee)
    client = sign_in(secretary)
    for page in (client.get(decide_url(case)), client.post(decide_url(case), positive(office, case))):
        assert page.status_code == 403
        assert "本步骤须由他人办理" in text_of(page)
    assert not ApplicationDecision.objects.filter(step=StepCode.COMMITTEE_FILING).exists()


def test_a_bookmark_of_an_old_step_leads_to_the_case(office, sign_in, noon):
    case = case_at(office, StepCode.COMMITTEE_FILING)
    response = sign_in(office.yangcen.village.secretary).get(decide_url(case, StepCode.BRANCH_REVIEW))
    assert response.url == reverse("loans:case", args=[case.pk])


def test_the_page_of_a_step_the_programme_lacks_is_not_there(office, sign_in, noon):
    case = case_at(office, StepCode.REFERRAL)
    client = sign_in(office.yangcen.clerk)
    assert client.get(f"/loans/cases/{case.pk}/intake/").status_code == 404
    assert client.get(f"/loans/cases/{case.pk}/no-such-step/").status_code == 404


def test_the_clerk_withdraws_with_a_reason(office, sign_in, noon):
    case = case_at(office, StepCode.COMMITTEE_FILING)
    client = sign_in(office.yangcen.clerk)
    url = reverse("loans:withdraw", args=[case.pk])
    assert client.get(url).status_code == 200
    assert "reason" in client.post(url, decision(case, Outcome.WITHDRAW)).context["form"].errors
    posted = decision(case, Outcome.WITHDRAW, reason="申请人另有安排。")
    first, second = client.post(url, posted), client.post(url, posted)
    assert (first.status_code, second.status_code) == (302, 302)
    case.refresh_from_db()
    assert case.state == State.WITHDRAWN
    assert case.decisions.filter(outcome=Outcome.WITHDRAW).count() == 1


def test_nobody_but_a_clerk_withdraws_and_not_after_payment(office, sign_in, noon):
    case = case_at(office, StepCode.COMMITTEE_FILING)
    url = reverse("loans:withdraw", args=[case.pk])
    assert sign_in(office.yangcen.committee_officer).get(url).status_code == 404
    paid = CaseFactory(office, person=office.yangcen.village.people[0], begin=NOON - timedelta(days=40)).lent()
    assert sign_in(office.yangcen.clerk).get(reverse("loans:withdraw", args=[paid.pk])).status_code == 404
