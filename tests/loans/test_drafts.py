"""The pages of the guided application: saved piece by piece, by anybody of the making side, and handed in at last."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from audit.choices import Action
from audit.models import AuditEvent
from loans.choices import Outcome, StepCode
from loans.models import Application
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory
from tests.loans.pages import (
    applicant_page,
    autosave_url,
    check_page,
    decide_url,
    decision,
    page_url,
    project_page,
    referral_page,
    text_of,
)
from workflow.engine import State

NEW = reverse("loans:application-new")


@pytest.fixture
def rules(office):
    return CaseFactory(office).version


@pytest.fixture
def clerk(office, sign_in, noon):
    return sign_in(office.yangcen.clerk)


@pytest.fixture
def other_clerk(office, sign_in, noon):
    return sign_in(office.yangcen.village.clerk)


@pytest.fixture
def draft(office, rules, clerk):
    """A draft after its first page."""
    clerk.post(NEW, applicant_page(office, rules=rules))
    return Application.objects.get()


@pytest.fixture
def member(office):
    """Somebody who may introduce: of another household than the farmer."""
    return office.yangcen.village.members[0]


def changes(case):
    return list(AuditEvent.objects.filter(action=Action.CHANGED, subject_id=str(case.pk)).order_by("pk"))


# --- from page to page -----------------------------------------------------------------------------------------------


def test_a_draft_exists_from_the_first_page_on(office, rules, clerk):
    response = clerk.post(NEW, applicant_page(office, rules=rules))
    case = Application.objects.get()
    assert (case.state, case.draft.page_reached) == (State.DRAFT, "referral")
    assert response.url == page_url(case, "referral")


def test_five_pages_lead_to_the_branch(draft, clerk, member):
    assert clerk.post(page_url(draft, "referral"), referral_page(draft, member)).url == page_url(draft, "project")
    assert clerk.post(page_url(draft, "project"), project_page(draft)).url == page_url(draft, "papers")
    papers = {"revision": Application.objects.get().revision, "action": "continue"}
    assert clerk.post(page_url(draft, "papers"), papers).url == page_url(draft, "check")
    response = clerk.post(page_url(draft, "check"), check_page(draft))
    draft.refresh_from_db()
    assert response.url == reverse("loans:application-submitted", args=[draft.pk])
    assert (draft.step, draft.introducer) == (StepCode.BRANCH_REVIEW, member)
    assert [one.outcome for one in draft.decisions.order_by("sequence")] == [Outcome.SUBMIT, Outcome.PASS]
    assert len(draft.decisions.get(outcome=Outcome.SUBMIT).facts["declarations"]) == 4


def test_without_an_introducer_the_case_waits_at_the_referral(draft, clerk):
    clerk.post(page_url(draft, "project"), project_page(draft))
    clerk.post(page_url(draft, "check"), check_page(draft))
    draft.refresh_from_db()
    assert (draft.step, draft.state) == (StepCode.REFERRAL, State.OPEN)


@pytest.mark.parametrize("page", ["applicant", "referral", "project", "papers", "check"])
def test_every_page_opens(draft, clerk, page):
    response = clerk.get(page_url(draft, page))
    assert response.status_code == 200
    assert draft.number in text_of(response)


def test_who_comes_back_goes_on_at_the_page_reached(draft, clerk, member):
    edit = reverse("loans:application-edit", args=[draft.pk])
    assert clerk.get(edit).url == page_url(draft, "referral")
    clerk.post(page_url(draft, "referral"), referral_page(draft, member))
    assert clerk.get(edit).url == page_url(draft, "project")


def test_the_home_page_names_the_page_reached_and_the_time(draft, clerk):
    text = text_of(clerk.get(reverse("home")))
    assert "党员介绍" in text
    assert "2014-08-15 12:00" in text


def test_a_change_from_the_check_page_leads_straight_back(draft, clerk):
    url = f"{page_url(draft, 'project')}?back=check"
    assert clerk.post(url, project_page(draft)).url == page_url(draft, "check")


def test_saving_and_leaving_asks_for_nothing(draft, clerk):
    posted = project_page(draft, plan="", tier="", purpose="", action="leave")
    assert clerk.post(page_url(draft, "project"), posted).url == reverse("home")
    draft.refresh_from_db()
    assert (draft.amount_asked, draft.plan) == (Decimal(50000), "")


def test_going_on_asks_for_what_the_page_needs_and_stores_the_rest(draft, clerk):
    page = clerk.post(page_url(draft, "project"), project_page(draft, plan="", amount_asked="5万"))
    assert {"plan", "amount_asked"} == set(page.context["form"].errors)
    assert 'href="#id_plan"' in text_of(page)
    draft.refresh_from_db()
    assert draft.project_name == "生猪养殖"


def test_a_broken_rule_is_told_on_the_page_of_the_project(draft, clerk):
    page = clerk.post(page_url(draft, "project"), project_page(draft, amount_asked="50500"))
    assert "整数倍" in " ".join(page.context["form"].errors["amount_asked"])
    draft.refresh_from_db()
    assert draft.amount_asked == Decimal(50500)


def test_after_a_page_was_shown_with_mistakes_it_can_be_sent_again(draft, clerk):
    page = clerk.post(page_url(draft, "project"), project_page(draft, plan=""))
    revision = page.context["form"]["revision"].value()
    assert clerk.post(page_url(draft, "project"), project_page(draft) | {"revision": revision}).status_code == 302


def test_no_more_people_work_than_the_household_has(draft, clerk):
    page = clerk.post(page_url(draft, "project"), project_page(draft, labour_count="3"))
    assert "2" in page.context["form"].errors["labour_count"][0]
    clerk.post(page_url(draft, "project"), project_page(draft, labour_count="２", project_scale="生猪120头"))
    draft.refresh_from_db()
    assert (draft.labour_count, draft.project_scale, draft.wants_insurance) == (2, "生猪120头", False)


# --- autosave --------------------------------------------------------------------------------------------------------


def test_an_autosave_says_when_and_gives_the_new_revision(draft, clerk):
    answer = clerk.post(autosave_url(draft, "project"), {"amount_asked": "40000", "revision": draft.revision})
    draft.refresh_from_db()
    assert answer.json() == {"saved": "已保存 12:00", "revision": draft.revision, "errors": {}}
    assert draft.amount_asked == Decimal(40000)


def test_an_autosave_stores_what_is_valid_and_keeps_the_rest_for_the_page(draft, clerk):
    posted = {"amount_asked": "5万", "own_funds": "1000", "revision": draft.revision}
    answer = clerk.post(autosave_url(draft, "project"), posted).json()
    assert "amount_asked" in answer["errors"]
    draft.refresh_from_db()
    assert (draft.amount_asked, draft.own_funds) == (None, Decimal(1000))
    form = clerk.get(page_url(draft, "project")).context["form"]
    assert form["amount_asked"].value() == "5万"
    assert form["amount_asked"].errors


def test_what_is_not_right_yet_cannot_be_submitted(draft, clerk):
    clerk.post(page_url(draft, "project"), project_page(draft))
    draft.refresh_from_db()
    clerk.post(autosave_url(draft, "project"), project_page(draft, labour_count="十"))
    page = clerk.post(page_url(draft, "check"), check_page(draft))
    assert "项目与金额" in text_of(page)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


@pytest.mark.parametrize("text", ["\x00", "😀" * 20, "长" * 5000, "<script>", "' OR 1=1 --"])
def test_strange_input_is_neither_stored_nor_an_error(draft, clerk, text):
    posted = {"project_name": text, "plan": text, "amount_asked": text, "revision": draft.revision}
    assert clerk.post(autosave_url(draft, "project"), posted).status_code == 200
    assert clerk.get(page_url(draft, "project")).status_code == 200


def test_an_autosave_of_nothing_new_changes_no_revision(draft, clerk):
    clerk.post(autosave_url(draft, "project"), {"amount_asked": "40000", "revision": draft.revision})
    draft.refresh_from_db()
    again = clerk.post(autosave_url(draft, "project"), {"amount_asked": "40,000", "revision": draft.revision}).json()
    assert again["revision"] == draft.revision


def test_an_autosave_after_somebody_elses_change_is_refused_by_name(draft, clerk, other_clerk, office):
    seen = draft.revision
    other_clerk.post(autosave_url(draft, "project"), {"amount_asked": "40000", "revision": seen})
    answer = clerk.post(autosave_url(draft, "project"), {"amount_asked": "30000", "revision": seen})
    assert answer.status_code == 409
    assert office.yangcen.village.clerk.name in answer.json()["conflict"]
    draft.refresh_from_db()
    assert draft.amount_asked == Decimal(40000)


def test_an_autosave_of_a_case_under_way_is_refused(office, clerk):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    answer = clerk.post(autosave_url(case, "project"), {"amount_asked": "1000", "revision": case.revision})
    assert answer.status_code == 409


# --- two people at one page ------------------------------------------------------------------------------------------


def test_both_versions_stand_side_by_side(draft, clerk, other_clerk):
    seen = draft.revision
    other_clerk.post(autosave_url(draft, "project"), {"amount_asked": "40000", "revision": seen})
    page = clerk.post(page_url(draft, "project"), project_page(draft) | {"revision": seen, "amount_asked": "30000"})
    assert page.status_code == 409
    amounts = {one.name: (one.mine_shown, one.theirs_shown) for one in page.context["differences"]}
    assert amounts["amount_asked"] == ("30000", "40000.00")
    draft.refresh_from_db()
    assert (page.context["case"].revision, draft.amount_asked) == (draft.revision, Decimal(40000))


@pytest.mark.parametrize(("chosen", "amount"), [("30000", 30000), ("40000.00", 40000)])
def test_what_is_chosen_of_two_versions_is_stored(draft, clerk, other_clerk, chosen, amount):
    seen = draft.revision
    other_clerk.post(autosave_url(draft, "project"), {"amount_asked": "40000", "revision": seen})
    page = clerk.post(page_url(draft, "project"), project_page(draft) | {"revision": seen, "amount_asked": "30000"})
    chosen_texts = {one.name: one.mine for one in page.context["differences"]} | {"amount_asked": chosen}
    posted = dict(page.context["same"]) | chosen_texts | {"revision": page.context["case"].revision}
    assert clerk.post(page_url(draft, "project"), posted | {"action": "continue"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.amount_asked, draft.plan) == (Decimal(amount), "扩建猪舍，存栏由40头增至120头。")


def test_a_second_click_is_no_conflict(draft, clerk):
    posted = project_page(draft)
    first, second = clerk.post(page_url(draft, "project"), posted), clerk.post(page_url(draft, "project"), posted)
    assert (first.url, second.url) == (page_url(draft, "papers"), page_url(draft, "papers"))


def test_nobody_submits_what_he_has_not_read(draft, clerk, other_clerk):
    clerk.post(page_url(draft, "project"), project_page(draft))
    seen = check_page(draft)
    other_clerk.post(autosave_url(draft, "project"), {"plan": "改为养牛。", "revision": seen["revision"]})
    assert clerk.post(page_url(draft, "check"), seen).status_code == 409
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_second_click_on_submit_leads_to_the_receipt(draft, clerk):
    clerk.post(page_url(draft, "project"), project_page(draft))
    posted = check_page(draft)
    first, second = clerk.post(page_url(draft, "check"), posted), clerk.post(page_url(draft, "check"), posted)
    assert first.url == second.url
    assert draft.decisions.filter(outcome=Outcome.SUBMIT).count() == 1


# --- submitting ------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_listed_with_the_way_to_it(draft, clerk):
    page = clerk.post(page_url(draft, "check"), check_page(draft))
    assert f"{page_url(draft, 'project')}?back=check#id_amount_asked" in text_of(page)
    draft.refresh_from_db()
    assert (draft.state, draft.decisions.count()) == (State.DRAFT, 0)


def test_all_declarations_are_needed(draft, clerk):
    clerk.post(page_url(draft, "project"), project_page(draft))
    page = clerk.post(page_url(draft, "check"), check_page(draft, declarations=["truth"]))
    assert "declarations" in page.context["form"].errors


def test_an_introducer_who_may_not_introduce_stops_the_submission(draft, clerk, member):
    clerk.post(page_url(draft, "referral"), referral_page(draft, member))
    clerk.post(page_url(draft, "project"), project_page(draft))
    member.standing = "disciplined"
    member.save()
    page = clerk.post(page_url(draft, "check"), check_page(draft))
    assert page_url(draft, "referral") in text_of(page)
    draft.refresh_from_db()
    assert (draft.state, draft.decisions.count()) == (State.DRAFT, 0)


def test_an_introduction_is_begun_and_finished_or_left(draft, clerk, member):
    page = clerk.post(page_url(draft, "referral"), referral_page(draft, member, visited_on="", is_no_relative=""))
    assert {"visited_on", "is_no_relative"} == set(page.context["form"].errors)
    late = (TODAY + timedelta(days=1)).isoformat()
    page = clerk.post(page_url(draft, "referral"), referral_page(draft, member, visited_on=late))
    assert page.context["form"].errors["visited_on"]


def test_a_member_of_another_township_is_not_chosen(draft, clerk, office):
    stranger = office.shaxi.village.members[0]
    page = clerk.post(page_url(draft, "referral"), referral_page(draft, stranger))
    assert page.context["form"].errors["introducer"]


def test_the_receipt_says_who_acts_next(draft, clerk):
    clerk.post(page_url(draft, "project"), project_page(draft))
    page = clerk.post(page_url(draft, "check"), check_page(draft), follow=True)
    assert draft.number in text_of(page)
    assert "<svg" in text_of(page)
    assert reverse("loans:application-edit", args=[draft.pk]) not in text_of(page)


# --- rows of people --------------------------------------------------------------------------------------------------


def test_people_are_found_added_and_taken_away(draft, clerk, office):
    person = office.yangcen.village.people[6]
    found = clerk.post(reverse("loans:application-people", args=[draft.pk]), {"people": person.name})
    assert person.id_number_masked in text_of(found)
    add = project_page(draft, add=f"helped:{person.pk}")
    assert clerk.post(page_url(draft, "project"), add).url.endswith("#people")
    assert draft.commitments.get().person == person
    kind = {"helped": person.pk, "helped_kind": "low_income_member"}
    clerk.post(page_url(draft, "project"), project_page(draft, action="leave", **kind))
    assert draft.commitments.get().kind == "low_income_member"
    clerk.post(page_url(draft, "project"), project_page(draft, remove=f"helped:{person.pk}", **kind))
    assert not draft.commitments.exists()


def test_a_neighbours_household_is_served_besides_his_own(draft, clerk, office):
    neighbour = office.yangcen.village.people[4]
    clerk.post(page_url(draft, "project"), project_page(draft, add=f"served:{neighbour.household_id}"))
    served = {unit.household_id for unit in draft.served_units.all()}
    assert served == {draft.household_id, neighbour.household_id}
    text = text_of(clerk.get(page_url(draft, "project")))
    assert f'name="served" value="{neighbour.household_id}"' in text


def test_rows_that_stay_are_not_written_again(draft, clerk, office):
    person = office.yangcen.village.people[6]
    clerk.post(page_url(draft, "project"), project_page(draft, add=f"helped:{person.pk}"))
    row = draft.commitments.get().pk
    kind = {"helped": person.pk, "helped_kind": "villager_in_difficulty"}
    clerk.post(page_url(draft, "project"), project_page(draft, amount_asked="30000", **kind))
    assert draft.commitments.get().pk == row


def test_the_search_finds_without_script_too(draft, clerk, office):
    person = office.yangcen.village.people[6]
    page = clerk.post(page_url(draft, "project"), project_page(draft, find="people", people=person.name))
    assert f'value="helped:{person.pk}"' in text_of(page)


def test_nobody_outside_the_township_is_found_or_added(draft, clerk, office):
    stranger = office.shaxi.village.farmer
    found = clerk.post(reverse("loans:application-people", args=[draft.pk]), {"people": stranger.read_id_number()})
    assert f"helped:{stranger.pk}" not in text_of(found)
    added = clerk.post(page_url(draft, "project"), project_page(draft, add=f"helped:{stranger.pk}"))
    assert added.status_code == 404
    assert not draft.commitments.exists()


# --- the trail -------------------------------------------------------------------------------------------------------


def test_autosaves_of_a_quarter_of_an_hour_are_one_line(draft, clerk, at):
    for minute, amount in enumerate(("10000", "20000", "30000")):
        with at(moment=NOON + timedelta(minutes=20 + minute)):
            draft.refresh_from_db()
            clerk.post(autosave_url(draft, "project"), {"amount_asked": amount, "revision": draft.revision})
    assert [event.detail["amount_asked"] for event in changes(draft)] == [["", "10000.00"]]
    with at(moment=NOON + timedelta(minutes=24)):
        clerk.post(page_url(draft, "project"), project_page(draft, amount_asked="30000"))
    assert changes(draft)[-1].detail["amount_asked"] == ["10000.00", "30000.00"]


def test_who_changes_anothers_draft_is_in_the_trail_at_once(draft, clerk, other_clerk, office):
    clerk.post(autosave_url(draft, "project"), {"amount_asked": "10000", "revision": draft.revision})
    draft.refresh_from_db()
    other_clerk.post(autosave_url(draft, "project"), {"amount_asked": "20000", "revision": draft.revision})
    found = [(event.actor, event.detail["amount_asked"]) for event in changes(draft)]
    assert found == [
        (office.yangcen.clerk, ["", "10000.00"]),
        (office.yangcen.village.clerk, ["10000.00", "20000.00"]),
    ]


def test_the_trail_knows_the_introduction(draft, clerk, member):
    clerk.post(page_url(draft, "referral"), referral_page(draft, member))
    assert changes(draft)[-1].detail["visited_on"] == ["", TODAY.isoformat()]


# --- returned cases --------------------------------------------------------------------------------------------------


@pytest.fixture
def returned(office, clerk):
    story = CaseFactory(office)
    story.at(StepCode.BRANCH_REVIEW)
    story.decide(Outcome.RETURN, office.yangcen.village.secretary, reason="照片看不清。", target=StepCode.INTAKE)
    return story.case


def test_a_returned_case_begins_with_the_reviewers_words(returned, clerk):
    edit = reverse("loans:application-edit", args=[returned.pk])
    assert "照片看不清。" in text_of(clerk.get(edit, follow=True))


@pytest.fixture
def returned_by_page(office, clerk, sign_in):
    """A case that the branch sent back, naming two pages on its own page."""
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    sent = {"target": StepCode.INTAKE, "pages": ["project", "referral"], "reason": "金额与计划不符。"}
    secretary = sign_in(office.yangcen.village.secretary)
    assert secretary.post(decide_url(case), decision(case, Outcome.RETURN, **sent)).status_code == 302
    case.refresh_from_db()
    return case


def test_a_return_may_name_the_pages_to_correct(returned_by_page, clerk):
    case = returned_by_page
    assert clerk.get(reverse("loans:application-edit", args=[case.pk])).url == page_url(case, "referral")
    page = text_of(clerk.get(page_url(case, "referral")))
    assert "金额与计划不符。" in page
    assert "需更正：党员介绍、项目与金额" in page
    states = {step.label: step.state for step in clerk.get(page_url(case, "check")).context["steps"]}
    assert [label for label, state in states.items() if state == "stop"] == ["党员介绍", "项目与金额"]


def test_saving_leads_from_one_page_to_correct_to_the_next(returned_by_page, clerk):
    case = returned_by_page
    empty = {"revision": case.revision, "action": "continue"}
    assert clerk.post(page_url(case, "referral"), empty).url == page_url(case, "project")
    assert clerk.post(page_url(case, "project"), project_page(case)).url == page_url(case, "check")


def test_a_returned_case_goes_on_in_a_second_round(returned, clerk):
    clerk.post(page_url(returned, "project"), project_page(returned, plan="补充说明。"))
    clerk.post(page_url(returned, "check"), check_page(returned))
    returned.refresh_from_db()
    assert (returned.step, returned.round, returned.plan) == (StepCode.REFERRAL, 2, "补充说明。")


def test_a_case_under_way_is_not_open_for_changes(office, clerk):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    assert clerk.get(page_url(case, "project")).url == reverse("loans:case", args=[case.pk])
    assert clerk.post(page_url(case, "project"), project_page(case, amount_asked="40000")).status_code == 409


def test_a_draft_of_another_township_does_not_exist(draft, sign_in, office):
    for user in (office.shaxi.clerk, office.yangcen.committee_officer, office.outsider):
        client = sign_in(user)
        assert client.get(page_url(draft, "project")).status_code == 404
        assert client.post(page_url(draft, "project"), project_page(draft)).status_code == 404
        assert client.post(autosave_url(draft, "project"), {"revision": 1}).status_code == 404


def test_an_application_of_last_year_stays_under_its_rules(office, sign_in, noon):
    draft = CaseFactory(office, begin=NOON - timedelta(days=300)).draft()
    form = sign_in(office.yangcen.clerk).get(page_url(draft, "applicant")).context["form"]
    assert [code for code, _label in form.fields["version"].choices] == [draft.version_id]
    assert draft.created_at.date() < date(2014, 1, 1)


@pytest.mark.parametrize("page", ["applicant", "referral", "project", "papers", "check"])
def test_a_page_asks_the_database_a_constant_number_of_questions(draft, clerk, office, questions, page):
    people = office.yangcen.village.people

    def fill(number):
        rows = {
            "helped": [f"{person.pk}:villager_in_difficulty" for person in people[6 : 6 + number]],
            "served": [person.household_id for person in people[2 : 2 + 2 * number : 2]],
        }
        clerk.post(page_url(draft, "project"), project_page(draft, action="leave", **rows))

    fill(1)
    with questions() as few:
        clerk.get(page_url(draft, page))
    fill(3)
    with questions() as many:
        clerk.get(page_url(draft, page))
    assert len(many) == len(few)
