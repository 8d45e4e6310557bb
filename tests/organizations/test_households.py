from datetime import date

import pytest

from audit.models import AuditEvent
from organizations.choices import HouseholdRelation
from organizations.operations import (
    NotAllowed,
    Refused,
    add_member,
    change_household,
    create_household,
    remove_member,
    set_head,
)
from tests.factories.county import NOON, TODAY


def create(county, by=None, **fields):
    return create_household(
        division=county.yangcen.village.division, created_by=by or county.yangcen.clerk, created_at=NOON, **fields
    )


def test_a_household_without_a_number_gets_the_next_of_its_village(county):
    assert create(county).code == "532931201205-0007"
    assert create(county).code == "532931201205-0008"


def test_a_number_of_the_household_book_is_used_once(county):
    create(county, code="420001")
    with pytest.raises(Refused, match="户号"):
        create(county, code="420001")


def test_a_clerk_of_another_township_and_a_reviewer_are_refused(county):
    for user in (county.shaxi.clerk, county.yangcen.village.secretary, county.auditor):
        with pytest.raises(NotAllowed):
            create(county, by=user)


def test_a_member_joins_and_leaves(county):
    household, person = create(county), county.yangcen.village.people[1]
    add_member(
        household=household,
        person=person,
        relation=HouseholdRelation.HEAD,
        added_by=county.yangcen.clerk,
        added_at=NOON,
    )
    assert household.head == person
    remove_member(person=person, removed_by=county.yangcen.clerk, removed_at=NOON)
    assert person.household is None
    with pytest.raises(Refused):
        remove_member(person=person, removed_by=county.yangcen.clerk, removed_at=NOON)
    assert AuditEvent.objects.filter(subject_type="organizations.person").count() == 2


def test_a_second_head_and_a_person_of_another_village_are_refused(county):
    household = county.yangcen.village.households[0]
    for person, why in (
        (county.yangcen.village.people[3], "户主"),
        (county.yangcen.villages[1].people[1], "不在该户所在的村"),
    ):
        with pytest.raises(Refused, match=why):
            add_member(
                household=household, person=person, relation="head", added_by=county.yangcen.clerk, added_at=NOON
            )


def test_a_new_head_makes_the_old_one_another_member(county):
    head, spouse = county.yangcen.village.people[:2]
    set_head(person=spouse, changed_by=county.yangcen.clerk, changed_at=NOON)
    head.refresh_from_db()
    assert (head.relation, spouse.relation) == (HouseholdRelation.OTHER, HouseholdRelation.HEAD)


def test_poverty_has_a_first_and_a_last_day(county):
    household = county.yangcen.village.households[0]

    def change(poor_from, poor_to):
        return change_household(
            household=household, address="一组", poor_from=poor_from, poor_to=poor_to,
            changed_by=county.yangcen.clerk, changed_at=NOON,
        )  # fmt: skip

    change(date(2013, 1, 1), date(2014, 12, 31))
    assert household.is_registered_poor(TODAY)
    assert not household.is_registered_poor(date(2015, 1, 1))
    for wrong in ((date(2014, 1, 1), date(2013, 1, 1)), (None, date(2014, 1, 1))):
        with pytest.raises(Refused, match="早于"):
            change(*wrong)
