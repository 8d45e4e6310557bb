"""Figures of the registers against the small county of tests/factories/county.py."""

from datetime import date

import pytest

from dashboards.figures import FIGURES, Selection
from organizations.choices import OrganizationKind
from organizations.models import ServiceArea
from organizations.scope import Scope
from tests.factories.county import County
from tests.factories.organizations import OrganizationFactory

COUNTY = Scope(division_paths=("532931",))
AS_OF = date(2014, 7, 31)


def compute(code: str, **fields: object) -> object:
    return FIGURES[code].compute(Selection(**({"scope": COUNTY, "registers": COUNTY, "as_of": AS_OF} | fields)))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("towns", 1),
        ("rural_townships", 1),
        ("villages", 4),
        ("committees", 2),
        ("branches", 12),
        ("members", 32),
        ("village_groups", 4),
        ("counters", 2),
        ("sides", 4),
    ],
)
def test_a_figure_of_the_registers_equals_the_count_by_hand(county: County, code: str, expected: int) -> None:
    assert compute(code) == expected


def test_a_township_counts_only_what_lies_in_it(county: County) -> None:
    own = Scope(division_paths=(county.shaxi.division.path,))
    assert (compute("branches", registers=own), compute("members", registers=own)) == (6, 16)


def test_committees_of_every_kind_count_but_no_leading_party_group(county: County) -> None:
    for kind in (
        OrganizationKind.PARTY_WORKING_COMMITTEE,
        OrganizationKind.GRASSROOTS_PARTY_COMMITTEE,
        OrganizationKind.LEADING_PARTY_GROUP,
    ):
        OrganizationFactory(kind=kind, parent=county.party_committee)
    assert compute("committees") == 4


def test_a_branch_that_was_closed_is_counted_only_while_it_stood(county: County) -> None:
    branch = county.yangcen.village.branch
    branch.valid_to = date(2014, 6, 30)
    branch.save()
    assert compute("branches") == 11
    assert compute("branches", as_of=date(2014, 6, 30)) == 12
    assert compute("members") == 28


def test_a_member_who_left_is_counted_up_to_his_last_day(county: County) -> None:
    member = county.yangcen.village.members[0]
    member.left_on = date(2014, 7, 30)
    member.save()
    assert compute("members") == 31
    assert compute("members", as_of=date(2014, 7, 30)) == 32


def test_a_member_who_moves_is_counted_once(county: County) -> None:
    member = county.yangcen.village.members[0]
    membership = member.memberships.get()
    membership.valid_to = AS_OF
    membership.save()
    member.memberships.create(branch=county.shaxi.village.branch, valid_from=AS_OF)
    assert compute("members") == 32


def test_a_member_who_joins_later_is_not_counted_yet(county: County) -> None:
    assert compute("members", as_of=date(2014, 2, 28)) == 24


def test_the_countys_own_leading_group_is_no_village_group(county: County) -> None:
    OrganizationFactory(
        kind=OrganizationKind.RED_CREDIT_LEADING_GROUP, parent=county.party_committee, division=county.division
    )
    assert compute("village_groups") == 4


def test_a_second_outlet_of_a_township_makes_no_second_counter(county: County) -> None:
    second = OrganizationFactory(outlet=True, parent=county.union, division=county.shaxi.division)
    ServiceArea.objects.create(outlet=second, division=county.shaxi.village.division)
    assert compute("counters") == 2


def test_an_outlet_without_a_service_area_is_no_counter(county: County) -> None:
    ServiceArea.objects.filter(outlet=county.shaxi.outlet).delete()
    assert compute("counters") == 1


def test_the_fifth_side_is_there_with_the_first_department(county: County) -> None:
    OrganizationFactory(kind=OrganizationKind.GOVERNMENT_DEPARTMENT, parent=county.government)
    assert compute("sides") == 5
