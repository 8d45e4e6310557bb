"""Before the draft: finding and registering the applicant, what is known of him, the first page, what to bring."""

from datetime import timedelta

import pytest
from django.urls import reverse

from loans.models import Application, LoanStanding
from organizations.choices import HouseholdRelation
from organizations.models import Household, Person
from organizations.rules import IdNumber, check_character
from tests.factories.county import TODAY
from tests.factories.loans import CaseFactory, store_four_steps
from tests.factories.organizations import EntityFactory, PersonFactory, synthetic_id_number
from tests.loans.pages import applicant_page, page_url, text_of

NEW = reverse("loans:application-new")
CHECK = reverse("loans:applicant-check")
REGISTER = reverse("loans:applicant-register")
CHECKLIST = reverse("loans:checklist")
FULL_WIDTH = {ord(str(n)): 0xFF10 + n for n in range(10)}
FIND = reverse("loans:find-applicant")


@pytest.fixture
def rules(office):
    return CaseFactory(office).version


@pytest.fixture
def clerk(office, sign_in, noon):
    return sign_in(office.yangcen.clerk)


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
    assert "不在您的辖区" in page
    assert reverse("loans:applicant-register") not in page


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
        assert client.post(NEW, applicant_page(office, rules=rules)).status_code == 404
    assert not Application.objects.exists()


# --- the number while it is typed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("532931199001010000", "校验不通过"),
        ("53293119900230123X", "出生日期"),
        ("532931900101123", "18 位"),
        ("和", ""),
        ("1234", ""),
        ("\x00", ""),
    ],
)
def test_a_mistyped_number_is_told_at_once(clerk, text, words):
    page = text_of(clerk.post(CHECK, {"text": text}))
    assert words in page
    assert ("error" in page) is bool(words)


def test_a_number_of_the_register_leads_to_its_person(office, clerk):
    farmer = office.yangcen.village.farmer
    page = text_of(clerk.post(CHECK, {"text": farmer.read_id_number().translate(FULL_WIDTH)}))
    assert f"{NEW}?person={farmer.pk}" in page


def test_of_a_stranger_only_that_he_is_registered_is_told(office, clerk):
    stranger = office.shaxi.village.farmer
    page = text_of(clerk.post(CHECK, {"text": stranger.read_id_number()}))
    assert "不在您的辖区" in page
    assert stranger.name not in page


# --- registering on the way ----------------------------------------------------------------------------------------


@pytest.fixture
def stranger():
    """An identity number that nobody in the register has."""
    return synthetic_id_number(9100).number


@pytest.fixture
def new_person(office, stranger):
    """Return the form that registers somebody, with some answers changed."""
    village = office.yangcen.village.division

    def fill(**fields):
        answers = {"id_number": stranger, "name": "施金凤", "division": village.pk, "ethnic_group": "BA"}
        return answers | {"relation": "head", "address": "三组12号"} | fields

    return fill


def test_a_free_number_opens_the_form_that_registers(clerk, stranger):
    page = clerk.post(FIND, {"text": stranger})
    assert page.context["register_form"]["id_number"].value() == stranger


def test_who_is_registered_on_the_way_begins_a_household_and_goes_on(clerk, new_person):
    response = clerk.post(REGISTER, new_person())
    person = Person.objects.get(name="施金凤")
    assert response.url == f"{NEW}?person={person.pk}"
    assert (person.household.address, person.relation) == ("三组12号", HouseholdRelation.HEAD)


def test_a_member_of_a_known_household_joins_it(office, clerk, new_person):
    head = office.yangcen.village.people[2]
    clerk.post(REGISTER, new_person(housemate=head.name, relation="child"))
    assert Person.objects.get(name="施金凤").household == head.household


def test_a_second_click_registers_nobody_twice(clerk, new_person):
    first, second = clerk.post(REGISTER, new_person()), clerk.post(REGISTER, new_person())
    assert first.url == second.url
    assert Person.objects.filter(name="施金凤").count() == 1


@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"id_number": "532931199001011234"}, "id_number"),
        ({"name": "3"}, "name"),
        ({"division": ""}, "division"),
        ({"relation": "child"}, "housemate"),
        ({"housemate": "无此人"}, "housemate"),
        ({"phone": "电话"}, "phone"),
    ],
)
def test_a_mistake_in_the_register_form_is_told_at_its_field(clerk, new_person, fields, blamed):
    page = clerk.post(REGISTER, new_person(**fields))
    assert blamed in page.context["register_form"].errors
    assert not Person.objects.filter(name="施金凤").exists()


def test_nobody_is_registered_in_another_township(office, clerk, new_person):
    page = clerk.post(REGISTER, new_person(division=office.shaxi.village.division.pk))
    assert "division" in page.context["register_form"].errors


def test_half_a_registration_leaves_nothing_behind(office, clerk, new_person):
    """The number is another person's: the household that was begun for the new one is gone again."""
    before = Household.objects.count()
    clerk.post(REGISTER, new_person(id_number=office.shaxi.village.farmer.read_id_number()))
    assert Household.objects.count() == before


