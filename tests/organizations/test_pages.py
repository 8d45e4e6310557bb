from datetime import date

import pytest
from django.urls import reverse

from audit.choices import Action
from audit.models import AuditEvent
from organizations.models import Division, Entity, Household, Organization, PartyMember, Person
from tests.factories.county import TODAY
from tests.factories.organizations import EntityFactory, HouseholdFactory, PartyMemberFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("noon")

NUMBER = "532931197503120006"


def url(name, *args):
    return reverse(f"organizations:{name}", args=args)


def everybody(county):
    village = county.yangcen.village
    return {
        "village clerk": village.clerk,
        "township clerk": county.yangcen.clerk,
        "secretary": village.secretary,
        "committee": county.yangcen.committee_officer,
        "organisation": county.organisation_officer,
        "finance": county.finance_officer,
        "officer": county.yangcen.credit_officer,
        "manager": county.yangcen.credit_manager,
        "leader": county.leader,
        "auditor": county.auditor,
        "sysadmin": county.system_administrator,
        "secadmin": county.security_administrator,
        "other clerk": county.shaxi.clerk,
        "outsider": county.outsider,
    }


KEEPERS = {"village clerk", "township clerk", "organisation", "sysadmin"}
READERS = KEEPERS | {"secretary", "committee"}
MANAGERS = {"organisation", "sysadmin"}


def doors(county):
    """Every page of one village with the roles it opens to."""
    village = county.yangcen.village
    person, household, member = village.people[0], village.households[0], village.members[0]
    entity = EntityFactory(division=village.division)
    branch, outlet = village.branch, county.yangcen.outlet
    lists = ("people", "households", "members", "entities")
    return [
        *((url(name), READERS | {"other clerk"}) for name in lists),
        *((url(n), KEEPERS | {"other clerk"}) for n in ("person-register", "household-add", "entity-register")),
        (url("person", person.pk), READERS),
        (url("household", household.pk), READERS),
        (url("entity", entity.pk), READERS),
        *((url(name, person.pk), KEEPERS) for name in ("person-change", "person-correct-number", "person-move")),
        *((url(name, household.pk), KEEPERS) for name in ("household-change", "household-add-member")),
        *((url(name, entity.pk), KEEPERS) for name in ("entity-change", "entity-dissolve")),
        (url("admit", village.farmer.pk), MANAGERS),
        *(
            (url(n, member.pk), MANAGERS)
            for n in ("member-transfer", "member-standing", "member-leave", "member-full")
        ),
        *((url(name, branch.pk), MANAGERS) for name in ("add", "change")),
        (url("service-areas", outlet.pk), MANAGERS),
        (url("divisions"), MANAGERS),
        (url("division-add"), MANAGERS),
        (url("root-add"), MANAGERS),
        (reverse("organization-move", args=[branch.pk]), MANAGERS),
        (reverse("organization-move", args=[branch.pk]) + f"?parent={village.general_branch.pk}", MANAGERS),
        (reverse("organization-close", args=[branch.pk]), MANAGERS),
    ]


def test_each_door_opens_to_the_right_offices_only(county, sign_in):
    wrong = []
    pages = doors(county)
    for role, user in everybody(county).items():
        browser = sign_in(user)
        for page, allowed in pages:
            expected = 200 if role in allowed else 404
            code = browser.get(page).status_code
            if code != expected:
                wrong.append((role, page, code))
    assert wrong == []


def test_who_may_not_open_a_page_may_not_post_to_it_either(county, sign_in):
    wrong = []
    counts = [model.objects.count() for model in (Person, Household, Entity, PartyMember, Organization, Division)]
    pages = [*doors(county), (url("reveal", county.yangcen.village.people[0].pk), READERS | {"officer", "manager"})]
    counts[2] += 1  # the entity of `doors`
    for role, user in everybody(county).items():
        browser = sign_in(user)
        for page, allowed in pages:
            if role not in allowed and browser.post(page, {"name": "乱改", "reason": "x"}).status_code not in (
                404,
                405,
            ):
                wrong.append((role, page))
    assert wrong == []
    assert counts == [m.objects.count() for m in (Person, Household, Entity, PartyMember, Organization, Division)]


