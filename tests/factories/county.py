"""A whole small county in a dozen statements: two townships with two villages each, and somebody in every office.

    county.yangcen                       a township: division, committee, outlet, and its accounts (clerk, …)
    county.yangcen.villages[0]           a village: general_branch, branches, households, people, members, accounts
    county.yangcen.villages[0].members   party members; the first three of each branch are full members
    county.finance_officer               the county's offices have one account each

Every account signs in with `PASSWORD` of tests/factories/accounts.py.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from accounts.choices import Role
from accounts.models import Post, User
from organizations.choices import (
    DivisionLevel,
    HouseholdRelation,
    MemberStatus,
    OrganizationKind as Kind,
    VillageKind,
)
from organizations.models import (
    BranchMembership,
    Division,
    Household,
    Organization,
    OrganizationPlacement,
    PartyMember,
    Person,
    ServiceArea,
)
from tests.factories.accounts import PASSWORD, POST_BEGIN, write_grants
from tests.factories.organizations import BEGIN, unsaved_people

NOON = datetime(2014, 8, 15, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOON.date()
JOINED = date(2008, 7, 1)
PEOPLE_IN_HOUSEHOLD = 2
HOUSEHOLDS_IN_VILLAGE = 6
MEMBERS_IN_BRANCH = 4


@dataclass
class Village:
    """`people[2 * n]` is the head of `households[n]`, the next one the spouse. Members are heads and spouses."""

    division: Division
    general_branch: Organization
    branches: list[Organization]
    leading_group: Organization
    households: list[Household] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    members: list[PartyMember] = field(default_factory=list)
    clerk: User = None  # village clerk on the general branch
    secretary: User = None  # of branches[0]
    other_secretary: User = None  # of branches[1]
    general_secretary: User = None  # of the general branch

    @property
    def branch(self) -> Organization:
        return self.branches[0]

    @property
    def farmer(self) -> Person:
        """The head of a household without a party member."""
        return self.people[-PEOPLE_IN_HOUSEHOLD]


@dataclass
class Township:
    division: Division
    committee: Organization
    outlet: Organization
    villages: list[Village]
    clerk: User = None
    committee_officer: User = None
    credit_officer: User = None
    credit_manager: User = None

    @property
    def village(self) -> Village:
        return self.villages[0]


@dataclass
class County:
    division: Division
    party_committee: Organization
    organisation_department: Organization
    red_credit_office: Organization
    government: Organization
    finance_bureau: Organization
    union: Organization
    yangcen: Township
    shaxi: Township
    organisation_officer: User = None
    finance_officer: User = None
    finance_director: User = None
    leading_group_officer: User = None  # on the Red Credit office of the county
    union_manager: User = None
    leader: User = None
    auditor: User = None
    system_administrator: User = None
    security_administrator: User = None
    outsider: User = None  # an account without any post

    @property
    def townships(self) -> list[Township]:
        return [self.yangcen, self.shaxi]

    @property
    def villages(self) -> list[Village]:
        return [village for township in self.townships for village in township.villages]


DIVISIONS = (
    ("530000000000", "云南省", DivisionLevel.PROVINCE),
    ("532900000000", "大理白族自治州", DivisionLevel.PREFECTURE),
    ("532931000000", "剑川县", DivisionLevel.COUNTY),
    ("532931201000", "羊岑乡", DivisionLevel.TOWNSHIP),
    ("532931201205", "中羊村", DivisionLevel.VILLAGE),
    ("532931201206", "新松村", DivisionLevel.VILLAGE),
    ("532931104000", "沙溪镇", DivisionLevel.TOWNSHIP),
    ("532931104201", "寺登村", DivisionLevel.VILLAGE),
    ("532931104203", "华龙村", DivisionLevel.VILLAGE),
)
SURNAMES = "杨张李赵段和尹施王苏罗何"
GIVEN = ("继红", "建伟", "秀兰", "国华", "丽", "永强", "金凤", "文", "月娥", "志明", "树芳", "四全")


def build_county() -> County:
    """Write the county and return it. About thirty statements."""
    places = _divisions()
    tree = _Tree()
    county = _organizations(places, tree)
    tree.write()
    for number, village in enumerate(county.villages):
        _people(village, first_number=number * HOUSEHOLDS_IN_VILLAGE * PEOPLE_IN_HOUSEHOLD)
    _members(county.villages)
    _accounts(county)
    return county


def _divisions() -> dict[str, Division]:
    places: dict[str, Division] = {}
    parents: dict[str, Division] = {}
    for code, name, level in DIVISIONS:
        kind = VillageKind.VILLAGE if level == DivisionLevel.VILLAGE else ""
        parent = next((parents[code[:n].ljust(12, "0")] for n in (9, 6, 4, 2) if _has(parents, code, n)), None)
        place = Division(code=code, name=name, short_name=name, level=level, kind=kind, parent=parent)
        place.save()
        places[name] = parents[code] = place
    return places


def _has(parents: dict[str, Division], code: str, length: int) -> bool:
    shorter = code[:length].ljust(12, "0")
    return shorter != code and shorter in parents


class _Tree:
    """Collects organizations with treebeard's paths and writes them by two statements."""

    def __init__(self) -> None:
        self.nodes: list[Organization] = []
        self.parents: list[Organization | None] = []

    def add(self, kind: str, name: str, division: Division, parent: Organization | None = None) -> Organization:
        step = sum(above is parent for above in self.parents) + 1
        depth = parent.depth + 1 if parent else 1
        node = Organization(
            kind=kind, name=name, short_name=name, code=f"ORG-{len(self.nodes) + 1:03}", division=division,
            valid_from=BEGIN, depth=depth, path=Organization._get_path(parent.path if parent else "", depth, step),
        )  # fmt: skip
        if parent:
            parent.numchild += 1
        self.nodes.append(node)
        self.parents.append(parent)
        return node

    def write(self) -> None:
        Organization.objects.bulk_create(self.nodes)
        OrganizationPlacement.objects.bulk_create(
            [
                OrganizationPlacement(organization=node, parent=parent, valid_from=BEGIN)
                for node, parent in zip(self.nodes, self.parents, strict=True)
            ]
        )


