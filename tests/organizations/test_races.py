"""Two people at once, on real transactions."""

from collections.abc import Callable

import pytest

from accounts.choices import Role
from accounts.operations import UnableToAppoint, appoint
from audit.choices import Action
from audit.models import AuditEvent
from organizations.models import Organization, Person
from organizations.operations import (
    AlreadyRegistered,
    Refused,
    TooManyReveals,
    move_organization,
    register_person,
    reveal_id_number,
)
from organizations.operations.people import REVEALS_PER_HOUR_MAX
from tests.factories.accounts import UserFactory
from tests.factories.county import NOON, TODAY, build_county
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db):
    return build_county()


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads that start together; return the name of each result's or exception's type."""
    results = race((Refused, TooManyReveals, UnableToAppoint), *acts)
    return sorted(type(result).__name__ for result in results)


@pytest.mark.parametrize("turn", range(4))
def test_two_moves_that_would_make_a_ring_are_not_both_made(office, turn):
    first, second = office.yangcen.committee, office.shaxi.committee

    def move(organization, parent):
        return lambda: move_organization(
            organization=organization,
            parent=parent,
            moved_by=office.organisation_officer,
            moved_at=NOON,
            confirmed=True,
        )

    assert at_once(move(first, second), move(second, first)) == ["Move", "Refused"]
    assert not any(Organization.objects.find_problems())


def test_of_two_clerks_who_register_one_person_the_second_is_shown_the_first(office):
    def register(name):
        return lambda: register_person(
            id_number="532931197503120006",
            name=name,
            division=office.yangcen.village.division,
            registered_by=office.yangcen.clerk,
            registered_at=NOON,
        )

    assert at_once(register("和四全"), register("和四泉")) == [AlreadyRegistered.__name__, Person.__name__]


def test_one_person_is_not_made_auditor_and_leader_at_once(office):
    person = office.yangcen.village.farmer
    accounts = [UserFactory(person=person), UserFactory(person=person)]

    def give(user, role):
        return lambda: appoint(
            user=user,
            organization=office.party_committee,
            role=role,
            valid_from=TODAY,
            appointed_by=office.security_administrator,
            appointed_at=NOON,
        )

    results = at_once(give(accounts[0], Role.AUDITOR), give(accounts[1], Role.COUNTY_LEADER))
    assert results == ["Post", "UnableToAppoint"]


def test_the_hourly_limit_of_full_numbers_holds_for_clicks_at_once(office):
    def reveal():
        return reveal_id_number(
            person=office.yangcen.village.farmer, reason="核对", by=office.yangcen.clerk, at=NOON
        )  # fmt: skip

    for _ in range(REVEALS_PER_HOUR_MAX - 1):
        reveal()
    assert at_once(reveal, reveal, reveal) == ["TooManyReveals", "TooManyReveals", "str"]
    assert AuditEvent.objects.filter(action=Action.UNMASKED).count() == REVEALS_PER_HOUR_MAX
