"""Divisions, organizations, people: situations in one call. Numbers are synthetic (sequence 000 is never issued)."""

from datetime import date, timedelta
from itertools import count

import factory

from organizations.choices import DivisionLevel, EntityKind, MemberStatus, OrganizationKind, Sex
from organizations.models import (
    BranchMembership,
    Division,
    Entity,
    Household,
    Organization,
    OrganizationPlacement,
    PartyMember,
    Person,
)
from organizations.rules import IdNumber, check_character

REGION = "532999"
BEGIN = date(2010, 1, 1)
_running = count(1000)  # after those of tests/factories/county.py


def synthetic_id_number(number: int = 0, *, born: date | None = None) -> IdNumber:
    """Return a well-formed number that no living person holds; another `number` is another person (born later)."""
    day = born or date(1950, 1, 1) + timedelta(days=number)
    seventeen = f"{REGION}{day:%Y%m%d}000"
    return IdNumber(seventeen + check_character(seventeen))


class DivisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Division

    class Params:
        county = factory.Trait(level=DivisionLevel.COUNTY, code=factory.Sequence(lambda n: f"53{n % 10_000:04}000000"))
        township = factory.Trait(
            level=DivisionLevel.TOWNSHIP, code=factory.Sequence(lambda n: f"532999{n % 1000:03}000")
        )

    code = factory.Sequence(lambda n: f"532999{n // 700 + 101:03}{n % 700 + 200:03}")
    name = factory.Sequence(lambda n: f"第{n}村")
    short_name = factory.SelfAttribute("name")
    level = DivisionLevel.VILLAGE


class OrganizationFactory(factory.django.DjangoModelFactory):
    """`parent=` places it in the tree; the traits are the kinds that tests speak of."""

    class Meta:
        model = Organization

    class Params:
        county_committee = factory.Trait(kind=OrganizationKind.COUNTY_PARTY_COMMITTEE)
        township_committee = factory.Trait(kind=OrganizationKind.TOWNSHIP_PARTY_COMMITTEE)
        general_branch = factory.Trait(kind=OrganizationKind.GENERAL_PARTY_BRANCH)
        outlet = factory.Trait(kind=OrganizationKind.OUTLET)

    kind = OrganizationKind.PARTY_BRANCH
    name = factory.Sequence(lambda n: f"第{n}党支部")
    short_name = factory.SelfAttribute("name")
    code = factory.Sequence(lambda n: f"TEST-{n}")
    division = factory.LazyAttribute(lambda o: o.parent.division if o.parent else DivisionFactory())
    valid_from = BEGIN
    parent = None

    @classmethod
    def _create(cls, model_class, *args, parent=None, **fields):
        if parent is None:
            created = model_class.objects.add_root(fields)
        else:
            parent = model_class.objects.get(pk=parent.pk)  # treebeard counts on fresh values
            created = model_class.objects.add_child(parent, fields)
        OrganizationPlacement.objects.create(organization=created, parent=parent, valid_from=created.valid_from)
        return created


class HouseholdFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Household

    class Params:
        registered_poor = factory.Trait(poor_from=date(2013, 1, 1))

    code = factory.Sequence(lambda n: f"HH-{n:06}")
    division = factory.SubFactory(DivisionFactory)
    address = "一组3号"


class PersonFactory(factory.django.DjangoModelFactory):
    """A grown-up with a sealed identity number and telephone. `born=` makes a minor."""

    class Meta:
        model = Person

    born = None
    id_number = factory.LazyAttribute(lambda o: synthetic_id_number(next(_running), born=o.born))
    name = factory.Sequence(lambda n: "赵钱孙李周吴郑王"[n % 8] + "秀英建国"[n % 4] + "兰芳明强"[n // 4 % 4])
    division = factory.LazyAttribute(lambda o: o.household.division if o.household else DivisionFactory())
    household = None

    @classmethod
    def _create(cls, model_class, *args, id_number, born=None, phone="13900001234", **fields):
        person = model_class(**fields)
        person.set_id_number(id_number)
        person.set_phone(phone)
        person.save()
        return person


class PartyMemberFactory(factory.django.DjangoModelFactory):
    """`branch=` puts the member into a branch from the day of joining."""

    class Meta:
        model = PartyMember
        skip_postgeneration_save = True

    class Params:
        probationary = factory.Trait(status=MemberStatus.PROBATIONARY, joined_on=date(2014, 3, 1), full_from=None)

    person = factory.SubFactory(PersonFactory)
    status = MemberStatus.FULL
    joined_on = date(2005, 7, 1)
    full_from = date(2006, 7, 1)

    @factory.post_generation
    def branch(self, create, extracted, **kwargs):
        if create and extracted:
            BranchMembership.objects.create(member=self, branch=extracted, valid_from=self.joined_on)


class EntityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Entity

    class Params:
        collective = factory.Trait(kind=EntityKind.COLLECTIVE)

    name = factory.Sequence(lambda n: f"第{n}种植专业合作社")
    kind = EntityKind.COOPERATIVE
    division = factory.SubFactory(DivisionFactory)


def unsaved_people(names: list[str], *, division: Division, first_number: int) -> list[Person]:
    """Return people ready for `bulk_create`, each with a number, a telephone and a sort key of its own."""
    people = []
    for offset, name in enumerate(names):
        person = Person(name=name, division=division, sex=Sex.FEMALE)
        person.set_id_number(synthetic_id_number(first_number + offset))
        person.set_phone(f"139{first_number + offset:08}")
        person.set_pinyin()
        people.append(person)
    return people