def _organizations(places: dict[str, Division], tree: _Tree) -> County:
    home = places["剑川县"]
    committee = tree.add(Kind.COUNTY_PARTY_COMMITTEE, "中共剑川县委", home)
    government = tree.add(Kind.COUNTY_GOVERNMENT, "剑川县人民政府", home)
    union = tree.add(Kind.COUNTY_UNION, "剑川县农村信用合作联社", home)
    department = tree.add(Kind.ORGANISATION_DEPARTMENT, "县委组织部", home, committee)
    return County(
        division=home,
        party_committee=committee,
        organisation_department=department,
        red_credit_office=tree.add(Kind.RED_CREDIT_OFFICE, "“红色信贷”工作领导小组办公室", home, department),
        government=government,
        finance_bureau=tree.add(Kind.FINANCE_BUREAU, "县财政局", home, government),
        union=union,
        yangcen=_township(places, tree, committee, union, "羊岑乡", ("中羊村", "新松村")),
        shaxi=_township(places, tree, committee, union, "沙溪镇", ("寺登村", "华龙村")),
    )


def _township(
    places: dict[str, Division],
    tree: _Tree,
    county_committee: Organization,
    union: Organization,
    name: str,
    villages: tuple[str, ...],
) -> Township:
    division = places[name]
    committee = tree.add(Kind.TOWNSHIP_PARTY_COMMITTEE, f"{name}党委", division, county_committee)
    return Township(
        division=division,
        committee=committee,
        outlet=tree.add(Kind.OUTLET, f"{name[:-1]}信用社", division, union),
        villages=[_village(places[village], tree, committee) for village in villages],
    )


def _village(division: Division, tree: _Tree, committee: Organization) -> Village:
    name = division.name
    general = tree.add(Kind.GENERAL_PARTY_BRANCH, f"{name}党总支", division, committee)
    return Village(
        division=division,
        general_branch=general,
        branches=[tree.add(Kind.PARTY_BRANCH, f"{name}第{n}党支部", division, general) for n in "一二"],
        leading_group=tree.add(Kind.RED_CREDIT_LEADING_GROUP, f"{name}“红色信贷”工作领导小组", division, general),
    )