def test_a_row_that_is_missing_and_one_that_is_foreign_look_the_same(county, sign_in):
    browser = sign_in(county.shaxi.clerk)
    foreign = browser.get(url("person", county.yangcen.village.farmer.pk))
    missing = browser.get(url("person", 987654))
    assert foreign.status_code == missing.status_code == 404
    events = AuditEvent.objects.filter(action=Action.DENIED).order_by("pk")
    assert [event.subject_id for event in events] == [str(county.yangcen.village.farmer.pk), "987654"]
    assert events[0].actor == county.shaxi.clerk


def test_everybody_may_look_at_the_tree_but_members_are_named_to_readers_only(county, sign_in):
    branch = county.yangcen.village.branch
    name = county.yangcen.village.people[0].name
    for role, user in everybody(county).items():
        browser = sign_in(user)
        assert browser.get(url("tree")).status_code == 200
        assert browser.get(url("children", county.yangcen.committee.pk)).status_code == 200
        page = browser.get(url("detail", branch.pk)).content.decode()
        assert (name in page) is (role in READERS), role


def test_no_page_shows_a_full_number_or_telephone(county, sign_in):
    browser = sign_in(county.organisation_officer)
    people = county.yangcen.village.people
    secrets = {person.read_id_number() for person in people} | {person.read_phone() for person in people}
    pages = [page for page, allowed in doors(county) if "organisation" in allowed]
    for page in pages:
        content = browser.get(page).content.decode()
        assert not [secret for secret in secrets if secret in content], page


def test_the_full_number_appears_once_after_a_reason(county, sign_in):
    person = county.yangcen.village.farmer
    browser = sign_in(county.yangcen.clerk)
    page = url("reveal", person.pk)
    refused = browser.post(page, {"reason": ""}, headers={"HX-Request": "true"})
    assert person.read_id_number() not in refused.content.decode()
    shown = browser.post(page, {"reason": "核对借款合同"}, headers={"HX-Request": "true"})
    assert person.read_id_number() in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert person.read_id_number() not in browser.get(url("person", person.pk)).content.decode()
    assert AuditEvent.objects.get(action=Action.UNMASKED).reason == "核对借款合同"


def test_without_script_the_number_is_shown_on_the_whole_page(county, sign_in):
    person = county.yangcen.village.farmer
    page = sign_in(county.yangcen.clerk).post(url("reveal", person.pk), {"reason": "核对"}).content.decode()
    assert person.read_id_number() in page
    assert "<html" in page


def test_a_sysadmin_reads_the_register_but_never_a_full_number(county, sign_in):
    person = county.yangcen.village.farmer
    response = sign_in(county.system_administrator).post(url("reveal", person.pk), {"reason": "好奇"})
    assert response.status_code == 404
    assert person.read_id_number() not in response.content.decode()
    assert AuditEvent.objects.filter(action=Action.DENIED, subject_id=str(person.pk)).exists()


def test_too_many_full_numbers_answer_429_with_a_sentence(county, sign_in, monkeypatch):
    monkeypatch.setattr("organizations.operations.people.REVEALS_PER_HOUR_MAX", 1)
    browser, page = sign_in(county.yangcen.clerk), url("reveal", county.yangcen.village.farmer.pk)
    assert browser.post(page, {"reason": "一"}).status_code == 200
    response = browser.post(page, {"reason": "二"})
    assert response.status_code == 429
    assert "请稍后再试" in response.content.decode()


def register(browser, village, **fields):
    data = {
        "id_number": NUMBER,
        "name": "和四全",
        "division": village.division.pk,
        "ethnic_group": "BA",
        "phone": "",
        "household": "",
        "relation": "head",
    }
    return browser.post(url("person-register"), data | fields)


