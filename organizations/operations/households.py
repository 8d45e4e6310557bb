"""Writing households: who belongs to them, who heads them, since when they count as registered poor."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.choices import Action
from audit.operations import record
from organizations.choices import HouseholdRelation
from organizations.models import Division, Household, Person
from organizations.operations.errors import Refused, authorise
from organizations.scope import KEEPING_VERBS, Actor


@transaction.atomic
def create_household(
    *,
    division: Division,
    created_by: Actor,
    created_at: datetime,
    code: str = "",
    address: str = "",
    poor_from: date | None = None,
) -> Household:
    """Write a household. Without the number of the household book it gets the next one of its village."""
    authorise(created_by, KEEPING_VERBS, division.path, created_at)
    household = Household(
        code=code or _next_code(division), division=division, address=address, poor_from=poor_from
    )  # fmt: skip
    try:
        with transaction.atomic():
            household.save()
    except IntegrityError as error:
        raise Refused(_("A household with this number is already in the register."), "code") from error
    record(action=Action.CREATED, actor=created_by, at=created_at, subject=household)
    return household


def _next_code(division: Division) -> str:
    """Return `532931201205-0001` and so on. The lock keeps two clerks from taking one number."""
    Division.objects.select_for_update(of=("self",)).get(pk=division.pk)
    prefix = f"{division.code}-"
    codes = Household.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    taken = [int(code.removeprefix(prefix)) for code in codes if code.removeprefix(prefix).isdecimal()]
    return f"{prefix}{max(taken, default=0) + 1:04}"


@transaction.atomic
def change_household(
    *,
    household: Household,
    address: str,
    poor_from: date | None,
    poor_to: date | None,
    changed_by: Actor,
    changed_at: datetime,
) -> Household:
    """Correct the address and the days between which the household counts as registered poor."""
    authorise(changed_by, KEEPING_VERBS, household.division.path, changed_at)
    if poor_to is not None and (poor_from is None or poor_to < poor_from):
        raise Refused(_("The last day lies before the first."), "poor_to")
    new = {"address": address, "poor_from": poor_from, "poor_to": poor_to}
    changes = {
        key: [str(getattr(household, key) or ""), str(value or "")]
        for key, value in new.items()
        if getattr(household, key) != value
    }
    for key, value in new.items():
        setattr(household, key, value)
    household.save()
    if changes:
        record(action=Action.CHANGED, actor=changed_by, at=changed_at, subject=household, detail=changes)
    return household


@transaction.atomic
def add_member(*, household: Household, person: Person, relation: str, added_by: Actor, added_at: datetime) -> None:
    """Put a person of the same village into a household; a household he was in is left. Raises Refused."""
    authorise(added_by, KEEPING_VERBS, household.division.path, added_at)
    if person.division_id != household.division_id:
        raise Refused(_("The person lives in another village."))
    if relation == HouseholdRelation.HEAD and _head_of(household) is not None:
        raise Refused(_("This household already has a head."), "relation")
    before = person.household
    person.household, person.relation = household, relation
    person.save()
    record(
        action=Action.CHANGED, actor=added_by, at=added_at, subject=person,
        detail={"household": [str(before or ""), str(household)]},
    )  # fmt: skip


@transaction.atomic
def remove_member(*, person: Person, removed_by: Actor, removed_at: datetime) -> None:
    """Take a person out of the household (moved out, died, married elsewhere). The person stays in the register."""
    authorise(removed_by, KEEPING_VERBS, person.division.path, removed_at)
    before = person.household
    if before is None:
        raise Refused(_("The person belongs to no household."))
    person.household, person.relation = None, HouseholdRelation.HEAD
    person.save()
    record(
        action=Action.CHANGED, actor=removed_by, at=removed_at, subject=person,
        detail={"household": [str(before), ""]},
    )  # fmt: skip


@transaction.atomic
def set_head(*, person: Person, changed_by: Actor, changed_at: datetime) -> None:
    """Make a member the head of his household; the head before becomes another member."""
    authorise(changed_by, KEEPING_VERBS, person.division.path, changed_at)
    household = person.household
    if household is None:
        raise Refused(_("The person belongs to no household."))
    Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    before = _head_of(household)
    if before is not None and before.pk == person.pk:
        return
    if before is not None:
        before.relation = HouseholdRelation.OTHER
        before.save()
    person.relation = HouseholdRelation.HEAD
    person.save()
    record(
        action=Action.CHANGED, actor=changed_by, at=changed_at, subject=household,
        detail={"head": [str(before or ""), str(person)]},
    )  # fmt: skip


def _head_of(household: Household) -> Person | None:
    return household.members.filter(relation=HouseholdRelation.HEAD).first()
