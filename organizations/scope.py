"""Who may see which rows: the one place that says it (ADR 0005).

A verb on an organization reaches what that organization is responsible for: everything below it in the party tree,
everything in its administrative division, or the cases of its counters. Every case stores the three things that
these ask for (branch path, division path, outlet), so a scope is one OR of indexed conditions.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Q

from organizations.choices import OrganizationKind, Reach

if TYPE_CHECKING:
    from organizations.models import Organization

REACH_OF_KIND: dict[str, Reach] = {
    OrganizationKind.COUNTY_PARTY_COMMITTEE: Reach.DIVISION,
    OrganizationKind.ORGANISATION_DEPARTMENT: Reach.DIVISION,
    OrganizationKind.RED_CREDIT_LEADING_GROUP: Reach.DIVISION,
    OrganizationKind.RED_CREDIT_OFFICE: Reach.DIVISION,
    OrganizationKind.COUNTY_GOVERNMENT: Reach.DIVISION,
    OrganizationKind.FINANCE_BUREAU: Reach.DIVISION,
    OrganizationKind.GOVERNMENT_DEPARTMENT: Reach.DIVISION,
    OrganizationKind.COUNTY_UNION: Reach.OUTLET,
    OrganizationKind.OUTLET: Reach.OUTLET,
}


# The verbs by which the registers are kept and read (the codes are the permissions declared on Organization).
MANAGE = "manage_organizations"
KEEPING_VERBS = ("refer", MANAGE)
READING_VERBS = ("refer", "review", "file", "assess", MANAGE)
REVEALING_VERBS = ("refer", "review", "file", "assess", "disburse")


class NotAllowed(Exception):
    """The acting account has no post that allows this here."""


class Actor(Protocol):
    """What this app needs to know of an account: the app that owns accounts lies above this one."""

    pk: Any

    def may(self, *verbs: str, on: date) -> bool: ...

    def people_scope(self, *verbs: str, on: date) -> "Scope": ...

    def get_username(self) -> str: ...


@dataclass(frozen=True)
class Place:
    """Where a case lies: what a scope is compared with."""

    branch_path: str
    division_path: str
    outlet_path: str


@dataclass(frozen=True)
class Scope:
    """The rows a person may reach with one verb. An empty scope reaches nothing."""

    branch_paths: tuple[str, ...] = ()
    division_paths: tuple[str, ...] = ()
    outlet_paths: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.branch_paths or self.division_paths or self.outlet_paths)

    def rows(self, prefix: str = "") -> Q:
        """Return the condition on a model that stores the three paths (`prefix` ends with `__` when it is a join)."""
        condition = Q(pk__in=[])
        for field, paths in (
            ("branch_path", self.branch_paths),
            ("division_path", self.division_paths),
            ("outlet_path", self.outlet_paths),
        ):
            for path in paths:
                condition |= Q(**{f"{prefix}{field}__startswith": path})
        return condition

    def divisions(self, field: str = "path") -> Q:
        """Return the condition on a model that stores only a division path (people, households).

        Party offices reach people through the division of their organization, which `scope_of` adds for them.
        """
        condition = Q(pk__in=[])
        for path in self.division_paths:
            condition |= Q(**{f"{field}__startswith": path})
        return condition

    def covers_division(self, path: str) -> bool:
        """Whether a register of this division is inside the scope."""
        return path.startswith(self.division_paths)

    def covers(self, place: Place) -> bool:
        """Whether a case at this place is inside the scope."""
        return (
            place.branch_path.startswith(self.branch_paths)
            or place.division_path.startswith(self.division_paths)
            or place.outlet_path.startswith(self.outlet_paths)
        )

    def __or__(self, other: "Scope") -> "Scope":
        return Scope(
            branch_paths=tuple(sorted({*self.branch_paths, *other.branch_paths})),
            division_paths=tuple(sorted({*self.division_paths, *other.division_paths})),
            outlet_paths=tuple(sorted({*self.outlet_paths, *other.outlet_paths})),
        )


def scope_of(organization: "Organization") -> Scope:
    """Return what one organization is responsible for."""
    match REACH_OF_KIND.get(organization.kind, Reach.PARTY):
        case Reach.DIVISION:
            return Scope(division_paths=(organization.division.path,))
        case Reach.OUTLET:
            return Scope(outlet_paths=(organization.path,))
        case _:
            return Scope(branch_paths=(organization.path,))


def scope_of_all(organizations: "list[Organization]") -> Scope:
    """Return the union of the scopes of several organizations."""
    scope = Scope()
    for organization in organizations:
        scope |= scope_of(organization)
    return scope