def _people(village: Village, *, first_number: int) -> None:
    village.households = Household.objects.bulk_create(
        [
            Household(code=f"{village.division.code}-{n:04}", division=village.division, address=f"{n}号")
            for n in range(1, HOUSEHOLDS_IN_VILLAGE + 1)
        ]
    )
    numbers = range(first_number, first_number + HOUSEHOLDS_IN_VILLAGE * PEOPLE_IN_HOUSEHOLD)
    # Two rhythms without a common divisor, so that names repeat late: 12 surnames, given names shifted each round.
    names = [SURNAMES[n % len(SURNAMES)] + GIVEN[(n + n // len(GIVEN)) % len(GIVEN)] for n in numbers]
    people = unsaved_people(names, division=village.division, first_number=first_number)
    for n, person in enumerate(people):
        person.household = village.households[n // PEOPLE_IN_HOUSEHOLD]
        person.relation = HouseholdRelation.SPOUSE if n % PEOPLE_IN_HOUSEHOLD else HouseholdRelation.HEAD
    village.people = Person.objects.bulk_create(people)


def _members(villages: list[Village]) -> None:
    """Three full members and a probationary one in each branch."""
    memberships = []
    for village in villages:
        wanted = MEMBERS_IN_BRANCH * len(village.branches)
        village.members = [_member(person, place) for place, person in enumerate(village.people[:wanted])]
    PartyMember.objects.bulk_create([member for village in villages for member in village.members])
    for village in villages:
        for place, member in enumerate(village.members):
            branch = village.branches[place // MEMBERS_IN_BRANCH]
            memberships.append(BranchMembership(member=member, branch=branch, valid_from=member.joined_on))
    BranchMembership.objects.bulk_create(memberships)


def _member(person: Person, place: int) -> PartyMember:
    if place % MEMBERS_IN_BRANCH == MEMBERS_IN_BRANCH - 1:
        return PartyMember(person=person, status=MemberStatus.PROBATIONARY, joined_on=date(2014, 3, 1))
    return PartyMember(
        person=person, status=MemberStatus.FULL, joined_on=JOINED, full_from=JOINED.replace(year=JOINED.year + 1)
    )


def _accounts(county: County) -> None:
    ServiceArea.objects.bulk_create([ServiceArea(outlet=t.outlet, division=t.division) for t in county.townships])
    wanted = [*_county_posts(county)]
    for township, prefix in ((county.yangcen, "yangcen"), (county.shaxi, "shaxi")):
        wanted += _township_posts(township, prefix)
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        [User(username=username, name=username, password=password) for _, _, username, _, _ in wanted]
        + [User(username="outsider", name="无岗位", password=password)]
    )
    county.outsider = users.pop()
    posts = []
    for user, (owner, attribute, _, role, organization) in zip(users, wanted, strict=True):
        setattr(owner, attribute, user)
        posts.append(Post(user=user, organization=organization, role=role, valid_from=POST_BEGIN))
    write_grants(Post.objects.bulk_create(posts))


def _county_posts(county: County) -> list[tuple[object, str, str, str, Organization]]:
    return [
        (county, "organisation_officer", "organisation", Role.ORGANISATION_OFFICER, county.organisation_department),
        (county, "finance_officer", "finance", Role.FINANCE_OFFICER, county.finance_bureau),
        (county, "finance_director", "director", Role.FINANCE_DIRECTOR, county.finance_bureau),
        (county, "leading_group_officer", "leading-group", Role.LEADING_GROUP_OFFICER, county.red_credit_office),
        (county, "union_manager", "union-manager", Role.CREDIT_MANAGER, county.union),
        (county, "leader", "leader", Role.COUNTY_LEADER, county.party_committee),
        (county, "auditor", "auditor", Role.AUDITOR, county.party_committee),
        (county, "system_administrator", "sysadmin", Role.SYSTEM_ADMINISTRATOR, county.party_committee),
        (county, "security_administrator", "secadmin", Role.SECURITY_ADMINISTRATOR, county.party_committee),
    ]


def _township_posts(township: Township, prefix: str) -> list[tuple[object, str, str, str, Organization]]:
    posts: list[tuple[object, str, str, str, Organization]] = [
        (township, "clerk", f"{prefix}-clerk", Role.TOWNSHIP_CLERK, township.committee),
        (township, "committee_officer", f"{prefix}-committee", Role.COMMITTEE_OFFICER, township.committee),
        (township, "credit_officer", f"{prefix}-officer", Role.CREDIT_OFFICER, township.outlet),
        (township, "credit_manager", f"{prefix}-manager", Role.CREDIT_MANAGER, township.outlet),
    ]
    for number, village in enumerate(township.villages, start=1):
        name = f"{prefix}{number}"
        posts += [
            (village, "clerk", f"{name}-clerk", Role.VILLAGE_CLERK, village.general_branch),
            (village, "secretary", f"{name}-secretary", Role.BRANCH_SECRETARY, village.branches[0]),
            (village, "other_secretary", f"{name}-secretary-2", Role.BRANCH_SECRETARY, village.branches[1]),
            (village, "general_secretary", f"{name}-general", Role.BRANCH_SECRETARY, village.general_branch),
        ]
    return posts