# --- what is known already -----------------------------------------------------------------------------------------


def test_a_case_and_a_loan_of_the_household_are_told(office, rules, clerk):
    village = office.yangcen.village
    lent = CaseFactory(office, person=village.people[1]).lent()
    page = clerk.get(NEW, {"person": village.people[0].pk})
    said = " ".join(f"{check.text} {check.note}" for check in page.context["known"].checks)
    assert lent.number in said
    assert "50,000.00 元" in said


def test_arrears_are_told_with_their_days(office, rules, clerk):
    village = office.yangcen.village
    lent = CaseFactory(office, person=village.people[1]).lent()
    LoanStanding.objects.filter(loan=lent.loan).update(overdue_since=TODAY - timedelta(days=40))
    page = clerk.get(NEW, {"person": village.people[0].pk})
    assert any("逾期 40 天" in str(check.note) for check in page.context["known"].checks)


def test_a_clean_household_has_nothing_against_it(office, rules, clerk):
    page = clerk.get(NEW, {"person": office.yangcen.village.people[4].pk})
    assert {check.tone for check in page.context["known"].checks} == {"ok"}


def test_somebody_who_stands_twice_in_the_register_shows(office, rules, clerk):
    farmer = office.yangcen.village.farmer
    seventeen = f"532931{farmer.birth_date:%Y%m%d}777"
    PersonFactory(
        name=farmer.name,
        id_number=IdNumber(seventeen + check_character(seventeen)),
        household=office.yangcen.village.households[3],
        relation=HouseholdRelation.CHILD,
    )
    page = clerk.get(NEW, {"person": farmer.pk})
    assert any("请核对身份证号" in str(check.text) for check in page.context["known"].checks)


# --- the first page --------------------------------------------------------------------------------------------------


@pytest.fixture
def post(office, rules, clerk):
    """Post the first page with some answers changed."""

    def send(**fields):
        return clerk.post(NEW, applicant_page(office, rules=rules, **fields))

    return send


def test_the_page_begins_with_the_branch_and_the_outlet_of_the_village(office, rules, clerk):
    member = office.yangcen.village.members[5].person
    form = clerk.get(NEW, {"person": member.pk}).context["form"]
    assert form["branch"].value() == office.yangcen.village.branches[1].pk
    assert form["outlet"].value() == office.yangcen.outlet.pk
    assert form["version"].value() == rules.pk


def test_the_page_without_a_person_asks_for_one(clerk):
    assert clerk.get(NEW).url == FIND


def test_opening_the_page_writes_nothing(office, rules, clerk):
    clerk.get(NEW, {"person": office.yangcen.village.farmer.pk})
    assert not Application.objects.exists()


def test_a_second_click_begins_nothing_twice(office, rules, clerk):
    posted = applicant_page(office, rules=rules)
    first, second = clerk.post(NEW, posted), clerk.post(NEW, posted)
    assert first.url == second.url
    assert Application.objects.count() == 1


def test_an_applicant_with_a_case_under_way_is_refused(post):
    post()
    page = post()
    assert "该申请人已有一件申请正在办理。" in text_of(page)
    assert Application.objects.count() == 1


def test_a_body_is_named_for_a_cooperative(office, rules, post):
    village = office.yangcen.village
    assert "entity" in post(borrower_kind="cooperative").context["form"].errors
    body = EntityFactory(division=village.division, representative=village.farmer)
    assert post(borrower_kind="cooperative", entity=body.pk).status_code == 302
    assert Application.objects.get().entity == body


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


def test_a_body_of_another_township_is_refused(office, post):
    body = EntityFactory(division=office.shaxi.village.division)
    assert post(borrower_kind="cooperative", entity=body.pk).status_code == 404


def test_a_programme_without_referral_has_no_page_for_it(office, clerk):
    version = store_four_steps(office)
    response = clerk.post(NEW, applicant_page(office, rules=version))
    case = Application.objects.get()
    assert response.url == page_url(case, "project")
    assert clerk.get(page_url(case, "referral")).status_code == 404
    assert "共 4 步" in text_of(clerk.get(page_url(case, "project")))


# --- the list to bring ---------------------------------------------------------------------------------------------


def test_the_list_names_papers_and_data_of_the_kind_of_borrower(rules, clerk):
    household = text_of(clerk.get(CHECKLIST))
    assert "户口簿复印件" in household
    assert "其他各户户主" in household
    body = text_of(clerk.get(CHECKLIST, {"version": rules.pk, "borrower_kind": "cooperative"}))
    assert "登记证书和章程复印件" in body
    assert "户口簿复印件" not in body


@pytest.mark.parametrize("query", [{"version": "x"}, {"version": "99999"}, {"borrower_kind": "nobody"}])
def test_a_strange_address_of_the_list_shows_the_usual_one(rules, clerk, query):
    assert "户口簿复印件" in text_of(clerk.get(CHECKLIST, query))
