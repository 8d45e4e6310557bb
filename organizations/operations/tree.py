"""Writing the tree: divisions, organizations, where they sit, whom an outlet serves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from audit.choices import Action
from audit.operations import record
from organizations.choices import DivisionLevel, OrganizationKind, VillageKind
from organizations.models import Division, Organization, OrganizationPlacement, ServiceArea
from organizations.operations.errors import Refused, Unusual, authorise
from organizations.rules import CODE_LENGTHS, containment, division_path
from organizations.scope import MANAGE, Actor
from web.clock import day_of

LEVELS = dict(zip(CODE_LENGTHS, DivisionLevel, strict=True))
# GB/T 10114 and the statistical code: village units 001–199 and 400–499 are communities, the others villages.
COMMUNITY_NUMBERS = (range(1, 200), range(400, 500))


@dataclass(frozen=True)
class Move:
    """What a move changed: every path that began with `old_path` now begins with `new_path`."""

    organization: Organization
    old_path: str
    new_path: str


@transaction.atomic
def add_division(
    *, code: str, name: str, short_name: str, valid_from: date | None, added_by: Actor, added_at: datetime
) -> Division:
    """Write a division by its 12-digit code; the code tells level and parent. Raises Refused, NotAllowed."""
    if len(code) != 12 or not code.isascii() or not code.isdigit():
        raise Refused(_("A division code has twelve digits."), "code")
    path = division_path(code)
    authorise(added_by, (MANAGE,), path, added_at)
    shorter = path[: CODE_LENGTHS[CODE_LENGTHS.index(len(path)) - 1]] if len(path) > CODE_LENGTHS[0] else ""
    parent = Division.objects.filter(path=shorter).first() if shorter else None
    if parent is None:
        raise Refused(_("The division above this code is not in the list."), "code")
    division = Division(
        code=code, name=name, short_name=short_name or name, level=LEVELS[len(path)], kind=_village_kind(path),
        parent=parent, valid_from=valid_from,
    )  # fmt: skip
    try:
        with transaction.atomic():
            division.save()
    except IntegrityError as error:
        raise Refused(_("This code is already in the list."), "code") from error
    record(action=Action.CREATED, actor=added_by, at=added_at, subject=division, label=f"{code} {name}")
    return division


def _village_kind(path: str) -> str:
    if len(path) < CODE_LENGTHS[-1]:
        return ""
    is_community = any(int(path[9:]) in numbers for numbers in COMMUNITY_NUMBERS)
    return VillageKind.COMMUNITY if is_community else VillageKind.VILLAGE


@transaction.atomic
def add_organization(
    *,
    parent: Organization | None,
    kind: str,
    name: str,
    short_name: str,
    code: str,
    division: Division,
    valid_from: date,
    added_by: Actor,
    added_at: datetime,
    phone: str = "",
    confirmed: bool = False,
) -> Organization:
    """Put a new organization under another one, or (None) at the top, where government and credit union stand.

    Raises Refused, Unusual (call again `confirmed`), NotAllowed.
    """
    authorise(added_by, (MANAGE,), division.path, added_at)
    _lock_tree()
    if parent is not None:
        authorise(added_by, (MANAGE,), parent.division.path, added_at)
        parent = Organization.objects.select_related("division").get(pk=parent.pk)
    _check_place(kind, parent, division, confirmed)
    fields = {"kind": kind, "name": name, "short_name": short_name or name, "code": code, "phone": phone}
    added = _write(parent, {**fields, "division": division, "valid_from": valid_from})
    record(
        action=Action.CREATED, actor=added_by, at=added_at, subject=added, detail={"parent": ["", str(parent or "")]}
    )  # fmt: skip
    return added


def add_root(*, kind: str, name: str, code: str, division: Division, added_at: datetime) -> Organization:
    """Write the first organization of a county. Only the command that makes the first administrators calls it."""
    fields = {"kind": kind, "name": name, "short_name": name, "code": code, "division": division}
    added = _write(None, {**fields, "valid_from": day_of(added_at)})
    record(action=Action.CREATED, actor=None, at=added_at, subject=added)
    return added


def _write(parent: Organization | None, fields: dict[str, Any]) -> Organization:
    try:
        with transaction.atomic():
            added: Organization = (
                Organization.objects.add_child(parent, fields) if parent else Organization.objects.add_root(fields)
            )
    except IntegrityError as error:
        raise Refused(_("This code is already in use."), "code") from error
    OrganizationPlacement.objects.create(organization=added, parent=parent, valid_from=fields["valid_from"])
    return added


def _check_place(kind: str, parent: Organization | None, division: Division, confirmed: bool) -> None:
    if parent is not None and parent.valid_to is not None:
        raise Refused(_("“%(organization)s” is closed.") % {"organization": parent})
    judgement = containment(kind, parent.kind if parent else None)
    if judgement.refused:
        raise Refused(sentence_of(judgement.refused), "kind")
    if confirmed:
        return
    words = {"kind": OrganizationKind(kind).label, "parent": parent.get_kind_display() if parent else ""}
    if judgement.unusual and parent is None:
        raise Unusual(_("It is unusual that “%(kind)s” stands at the top of the tree.") % words)
    if judgement.unusual:
        raise Unusual(_("It is unusual that “%(kind)s” sits under “%(parent)s”.") % words)
    if parent is not None and not division.path.startswith(parent.division.path):
        raise Unusual(_("The division lies outside that of the organization above."))


def sentence_of(rule: str) -> str:
    """Return the sentence of a broken rule of org_rules.json."""
    return {
        "branch_under_branch": _("A branch cannot sit under another branch."),
        "general_branch_under_branch": _("A general branch cannot sit under a branch or another general branch."),
        "group_needs_a_branch": _("A Party group can only sit under a branch."),
        "committee_under_branch": _("A committee cannot sit under a branch or a group."),
        "credit_under_party": _("The credit union is not part of the Party or the government."),
    }[rule]


def _lock_tree() -> None:
    """One writer of the tree at a time: two moves at once could make a ring, two additions take one path."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE organizations_organization IN SHARE ROW EXCLUSIVE MODE")


