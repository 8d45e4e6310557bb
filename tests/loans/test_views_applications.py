"""The clerk's page: finding the applicant, a draft, submitting, correcting what was returned, foreign ids."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from loans.choices import Outcome, StepCode
from loans.models import Application
from organizations.choices import HouseholdRelation
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory
from tests.factories.organizations import EntityFactory, HouseholdFactory, PersonFactory
from tests.loans.pages import application, text_of
from workflow.engine import State

NEW = reverse("loans:application-new")
FIND = reverse("loans:find-applicant")


@pytest.fixture
def rules(office):
    return CaseFactory(office).version


@pytest.fixture
def clerk(office, sign_in, noon):
    return sign_in(office.yangcen.clerk)


@pytest.fixture
def post(office, rules, clerk):
    """Post a complete application with some answers changed."""

    def send(**fields):
        return clerk.post(NEW, application(office, rules=rules, **fields))

    return send


def edit_url(case):
    return reverse("loans:application-edit", args=[case.pk])


# --- finding the applicant ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["number", "spaced number", "full-width number", "name", "initials", "last four"])
def test_an_applicant_is_found_in_the_register(office, clerk, how):
    person = office.yangcen.village.farmer
    number = person.read_id_number()
    text = {
        "number": number.lower(),
        "spaced number": f" {number[:6]} {number[6:14]} {number[14:]} ",
        "full-width number": number.translate({ord(str(n)): 0xFF10 + n for n in range(10)}),
        "name": person.name,
        "initials": person.initials,
        "last four": number[-4:],
    }[how]
    page = text_of(clerk.post(FIND, {"text": text}))
    assert f"{NEW}?person={person.pk}" in page
    assert number not in page.replace(f'value="{text}"', "")


def test_nobody_outside_the_township_is_found(office, clerk):
    stranger = office.shaxi.village.farmer
    page = text_of(clerk.post(FIND, {"text": stranger.read_id_number()}))
    assert f"person={stranger.pk}" not in page
    assert reverse("organizations:person-register") in page


def test_a_body_is_found_with_its_representative(office, clerk):
    village = office.yangcen.village
    body = EntityFactory(name="中羊核桃专业合作社", division=village.division, representative=village.farmer)
    page = text_of(clerk.post(FIND, {"text": "核桃"}))
    assert f"person={village.farmer.pk}&amp;entity={body.pk}" in page


@pytest.mark.parametrize("text", ["", "😀", "名" * 61, "' OR 1=1 --", "%", "\x00"])
def test_a_strange_search_finds_nothing_and_breaks_nothing(clerk, text):
    assert clerk.post(FIND, {"text": text}).status_code == 200


def test_only_a_clerk_registers(office, rules, sign_in, noon):
    for user in (office.yangcen.committee_officer, office.finance_officer, office.auditor, office.outsider):
        client = sign_in(user)
        assert client.get(FIND).status_code == 404
        assert client.get(NEW, {"person": office.yangcen.village.farmer.pk}).status_code == 404
        assert client.post(NEW, application(office, rules=rules)).status_code == 404
    assert not Application.objects.exists()


# --- a new application -------------------------------------------------------------------------------------------


def test_the_page_begins_with_the_branch_and_the_outlet_of_the_village(office, rules, clerk):
    member = office.yangcen.village.members[5].person
    form = clerk.get(NEW, {"person": member.pk}).context["form"]
    assert form["branch"].value() == office.yangcen.village.branches[1].pk
    assert form["outlet"].value() == office.yangcen.outlet.pk
    assert form["version"].value() == rules.pk


def test_the_page_without_a_person_asks_for_one(clerk):
    assert clerk.get(NEW).url == FIND


def test_an_application_is_submitted_in_one_go(office, post):
    response = post()
    case = Application.objects.get()
    assert response.url == reverse("loans:case", args=[case.pk])
    assert (case.step, case.state, case.amount_asked) == (StepCode.REFERRAL, State.OPEN, Decimal(50000))
    assert [unit.household_id for unit in case.served_units.all()] == [office.yangcen.village.farmer.household_id]


def test_a_draft_may_be_incomplete(office, rules, clerk):
    names = ("tier", "amount_asked", "term_months", "purpose", "project_name", "plan", "project_total", "own_funds")
    posted = application(office, rules=rules, action="save", **dict.fromkeys(names, ""))
    assert clerk.post(NEW, posted).status_code == 302
    assert Application.objects.get().state == State.DRAFT


def test_an_incomplete_application_is_not_submitted_and_leaves_no_draft(post):
    page = post(plan="", amount_asked="", tier="")
    assert {"plan", "amount_asked", "tier"} <= set(page.context["form"].errors)
    assert 'href="#id_plan"' in text_of(page)
    assert not Application.objects.exists()


def test_a_second_click_creates_nothing_twice(office, rules, clerk):
    posted = application(office, rules=rules)
    first, second = clerk.post(NEW, posted), clerk.post(NEW, posted)
    assert first.url == second.url
    assert Application.objects.get().decisions.count() == 1


def test_opening_the_page_writes_nothing(office, rules, clerk):
    clerk.get(NEW, {"person": office.yangcen.village.farmer.pk})
    assert not Application.objects.exists()


def test_an_applicant_with_a_case_under_way_is_refused(post):
    post()
    page = post()
    assert "该申请人已有一件申请正在办理。" in text_of(page)
    assert Application.objects.count() == 1


# --- rules of the programme, as sentences at their fields ----------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "blamed", "words"),
    [
        ({"amount_asked": "100001"}, "amount_asked", "金额超过该类别限额"),
        ({"amount_asked": "50500"}, "amount_asked", "整数倍"),
        ({"amount_asked": "500"}, "amount_asked", "最低额"),
        ({"amount_asked": "60000"}, "amount_asked", "缺口"),
        ({"purpose": "consumption"}, "purpose", "不发放消费性贷款"),
        ({"term_months": "37"}, "term_months", "36 个月"),
        ({"consent_signed_on": (TODAY + timedelta(days=1)).isoformat()}, "consent_signed_on", "不能晚于今天"),
        ({"borrower_kind": "cooperative"}, "entity", "合作社或村集体"),
    ],
)
def test_a_broken_rule_is_told_at_its_field(post, fields, blamed, words):
    page = post(**fields)
    assert words in " ".join(page.context["form"].errors[blamed])
    assert not Application.objects.exists()


def test_a_minor_is_refused(office, post):
    household = HouseholdFactory(division=office.yangcen.village.division)
    minor = PersonFactory(household=household, born=date(2000, 1, 1), relation=HouseholdRelation.CHILD)
    page = post(person=minor.pk)
    assert "未满 18 周岁" in text_of(page)
    assert not Application.objects.exists()


def test_somebody_of_eighteen_today_is_not_a_minor(office, post):
    household = HouseholdFactory(division=office.yangcen.village.division)
    adult = PersonFactory(household=household, born=date(1996, 8, 15), relation=HouseholdRelation.CHILD)
    assert post(person=adult.pk).status_code == 302


def test_the_higher_class_needs_named_helped_people(office, rules, post):
    member = office.yangcen.village.members[0].person
    tier = rules.tiers.get(code="helping").pk
    amounts = {"amount_asked": "150000", "project_total": "300000"}
    refused = post(person=member.pk, tier=tier, **amounts)
    assert "帮扶对象人数未达到该类别要求。" in refused.context["form"].errors["tier"]
    helped = office.yangcen.village.people[6]
    accepted = post(person=member.pk, tier=tier, helped_1=helped.read_id_number(), **amounts)
    assert accepted.status_code == 302
    assert [one.person for one in Application.objects.get().commitments.all()] == [helped]


def test_the_class_for_members_is_not_for_a_farmer(rules, post):
    page = post(tier=rules.tiers.get(code="helping").pk)
    assert "该类别仅限党员。" in page.context["form"].errors["tier"]


def test_a_cooperative_borrows_through_its_body(office, rules, post):
    village = office.yangcen.village
    body = EntityFactory(division=village.division, representative=village.farmer)
    response = post(borrower_kind="cooperative", entity=body.pk, tier=rules.tiers.get(code="collective").pk)
    assert response.status_code == 302
    assert Application.objects.get().entity == body


# --- helped people and served households ----------------------------------------------------------------------------


def test_other_households_of_a_joint_loan_are_served_besides_his_own(office, post):
    village = office.yangcen.village
    neighbour = village.people[4]
    assert post(served_1=neighbour.name, served_2=neighbour.read_id_number()).status_code == 302
    served = {unit.household_id for unit in Application.objects.get().served_units.all()}
    assert served == {village.farmer.household_id, neighbour.household_id}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("无此人", "辖区名册中没有"),
        ("53299919500101000X", "辖区名册中没有"),
        ("😀", "辖区名册中没有"),
        ("{same}", "有多人同名"),
        ("{stranger}", "辖区名册中没有"),
    ],
)
def test_somebody_unknown_is_not_helped(office, post, text, words):
    village = office.yangcen.village
    PersonFactory(name="同名者", household=village.households[0], relation=HouseholdRelation.CHILD)
    PersonFactory(name="同名者", household=village.households[1], relation=HouseholdRelation.CHILD)
    text = text.format(same="同名者", stranger=office.shaxi.village.farmer.read_id_number())
    page = post(helped_1=text)
    assert words in page.context["form"].errors["helped_1"][0]


def test_the_same_person_is_not_helped_twice(office, post):
    name = office.yangcen.village.people[6].name
    assert "helped_2" in post(helped_1=name, helped_2=name).context["form"].errors


def test_nobody_helps_himself(office, post):
    page = post(helped_1=office.yangcen.village.farmer.read_id_number())
    assert "申请人不能作为自己的帮扶对象。" in page.context["form"].errors["helped_1"]


@pytest.mark.parametrize("name", ["阿普·扎西次仁", "𠮷䶮㛃楤", "扎" * 40])
def test_rare_and_long_names_are_found_as_they_are_written(office, post, name):
    village = office.yangcen.village
    PersonFactory(name=name, household=village.households[0], relation=HouseholdRelation.CHILD)
    assert post(helped_1=name.replace("·", "•")).status_code == 302
    assert Application.objects.get().commitments.get().person.name == name


# --- what is posted by hand ------------------------------------------------------------------------------------------


def test_a_person_of_another_township_does_not_exist(office, clerk, post):
    stranger = office.shaxi.village.farmer
    assert clerk.get(NEW, {"person": stranger.pk}).status_code == 404
    assert post(person=stranger.pk).status_code == 404
    assert not Application.objects.exists()


@pytest.mark.parametrize("person", ["0", "x", "9" * 30, "-1", "²", "1e3"])
def test_a_made_up_person_does_not_exist(clerk, post, person):
    assert clerk.get(NEW, {"person": person}).status_code == 404
    assert post(person=person).status_code == 404


def test_a_branch_outside_the_area_is_refused(office, post):
    assert post(branch=office.shaxi.village.branch.pk).status_code == 404
    assert post(branch=office.shaxi.committee.pk).status_code == 404
    assert not Application.objects.exists()


@pytest.mark.parametrize("field", ["branch", "outlet", "version", "entity"])
def test_a_made_up_row_is_refused(post, field):
    assert post(**{field: "99999999"}).status_code == 404
    assert not Application.objects.exists()


def test_a_class_of_other_rules_is_refused(office, rules, post):
    other = rules.programme.versions.get(code="2013").tiers.first()
    assert "tier" in post(tier=other.pk).context["form"].errors


def test_a_body_of_another_township_is_refused(office, rules, post):
    body = EntityFactory(division=office.shaxi.village.division)
    tier = rules.tiers.get(code="collective").pk
    assert post(borrower_kind="cooperative", entity=body.pk, tier=tier).status_code == 404


# --- drafts and returned cases ---------------------------------------------------------------------------------------


def test_a_draft_is_completed_and_submitted(office, rules, clerk):
    draft = CaseFactory(office).draft()
    posted = application(office, rules=rules, revision=draft.revision, amount_asked="40000")
    assert clerk.get(edit_url(draft)).status_code == 200
    assert clerk.post(edit_url(draft), posted).status_code == 302
    draft.refresh_from_db()
    assert (draft.step, draft.amount_asked) == (StepCode.REFERRAL, Decimal(40000))


def test_the_page_of_a_draft_shows_what_was_written(office, rules, clerk):
    village = office.yangcen.village
    helped = village.people[6]
    clerk.post(
        NEW, application(office, rules=rules, action="save", helped_1=helped.name, served_1=village.people[4].name)
    )
    draft = Application.objects.get()
    form = clerk.get(edit_url(draft)).context["form"]
    assert form["helped_1"].value() == f"{helped.name} {helped.id_number_masked}"
    assert form["served_1"].value().startswith(village.people[4].name)
    again = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    again = {name: value for name, value in again.items() if value != ""} | {"action": "save"}
    again["consent_signed_on"] = TODAY.isoformat()
    assert clerk.post(edit_url(draft), again).status_code == 302
    draft.refresh_from_db()
    assert draft.commitments.get().person == helped
    assert draft.served_units.count() == 2


@pytest.mark.parametrize("action", ["save", "submit"])
def test_a_second_click_on_a_draft_is_done(office, rules, clerk, action):
    draft = CaseFactory(office).draft()
    posted = application(office, rules=rules, revision=draft.revision, amount_asked="40000", action=action)
    first, second = clerk.post(edit_url(draft), posted), clerk.post(edit_url(draft), posted)
    assert (first.status_code, second.status_code) == (302, 302)
    assert draft.decisions.count() == (1 if action == "submit" else 0)


@pytest.mark.parametrize("first_action", ["save", "submit"])
def test_an_old_page_overwrites_nothing(office, rules, clerk, first_action):
    draft = CaseFactory(office).draft()
    seen = draft.revision
    clerk.post(
        edit_url(draft), application(office, rules=rules, revision=seen, amount_asked="40000", action=first_action)
    )
    late = clerk.post(
        edit_url(draft), application(office, rules=rules, revision=seen, amount_asked="30000", action="save")
    )
    assert late.status_code == 409
    draft.refresh_from_db()
    assert draft.amount_asked == Decimal(40000)


def test_a_returned_case_shows_the_reason_and_goes_on_in_a_second_round(office, rules, clerk):
    story = CaseFactory(office)
    story.at(StepCode.BRANCH_REVIEW)
    story.decide(Outcome.RETURN, office.yangcen.village.secretary, reason="照片看不清。", target=StepCode.INTAKE)
    page = clerk.get(edit_url(story.case))
    assert "照片看不清。" in text_of(page)
    posted = application(office, rules=rules, revision=story.case.revision, plan="补充说明。")
    assert clerk.post(edit_url(story.case), posted).status_code == 302
    story.case.refresh_from_db()
    assert (story.case.step, story.case.round, story.case.plan) == (StepCode.REFERRAL, 2, "补充说明。")


def test_a_case_under_way_is_not_open_for_changes(office, rules, clerk):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    assert clerk.get(edit_url(case)).url == reverse("loans:case", args=[case.pk])
    posted = application(office, rules=rules, revision=case.revision, amount_asked="40000")
    assert clerk.post(edit_url(case), posted).status_code == 409


def test_a_draft_of_another_township_does_not_exist(office, rules, sign_in, noon):
    draft = CaseFactory(office).draft()
    client = sign_in(office.shaxi.clerk)
    assert client.get(edit_url(draft)).status_code == 404
    assert client.post(edit_url(draft), application(office, rules=rules, revision=1)).status_code == 404
    assert sign_in(office.yangcen.committee_officer).get(edit_url(draft)).status_code == 404


def test_an_application_of_last_year_stays_under_its_rules(office, sign_in, noon):
    draft = CaseFactory(office, begin=NOON - timedelta(days=300)).draft()
    form = sign_in(office.yangcen.clerk).get(edit_url(draft)).context["form"]
    assert [code for code, _label in form.fields["version"].choices] == [draft.version_id]
