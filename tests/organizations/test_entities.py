from datetime import date

import pytest

from organizations import queries
from organizations.choices import EntityKind
from organizations.operations import NotAllowed, Refused, Unusual, change_entity, dissolve_entity, register_entity
from tests.factories.county import NOON, TODAY

VALID, FAILING = "93532931TE5T000169", "91350211M0000XUF46"


def register(county, code=VALID, by=None, confirmed=False, **fields):
    return register_entity(
        name="羊岑乡中羊药材种植专业合作社",
        kind=EntityKind.COOPERATIVE,
        division=county.yangcen.village.division,
        registration_code=code,
        registered_by=by or county.yangcen.clerk,
        registered_at=NOON,
        confirmed=confirmed,
        **fields,
    )


@pytest.mark.parametrize("code", [VALID, "", "101623741"])
def test_a_body_is_registered_with_a_new_an_old_or_no_code(county, code):
    assert register(county, code).initials.startswith("ycx")


def test_a_failed_check_character_asks_and_does_not_block(county):
    with pytest.raises(Unusual, match="校验不通过"):
        register(county, FAILING)
    assert register(county, FAILING, confirmed=True).registration_code == FAILING


@pytest.mark.parametrize("code", ["9353293", "93532931TE5T00016I"])
def test_what_cannot_be_a_code_is_refused_even_when_confirmed(county, code):
    with pytest.raises(Refused):
        register(county, code, confirmed=True)


def test_a_code_is_registered_once(county):
    register(county)
    with pytest.raises(Refused, match="已在名册"):
        register(county)


def test_only_the_keepers_of_the_village_register_bodies(county):
    for user in (county.shaxi.clerk, county.yangcen.village.secretary, county.leader, county.outsider):
        with pytest.raises(NotAllowed):
            register(county, by=user)


def test_a_body_changes_its_representative_and_dissolves(county):
    entity, person = register(county, valid_from=date(2012, 1, 1)), county.yangcen.village.farmer
    change_entity(
        entity=entity, name=entity.name, registration_code=VALID, representative=person,
        changed_by=county.yangcen.clerk, changed_at=NOON,
    )  # fmt: skip
    assert entity.representative == person
    with pytest.raises(Refused, match="早于"):
        dissolve_entity(entity=entity, last_day=date(2011, 1, 1), changed_by=county.yangcen.clerk, changed_at=NOON)
    dissolve_entity(entity=entity, last_day=TODAY, changed_by=county.yangcen.clerk, changed_at=NOON)
    assert entity.valid_to == TODAY
    with pytest.raises(Refused, match="已于"):
        dissolve_entity(entity=entity, last_day=TODAY, changed_by=county.yangcen.clerk, changed_at=NOON)


def test_bodies_are_found_by_name_initials_and_code_within_the_scope(county):
    entity = register(county)
    scope = county.yangcen.clerk.people_scope("refer", on=TODAY)
    for text in ("药材", "ycxzy", VALID.lower()):
        assert list(queries.get_entities(scope=scope, text=text)) == [entity]
    assert not queries.get_entities(scope=county.shaxi.clerk.people_scope("refer", on=TODAY))