@transaction.atomic
def change_organization(
    *,
    organization: Organization,
    name: str,
    short_name: str,
    phone: str,
    division: Division,
    changed_by: Actor,
    changed_at: datetime,
) -> Organization:
    """Correct name, telephone and division. Its place in the tree changes by `move_organization` only."""
    authorise(changed_by, (MANAGE,), organization.division.path, changed_at)
    authorise(changed_by, (MANAGE,), division.path, changed_at)
    new: dict[str, Any] = {
        "name": name, "short_name": short_name or name, "phone": phone, "division": division,
    }  # fmt: skip
    changes = {key: [str(getattr(organization, key)), str(value)] for key, value in new.items()}
    changes = {key: pair for key, pair in changes.items() if pair[0] != pair[1]}
    for key, value in new.items():
        setattr(organization, key, value)
    organization.save(update_fields=list(new))
    if changes:
        record(action=Action.CHANGED, actor=changed_by, at=changed_at, subject=organization, detail=changes)
    return organization


@transaction.atomic
def move_organization(
    *, organization: Organization, parent: Organization, moved_by: Actor, moved_at: datetime, confirmed: bool = False
) -> Move:
    """Move an organization with all below it, from the day of `moved_at` on; the history keeps where it was.

    The rooms above store paths: call this through `loans.operations.relocate`, which rewrites theirs in the same
    transaction. Raises Refused (a ring, a rule), Unusual (call again `confirmed`), NotAllowed.
    """
    _lock_tree()
    organization = Organization.objects.select_related("division").get(pk=organization.pk)
    parent = Organization.objects.select_related("division").get(pk=parent.pk)
    authorise(moved_by, (MANAGE,), organization.division.path, moved_at)
    authorise(moved_by, (MANAGE,), parent.division.path, moved_at)
    before = Organization.objects.get_parent(organization)
    if parent.path.startswith(organization.path):
        raise Refused(_("An organization cannot sit under itself or under one of its own."), "parent")
    if before == parent:
        raise Refused(_("It already sits there."), "parent")
    _check_place(organization.kind, parent, organization.division, confirmed)
    old_path = organization.path
    Organization.objects.move(organization, parent, "last-child")
    organization = Organization.objects.select_related("division").get(pk=organization.pk)
    _write_placement(organization, parent, day_of(moved_at))
    record(
        action=Action.MOVED, actor=moved_by, at=moved_at, subject=organization,
        detail={"parent": [str(before or ""), str(parent)]},
    )  # fmt: skip
    return Move(organization, old_path, organization.path)


