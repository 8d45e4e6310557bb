"""Writing Party membership: admission, full membership, transfers between branches, standing, leaving."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.choices import Action
from audit.operations import record
from organizations.choices import MemberStanding, MemberStatus
from organizations.models import BranchMembership, Organization, PartyMember, Person
from organizations.operations.errors import Refused, authorise
from organizations.rules import age_on
from organizations.scope import MANAGE, Actor
from web.clock import day_of

ADMISSION_AGE_MIN = 18


@transaction.atomic
def admit_member(
    *,
    person: Person,
    branch: Organization,
    joined_on: date,
    admitted_by: Actor,
    admitted_at: datetime,
    full_from: date | None = None,
) -> PartyMember:
    """Write a member; without `full_from` a probationary one. Raises Refused, NotAllowed."""
    authorise(admitted_by, (MANAGE,), branch.division.path, admitted_at)
    _check_branch(branch, joined_on)
    if age_on(person.birth_date, joined_on) < ADMISSION_AGE_MIN:
        raise Refused(_("A member is at least 18 years old on the day of joining."), "joined_on")
    _check_day(joined_on, admitted_at, "joined_on")
    if full_from is not None and full_from < joined_on:
        raise Refused(_("Full membership cannot begin before joining."), "full_from")
    status = MemberStatus.FULL if full_from else MemberStatus.PROBATIONARY
    try:
        with transaction.atomic():
            member = PartyMember.objects.create(person=person, status=status, joined_on=joined_on, full_from=full_from)
    except IntegrityError as error:
        raise Refused(_("This person is in the register of members already.")) from error
    BranchMembership.objects.create(member=member, branch=branch, valid_from=joined_on)
    record(
        action=Action.CREATED, actor=admitted_by, at=admitted_at, subject=member,
        detail={"branch": ["", str(branch)]},
    )  # fmt: skip
    return member


@transaction.atomic
def make_full(*, member: PartyMember, full_from: date, changed_by: Actor, changed_at: datetime) -> None:
    """End the probation. Raises Refused for somebody who is no probationary member."""
    member = _locked(member, changed_by, changed_at)
    if member.status != MemberStatus.PROBATIONARY:
        raise Refused(_("Only a probationary member can become a full one."))
    if full_from < member.joined_on:
        raise Refused(_("Full membership cannot begin before joining."), "full_from")
    _check_day(full_from, changed_at, "full_from")
    member.status, member.full_from = MemberStatus.FULL, full_from
    member.save(update_fields=["status", "full_from"])
    record(
        action=Action.CHANGED, actor=changed_by, at=changed_at, subject=member,
        detail={"full_from": ["", full_from.isoformat()]},
    )  # fmt: skip


@transaction.atomic
def transfer_member(
    *, member: PartyMember, branch: Organization, first_day: date, moved_by: Actor, moved_at: datetime
) -> None:
    """Let a member belong to another branch from a day on; the old membership ends the day before."""
    member = _locked(member, moved_by, moved_at)
    authorise(moved_by, (MANAGE,), branch.division.path, moved_at)
    _check_branch(branch, first_day)
    _check_day(first_day, moved_at, "first_day")
    current = member.memberships.filter(valid_to=None).select_related("branch").first()
    before = current.branch if current else None
    if before == branch:
        raise Refused(_("The member already belongs to this branch."), "branch")
    if current is not None:
        if first_day <= current.valid_from:
            raise Refused(_("The day must come after the beginning of the present membership."), "first_day")
        current.valid_to = first_day - timedelta(days=1)
        current.save(update_fields=["valid_to"])
    BranchMembership.objects.create(member=member, branch=branch, valid_from=first_day)
    record(
        action=Action.MOVED, actor=moved_by, at=moved_at, subject=member,
        detail={"branch": [str(before or ""), str(branch)]},
    )  # fmt: skip


@transaction.atomic
def set_standing(*, member: PartyMember, standing: str, reason: str, changed_by: Actor, changed_at: datetime) -> None:
    """Write a disciplinary measure or its end. Only members in good standing may introduce borrowers."""
    member = _locked(member, changed_by, changed_at)
    if standing == MemberStanding.LEFT:
        raise Refused(_("Leaving the Party has a page of its own: the last day is needed."), "standing")
    before, member.standing = member.standing, standing
    member.save(update_fields=["standing"])
    record(
        action=Action.CHANGED, actor=changed_by, at=changed_at, subject=member, reason=reason,
        detail={"standing": [before, standing]},
    )  # fmt: skip


@transaction.atomic
def end_membership(
    *, member: PartyMember, left_on: date, reason: str, changed_by: Actor, changed_at: datetime
) -> None:
    """Write that somebody is a member no longer, with the last day. The history stays."""
    member = _locked(member, changed_by, changed_at)
    _check_day(left_on, changed_at, "left_on")
    current = member.memberships.filter(valid_to=None).first()
    if left_on < (current.valid_from if current else member.joined_on):
        raise Refused(_("The last day lies before the first."), "left_on")
    if current is not None:
        current.valid_to = left_on
        current.save(update_fields=["valid_to"])
    member.left_on, member.standing = left_on, MemberStanding.LEFT
    member.save(update_fields=["left_on", "standing"])
    record(
        action=Action.CLOSED, actor=changed_by, at=changed_at, subject=member, reason=reason,
        detail={"left_on": ["", left_on.isoformat()]},
    )  # fmt: skip


def _locked(member: PartyMember, actor: Actor, at: datetime) -> PartyMember:
    member = PartyMember.objects.select_for_update(of=("self",)).select_related("person__division").get(pk=member.pk)
    authorise(actor, (MANAGE,), member.person.division.path, at)
    if member.left_on is not None:
        raise Refused(_("This person is no longer a member."))
    return member


def _check_branch(branch: Organization, day: date) -> None:
    if not branch.is_branch:
        raise Refused(_("Members belong to branches, not to committees or general branches."), "branch")
    if branch.valid_to is not None and branch.valid_to < day:
        raise Refused(_("“%(organization)s” is closed.") % {"organization": branch}, "branch")


def _check_day(day: date, at: datetime, field: str) -> None:
    if day > day_of(at):
        raise Refused(_("The day lies in the future."), field)
