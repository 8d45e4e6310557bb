"""The registers: households, people, Party members, bodies. Collected first, written by a statement per table."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from organizations.choices import EntityKind, HouseholdRelation, MemberStatus
from organizations.models import (
    BranchMembership,
    Division,
    Entity,
    Household,
    Organization,
    PartyMember,
    Person,
)
from organizations.rules import check_character, parse_id_number
from redcredit.demo.names import ethnic_group, person_name
from redcredit.demo.organizations import Offices, Village

# 532999 is no division, so nobody holds such a number; mobile numbers beginning with 160 are not issued.
REGION = "532999"
PHONE_PREFIX = "160"
BIG_BRANCH, SMALL_BRANCH = 14, 13
SMALL_BRANCHES, ALL_BRANCHES = 119, 586
BORN_FIRST, BORN_LAST = date(1951, 1, 1), date(1992, 12, 31)
POOR_SINCE = date(2014, 1, 1)
AT_ONCE = 1000

# Places in a branch: who leads, who keeps the village's papers, who introduces borrowers; the rest may borrow.
SECRETARY, GENERAL_SECRETARY, CLERK = 0, 1, 2
INTRODUCERS = slice(3, 6)
FIRST_FREE = 6


@dataclass
class Circle:
    """The members of one branch. The last one is a probationary member."""

    branch: Organization
    members: list[PartyMember]

    @property
    def secretary(self) -> PartyMember:
        return self.members[SECRETARY]

    @property
    def introducers(self) -> list[PartyMember]:
        return self.members[INTRODUCERS]

    @property
    def full_members(self) -> int:
        return sum(member.status == MemberStatus.FULL for member in self.members)


@dataclass
class Neighbourhood:
    """What the loader keeps in mind of a village: its circles, the members who may still borrow, the poor."""

    village: Village
    circles: list[Circle]
    free: list[PartyMember] = field(default_factory=list)
    poor: list[Person] = field(default_factory=list)

    @property
    def general_secretary(self) -> PartyMember:
        return self.circles[0].members[GENERAL_SECRETARY]

    @property
    def clerk(self) -> PartyMember:
        return self.circles[0].members[CLERK]


class Register:
    """Makes synthetic people and keeps them until `write`."""

    def __init__(self, seed: str) -> None:
        self.rng = Random(seed)  # noqa: S311  # the same county every time
        self.households: list[Household] = []
        self.people: list[Person] = []
        self.members: list[PartyMember] = []
        self.memberships: list[BranchMembership] = []
        self.entities: list[Entity] = []
        self._numbers: set[str] = set()
        self._houses: dict[str, int] = {}

    def household(self, division: Division, *, is_poor: bool = False) -> Household:
        number = self._houses[division.code] = self._houses.get(division.code, 0) + 1
        household = Household(
            code=f"{division.code}-{number:04}",
            division=division,
            address=f"{self.rng.randint(1, 12)}组{number}号",
            poor_from=POOR_SINCE if is_poor else None,
        )
        self.households.append(household)
        return household

    def person(
        self,
        division: Division,
        *,
        household: Household | None = None,
        relation: str = HouseholdRelation.HEAD,
        is_male: bool | None = None,
        born: tuple[date, date] = (BORN_FIRST, BORN_LAST),
        name: str = "",
        group: str = "",
        surname: str = "",
    ) -> Person:
        """Make a person with a number, a telephone and a sort key of his own. `born` bounds the birthday."""
        male = bool(self.rng.randrange(2)) if is_male is None else is_male
        person = Person(
            name=name or person_name(self.rng, is_male=male, surname=surname),
            ethnic_group=group or ethnic_group(self.rng),
            division=division,
            household=household,
            relation=relation,
        )
        person.set_id_number(parse_id_number(self._id_number(born, is_male=male)))
        person.set_phone(f"{PHONE_PREFIX}{self.rng.randrange(10**8):08}")
        self.people.append(person)
        return person

    def rename(self, person: Person, name: str, *, is_male: bool) -> None:
        """Give a person another name, and a number that agrees with it."""
        person.name = name
        born = (person.birth_date, person.birth_date)
        person.set_id_number(parse_id_number(self._id_number(born, is_male=is_male)))

    def _id_number(self, born: tuple[date, date], *, is_male: bool) -> str:
        while True:
            birthday = born[0] + timedelta(days=self.rng.randrange((born[1] - born[0]).days + 1))
            sequence = 2 * self.rng.randrange(1, 499) + is_male
            seventeen = f"{REGION}{birthday:%Y%m%d}{sequence:03}"
            if seventeen not in self._numbers:
                self._numbers.add(seventeen)
                return seventeen + check_character(seventeen)

    def member(self, person: Person, branch: Organization, *, is_full: bool) -> PartyMember:
        """Take a person into a branch: a full member some time after his twenties began, or a new one on probation."""
        joined = date(2013, self.rng.choice((3, 4, 5)), 20)
        if is_full:
            year = self.rng.randint(person.birth_date.year + 19, 2011)
            joined = date(year, self.rng.choice((6, 7, 11, 12)), self.rng.choice((1, 15, 26)))
        member = PartyMember(
            person=person,
            status=MemberStatus.FULL if is_full else MemberStatus.PROBATIONARY,
            joined_on=joined,
            full_from=joined.replace(year=joined.year + 1) if is_full else None,
        )
        self.members.append(member)
        self.memberships.append(BranchMembership(member=member, branch=branch, valid_from=joined))
        return member

    def entity(self, name: str, kind: str, division: Division, representative: Person) -> Entity:
        entity = Entity(
            name=name, kind=kind, division=division, representative=representative, valid_from=date(2012, 3, 15)
        )
        self.entities.append(entity)
        return entity

    def family_of(self, head: Person) -> None:
        """Give a head of household a husband or wife, and sometimes a child or an old parent."""
        household = head.household
        is_male = head.sex == "male"
        year = head.birth_date.year
        near = (date(max(year - 4, 1944), 1, 1), date(min(year + 4, 1995), 12, 31))
        self.person(
            head.division, household=household, relation=HouseholdRelation.SPOUSE, is_male=not is_male, born=near
        )
        surname = head.name[0] if "·" not in head.name else ""
        if self.rng.randrange(10) < 4:
            child = (date(year + 22, 1, 1), date(min(year + 34, 2012), 12, 31))
            if child[0] < child[1]:
                self.person(
                    head.division, household=household, relation=HouseholdRelation.CHILD, born=child, surname=surname
                )
        elif self.rng.randrange(10) < 3:
            parent = (date(max(year - 32, 1925), 1, 1), date(year - 20, 12, 31))
            self.person(head.division, household=household, relation=HouseholdRelation.PARENT, born=parent)

    def write(self) -> None:
        for person in self.people:
            person.set_pinyin()
        for entity in self.entities:
            entity.set_pinyin()
        Household.objects.bulk_create(self.households, batch_size=AT_ONCE)
        Person.objects.bulk_create(self.people, batch_size=AT_ONCE)
        PartyMember.objects.bulk_create(self.members, batch_size=AT_ONCE)
        BranchMembership.objects.bulk_create(self.memberships, batch_size=AT_ONCE)
        Entity.objects.bulk_create(self.entities, batch_size=AT_ONCE)


def size_of_branch(place: int) -> int:
    """Return how many members the branch at a place of the county's list has.

    119 branches of 13 and 467 of 14 make the printed number of members; 119 and 586 have no common divisor, so that
    exactly 119 places are small ones, evenly spread.
    """
    return SMALL_BRANCH if place * SMALL_BRANCHES % ALL_BRANCHES < SMALL_BRANCHES else BIG_BRANCH


def fill_branches(register: Register, offices: Offices) -> tuple[dict[str, Neighbourhood], dict[int, Circle]]:
    """Give every branch its members. Returns the villages by code, and every circle by its branch's key."""
    villages = {branch.pk: village for village in offices.villages for branch in village.branches}
    homes = [village.division for village in offices.villages if village.division.kind == "community"]
    circles: dict[int, Circle] = {}
    for place, branch in enumerate(offices.branches):
        village = villages.get(branch.pk)
        home = village.division if village else _home_of_official(offices, branch, homes, place)
        circles[branch.pk] = _circle(register, branch, home, size=size_of_branch(place), are_villagers=bool(village))
    neighbourhoods = {
        village.division.code: Neighbourhood(village, [circles[branch.pk] for branch in village.branches])
        for village in offices.villages
    }
    for neighbourhood in neighbourhoods.values():
        _note_the_free_and_the_poor(register, neighbourhood)
    return neighbourhoods, circles


