"""Objections to a title during its notice: each is a row that blocks the award until somebody settles it."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from assessments.choices_households import HonourObjectionState, HonourState
from assessments.models import HonourObjection, HouseholdHonour
from audit.choices import Action
from audit.operations import record
from loans.operations.errors import Blocked, NotAllowed
from loans.steps.facts import Problem
from web.clock import day_of

RECORDING = (Verb.REVIEW, Verb.FILE, Verb.ASSESS)
SETTLING = (Verb.FILE, Verb.ASSESS)


@transaction.atomic
def record_honour_objection(
    *, honour_id: int, raised_by: str, text: str, request_id: uuid.UUID, recorded_by: User, at: datetime
) -> HonourObjection:
    """Write an objection down; the same `request_id` again returns the first one. Raises NotAllowed, Blocked."""
    honour = HouseholdHonour.objects.select_for_update(of=("self",)).get(pk=honour_id)
    known = HonourObjection.objects.filter(request_id=request_id, recorded_by=recorded_by).first()
    if known is not None:
        return known
    _require_post(honour, recorded_by, RECORDING, at)
    if honour.state != HonourState.IN_NOTICE:
        raise Blocked([Problem(_("Objections are taken while the notice runs and until the title is awarded."))])
    if not text.strip():
        raise Blocked([Problem(_("Please write the objection down."), "text")])
    row = HonourObjection.objects.create(
        honour=honour, request_id=request_id, raised_by=raised_by.strip(), text=text.strip(), received_on=day_of(at),
        recorded_by=recorded_by, recorded_at=at,
    )  # fmt: skip
    record(action=Action.CREATED, actor=recorded_by, at=at, subject=row)
    return row


@transaction.atomic
def settle_honour_objection(
    *, objection_id: int, is_upheld: bool, finding: str, settled_by: User, at: datetime
) -> HonourObjection:
    """Settle an objection with its finding; who recommended the household does not. Raises NotAllowed, Blocked."""
    rows = HonourObjection.objects.select_for_update(of=("self",)).select_related("honour")
    row = rows.get(pk=objection_id)
    _require_post(row.honour, settled_by, SETTLING, at)
    first = row.honour.decisions.order_by("sequence").first()
    if first is not None and first.person_key == settled_by.person_key:
        raise NotAllowed(_("Who recommended the household does not settle an objection to it."))
    if row.state != HonourObjectionState.OPEN:
        raise Blocked([Problem(_("This objection is settled already."))])
    if not finding.strip():
        raise Blocked([Problem(_("Please write what was found."), "finding")])
    row.state = HonourObjectionState.UPHELD if is_upheld else HonourObjectionState.DISMISSED
    row.settled_by, row.settled_at, row.finding = settled_by, at, finding.strip()
    row.save(update_fields=["state", "settled_by", "settled_at", "finding"])
    record(action=Action.CLOSED, actor=settled_by, at=at, subject=row)
    return row


def _require_post(honour: HouseholdHonour, user: User, verbs: tuple[Verb, ...], at: datetime) -> None:
    user.forget_posts()
    if not any(user.post_covering(verb, honour.place, on=day_of(at)) for verb in verbs):
        raise NotAllowed
