"""Lending stops: a breaker or a decision imposes them, only a decision lifts them. Repayments go on regardless."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from loans.models import LendingStop
from loans.operations.errors import Blocked, NotAllowed
from loans.steps.facts import Problem
from organizations.models import Division, Organization
from organizations.scope import Place
from web.clock import day_of


@transaction.atomic
def impose_stop(
    *,
    measure: str,
    reason: str,
    imposed_by: User,
    at: datetime,
    division: Division | None = None,
    outlet: Organization | None = None,
    ratio_percent: Decimal | None = None,
    limit_percent: Decimal | None = None,
) -> tuple[LendingStop, bool]:
    """Stop new lending in one division or at one outlet. Returns the stop and whether it is new.

    Where the same measure already stops the place, that stop is returned unchanged. The calendar imposes in the name
    of the system; anybody else needs the leading group's post for the place. Raises NotAllowed, Blocked.
    """
    if not imposed_by.is_system:
        _require_post(imposed_by, _place_of(division, outlet), at)
    if not reason.strip():
        raise Blocked([Problem(_("Please give the reason."), "reason")])
    stop, is_new = LendingStop.objects.get_or_create(
        division=division,
        outlet=outlet,
        measure=measure,
        lifted_at=None,
        defaults={
            "ratio_percent": ratio_percent,
            "limit_percent": limit_percent,
            "reason": reason.strip(),
            "imposed_on": day_of(at),
            "imposed_at": at,
            "imposed_by": imposed_by,
        },
    )
    if is_new:
        record(action=Action.CREATED, actor=imposed_by, at=at, subject=stop, reason=reason)
    return stop, is_new


@transaction.atomic
def lift_stop(*, stop_id: int, reason: str, lifted_by: User, at: datetime) -> LendingStop:
    """Let lending go on at a place. A decision of the leading group with its reason; no stop lifts itself.

    Raises NotAllowed, Blocked (no reason, lifted before).
    """
    stops = LendingStop.objects.select_for_update(of=("self",)).select_related("division", "outlet__division")
    stop = stops.get(pk=stop_id)
    _require_post(lifted_by, _place_of(stop.division, stop.outlet), at)
    if stop.lifted_at is not None:
        raise Blocked([Problem(_("This stop is lifted already."))])
    if not reason.strip():
        raise Blocked([Problem(_("Please give the reason."), "reason")])
    stop.lifted_at, stop.lifted_by, stop.lift_reason = at, lifted_by, reason.strip()
    stop.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    record(action=Action.CLOSED, actor=lifted_by, at=at, subject=stop, reason=stop.lift_reason)
    return stop


def _place_of(division: Division | None, outlet: Organization | None) -> Place:
    """An outlet lies in its division, too: the county's leading group reaches it there."""
    path = division.path if division else outlet.division.path if outlet else ""
    return Place(branch_path="", division_path=path, outlet_path=outlet.path if outlet else "")


def _require_post(user: User, place: Place, at: datetime) -> None:
    user.forget_posts()
    if user.post_covering(Verb.APPROVE_CLAIM, place, on=day_of(at)) is None:
        raise NotAllowed
