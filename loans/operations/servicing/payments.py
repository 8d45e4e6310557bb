"""Repayments, whole or in part, on time, early or late, as the bank split them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from finance.accounts import Ledger
from finance.money import ZERO, to_fen
from loans.choices import EntryKind, LoanState
from loans.models import Loan, LoanEntry
from loans.operations.errors import Blocked
from loans.operations.servicing.desk import Desk, day_problems, open_desk, require
from loans.steps.facts import Problem


@dataclass(frozen=True)
class Repayment:
    """One payment as the bank booked it: its parts in yuan, its day and the bank's reference.

    Raises finance.money.NotAnAmount for what no ledger can hold (three decimals).
    """

    principal: Decimal
    interest: Decimal
    value_date: date
    bank_reference: str
    penalty: Decimal = ZERO
    compound: Decimal = ZERO
    costs: Decimal = ZERO

    def __post_init__(self) -> None:
        for amount in (self.principal, self.interest, self.penalty, self.compound, self.costs):
            to_fen(amount)

    @property
    def parts(self) -> dict[EntryKind, Decimal]:
        return {
            EntryKind.PRINCIPAL: self.principal,
            EntryKind.INTEREST: self.interest,
            EntryKind.PENALTY: self.penalty,
            EntryKind.COMPOUND: self.compound,
            EntryKind.COSTS: self.costs,
        }

    @property
    def booked_parts(self) -> dict[str, Decimal]:
        """The parts that move something: what stands in the ledger."""
        return {kind: amount for kind, amount in self.parts.items() if amount > ZERO}


@transaction.atomic
def record_repayment(*, loan_id: int, repayment: Repayment, recorded_by: User, recorded_at: datetime) -> Loan:
    """Book a payment; when no principal is left, the loan is settled and its case moves on to the assessment.

    The same payment with the same reference again changes nothing: a double click books once. On a settled loan only
    what is left of interest, penalty and costs can be paid. Raises Blocked (more than owed, reference already booked
    for something else, a day out of order) and NotAllowed.
    """
    desk = open_desk(loan_id=loan_id, user=recorded_by, at=recorded_at)
    if _is_booked(desk.loan, repayment):
        return desk.loan
    ledger = desk.ledger()
    require(_problems(desk, ledger, repayment))
    left = ledger.outstanding(date.max)
    desk.write(
        *(
            desk.entry(
                EntryKind(kind),
                amount=amount,
                value_date=repayment.value_date,
                bank_reference=repayment.bank_reference,
            )
            for kind, amount in repayment.booked_parts.items()
        )
    )
    if repayment.principal and repayment.principal == left:
        desk.close(LoanState.SETTLED, on=_last_principal_day(desk))
    return desk.loan


def _is_booked(loan: Loan, repayment: Repayment) -> bool:
    """Whether exactly this payment stands in the ledger already. Raises Blocked where it was reversed since."""
    entries = LoanEntry.objects.filter(
        loan=loan, bank_reference=repayment.bank_reference, value_date=repayment.value_date
    )
    booked = {entry.kind: entry for entry in entries.select_related("reversed_by")}
    if not booked or {kind: entry.amount for kind, entry in booked.items()} != repayment.booked_parts:
        return False
    if any(hasattr(entry, "reversed_by") for entry in booked.values()):
        text = _("This payment was booked and reversed. What the bank books anew has a new reference.")
        raise Blocked([Problem(text, "bank_reference")])
    return True


def _problems(desk: Desk, ledger: Ledger, repayment: Repayment) -> list[Problem]:
    left = ledger.outstanding(date.max)
    problems = []
    if desk.loan.state != LoanState.LIVE and (repayment.principal or not _is_still_owing(ledger, desk.on)):
        problems.append(Problem(_("This loan is already settled.")))
    elif repayment.principal > left:
        problems.append(Problem(_("More than is still owed: %(left)s yuan.") % {"left": left}, "principal"))
    negative = [kind for kind, amount in repayment.parts.items() if amount < ZERO]
    if negative:
        problems.append(Problem(_("A payment cannot be negative."), negative[0]))
    elif not repayment.booked_parts:
        problems.append(Problem(_("The amount must be above zero."), "principal"))
    return [*problems, *day_problems(desk, repayment.value_date)]


def _is_still_owing(ledger: Ledger, on: date) -> bool:
    """Whether a settled loan has something else left to pay."""
    account = ledger.account(on)
    return account.interest_due + account.penalty + account.compound > ZERO


def _last_principal_day(desk: Desk) -> date:
    # Payments are booked in any order: the loan ended with the latest of them.
    paid = LoanEntry.objects.effective().filter(loan=desk.loan, kind=EntryKind.PRINCIPAL)
    return paid.latest("value_date").value_date
