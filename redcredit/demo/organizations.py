"""The county's offices: party tree, government, credit union. Written by two statements, like any other tree."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from organizations.choices import DivisionLevel, OrganizationKind as Kind, VillageKind
from organizations.models import Division, Organization, OrganizationPlacement, ServiceArea

FOUNDED = date(2011, 7, 1)
PROGRAMME_BEGAN = date(2013, 6, 3)
BRANCHES_IN_VILLAGE = 5
NUMERALS = "一二三四五六七八九十"


@dataclass
class Village:
    """A village or community with its general branch, branches and, in a village, its leading group."""

    division: Division
    general_branch: Organization
    branches: list[Organization]


@dataclass
class Township:
    division: Division
    committee: Organization
    own_branch: Organization
    villages: list[Village]


@dataclass
class Offices:
    """Everybody who can act, found by what he is. `by_name` holds every organization by its short name."""

    county: Division
    townships: dict[str, Township]
    outlet_of: dict[str, Organization] = field(default_factory=dict)
    by_name: dict[str, Organization] = field(default_factory=dict)
    county_branches: list[Organization] = field(default_factory=list)

    @property
    def villages(self) -> list[Village]:
        return [village for township in self.townships.values() for village in township.villages]

    @property
    def branches(self) -> list[Organization]:
        """Every branch of the county, in the order of the tree."""
        below = [
            b for t in self.townships.values() for b in (t.own_branch, *(b for v in t.villages for b in v.branches))
        ]
        return [*below, *self.county_branches]

    @property
    def outlets(self) -> list[Organization]:
        return list({outlet.pk: outlet for outlet in self.outlet_of.values()}.values())


class Tree:
    """Collects organizations with treebeard's paths, and writes them with their first placement."""

    def __init__(self) -> None:
        self.nodes: list[Organization] = []
        self.parents: list[Organization | None] = []
        self.roots = 0

    def add(
        self,
        kind: str,
        name: str,
        short_name: str,
        division: Division,
        *,
        parent: Organization | None = None,
        code: str = "",
        since: date = FOUNDED,
    ) -> Organization:
        """Place one organization. A child's code is its parent's with three more digits."""
        if parent is None:
            self.roots += 1
            depth, step, base = 1, self.roots, ""
        else:
            parent.numchild += 1
            depth, step, base = parent.depth + 1, parent.numchild, parent.path
        node = Organization(
            kind=kind,
            name=name,
            short_name=short_name,
            code=code or f"{parent.code}{step:03}" if parent else code,
            division=division,
            valid_from=since,
            depth=depth,
            path=Organization._get_path(base, depth, step),
        )
        self.nodes.append(node)
        self.parents.append(parent)
        return node

    def write(self) -> None:
        Organization.objects.bulk_create(self.nodes)
        OrganizationPlacement.objects.bulk_create(
            OrganizationPlacement(organization=node, parent=parent, valid_from=node.valid_from or FOUNDED)
            for node, parent in zip(self.nodes, self.parents, strict=True)
        )


def found_offices(data: Mapping[str, Any], *, county_code: str) -> Offices:
    """Write every organization of the county. `data` is fixtures/demo/offices.json."""
    county = Division.objects.get(code=county_code)
    tree = Tree()
    committee = tree.add(Kind.COUNTY_PARTY_COMMITTEE, f"中共{county}委员会", "县委", county, code=f"DW{county.path}")
    offices = Offices(county=county, townships={})
    _add_county_party(tree, committee, offices, data)
    for division in county.children.filter(level=DivisionLevel.TOWNSHIP).in_official_order():
        offices.townships[division.code] = _add_township(tree, committee, division)
    _add_government(tree, county, data)
    served = _add_credit_union(tree, county, data)
    tree.write()
    offices.by_name = {node.short_name: node for node in tree.nodes}
    _open_counters(offices, served)
    return offices


