"""Taking an entry back. The ledger keeps both; every calculation leaves both out."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from loans.choices import EntryKind, LoanState
from loans.models import Loan, LoanEntry
from loans.operations.servicing.desk import Desk, open_desk, require
from loans.steps.facts import Problem


@transaction.atomic
def reverse(*, entry_id: int, reason: str, reversed_by: User, reversed_at: datetime) -> Loan:
    """Reverse an entry and with it all entries of the same bank reference: from now on they were never booked.

    A loan that owes principal again is live again; its case stays where it is. Reversed once, the same call changes
    nothing. Raises Blocked (a disbursement, a reversal, no reason), NotAllowed, LoanEntry.DoesNotExist.
    """
    loan_id = LoanEntry.objects.values_list("loan_id", flat=True).get(pk=entry_id)
    desk = open_desk(loan_id=loan_id, user=reversed_by, at=reversed_at)
    entry = LoanEntry.objects.get(pk=entry_id)
    if LoanEntry.objects.filter(reverses=entry).exists():
        return desk.loan
    together = _booked_together(entry)
    require(_problems(together, reason))
    desk.write(
        *(desk.entry(EntryKind.REVERSAL, value_date=desk.on, reverses=one, reason=reason) for one in together),
        label=str(EntryKind.REVERSAL.label),
    )
    _reopen(desk)
    return desk.loan


def _booked_together(entry: LoanEntry) -> list[LoanEntry]:
    if not entry.bank_reference:
        return [entry]
    same = LoanEntry.objects.effective().filter(loan=entry.loan_id, bank_reference=entry.bank_reference)
    return list(same.order_by("pk"))


def _problems(entries: list[LoanEntry], reason: str) -> list[Problem]:
    kinds = {entry.kind for entry in entries}
    problems = []
    if EntryKind.DISBURSEMENT in kinds:
        problems.append(Problem(_("The first payment of a loan is never reversed: the loan would not exist.")))
    if EntryKind.REVERSAL in kinds or not kinds:
        problems.append(Problem(_("A reversal is not reversed; book what is right instead.")))
    if not reason.strip():
        problems.append(Problem(_("Please give the reason."), "reason"))
    return problems


def _reopen(desk: Desk) -> None:
    loan = desk.loan
    if loan.state == LoanState.LIVE or not desk.ledger().outstanding(date.max):
        return
    loan.state, loan.settled_on = LoanState.LIVE, None
    loan.save(update_fields=["state", "settled_on"])
