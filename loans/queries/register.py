"""People, bodies and members as an application names them: only inside the registers that the account may open."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import ngettext

from loans.models import Application
from organizations import personal_data
from organizations.choices import MemberStanding, MemberStatus, OrganizationKind
from organizations.models import (
    BranchMembership,
    Division,
    Entity,
    Household,
    Organization,
    PartyMember,
    Person,
    ServiceArea,
)
from organizations.operations import Refused, checked_id_number
from organizations.queries import find_person
from organizations.scope import Scope
from web.text import compact, half_width, normalised_name
from workflow.engine import State

FOUND_MAX = 20
ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
# More digits than the last four: somebody is typing an identity number.
NUMBER_BEGUN = re.compile(r"[0-9]{6,}[0-9X]*")
LAST_FOUR = re.compile(r"[0-9]{3}[0-9X]")
LABEL = re.compile(r"(?P<name>.+?)\s+(?P<masked>[0-9]{6}\*{8}[0-9X]{4})")
TOWNSHIP_DIGITS = 9


def label_of(person: Person) -> str:
    """Return what stands in an input for a chosen person; `find_exactly` finds him again by it."""
    return f"{person.name} {person.id_number_masked}".strip()


def people_with_place() -> "QuerySet[Person]":
    """Return everybody with village and household; a view narrows it to a scope before it reads."""
    return Person.objects.select_related("division", "household")


def find_people(*, scope: Scope, text: str) -> list[Person]:
    """Return people whose name, initials, identity number or its last four characters match, in the order of names."""
    found = Person.objects.for_scope(scope).filter(_matches(text)).select_related("division", "household")
    return list(found.order_by("pinyin", "pk")[:FOUND_MAX])


def find_exactly(*, scope: Scope, text: str) -> list[Person]:
    """Return the people a text stands for without doubt: a full number, a chosen label, or a whole name."""
    people = Person.objects.for_scope(scope).select_related("household")
    label = LABEL.fullmatch(half_width(text))
    number = compact(text).upper()
    if label:
        name = normalised_name(label["name"])
        return list(people.filter(name=name, id_number_masked=label["masked"]).order_by("pk")[:2])
    if ID_NUMBER.fullmatch(number):
        return list(people.filter(_number(number)).order_by("pk"))
    return list(people.filter(name=normalised_name(text)).order_by("pk")[:2])


@dataclass(frozen=True)
class NumberNote:
    """What a typed identity number tells: why it is none, or who holds it, or that nobody does yet."""

    number: str = ""
    problem: str = ""
    birth_date: date | None = None
    holder: Person | None = None
    is_elsewhere: bool = False

    @property
    def is_free(self) -> bool:
        return bool(self.number) and self.holder is None and not self.is_elsewhere


def note_on_number(*, scope: Scope, text: str) -> NumberNote | None:
    """Return what a text tells as an identity number; None where it is a name, initials or four characters."""
    typed = compact(text).upper().replace("×", "X")
    if not NUMBER_BEGUN.fullmatch(typed):
        return None
    try:
        number = checked_id_number(typed)
    except Refused as error:
        return NumberNote(problem=str(error))
    holder = find_person(number)
    if holder is None:
        return NumberNote(number=number.number, birth_date=number.birth_date)
    if not scope.covers_division(holder.division.path):
        return NumberNote(number=number.number, is_elsewhere=True)
    return NumberNote(number=number.number, birth_date=number.birth_date, holder=holder)


def find_entities(*, scope: Scope, text: str, on: date) -> list[Entity]:
    """Return the bodies in being whose name or initials match."""
    name = half_width(text)
    matches = Q(name__contains=name) | (Q(initials__startswith=name.lower()) if name.isascii() else Q())
    found = entities_in_being(scope=scope, on=on).filter(matches).select_related("representative", "division")
    return list(found.order_by("pinyin", "pk")[:FOUND_MAX])


def entities_in_being(*, scope: Scope, on: date) -> "QuerySet[Entity]":
    return Entity.objects.for_scope(scope).filter(Q(valid_to=None) | Q(valid_to__gt=on))


def _matches(text: str) -> Q:
    code = compact(text).upper()
    if ID_NUMBER.fullmatch(code):
        return _number(code)
    if LAST_FOUR.fullmatch(code):
        return Q(id_number_last_four=code)
    if code.isascii():
        return Q(initials__startswith=code.lower())
    return Q(name__contains=normalised_name(text))


def _number(number: str) -> Q:
    return Q(id_number_index=personal_data.blind_index(number, column="person.id_number"))


@dataclass(frozen=True)
class Option:
    """One line of a select."""

    pk: int
    label: str


@dataclass(frozen=True)
class Choices:
    """A select with the likely ones first."""

    near: list[Option]
    others: list[Option]

    @property
    def first(self) -> int | None:
        return next((option.pk for option in [*self.near, *self.others]), None)


def branches_for(*, person: Person, scope: Scope, on: date) -> Choices:
    """Return the branches of the township that the account may refer to, the applicant's and his village's first."""
    township = person.division.path[:TOWNSHIP_DIGITS]
    branches = (
        Organization.objects.in_force(on)
        .reviewing()
        .filter(_below(scope), division__path__startswith=township)
        .order_by("path")
        .values_list("pk", "name", "kind", "division__path")
    )
    own = _own_branch(person)
    ranked = sorted(branches, key=lambda row: (row[0] != own, row[2] != OrganizationKind.GENERAL_PARTY_BRANCH))
    near = [Option(pk, name) for pk, name, _kind, path in ranked if pk == own or path == person.division.path]
    chosen = {option.pk for option in near}
    return Choices(near, [Option(pk, name) for pk, name, _kind, _path in branches if pk not in chosen])


def _below(scope: Scope) -> Q:
    condition = Q(pk__in=[])
    for path in scope.branch_paths:
        condition |= Q(path__startswith=path)
    for path in scope.division_paths:
        condition |= Q(division__path__startswith=path)
    return condition


def _own_branch(person: Person) -> int | None:
    return (
        BranchMembership.objects.filter(member__person=person, valid_to=None)
        .values_list("branch_id", flat=True)
        .first()
    )


def outlets_for(*, division: Division, on: date) -> Choices:
    """Return the county's outlets, those that serve the village or its township first."""
    outlets = (
        Organization.objects.in_force(on).of_kind(OrganizationKind.OUTLET).order_by("path").values_list("pk", "name")
    )
    areas = ServiceArea.objects.filter(division__path__in=[division.path, division.path[:TOWNSHIP_DIGITS]])
    serving = set(areas.values_list("outlet_id", flat=True))
    options = [Option(pk, name) for pk, name in outlets]
    return Choices([o for o in options if o.pk in serving], [o for o in options if o.pk not in serving])