def test_a_clerk_registers_a_person_and_sees_the_file(county, sign_in):
    response = register(
        sign_in(county.yangcen.clerk),
        county.yangcen.village,
        id_number=" ５３２９３１ 19750312 0006 ",
        name="阿普‧扎西次仁",
        phone="139-0000-1234",
    )
    person = Person.objects.get(name="阿普·扎西次仁")
    assert response.url == url("person", person.pk)
    assert (person.birth_date, person.phone_masked) == (date(1975, 3, 12), "139****1234")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id_number", "532931197503120001"),
        ("id_number", "5329311975"),
        ("name", "张😀"),
        ("name", "张"),
        ("name", "李" * 41),
        ("name", "张3"),
        ("phone", "12900000000"),
        ("phone", "1390000000"),
        ("ethnic_group", "XX"),
        ("household", "no such"),
        ("relation", "cousin"),
        ("division", ""),
    ],
)
def test_bad_input_comes_back_at_its_field(county, sign_in, field, value):
    response = register(sign_in(county.yangcen.clerk), county.yangcen.village, **{field: value})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Person.objects.filter(division=county.yangcen.village.division, initials="hsq").exclude(
        household__isnull=False
    )


@pytest.mark.parametrize("name", ["𠮷田秀英", "䶮小明", "㛃丽", "楤木", "李" * 40])
def test_rare_and_long_names_are_accepted(county, sign_in, name):
    assert register(sign_in(county.yangcen.clerk), county.yangcen.village, name=name).status_code == 302


def test_a_village_outside_ones_reach_posted_by_hand_is_refused(county, sign_in):
    response = register(sign_in(county.yangcen.clerk), county.shaxi.village)
    assert "division" in response.context["form"].errors


def test_the_form_shows_who_holds_the_number_already(county, sign_in):
    person = county.yangcen.village.farmer
    response = register(sign_in(county.yangcen.clerk), county.yangcen.village, id_number=person.read_id_number())
    assert response.context["existing"] == person
    assert url("person", person.pk) in response.content.decode()


def check(browser, number):
    return browser.post(url("check-number"), {"id_number": number}).content.decode()


def test_the_number_is_checked_while_the_form_is_filled(county, sign_in):
    browser = sign_in(county.yangcen.clerk)
    person, foreign = county.yangcen.village.farmer, county.shaxi.village.farmer
    assert "1975-03-12" in check(browser, NUMBER)
    assert "校验不通过" in check(browser, "532931197503120001")
    assert person.name in check(browser, person.read_id_number())
    known = check(browser, foreign.read_id_number())
    assert "不在您的辖区" in known
    assert foreign.name not in known
    assert check(browser, "").strip() == ""


def test_an_unusual_place_is_confirmed_by_a_check_box(county, sign_in):
    browser = sign_in(county.organisation_officer)
    page = url("add", county.party_committee.pk)
    data = {
        "kind": "joint_party_branch",
        "name": "机关联合党支部",
        "short_name": "",
        "code": "NEW-9",
        "division": county.division.pk,
        "phone": "",
        "valid_from": "2014-08-01",
    }
    asked = browser.post(page, data)
    assert asked.status_code == 200
    assert 'type="checkbox" name="confirmed"' in asked.content.decode()
    assert not Organization.objects.filter(code="NEW-9").exists()
    assert browser.post(page, data | {"confirmed": "on"}).status_code == 302
    assert Organization.objects.get(code="NEW-9").valid_from == date(2014, 8, 1)


def test_a_household_is_made_and_filled_from_the_pages(county, sign_in):
    browser, village = sign_in(county.yangcen.clerk), county.yangcen.village
    browser.post(url("household-add"), {"division": village.division.pk, "address": "二组5号"})
    household = Household.objects.get(address="二组5号")
    person = village.people[1]
    page = url("household-add-member", household.pk)
    browser.post(page, {"id_number": person.read_id_number(), "relation": "child"})
    browser.post(url("household-set-head", household.pk, person.pk))
    household.refresh_from_db()
    assert household.head == person
    foreign = browser.post(page, {"id_number": county.shaxi.village.farmer.read_id_number(), "relation": "child"})
    assert "您辖区的名册中没有" in foreign.content.decode()
    browser.post(url("household-remove-member", household.pk, person.pk))
    assert household.members.count() == 0


