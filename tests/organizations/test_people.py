from datetime import date, timedelta

import pytest
from django.db import connection

from audit.choices import Action
from audit.models import AuditEvent
from organizations import personal_data, queries
from organizations.choices import HouseholdRelation, Sex
from organizations.models import Person
from organizations.operations import (
    AlreadyRegistered,
    NotAllowed,
    Refused,
    TooManyReveals,
    change_person,
    correct_id_number,
    disclose_id_number,
    move_person,
    register_person,
    reveal_id_number,
)
from organizations.operations.people import REVEALS_PER_HOUR_MAX
from tests.factories.county import NOON, TODAY
from tests.factories.organizations import synthetic_id_number

NUMBER = "532931197503120006"


def register(county, number=NUMBER, name="和四全", by=None, village=None, **fields):
    return register_person(
        id_number=number,
        name=name,
        division=(village or county.yangcen.village).division,
        registered_by=by or county.yangcen.clerk,
        registered_at=NOON,
        **fields,
    )


def test_birth_date_and_sex_come_from_the_number(county):
    person = register(county, phone="13900001234")
    assert (person.birth_date, person.sex) == (date(1975, 3, 12), Sex.FEMALE)
    assert (person.id_number_masked, person.phone_masked) == ("532931********0006", "139****1234")
    assert AuditEvent.objects.get(action=Action.CREATED).subject_label == "和四全"


def test_a_minor_may_be_registered(county):
    assert register(county, number="532931201005150009").age_on(TODAY) == 4


def test_somebody_not_yet_born_may_not(county):
    with pytest.raises(Refused, match="晚于今天"):
        register(county, number=synthetic_id_number(born=date(2014, 8, 16)).number)


@pytest.mark.parametrize(
    ("number", "why"),
    [("532931197503120001", "校验不通过"), ("53293119750230000X", "不存在"), ("5329311975031200", "18 位")],
)
def test_a_wrong_number_is_refused_with_its_sentence(county, number, why):
    with pytest.raises(Refused, match=why) as error:
        register(county, number=number)
    assert error.value.field == "id_number"


def test_the_same_person_twice_shows_the_one_in_the_register(county):
    first = register(county)
    with pytest.raises(AlreadyRegistered) as error:
        register(
            county, number=NUMBER.lower(), name="和四泉", by=county.organisation_officer, village=county.shaxi.village
        )
    assert error.value.person == first


def test_the_database_itself_knows_one_person_per_number(county):
    register(county)
    twin = Person(name="和四全", division=county.yangcen.village.division)
    twin.set_id_number(synthetic_id_number(born=date(1975, 3, 12)))
    twin.id_number_index = Person.objects.get(name="和四全").id_number_index
    with pytest.raises(Exception, match="id_number_index"):
        twin.save()


@pytest.mark.parametrize("name", ["𠮷田秀英", "䶮小明", "㛃", "阿普·扎西次仁", "楤" * 40])
def test_rare_characters_come_back_as_they_were_written(county, name):
    person = register(county, name=name)
    assert Person.objects.get(pk=person.pk).name == name