def branch_options(*, township_path: str, on: date) -> list[tuple[str, str]]:
    """Return path and name of the branches of a township, in the order of the tree."""
    branches = Organization.objects.in_force(on).branches().filter(division__path__startswith=township_path)
    return list(branches.order_by("path").values_list("path", "name"))


def people_by_key(*, scope: Scope, keys: Collection[int | None]) -> dict[int, Person]:
    """Return the people of a register by their keys; who is outside is left out."""
    found = Person.objects.for_scope(scope).filter(pk__in=[key for key in keys if key is not None])
    return {person.pk: person for person in found.select_related("division", "household")}


def households_by_key(*, scope: Scope, keys: Collection[int | None]) -> dict[int, Household]:
    """Return the households of a register by their keys, with their members; what is outside is left out."""
    found = Household.objects.for_scope(scope).filter(pk__in=[key for key in keys if key is not None])
    return {household.pk: household for household in found.select_related("division").prefetch_related("members")}


def memberships_in(township_path: str) -> "QuerySet[BranchMembership]":
    """Return the memberships of those who may introduce a borrower of a township: members in good standing."""
    return BranchMembership.objects.filter(
        valid_to=None,
        branch__division__path__startswith=township_path,
        member__left_on=None,
        member__standing=MemberStanding.GOOD,
    )


def introducers(
    *,
    township_path: str,
    text: str = "",
    branch_path: str,
    applicant_id: int | None = None,
    household_id: int | None = None,
) -> list[tuple[int, str]]:
    """Return member id and label of possible introducers: those whose name matches, else those of a branch.

    Nobody introduces himself or somebody of his household: these are not offered. The label says how many households
    the member looks after already.
    """
    found = memberships_in(township_path).select_related("member__person", "branch")
    found = found.exclude(member__person=applicant_id) if applicant_id else found
    found = found.exclude(member__person__household=household_id) if household_id else found
    found = found.filter(_name_matches(text) if text else Q(branch__path__startswith=branch_path))
    rows = list(found.order_by("member__person__pinyin", "pk")[:FOUND_MAX])
    links = linked_households([row.member_id for row in rows])
    return [(row.member_id, introducer_label(row, links.get(row.member_id, 0))) for row in rows]


def introducer_label(row: BranchMembership, links: int = 0) -> str:
    """Return name and branch; that a member is full goes without saying, that he is on probation does not."""
    words = [row.member.person.name, row.branch.short_name]
    if row.member.status != MemberStatus.FULL:
        words.append(row.member.get_status_display())
    if links:
        words.append(
            ngettext("%(number)s household linked", "%(number)s households linked", links) % {"number": links}
        )
    return " · ".join(words)


def linked_households(members: Collection[int]) -> dict[int, int]:
    """Return how many households each member has introduced whose cases are not over, in one query."""
    cases = Application.objects.filter(
        introducer__in=members, state__in=[State.OPEN, State.RETURNED, State.LENT], household__isnull=False
    )
    counted = cases.order_by().values("introducer").annotate(households=Count("household", distinct=True))
    return {row["introducer"]: row["households"] for row in counted}


def members_of(township_path: str) -> "QuerySet[PartyMember]":
    return PartyMember.objects.filter(pk__in=memberships_in(township_path).values("member"))


def _name_matches(text: str) -> Q:
    code = compact(text)
    if code.isascii():
        return Q(member__person__initials__startswith=code.lower())
    return Q(member__person__name__contains=normalised_name(text))
