"""The page of one case: what it shows, to whom, and which buttons."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from jobs.models import Job
from loans.choices import Outcome, StepCode
from loans.models import Application
from loans.queries.bar import bar_of
from loans.queries.detail import cases_in_full
from loans.queries.history import history_of
from loans.queries.versions import published_version
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory, helped, review_facts, store_four_steps
from tests.loans.pages import text_of
from web.layout import StepState
from workflow.queries import work_calendar

QUESTIONS_MAX = 18


def page_of(case):
    return reverse("loans:case", args=[case.pk])


def in_full(case: Application) -> Application:
    found = cases_in_full().get(pk=case.pk)
    found.version = published_version(found.version_id)
    return found


def states(case):
    return [str(step.state) for step in bar_of(in_full(case), on=TODAY, calendar=work_calendar())]


def test_the_page_shows_request_and_applicant(office, sign_in, noon):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    page = text_of(sign_in(office.yangcen.village.secretary).get(page_of(case)))
    for words in (
        case.number,
        case.person.name,
        "50,000.00 元",
        "人民币伍万元整",
        case.person.id_number_masked,
        "生猪养殖",
    ):
        assert words in page


def test_the_full_identity_number_is_not_on_it(office, sign_in, noon):
    case = CaseFactory(office).lent()
    for user in (office.yangcen.clerk, office.finance_officer, office.yangcen.credit_officer):
        page = text_of(sign_in(user).get(page_of(case)))
        assert case.person.read_id_number() not in page
        assert case.person.read_phone() not in page


@pytest.mark.parametrize(
    "who", ["shaxi.clerk", "shaxi.village.secretary", "shaxi.credit_officer", "outsider", "leader", "auditor"]
)
def test_a_case_outside_the_area_does_not_exist(office, sign_in, noon, who):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    user = office
    for name in who.split("."):
        user = getattr(user, name)
    client = sign_in(user)
    assert client.get(page_of(case)).status_code == 404
    assert client.get(reverse("loans:case", args=[10**17])).status_code == 404


def test_a_case_that_is_too_large_a_number_does_not_exist(office, sign_in, noon):
    assert sign_in(office.yangcen.clerk).get(f"/loans/cases/{10**30}/").status_code == 404


def test_looking_writes_nothing(office, sign_in, noon):
    case = CaseFactory(office).at(StepCode.COMMITTEE_FILING)
    before = Application.objects.filter(pk=case.pk).values().get()
    sign_in(office.yangcen.committee_officer).get(page_of(case))
    assert Application.objects.filter(pk=case.pk).values().get() == before


@pytest.mark.parametrize("situation", ["draft", "lent"])
def test_the_page_asks_a_constant_number_of_questions(office, sign_in, noon, questions, situation):
    story = CaseFactory(office)
    case = story.lent() if situation == "lent" else story.draft()
    if situation == "lent":
        for _payment in range(5):
            story.repay(Decimal(1000))
    client = sign_in(office.yangcen.clerk)
    client.get(page_of(case))
    with questions() as asked:
        assert client.get(page_of(case)).status_code == 200
    assert len(asked) <= QUESTIONS_MAX, asked


def test_the_bar_names_the_six_steps_of_the_programme(office, noon):
    case = CaseFactory(office).at(StepCode.COMMITTEE_FILING)
    steps = bar_of(in_full(case), on=TODAY, calendar=work_calendar())
    assert [step.label for step in steps] == ["党员介绍", "支部审核", "党委备案", "政府贴息", "信用社核发", "组织考核"]
    assert states(case) == ["done", "done", "now", "todo", "todo", "todo"]


def test_the_notice_is_a_line_under_the_branch_review(office, noon):
    story = CaseFactory(office)
    story.at(StepCode.PUBLIC_NOTICE)
    story.publish()
    review = bar_of(in_full(story.case), on=TODAY, calendar=work_calendar())[1]
    assert review.state is StepState.NOW
    assert f"公示至 {story.case.notices.get().ends_on}" in review.lines
    assert states(story.case)[2] == "todo"


def test_a_returned_case_shows_where_it_was_stopped(office, noon):
    story = CaseFactory(office)
    story.at(StepCode.BRANCH_REVIEW)
    story.decide(Outcome.RETURN, office.yangcen.village.secretary, reason="缺少照片。", target=StepCode.INTAKE)
    assert states(story.case) == ["todo", "stop", "todo", "todo", "todo", "todo"]


def test_a_case_without_subsidy_left_that_step_out(office, noon):
    story = CaseFactory(office)
    story.at(StepCode.SUBSIDY_CONFIRMATION)
    story.decide(Outcome.CONFIRM_WITHOUT, office.finance_officer, reason="不在贴息范围。")
    assert states(story.case)[3:5] == ["skip", "now"]


def test_a_rejected_case_stopped_at_the_branch(office, noon):
    story = CaseFactory(office)
    story.at(StepCode.BRANCH_REVIEW)
    facts = review_facts(story.day, credit_is_good=False)
    story.decide(Outcome.REJECT, office.yangcen.village.secretary, facts, reason="信用不良。")
    assert states(story.case)[:3] == ["done", "stop", "todo"]


def test_a_paid_out_case_waits_for_its_assessment(office, noon):
    case = CaseFactory(office).lent()
    assert states(case)[4:] == ["done", "todo"]


def test_a_closed_case_is_done_throughout(office, noon):
    story = CaseFactory(office)
    story.settled()
    story.assess()
    assert set(states(story.case)) == {"done"}


def test_a_programme_of_four_steps_has_a_bar_of_its_own(county, noon):
    version = store_four_steps(county)
    member = county.yangcen.village.members[1].person
    case = CaseFactory(county, version=version, person=member).at(StepCode.DISBURSEMENT)
    assert states(case)[-1] == "now"
    assert [step.label for step in bar_of(in_full(case), on=TODAY, calendar=work_calendar())][-1] == "农信审批"


def test_the_history_begins_with_what_comes_next_and_ends_with_the_registration(office, noon):
    story = CaseFactory(office)
    story.at(StepCode.PUBLIC_NOTICE)
    events = history_of(in_full(story.case))
    assert str(events[0].title) == "等待公示"
    assert events[1].quote == "同意推荐。"
    assert str(events[-1].title) == "登记"


@pytest.mark.parametrize(
    ("step", "office_name"),
    [
        (StepCode.REFERRAL, "经办员"),
        (StepCode.BRANCH_REVIEW, "中羊村第一党支部"),
        (StepCode.COMMITTEE_FILING, "羊岑乡党委"),
        (StepCode.SUBSIDY_CONFIRMATION, "县财政局"),
        (StepCode.DISBURSEMENT, "羊岑信用社"),
    ],
)
def test_the_history_says_whose_turn_it_is(office, noon, step, office_name):
    case = CaseFactory(office).at(step)
    assert str(history_of(in_full(case))[0].by).startswith(office_name)


def test_the_button_is_there_only_for_those_whose_turn_it_is(office, sign_in, noon):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    url = reverse("loans:decide", args=[case.pk, case.step])
    shown = {
        user.username: f'href="{url}"' in text_of(sign_in(user).get(page_of(case)))
        for user in (office.yangcen.village.secretary, office.yangcen.committee_officer, office.finance_officer)
    }
    assert list(shown.values()) == [True, False, False]


def test_the_page_says_why_the_same_person_may_not_go_on(office, sign_in, noon):
    story = CaseFactory(office)
    story.at(StepCode.BRANCH_REVIEW)
    secretary = office.yangcen.village.secretary
    secretary.person = story.case.person
    secretary.save()
    page = text_of(sign_in(secretary).get(page_of(story.case)))
    assert "不能办理本人的申请。" in page
    assert reverse("loans:decide", args=[story.case.pk, story.case.step]) not in page


def test_helped_people_and_served_households_are_named(office, sign_in, noon):
    village = office.yangcen.village
    friend = village.people[4]
    story = CaseFactory(
        office,
        helped=helped(village.people[6]),
        served_household_ids=(village.farmer.household_id, friend.household_id),
    )
    page = text_of(sign_in(office.yangcen.clerk).get(page_of(story.draft())))
    assert village.people[6].name in page
    assert friend.name in page


def test_a_paid_out_case_shows_its_schedule_and_what_is_owed(office, sign_in, noon):
    story = CaseFactory(office)
    story.lent()
    story.repay(Decimal(20000))
    page = text_of(sign_in(office.yangcen.credit_officer).get(page_of(story.case)))
    assert "还款计划" in page
    assert "30,000.00 元" in page


def test_after_a_decision_the_next_case_is_one_click_away(office, sign_in, noon):
    done = CaseFactory(office).at(StepCode.PUBLIC_NOTICE)
    waiting = CaseFactory(office, person=office.yangcen.village.people[0], begin=NOON - timedelta(days=9)).at(
        StepCode.BRANCH_REVIEW
    )
    page = sign_in(office.yangcen.village.secretary).get(page_of(done), {"done": StepCode.BRANCH_REVIEW})
    assert page.context["following"] == waiting


def test_a_made_up_step_in_the_address_is_no_error(office, sign_in, noon):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    assert sign_in(office.yangcen.clerk).get(page_of(case), {"done": "<x>"}).status_code == 200


def test_the_application_form_is_made_by_a_job(office, sign_in, noon):
    case = CaseFactory(office).at(StepCode.COMMITTEE_FILING)
    client = sign_in(office.yangcen.committee_officer)
    url = reverse("loans:print", args=[case.pk, "application_form"])
    assert client.get(url).status_code == 405
    response = client.post(url)
    job = Job.objects.get(owner=office.yangcen.committee_officer)
    assert response.url == reverse("jobs:detail", args=[job.pk])
    assert job.arguments == {"application_id": case.pk, "paper": "application_form"}


def test_the_application_form_of_a_foreign_case_is_not_made(office, sign_in, noon):
    case = CaseFactory(office).at(StepCode.COMMITTEE_FILING)
    url = reverse("loans:print", args=[case.pk, "application_form"])
    assert sign_in(office.shaxi.clerk).post(url).status_code == 404
    assert not Job.objects.exists()