def test_a_member_is_admitted_transferred_and_disciplined_from_the_pages(county, sign_in):
    browser, person = sign_in(county.organisation_officer), county.yangcen.village.farmer
    browser.post(url("admit", person.pk), {"branch": county.yangcen.village.branch.pk, "joined_on": "2013-07-01"})
    member = PartyMember.objects.get(person=person)
    browser.post(url("member-full", member.pk), {"full_from": "2014-07-01"})
    browser.post(
        url("member-transfer", member.pk), {"branch": county.shaxi.village.branch.pk, "first_day": "2014-08-01"}
    )
    browser.post(url("member-standing", member.pk), {"standing": "warned", "reason": "县纪委决定"})
    member.refresh_from_db()
    assert (member.status, member.standing) == ("full", "warned")
    page = browser.get(url("person", person.pk)).content.decode()
    assert "寺登村第一党支部" in page
    assert "中羊村第一党支部" in page
    browser.post(url("member-leave", member.pk), {"left_on": "2014-08-15", "reason": "本人申请"})
    assert "登记离党" not in browser.get(url("person", person.pk)).content.decode()


def test_a_body_is_registered_changed_and_dissolved_from_the_pages(county, sign_in):
    browser, village = sign_in(county.yangcen.clerk), county.yangcen.village
    data = {
        "name": "中羊药材合作社",
        "kind": "cooperative",
        "division": village.division.pk,
        "registration_code": "91350211m0000xuf46",
        "representative": village.farmer.read_id_number(),
        "valid_from": "",
    }
    assert "校验不通过" in browser.post(url("entity-register"), data).content.decode()
    browser.post(url("entity-register"), data | {"confirmed": "on"})
    entity = Entity.objects.get()
    assert (entity.representative, entity.registration_code) == (village.farmer, "91350211M0000XUF46")
    wrong = {"name": entity.name, "registration_code": "", "representative": "53293119750312000"}
    response = browser.post(url("entity-change", entity.pk), wrong)
    assert "representative" in response.context["form"].errors
    browser.post(url("entity-change", entity.pk), wrong | {"name": "新名", "representative": ""})
    browser.post(url("entity-dissolve", entity.pk), {"last_day": "2014-08-15"})
    entity.refresh_from_db()
    assert (entity.name, entity.representative, entity.valid_to) == ("新名", village.farmer, TODAY)


def test_a_division_is_added_from_the_page(county, sign_in):
    browser = sign_in(county.organisation_officer)
    data = {"code": "５３２９３１２０１２０９", "name": "新村", "short_name": "", "valid_from": ""}
    assert browser.post(url("division-add"), data).status_code == 302
    assert Division.objects.get(code="532931201209").parent == county.yangcen.division
    assert "code" in browser.post(url("division-add"), data).context["form"].errors


def test_the_tree_is_searched_by_name_and_code(county, sign_in):
    browser = sign_in(county.outsider)
    assert len(browser.get(url("tree"), {"q": "中羊村第"}).context["found"]) == 2
    assert browser.get(url("tree"), {"q": county.union.code.lower()}).context["found"] == [county.union]


LISTS = ["people", "households", "members", "entities", "divisions"]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_the_same_queries_whatever_its_length(county, sign_in, django_assert_max_num_queries, name):
    village = county.yangcen.village
    for _ in range(8):
        household = HouseholdFactory(division=village.division)
        person = PersonFactory(division=village.division, household=household)
        PartyMemberFactory(person=person, branch=village.branch)
        EntityFactory(division=village.division, representative=person)
    browser = sign_in(county.organisation_officer)
    with django_assert_max_num_queries(12):
        browser.get(url(name))


def test_the_page_of_the_county_committee_is_constant_in_queries(county, sign_in, django_assert_max_num_queries):
    browser = sign_in(county.organisation_officer)
    with django_assert_max_num_queries(17):
        browser.get(url("detail", county.party_committee.pk))


def test_the_filters_of_the_people_list_stand_in_the_address(county, sign_in):
    browser = sign_in(county.organisation_officer)
    page = browser.get(url("people"), {"division": county.yangcen.division.path, "q": "杨"})
    assert all(p.division.path.startswith(county.yangcen.division.path) for p in page.context["page"])
    assert all("杨" in p.name for p in page.context["page"])
    assert len(page.context["chips"]) == 2
    assert browser.get(url("people"), {"division": "nonsense", "page": "abc"}).status_code == 200
