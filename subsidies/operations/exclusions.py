"""What the township or the finance bureau found about a borrower: no subsidy from a day on."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from loans.models import Loan
from subsidies.choices import MANUAL_REASONS
from subsidies.models import SubsidyExclusion
from subsidies.operations.entitled import require_loan_post
from subsidies.operations.errors import blocked
from web.clock import day_of

VERBS = (Verb.CONFIRM_SUBSIDY, Verb.FILE)


@transaction.atomic
def exclude_loan(
    *,
    loan_id: int,
    reason: str,
    from_day: date,
    until_day: date | None,
    note: str,
    recorded_by: User,
    recorded_at: datetime,
) -> SubsidyExclusion:
    """Write down why a loan bears no subsidy from a day on (until another, not counted).

    What was paid for such days comes back by a difference of the next batch. The same finding again is the same row.
    Raises Blocked, NotAllowed.
    """
    loan = Loan.objects.select_for_update().get(pk=loan_id)
    require_loan_post(recorded_by, VERBS, loan, on=day_of(recorded_at))
    if reason not in MANUAL_REASONS:
        raise blocked(_("Please choose a reason."), "reason")
    if not note.strip():
        raise blocked(_("Please write what was found."), "note")
    if until_day is not None and until_day <= from_day:
        raise blocked(_("The last day lies before the first."), "until_day")
    same = SubsidyExclusion.objects.filter(
        loan=loan, reason=reason, from_day=from_day, until_day=until_day, cancelled_at=None
    ).first()
    if same is not None:
        return same
    exclusion = SubsidyExclusion.objects.create(
        loan=loan, reason=reason, from_day=from_day, until_day=until_day, note=note.strip(),
        recorded_by=recorded_by, recorded_at=recorded_at,
    )  # fmt: skip
    record(action=Action.CREATED, actor=recorded_by, at=recorded_at, subject=exclusion)
    return exclusion


@transaction.atomic
def cancel_exclusion(
    *, exclusion_id: int, reason: str, cancelled_by: User, cancelled_at: datetime
) -> SubsidyExclusion:
    """Take a finding back: it was wrong. The row stays. Raises Blocked, NotAllowed."""
    loan_id = SubsidyExclusion.objects.values_list("loan_id", flat=True).get(pk=exclusion_id)
    loan = Loan.objects.select_for_update().get(pk=loan_id)
    require_loan_post(cancelled_by, VERBS, loan, on=day_of(cancelled_at))
    exclusion = SubsidyExclusion.objects.get(pk=exclusion_id)
    if exclusion.cancelled_at is not None:
        return exclusion
    if not reason.strip():
        raise blocked(_("Please give the reason."), "reason")
    exclusion.cancelled_at = cancelled_at
    exclusion.save(update_fields=["cancelled_at"])
    record(action=Action.CLOSED, actor=cancelled_by, at=cancelled_at, subject=exclusion, reason=reason.strip())
    return exclusion
