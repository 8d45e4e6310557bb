"""Figures of the registers: divisions, organizations and Party members in force on a day."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from dashboards.choices import Unit
from dashboards.figures.figure import Compute, Figure
from dashboards.figures.selection import Selection
from organizations.choices import (
    COMMITTEE_KINDS,
    REVIEWING_KINDS,
    DivisionLevel,
    OrganizationKind as Kind,
    VillageKind,
)
from organizations.models import BranchMembership, Division, Organization, ServiceArea

TOWNSHIP_DIGITS = 9
# The seventh digit of a township's code: 100–199 are towns (镇), 200–399 rural townships (乡).
TOWN_CODES = r"^\d{6}1"
RURAL_TOWNSHIP_CODES = r"^\d{6}[23]"


@dataclass(frozen=True)
class Registers:
    """What stood in the registers on a day. `sides` are those of the five that take part (五位一体)."""

    towns: int
    rural_townships: int
    townships: int
    villages: int
    villages_and_communities: int
    committees: int
    branches: int
    village_groups: int
    counters: int
    members: int
    sides: int


def read_registers(selection: Selection) -> Registers:
    """Return the figures of the registers within the selection: three queries."""
    divisions = _divisions(selection).aggregate(
        towns=Count("pk", filter=Q(level=DivisionLevel.TOWNSHIP, path__regex=TOWN_CODES)),
        rural_townships=Count("pk", filter=Q(level=DivisionLevel.TOWNSHIP, path__regex=RURAL_TOWNSHIP_CODES)),
        townships=Count("pk", filter=Q(level=DivisionLevel.TOWNSHIP)),
        villages=Count("pk", filter=Q(level=DivisionLevel.VILLAGE, kind=VillageKind.VILLAGE)),
        villages_and_communities=Count("pk", filter=Q(level=DivisionLevel.VILLAGE)),
    )
    counts = _organizations(selection).aggregate(
        committees=Count("pk", filter=Q(kind__in=COMMITTEE_KINDS)),
        branches=Count("pk", filter=Q(kind__in=REVIEWING_KINDS)),
        village_groups=Count(
            "pk", filter=Q(kind=Kind.RED_CREDIT_LEADING_GROUP, division__level=DivisionLevel.VILLAGE)
        ),
        counters=Count(Substr("division__path", 1, TOWNSHIP_DIGITS), filter=_has_counter(), distinct=True),
        finance=Count("pk", filter=Q(kind=Kind.FINANCE_BUREAU)),
        lender=Count("pk", filter=Q(kind=Kind.COUNTY_UNION)),
        departments=Count("pk", filter=Q(kind=Kind.GOVERNMENT_DEPARTMENT)),
    )
    members = count_members(selection)
    helpers = (counts.pop("finance"), counts.pop("lender"), counts.pop("departments"))
    sides = sum(number > 0 for number in (counts["branches"], *helpers, members))
    return Registers(**divisions, **counts, members=members, sides=sides)


def count_members(selection: Selection) -> int:
    """Return the Party members, full and probationary, who belong to a branch in force."""
    return (
        BranchMembership.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=selection.as_of),
            Q(member__left_on=None) | Q(member__left_on__gte=selection.as_of),
            valid_from__lte=selection.as_of,
            branch__in=_organizations(selection).filter(kind__in=REVIEWING_KINDS).values("pk"),
        )
        .values("member")
        .distinct()
        .count()
    )


def _divisions(selection: Selection) -> "QuerySet[Division]":
    return Division.objects.in_force(selection.as_of).filter(selection.places("path"))


def _organizations(selection: Selection) -> "QuerySet[Organization]":
    return Organization.objects.in_force(selection.as_of).filter(selection.places("division__path")).order_by()


def _has_counter() -> Q:
    """An outlet with a service area receives applications at its own counter."""
    return Q(Exists(ServiceArea.objects.filter(outlet=OuterRef("pk"))), kind=Kind.OUTLET)


def _field(name: str) -> Compute:
    return lambda selection: getattr(read_registers(selection), name)


FIGURES = (
    Figure(
        "towns", _("Towns"), Unit.PIECE,
        _("Divisions of township level in force whose code is that of a town."),
        _field("towns"),
    ),
    Figure(
        "rural_townships", _("Rural townships"), Unit.PIECE,
        _("Divisions of township level in force whose code is that of a rural township."),
        _field("rural_townships"),
    ),
    Figure(
        "townships", _("Divisions of township level"), Unit.PIECE,
        _("Towns, rural townships and subdistricts in force."),
        _field("townships"),
    ),
    Figure(
        "villages_and_communities", _("Villages and communities"), Unit.PIECE,
        _("Administrative villages and communities in force."),
        _field("villages_and_communities"),
    ),
    Figure(
        "villages", _("Administrative villages"), Unit.PIECE,
        _("Administrative villages in force, without communities."),
        _field("villages"),
    ),
    Figure(
        "committees", _("Grassroots committees and working committees"), Unit.PIECE,
        _("Township committees, other grassroots committees and working committees in force."),
        _field("committees"),
    ),
    Figure(
        "branches", _("General branches and branches"), Unit.PIECE,
        _("General branches, branches, joint and temporary branches in force."),
        _field("branches"),
    ),
    Figure(
        "members", pgettext_lazy("figure", "Party members"), Unit.PERSON,
        _("Full and probationary members who belong to a branch on the day."),
        count_members,
    ),
    Figure(
        "village_groups", _("Village leading groups"), Unit.PIECE,
        _("Red Credit leading groups in force that belong to a village."),
        _field("village_groups"),
    ),
    Figure(
        "counters", _("Townships with a Red Credit counter"), Unit.TOWNSHIP,
        _("Townships in which an outlet in force stands that serves an area."),
        _field("counters"),
    ),
    Figure(
        "sides", _("Sides working together"), Unit.SIDE,
        _("How many of the five sides are there: Party branches, finance bureau, credit union, departments,"
          " Party members."),
        _field("sides"),
    ),
)  # fmt: skip