def _add_county_party(tree: Tree, committee: Organization, offices: Offices, data: Mapping[str, Any]) -> None:
    county = offices.county
    tree.add(Kind.ORGANISATION_DEPARTMENT, f"中共{county}委组织部", "县委组织部", county, parent=committee)
    for line in data["committees"]:
        body = tree.add(line["kind"], line["name"], line["short_name"], county, parent=committee)
        offices.county_branches += [
            tree.add(Kind.PARTY_BRANCH, f"中共{name}支部委员会", f"{name}党支部", county, parent=body)
            for name in line["branches"]
        ]
    group = tree.add(
        Kind.RED_CREDIT_LEADING_GROUP,
        f"{county}“红色信贷”工作领导小组",
        "县领导小组",
        county,
        parent=committee,
        since=PROGRAMME_BEGAN,
    )
    tree.add(
        Kind.RED_CREDIT_OFFICE,
        f"{county}“红色信贷”工作领导小组办公室",
        "红色信贷办",
        county,
        parent=group,
        since=PROGRAMME_BEGAN,
    )


def _add_township(tree: Tree, county_committee: Organization, division: Division) -> Township:
    name = division.short_name
    committee = tree.add(
        Kind.TOWNSHIP_PARTY_COMMITTEE, f"中共{name}委员会", f"{name}党委", division, parent=county_committee
    )
    own_branch = tree.add(
        Kind.PARTY_BRANCH, f"中共{name}机关支部委员会", f"{name}机关党支部", division, parent=committee
    )
    villages = [
        _add_village(tree, committee, village)
        for village in division.children.filter(level=DivisionLevel.VILLAGE).in_official_order()
    ]
    return Township(division=division, committee=committee, own_branch=own_branch, villages=villages)


def _add_village(tree: Tree, committee: Organization, division: Division) -> Village:
    name = division.short_name
    general = tree.add(
        Kind.GENERAL_PARTY_BRANCH, f"中共{name}总支部委员会", f"{name}党总支", division, parent=committee
    )
    branches = [
        tree.add(
            Kind.PARTY_BRANCH, f"中共{name}第{numeral}支部委员会", f"{name}第{numeral}党支部", division, parent=general
        )
        for numeral in NUMERALS[:BRANCHES_IN_VILLAGE]
    ]
    if division.kind == VillageKind.VILLAGE:
        tree.add(
            Kind.RED_CREDIT_LEADING_GROUP,
            f"{name}“红色信贷”工作领导小组",
            f"{name}领导小组",
            division,
            parent=general,
            since=PROGRAMME_BEGAN,
        )
    return Village(division=division, general_branch=general, branches=branches)


def _add_government(tree: Tree, county: Division, data: Mapping[str, Any]) -> None:
    government = tree.add(Kind.COUNTY_GOVERNMENT, f"{county}人民政府", "县政府", county, code=f"ZF{county.path}")
    tree.add(Kind.FINANCE_BUREAU, f"{county}财政局", "县财政局", county, parent=government)
    for name in data["departments"]:
        full = name.replace("县", str(county), 1)
        tree.add(Kind.GOVERNMENT_DEPARTMENT, full, name, county, parent=government)


def _add_credit_union(tree: Tree, county: Division, data: Mapping[str, Any]) -> list[tuple[Organization, list[str]]]:
    union = tree.add(Kind.COUNTY_UNION, f"{county}农村信用合作联社", "县联社", county, code=f"XY{county.path}")
    townships = {township.code: township for township in county.children.filter(level=DivisionLevel.TOWNSHIP)}
    return [
        (
            tree.add(Kind.OUTLET, line["name"], line["short_name"], townships[line["township"]], parent=union),
            line["serves"],
        )
        for line in data["outlets"]
    ]


def _open_counters(offices: Offices, served: list[tuple[Organization, list[str]]]) -> None:
    """Say which outlet serves which village. An area is a village's code or a whole township's."""
    divisions = {village.division.code: village.division for village in offices.villages}
    divisions |= {code: township.division for code, township in offices.townships.items()}
    areas = [ServiceArea(outlet=outlet, division=divisions[code]) for outlet, codes in served for code in codes]
    ServiceArea.objects.bulk_create(areas)
    for area in areas:
        for village in offices.villages:
            if village.division.path.startswith(area.division.path):
                offices.outlet_of[village.division.code] = area.outlet