def _home_of_official(offices: Offices, branch: Organization, homes: list[Division], place: int) -> Division:
    """Officials of a township live in its first village, those of the county in the communities of the county town."""
    township = offices.townships.get(branch.division.code)
    return township.villages[0].division if township else homes[place % len(homes)]


def _circle(register: Register, branch: Organization, home: Division, *, size: int, are_villagers: bool) -> Circle:
    members = []
    for place in range(size):
        household = register.household(home) if are_villagers else None
        is_full = place < size - 1
        born = (BORN_FIRST, date(1988, 12, 31)) if is_full else (date(1980, 1, 1), BORN_LAST)
        # Two of three members are men, as in the villages' own lists.
        person = register.person(home, household=household, is_male=register.rng.randrange(3) > 0, born=born)
        members.append(register.member(person, branch, is_full=is_full))
    return Circle(branch=branch, members=members)


def _note_the_free_and_the_poor(register: Register, neighbourhood: Neighbourhood) -> None:
    free = [member for circle in neighbourhood.circles for member in circle.members[FIRST_FREE:-1]]
    register.rng.shuffle(free)
    neighbourhood.free = free
    division = neighbourhood.village.division
    for _ in range(4):
        neighbourhood.poor.append(register.person(division, household=register.household(division, is_poor=True)))


def collective_of(register: Register, neighbourhood: Neighbourhood, representative: Person) -> Entity:
    division = neighbourhood.village.division
    return register.entity(f"{division.short_name}集体经济合作社", EntityKind.COLLECTIVE, division, representative)