def _write_placement(organization: Organization, parent: Organization, day: date) -> None:
    current = organization.placements.filter(valid_to=None).first()
    if current is not None and current.valid_from >= day:
        # Moved twice on one day: no day was spent at the place before.
        current.parent = parent
        current.save(update_fields=["parent"])
        return
    if current is not None:
        current.valid_to = day - timedelta(days=1)
        current.save(update_fields=["valid_to"])
    OrganizationPlacement.objects.create(organization=organization, parent=parent, valid_from=day)


@transaction.atomic
def close_organization(
    *, organization: Organization, last_day: date, closed_by: Actor, closed_at: datetime
) -> Organization:
    """End an organization; it is never deleted. Raises Refused while something of this app depends on it.

    Posts and cases are known above: call this through `loans.operations.close_organization`.
    """
    organization = (
        Organization.objects.select_for_update(of=("self",)).select_related("division").get(pk=organization.pk)
    )
    authorise(closed_by, (MANAGE,), organization.division.path, closed_at)
    if organization.valid_to is not None:
        raise Refused(_("It ended on %(day)s already.") % {"day": organization.valid_to})
    if organization.valid_from is not None and last_day < organization.valid_from:
        raise Refused(_("The last day lies before the first."), "last_day")
    below = Organization.objects.below(organization).exclude(pk=organization.pk)
    if below.filter(valid_to=None).exists():
        raise Refused(_("Organizations below it are still open."))
    if organization.memberships.filter(valid_to=None).exists():
        raise Refused(_("Party members still belong to it. Transfer them first."))
    organization.valid_to = last_day
    organization.save(update_fields=["valid_to"])
    organization.placements.filter(valid_to=None).update(valid_to=last_day)
    record(
        action=Action.CLOSED, actor=closed_by, at=closed_at, subject=organization,
        detail={"valid_to": ["", last_day.isoformat()]},
    )  # fmt: skip
    return organization


@transaction.atomic
def set_service_areas(
    *, outlet: Organization, divisions: Iterable[Division], changed_by: Actor, changed_at: datetime
) -> None:
    """Say which townships and villages an outlet serves; what is not named any more is taken away."""
    authorise(changed_by, (MANAGE,), outlet.division.path, changed_at)
    if outlet.kind != OrganizationKind.OUTLET:
        raise Refused(_("Only an outlet of the credit union serves an area."))
    wanted = {division.pk: division for division in divisions}
    before = sorted(area.division.name for area in outlet.service_areas.select_related("division"))
    outlet.service_areas.exclude(division__in=wanted.values()).delete()
    ServiceArea.objects.bulk_create(
        [ServiceArea(outlet=outlet, division=division) for division in wanted.values()], ignore_conflicts=True
    )
    after = sorted(division.name for division in wanted.values())
    record(
        action=Action.CHANGED, actor=changed_by, at=changed_at, subject=outlet,
        detail={"service_areas": ["、".join(before), "、".join(after)]},
    )  # fmt: skip
