"""Reading the tree and the registers. Lists take a constant number of queries, whatever their length."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from organizations import personal_data
from organizations.choices import DivisionLevel, MemberStatus
from organizations.models import BranchMembership, Division, Entity, Household, Organization, PartyMember, Person
from organizations.models.organizations import OrganizationQuerySet
from organizations.rules import IdNumber, organization_rules
from organizations.scope import Scope

FOUND_MAX = 20


# --- Organizations ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TreeNode:
    """One line of the tree: the branches in force below the organization, the members below and at it."""

    organization: Organization
    branches: int
    members: int
    is_over: bool

    @property
    def has_children(self) -> bool:
        return bool(self.organization.numchild)


def get_tree_nodes(*, parent: Organization, on: date) -> list[TreeNode]:
    """Return the children of an organization with their counts: three queries."""
    children = Organization.objects.below(parent).filter(depth=parent.depth + 1)
    return _counted(list(children.select_related("division")), below=parent.path, depth=parent.depth + 1, on=on)


def get_top_of_tree(*, on: date) -> list[tuple[TreeNode, list[TreeNode]]]:
    """Return the roots, each with its children, with their counts: five queries, however many there are."""
    top = list(Organization.objects.filter(depth__lte=2).select_related("division"))
    roots, children = (
        _counted([node for node in top if node.depth == depth], below="", depth=depth, on=on) for depth in (1, 2)
    )
    return [
        (root, [child for child in children if child.organization.path.startswith(root.organization.path)])
        for root in roots
    ]


def _counted(nodes: list[Organization], *, below: str, depth: int, on: date) -> list[TreeNode]:
    """Count below nodes of one depth, all of which lie under the path `below`: two queries."""
    length = depth * Organization.steplen
    reviewing = Organization.objects.in_force(on).reviewing().filter(path__startswith=below, depth__gt=depth)
    branches = _count_below(reviewing, "path", length)
    members = _count_below(_memberships(on).filter(branch__path__startswith=below), "branch__path", length)
    return [
        TreeNode(
            organization=node,
            branches=branches.get(node.path, 0),
            members=members.get(node.path, 0),
            is_over=node.valid_to is not None and node.valid_to < on,
        )
        for node in nodes
    ]


def _count_below(rows: "QuerySet[Any]", path: str, length: int) -> dict[str, int]:
    counts = rows.order_by().annotate(node=Substr(path, 1, length)).values("node").annotate(number=Count("pk"))
    return {line["node"]: line["number"] for line in counts}


def _memberships(on: date) -> "QuerySet[BranchMembership]":
    return BranchMembership.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


def get_ancestors(organization: Organization) -> list[Organization]:
    """Return the organizations above, from the root down: one query."""
    step = Organization.steplen
    paths = [organization.path[:end] for end in range(step, len(organization.path), step)]
    return list(Organization.objects.filter(path__in=paths).order_by("path"))


def find_organizations(*, text: str, scope: Scope, on: date, kinds: tuple[str, ...] = ()) -> list[Organization]:
    """Return organizations in force whose name or code matches, within the scope's divisions; at most FOUND_MAX."""
    if not text:
        return []
    found = Organization.objects.in_force(on).filter(scope.divisions("division__path"))
    if kinds:
        found = found.filter(kind__in=kinds)
    found = found.filter(Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code__iexact=text))
    return list(found.select_related("division").order_by("path")[:FOUND_MAX])


def search_organizations(*, text: str) -> OrganizationQuerySet:
    """Return organizations of the whole tree, closed ones too, whose name or code matches; at most FOUND_MAX."""
    found = Organization.objects.filter(Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code__iexact=text))
    return found.select_related("division")[:FOUND_MAX]


@dataclass(frozen=True)
class Strength:
    """The members of a branch, or of everything below a committee."""

    full: int
    probationary: int

    @property
    def total(self) -> int:
        return self.full + self.probationary


def get_strength(organization: Organization, *, on: date) -> Strength:
    """Count the members in force at and below an organization: one query."""
    counts = _memberships(on).filter(branch__path__startswith=organization.path).aggregate(
        full=Count("pk", filter=Q(member__status=MemberStatus.FULL)),
        probationary=Count("pk", filter=Q(member__status=MemberStatus.PROBATIONARY)),
    )  # fmt: skip
    return Strength(**counts)


def size_limit(organization: Organization, code: str) -> int:
    """Return a threshold of org_rules.json for this kind of organization."""
    return int(organization_rules()["thresholds"][organization.kind][code])


def size_warnings(organization: Organization, strength: Strength) -> list[str]:
    """Return the codes of thresholds that are not met. They warn and never block: exceptions are legal."""
    limits = organization_rules()["thresholds"].get(organization.kind, {})
    values = {"full_members_min": strength.full, "members_min": strength.total, "members_max": strength.total}
    return [
        name
        for name, limit in limits.items()
        if name in values and (values[name] > limit if name.endswith("max") else values[name] < limit)
    ]


# --- Divisions -------------------------------------------------------------------------------------------------------


def get_divisions(*, scope: Scope, level: str = "") -> "QuerySet[Division]":
    """Return the divisions within the scope in official order, of one level or of all."""
    divisions = Division.objects.filter(scope.divisions()).in_official_order()
    return divisions.filter(level=level) if level else divisions


