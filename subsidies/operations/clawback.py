"""Taking back what was paid too much: told, paid back in parts, or handed over. Paid rows are never deleted."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from finance.money import ZERO
from loans.models import SubsidyBudget
from subsidies.choices import ClawbackState
from subsidies.models import Clawback, ClawbackEntry
from subsidies.operations.entitled import require_county_post
from subsidies.operations.errors import blocked
from subsidies.operations.payments import lock_batch
from web.clock import day_of

OPEN = (ClawbackState.OPEN, ClawbackState.NOTIFIED, ClawbackState.PARTLY)


@transaction.atomic
def notify_clawback(*, clawback_id: int, notified_on: date, by: User, at: datetime) -> Clawback:
    """Write down when the notice was delivered. Raises Blocked, NotAllowed."""
    clawback = _lock(clawback_id, by, at)
    if clawback.notified_on == notified_on:
        return clawback
    if clawback.state not in OPEN:
        raise blocked(_("This claim is closed."))
    if notified_on > day_of(at):
        raise blocked(_("The day lies in the future."), "notified_on")
    clawback.notified_on = notified_on
    if clawback.state == ClawbackState.OPEN:
        clawback.state = ClawbackState.NOTIFIED
    clawback.save(update_fields=["notified_on", "state"])
    record(action=Action.CHANGED, actor=by, at=at, subject=clawback, detail={"notified_on": notified_on.isoformat()})
    return clawback


@transaction.atomic
def take_back(
    *, clawback_id: int, amount: Decimal, value_date: date, bank_reference: str, by: User, at: datetime
) -> ClawbackEntry:
    """Book money that came back; it lowers the budget's `due` and `paid`. The same bank reference books once.

    Raises Blocked, NotAllowed.
    """
    clawback = _lock(clawback_id, by, at)
    earlier = ClawbackEntry.objects.filter(bank_reference=bank_reference).first()
    if earlier is not None:
        if (earlier.clawback_id, earlier.amount, earlier.value_date) == (clawback.pk, amount, value_date):
            return earlier
        raise blocked(_("This bank reference has been booked for something else."), "bank_reference")
    left = clawback.amount - taken_back(clawback)
    if clawback.state not in OPEN:
        raise blocked(_("This claim is closed."))
    if not 0 < amount <= left:
        raise blocked(_("At most %(left)s yuan are still to be taken back.") % {"left": left}, "amount")
    if value_date > day_of(at):
        raise blocked(_("The day lies in the future."), "value_date")
    entry = ClawbackEntry.objects.create(
        clawback=clawback, amount=amount, value_date=value_date, bank_reference=bank_reference, recorded_by=by,
        recorded_at=at,
    )  # fmt: skip
    clawback.state = ClawbackState.DONE if amount == left else ClawbackState.PARTLY
    clawback.save(update_fields=["state"])
    budget = SubsidyBudget.objects.filter(pk=clawback.budget_id, paid__gte=amount, due__gte=amount)
    if not budget.update(paid=F("paid") - amount, due=F("due") - amount):
        raise blocked(_("Less has been paid from the budget than comes back. Please tell the administrator."))
    return entry


@transaction.atomic
def hand_over(*, clawback_id: int, reason: str, by: User, at: datetime) -> Clawback:
    """Hand a claim over to whoever pursues it further, with a reason. Raises Blocked, NotAllowed."""
    clawback = _lock(clawback_id, by, at)
    if clawback.state == ClawbackState.HANDED_OVER:
        return clawback
    if clawback.state not in OPEN:
        raise blocked(_("This claim is closed."))
    if not reason.strip():
        raise blocked(_("Please give the reason."), "reason")
    clawback.state = ClawbackState.HANDED_OVER
    clawback.save(update_fields=["state"])
    record(action=Action.CLOSED, actor=by, at=at, subject=clawback, reason=reason.strip())
    return clawback


def taken_back(clawback: Clawback) -> Decimal:
    return clawback.entries.aggregate(total=Sum("amount"))["total"] or ZERO


def _lock(clawback_id: int, by: User, at: datetime) -> Clawback:
    batch = lock_batch(Clawback.objects.values_list("batch_id", flat=True).get(pk=clawback_id))
    require_county_post(by, Verb.CONFIRM_SUBSIDY, batch.programme, on=day_of(at))
    return Clawback.objects.get(pk=clawback_id)