def test_only_the_clerks_of_the_village_and_the_county_register_people(county):
    for user in (
        county.shaxi.clerk, county.yangcen.villages[1].clerk, county.yangcen.village.secretary,
        county.yangcen.credit_officer, county.leader, county.auditor, county.finance_officer, county.outsider,
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            register(county, by=user)
    for number, user in enumerate((county.yangcen.village.clerk, county.organisation_officer), start=9000):
        assert register(county, number=synthetic_id_number(number).number, by=user).pk


def test_a_household_has_one_head(county):
    household = county.yangcen.village.households[0]
    with pytest.raises(Refused, match="户主"):
        register(county, household=household)
    assert register(county, household=household, relation=HouseholdRelation.CHILD).household == household


def test_a_household_of_another_village_is_refused(county):
    with pytest.raises(Refused, match="不在所选的村"):
        register(county, household=county.yangcen.villages[1].households[0], relation=HouseholdRelation.CHILD)


def test_nothing_readable_of_a_number_or_telephone_is_stored(county):
    person = register(county, phone="13912345678")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM organizations_person p WHERE id = %s", [person.pk])
        (row,) = cursor.fetchone()
    assert NUMBER not in row
    assert "19750312" not in row
    assert "13912345678" not in row
    assert NUMBER.encode() not in bytes(person.id_number_sealed)


def test_a_sealed_number_cannot_be_moved_to_another_person(county):
    person, other = register(county), county.yangcen.village.farmer
    Person.objects.filter(pk=other.pk).update(id_number_sealed=person.id_number_sealed)
    with pytest.raises(personal_data.Unreadable):
        Person.objects.get(pk=other.pk).read_id_number()


def test_a_sealed_telephone_is_no_sealed_number(county):
    person = register(county, phone="13912345678")
    person.id_number_sealed = person.phone_sealed
    with pytest.raises(personal_data.Unreadable):
        person.read_id_number()


def test_equal_numbers_are_sealed_differently_but_found_by_one_index(county):
    person = register(county)
    sealed, index = bytes(person.id_number_sealed), bytes(person.id_number_index)
    person.set_id_number(synthetic_id_number(born=date(1980, 1, 1)))
    person.set_id_number(synthetic_id_number(born=date(1975, 3, 12)))
    assert bytes(person.id_number_sealed) != sealed
    assert bytes(person.id_number_index) != index  # 532999…, another number than 532931…


def test_corrections_are_recorded_without_numbers(county):
    person = register(county, phone="13900001234")
    change_person(
        person=person, name="和四泉", ethnic_group="NX", phone="13900005678", changed_by=county.yangcen.clerk,
        changed_at=NOON,
    )  # fmt: skip
    event = AuditEvent.objects.get(action=Action.CHANGED)
    assert event.detail["name"] == ["和四全", "和四泉"]
    assert event.detail["phone_masked"] == []
    assert "5678" not in str(event.detail)
    assert Person.objects.get(pk=person.pk).initials == "hsq"


def test_a_reading_by_hand_wins_until_the_name_changes(county):
    person = register(county, name="乐天")
    change_person(
        person=person, name="乐天", ethnic_group="BA", pinyin="yue4 tian1", changed_by=county.yangcen.clerk,
        changed_at=NOON,
    )  # fmt: skip
    person.save()
    assert (person.pinyin, person.initials) == ("yue4 tian1\t乐天", "yt")
    change_person(
        person=person, name="李天", ethnic_group="BA", changed_by=county.yangcen.clerk, changed_at=NOON
    )  # fmt: skip
    assert person.initials == "lt"


def test_a_number_typed_wrongly_is_replaced_with_a_reason(county):
    person, other = register(county), county.yangcen.village.farmer
    new = synthetic_id_number(born=date(1975, 3, 21))
    correct_id_number(
        person=person, id_number=new.number, reason="录入笔误", changed_by=county.yangcen.clerk, changed_at=NOON
    )
    assert (person.birth_date, person.read_id_number()) == (date(1975, 3, 21), new.number)
    assert AuditEvent.objects.get(action=Action.CHANGED).reason == "录入笔误"
    with pytest.raises(AlreadyRegistered):
        correct_id_number(
            person=person,
            id_number=other.read_id_number(),
            reason="x",
            changed_by=county.yangcen.clerk,
            changed_at=NOON,
        )


def test_moving_within_the_township_leaves_the_household(county):
    person, target = county.yangcen.village.farmer, county.yangcen.villages[1].division
    move_person(person=person, division=target, moved_by=county.yangcen.clerk, moved_at=NOON)
    assert (person.division, person.household) == (target, None)
    with pytest.raises(NotAllowed):
        move_person(
            person=person, division=county.shaxi.village.division, moved_by=county.yangcen.clerk, moved_at=NOON
        )


def reveal(county, by=None, at=NOON, reason="核对合同", person=None):
    person = person or county.yangcen.village.farmer
    return reveal_id_number(person=person, reason=reason, by=by or county.yangcen.clerk, at=at, address="10.0.0.7")


def test_the_full_number_is_told_with_a_line_in_the_trail(county):
    number = reveal(county)
    assert number == county.yangcen.village.farmer.read_id_number()
    event = AuditEvent.objects.get(action=Action.UNMASKED)
    assert (event.actor, event.reason, event.address) == (county.yangcen.clerk, "核对合同", "10.0.0.7")
    assert number not in str(event.detail) + event.subject_label


def test_without_a_reason_or_the_right_nothing_is_told(county):
    with pytest.raises(Refused):
        reveal(county, reason="   ")
    for user in (county.shaxi.clerk, county.system_administrator, county.leader, county.auditor, county.outsider):
        with pytest.raises(NotAllowed):
            reveal(county, by=user)
    assert not AuditEvent.objects.filter(action=Action.UNMASKED).exists()


def test_twenty_numbers_an_hour_are_enough(county):
    for _ in range(REVEALS_PER_HOUR_MAX):
        reveal(county)
    with pytest.raises(TooManyReveals):
        reveal(county)
    with pytest.raises(TooManyReveals):
        disclose_id_number(
            person=county.shaxi.village.farmer, reason="核对", by=county.yangcen.clerk, at=NOON
        )  # fmt: skip
    assert reveal(county, by=county.yangcen.committee_officer)
    assert reveal(county, at=NOON + timedelta(hours=1, seconds=1))


def test_when_the_line_cannot_be_written_the_number_is_not_told(county, monkeypatch):
    def fail(**kwargs):
        raise RuntimeError("audit is down")

    monkeypatch.setattr("organizations.operations.people.record", fail)
    with pytest.raises(RuntimeError):
        reveal(county)


def found(county, text, scope=None, **filters):
    scope = scope or county.yangcen.clerk.people_scope("refer", on=TODAY)
    return [person.name for person in queries.get_people(scope=scope, text=text, **filters)]


def test_people_are_found_by_name_initials_and_the_end_of_the_number(county):
    register(county, name="和四全")
    assert "和四全" in found(county, "四全")
    assert "和四全" in found(county, "HSQ")
    assert "和四全" in found(county, "0006")
    assert found(county, "x' OR 1=1") == []


def test_a_number_that_ends_in_x_is_found_in_either_case(county):
    register(county, number="53293119541008000X", name="张老三")
    assert "张老三" in found(county, "000x")


def test_a_search_never_leaves_the_village_one_answers_for(county):
    village = county.yangcen.village
    scope = village.clerk.people_scope("refer", on=TODAY)
    names = queries.get_people(scope=scope)
    assert {person.division for person in names} == {village.division}
    assert queries.get_people(scope=county.outsider.people_scope("refer", on=TODAY)).count() == 0


def test_the_registered_poor_are_those_of_today(county):
    household = county.yangcen.village.households[0]
    household.poor_from, household.poor_to = date(2013, 1, 1), date(2014, 8, 14)
    household.save()
    assert found(county, "", poor_on=date(2014, 8, 14)) != []
    assert found(county, "", poor_on=TODAY) == []