def list_divisions(*, scope: Scope, division: str = "", text: str = "") -> "QuerySet[Division]":
    """Return the divisions below a path with the number of their people and households."""
    divisions = get_divisions(scope=scope)
    if division:
        divisions = divisions.filter(path__startswith=division)
    if text:
        divisions = divisions.filter(Q(name__contains=text) | Q(code__startswith=text))
    people = Person.objects.filter(division=OuterRef("pk")).order_by().values("division").annotate(n=Count("pk"))
    households = Household.objects.filter(division=OuterRef("pk")).order_by().values("division")
    return divisions.annotate(
        people_count=Subquery(people.values("n")),
        household_count=Subquery(households.annotate(n=Count("pk")).values("n")),
    )


def get_villages(*, scope: Scope) -> "QuerySet[Division]":
    """Return the villages and communities in which somebody may keep registers."""
    return get_divisions(scope=scope, level=DivisionLevel.VILLAGE).select_related("parent")


# --- Rows with all that their pages show; the doors (audit.access.get_in_scope) put the scope on them ----------------


def people_in_full() -> "QuerySet[Person]":
    return Person.objects.select_related("division__parent", "household__division", "party_member")


def households_in_full() -> "QuerySet[Household]":
    return Household.objects.select_related("division__parent").prefetch_related("members__party_member")


def entities_in_full() -> "QuerySet[Entity]":
    return Entity.objects.select_related("division__parent", "representative")


# --- People ----------------------------------------------------------------------------------------------------------


def find_person(number: IdNumber) -> Person | None:
    """Return who holds this identity number, wherever he lives. What may be told of him, the caller decides."""
    index = personal_data.blind_index(number.number, column="person.id_number")
    return Person.objects.filter(id_number_index=index).select_related("division").first()


def get_people(*, scope: Scope, division: str = "", text: str = "", poor_on: date | None = None) -> "QuerySet[Person]":
    """Return people of the scope, in pinyin order.

    `division` is a division path. `text` is a part of the name, the first letters of its pinyin, or the last four
    characters of the identity number.
    """
    people = Person.objects.for_scope(scope)
    if division:
        people = people.filter(division__path__startswith=division)
    if text:
        people = people.filter(_name_or_number(text))
    if poor_on:
        people = people.filter(_poor("household__", poor_on))
    return people.select_related("division__parent", "household", "party_member").order_by("pinyin", "pk")


def _name_or_number(text: str) -> Q:
    """Four digits (or three and X) are the end of a number; letters are initials; anything else is a name."""
    if len(text) == 4 and text[:3].isdigit() and (text[3].isdigit() or text[3] in "xX"):
        return Q(id_number_last_four=text.upper())
    if text.isascii() and text.isalpha():
        return Q(initials__startswith=text.lower())
    return Q(name__contains=text)


def _poor(prefix: str, day: date) -> Q:
    return Q(**{f"{prefix}poor_from__lte": day}) & (
        Q(**{f"{prefix}poor_to": None}) | Q(**{f"{prefix}poor_to__gte": day})
    )


def get_households(
    *, scope: Scope, division: str = "", text: str = "", poor_on: date | None = None
) -> "QuerySet[Household]":
    """Return households of the scope by number; `text` is a part of the number or of a member's name."""
    households = Household.objects.for_scope(scope)
    if division:
        households = households.filter(division__path__startswith=division)
    if text:
        named = Person.objects.for_scope(scope).filter(name__contains=text).values("household")
        households = households.filter(Q(code__contains=text) | Q(pk__in=named))
    if poor_on:
        households = households.filter(_poor("", poor_on))
    return households.select_related("division__parent").prefetch_related("members").order_by("code")


def get_members(
    *, scope: Scope, division: str = "", text: str = "", status: str = "", branch: Organization | None = None, on: date
) -> "QuerySet[BranchMembership]":
    """Return the memberships in force of branches in the scope's divisions, in pinyin order."""
    memberships = _memberships(on).filter(scope.divisions("branch__division__path"))
    if branch is not None:
        memberships = memberships.filter(branch=branch)
    if division:
        memberships = memberships.filter(branch__division__path__startswith=division)
    if status:
        memberships = memberships.filter(member__status=status)
    if text:
        people = Person.objects.for_scope(scope).filter(_name_or_number(text)).values("pk")
        memberships = memberships.filter(member__person__in=people)
    return memberships.select_related("member__person__division", "branch").order_by("member__person__pinyin", "pk")


def get_entities(*, scope: Scope, division: str = "", text: str = "", kind: str = "") -> "QuerySet[Entity]":
    """Return bodies of the scope, in pinyin order; `text` is a part of the name, initials or the code."""
    entities = Entity.objects.for_scope(scope)
    if division:
        entities = entities.filter(division__path__startswith=division)
    if kind:
        entities = entities.filter(kind=kind)
    if text:
        letters = Q(initials__startswith=text.lower()) if text.isascii() and text.isalpha() else Q(pk__in=[])
        entities = entities.filter(Q(name__contains=text) | Q(registration_code=text.upper()) | letters)
    return entities.select_related("division__parent", "representative").order_by("pinyin", "pk")


def membership_of(person: Person) -> PartyMember | None:
    """Return the person's Party membership with its branches, newest first; None for somebody who never joined."""
    return PartyMember.objects.filter(person=person).prefetch_related("memberships__branch").first()


def history_of(member: PartyMember) -> list[BranchMembership]:
    return sorted(member.memberships.all(), key=lambda row: (row.valid_from, row.pk), reverse=True)
