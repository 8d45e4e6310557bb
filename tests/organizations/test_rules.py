import json
from pathlib import Path

import pytest

from organizations import rules
from organizations.choices import OrganizationKind
from organizations.operations.tree import sentence_of
from organizations.rules import (
    InvalidIdNumber,
    containment,
    parse_id_number,
    pinyin_initials,
    pinyin_key,
    registration_code_problem,
)

CODES = json.loads((Path(__file__).parents[1] / "cases" / "codes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", CODES["id_numbers_valid"])
def test_a_well_formed_identity_number_is_accepted_in_either_case(number):
    assert parse_id_number(number.lower()).number == number


@pytest.mark.parametrize(("number", "why"), CODES["id_numbers_invalid"])
def test_a_wrong_identity_number_says_what_is_wrong(number, why):
    with pytest.raises(InvalidIdNumber) as error:
        parse_id_number(number)
    assert error.value.code == why


@pytest.mark.parametrize("code", CODES["registration_codes_valid"])
def test_a_published_registration_code_passes(code):
    assert registration_code_problem(code) == ""


@pytest.mark.parametrize(("code", "why"), CODES["registration_codes_wrong"])
def test_a_wrong_registration_code_says_what_is_wrong(code, why):
    assert registration_code_problem(code) == why


@pytest.mark.parametrize(
    ("name", "initials"),
    [("单文杰", "swj"), ("仇英", "qy"), ("解缙", "xj"), ("曾国藩", "zgf"), ("尉迟恭", "ycg"), ("查良镛", "zly")],
)
def test_a_surname_is_read_as_a_surname(name, initials):
    assert pinyin_initials(name) == initials


@pytest.mark.parametrize("name", ["𠮷野家", "䶮小明", "㛃", "楤木", "阿普·扎西次仁", "李" * 40])
def test_rare_characters_have_a_key_of_their_own(name):
    assert pinyin_key(name).endswith("\t" + name)
    assert len(pinyin_key(name)) <= 300


def test_names_sort_as_a_chinese_reader_expects():
    names = ["赵一", "李安", "单雄", "李四", "阿木"]
    assert sorted(names, key=pinyin_key) == ["阿木", "李安", "李四", "单雄", "赵一"]


@pytest.mark.parametrize("kind", OrganizationKind)
@pytest.mark.parametrize("parent", [None, *OrganizationKind])
def test_every_pair_of_kinds_is_judged_and_every_refusal_has_a_sentence(kind, parent):
    judgement = containment(kind, parent)
    assert not judgement.refused or sentence_of(judgement.refused)


def test_the_rules_speak_only_of_kinds_that_exist():
    data = rules.organization_rules()
    named = {*data["allowed_parents"], *data["members_belong_to"], *data["thresholds"]}
    named |= {kind for kinds in data["allowed_parents"].values() for kind in kinds}
    named |= {kind for rule in data["never"] for kind in (*rule["kinds"], *rule["under"])}
    assert named <= set(OrganizationKind.values)


@pytest.mark.parametrize(
    ("kind", "parent", "refused"),
    [
        ("party_branch", "party_branch", True),
        ("general_party_branch", "general_party_branch", True),
        ("party_group", "township_party_committee", True),
        ("township_party_committee", "party_branch", True),
        ("outlet", "county_party_committee", True),
        ("party_branch", "general_party_branch", False),
        ("outlet", "county_union", False),
        ("grassroots_party_committee", "township_party_committee", False),
    ],
)
def test_containment_follows_the_rules_of_grassroots_organizations(kind, parent, refused):
    judgement = containment(kind, parent)
    assert bool(judgement.refused) is refused
    assert refused or not judgement.unusual
