"""The county of the access matrix: in each of two townships something for every address that names an object."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.db import connection, transaction

from accounts.models import User
from jobs.models import Job
from loans.choices import Outcome, StepCode
from loans.models import Application, CollectionAct, Objection, ProgrammeVersion, StatementImport, Visit
from loans.operations import record_objection, settle_objection
from organizations.models import Entity, Household, Organization, PartyMember, Person
from tests.factories.care import collect, photo, visit
from tests.factories.county import NOON, TODAY, County, Township, build_county
from tests.factories.files import passing_cupboard
from tests.factories.jobs import JobFactory
from tests.factories.loans import CaseFactory, store_jianchuan
from tests.factories.organizations import EntityFactory, HouseholdFactory, PersonFactory
from tests.factories.statements import csv, row_of, take_in
from web import clock

OWN, OTHER = "own", "other"
MISSING_NUMBER, MISSING_UUID = 999_999_999, uuid4()
# Names that stand nowhere by chance: whoever reads one on a page of somebody outside has found a leak.
STRANGERS = [f"欧阳䶮{character}" for character in "甲乙丙丁戊己庚辛壬癸子丑"]


@dataclass
class Objects:
    """What lies in one township: cases by what they wait for, and one of everything else, of the first village."""

    county: County
    township: Township
    version: ProgrammeVersion
    cases: dict[str, Application] = field(default_factory=dict)
    objection: Objection = None
    upheld: Objection = None
    homeless: Person = None  # in the register, in no household
    entity: Entity = None
    empty_household: Household = None
    job: Job = None
    statement: StatementImport = None
    visit: Visit = None
    act: CollectionAct = None

    @property
    def person(self) -> Person:
        return self.township.village.farmer

    @property
    def spouse(self) -> Person:
        return self.township.village.people[-1]

    @property
    def household(self) -> Household:
        return self.person.household

    @property
    def member(self) -> PartyMember:
        return self.township.village.members[0]

    @property
    def probationer(self) -> PartyMember:
        return self.township.village.members[3]

    @property
    def branch(self) -> Organization:
        return self.township.village.branches[1]

    @property
    def account(self) -> User:
        return self.township.village.other_secretary

    @property
    def names(self) -> list[str]:
        """The names of all the people of the township."""
        return [person.name for village in self.township.villages for person in village.people]

    @property
    def secrets(self) -> list[str]:
        """What only those who reach the township may read: names of people, numbers of cases and contracts."""
        people = [person.name for person in self.township.village.people]
        cases = [case.number for case in self.cases.values()]
        return [*people, *cases, self.cases["lent"].loan.contract_number]

    @property
    def id_numbers(self) -> list[str]:
        return [person.read_id_number() for village in self.township.villages for person in village.people]


@dataclass
class World:
    county: County
    own: Objects
    other: Objects

    def at(self, place: str) -> Objects:
        return self.own if place == OWN else self.other


@contextmanager
def standing_world() -> Iterator[World]:
    """Build the county inside a transaction that is rolled back, its clock at noon of 2014-08-15."""
    with clock.frozen(NOON), passing_cupboard(), transaction.atomic():
        with connection.cursor() as cursor:
            # Thousands of pages on a few rows: the best plan does not matter, the time to find it does.
            cursor.execute("SET LOCAL join_collapse_limit = 1")
        county = build_county()
        versions = store_jianchuan()
        _rename_strangers(county.shaxi)
        yield World(
            county=county,
            own=_objects(county, county.yangcen, versions["2014"]),
            other=_objects(county, county.shaxi, versions["2013"]),
        )
        transaction.set_rollback(True)


def _rename_strangers(township: Township) -> None:
    for person, name in zip(township.village.people, STRANGERS, strict=True):
        person.name = name
        person.set_pinyin()
        person.save()


def _objects(county: County, township: Township, version: ProgrammeVersion) -> Objects:
    village = township.village
    objects = Objects(county, township, version)
    # Everybody but the farmer has a case; the farmer has none, so that one can be registered for him.
    borrowers = iter([*village.people[:10], village.people[11]])
    for step in (
        StepCode.ASSESSMENT, "lent", StepCode.DISBURSEMENT, StepCode.SUBSIDY_CONFIRMATION, StepCode.COMMITTEE_FILING,
        StepCode.PUBLIC_NOTICE, StepCode.BRANCH_REVIEW, StepCode.REFERRAL, "draft",
    ):  # fmt: skip
        objects.cases[str(step)] = _case_at(CaseFactory(county, township=township, person=next(borrowers)), step)
    objects.cases["noticed"], objects.objection = _objected(county, township, next(borrowers))
    objects.cases["objected"], objects.upheld = _objected(county, township, next(borrowers))
    settle_objection(
        objection_id=objects.upheld.pk, upheld=True, finding="属实。", settled_by=township.committee_officer,
        settled_at=NOON,
    )  # fmt: skip
    objects.homeless = PersonFactory(division=village.division)
    objects.entity = EntityFactory(division=village.division, representative=village.people[0])
    objects.empty_household = HouseholdFactory(division=village.division)
    loan = objects.cases["lent"].loan
    objects.visit = visit(loan, village.secretary, photos=(photo(loan.pk),))
    objects.act = collect(loan, township.credit_officer, paper=photo())
    objects.statement = take_in(
        township,
        csv(row_of(loan, f"HK-{loan.pk}", TODAY, interest=10), row_of("没有此合同", "HK-0", TODAY, interest=1)),
    )
    objects.job = JobFactory(finished=True, owner=township.clerk)
    return objects


def _case_at(story: CaseFactory, step: str) -> Application:
    match step:
        case "draft":
            return story.draft()
        case "lent":
            return story.lent()
        case StepCode.ASSESSMENT:
            return story.settled()
    return story.at(step)


def _objected(county: County, township: Township, person: Person) -> tuple[Application, Objection]:
    """A case whose notice hangs today, with an objection."""
    story = CaseFactory(county, township=township, person=person, begin=NOON - timedelta(days=4))
    story.at(StepCode.PUBLIC_NOTICE)
    story.publish()
    assert story.case.decisions.filter(outcome=Outcome.PUBLISH).exists()
    objection = record_objection(
        notice_id=story.case.notices.get().pk, received_on=TODAY, channel="phone", objector="", text="已有外债未还。",
        recorded_by=township.clerk, recorded_at=NOON,
    )  # fmt: skip
    return story.case, objection
