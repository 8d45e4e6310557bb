"""Repayments and settlement: the lender's minimal page. Servicing in full is a later issue."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from finance.money import ZERO, to_fen
from loans.choices import EntryKind, LoanState, Outcome, Side, StepCode
from loans.models import Loan, LoanEntry
from loans.operations.decisions import decide, lock_application
from loans.operations.errors import Blocked, NotAllowed
from loans.operations.separation import require_another_person
from loans.queries.lending import outstanding_principal
from loans.steps.facts import Problem, SettlementFacts
from web.clock import day_of


@dataclass(frozen=True)
class Repayment:
    """One payment as the bank booked it: principal and interest in yuan, its day and the bank's reference.

    Raises finance.money.NotAnAmount for what no ledger can hold (three decimals).
    """

    principal: Decimal
    interest: Decimal
    value_date: date
    bank_reference: str

    def __post_init__(self) -> None:
        to_fen(self.principal)
        to_fen(self.interest)


@transaction.atomic
def record_repayment(*, loan_id: int, repayment: Repayment, recorded_by: User, recorded_at: datetime) -> Loan:
    """Book a payment; when no principal is left, the loan is settled and its case moves on to the assessment.

    The same payment with the same reference again changes nothing: a double click books once. Raises Blocked (more
    than owed, reference already booked for something else, a day out of order) and NotAllowed.
    """
    loan = Loan.objects.select_related("application").get(pk=loan_id)
    case = lock_application(loan.application_id)
    loan = Loan.objects.select_for_update().get(pk=loan_id)
    on = day_of(recorded_at)
    recorded_by.forget_posts()
    if recorded_by.post_covering(Verb.DISBURSE, loan.place, on=on) is None:
        raise NotAllowed
    # The last payment is a decision, and nobody knows beforehand which one that will be.
    require_another_person(case, Side.LENDER, recorded_by)
    if _is_booked(loan, repayment):
        return loan
    left = outstanding_principal(loan)
    _check(loan, repayment, left, on)
    _book(loan, repayment, recorded_by, recorded_at)
    if repayment.principal == left:
        _settle(loan, recorded_by, recorded_at)
    return loan


def _parts(repayment: Repayment) -> dict[str, Decimal]:
    parts = ((EntryKind.PRINCIPAL, repayment.principal), (EntryKind.INTEREST, repayment.interest))
    return {kind: amount for kind, amount in parts if amount > ZERO}


def _is_booked(loan: Loan, repayment: Repayment) -> bool:
    """Whether exactly this payment stands in the ledger already."""
    entries = LoanEntry.objects.filter(
        loan=loan, bank_reference=repayment.bank_reference, value_date=repayment.value_date
    )
    booked = dict(entries.values_list("kind", "amount"))
    return bool(booked) and booked == _parts(repayment)


def _check(loan: Loan, repayment: Repayment, left: Decimal, on: date) -> None:
    problems = []
    if loan.state != LoanState.LIVE:
        problems.append(Problem(_("This loan is already settled.")))
    if repayment.principal < 0 or repayment.interest < 0:
        problems.append(Problem(_("A payment cannot be negative."), "principal"))
    if repayment.principal + repayment.interest <= 0:
        problems.append(Problem(_("The amount must be above zero."), "principal"))
    if repayment.principal > left:
        problems.append(Problem(_("More than is still owed: %(left)s yuan.") % {"left": left}, "principal"))
    if repayment.value_date > on:
        problems.append(Problem(_("The day lies in the future."), "value_date"))
    if repayment.value_date < loan.start_date:
        problems.append(Problem(_("The day lies before the loan was paid out."), "value_date"))
    if problems:
        raise Blocked(problems)


def _book(loan: Loan, repayment: Repayment, recorded_by: User, recorded_at: datetime) -> None:
    try:
        with transaction.atomic():
            LoanEntry.objects.bulk_create(
                LoanEntry(
                    loan=loan,
                    kind=kind,
                    amount=amount,
                    value_date=repayment.value_date,
                    bank_reference=repayment.bank_reference,
                    recorded_by=recorded_by,
                    recorded_at=recorded_at,
                )
                for kind, amount in _parts(repayment).items()
            )
    except IntegrityError as error:
        if "bank_reference_books_once" not in str(error):
            raise
        raise Blocked([Problem(_("This bank reference is already booked."), "bank_reference")]) from error


def _settle(loan: Loan, recorded_by: User, recorded_at: datetime) -> None:
    # Payments are booked in any order: the loan ended with the latest of them.
    settled_on = LoanEntry.objects.filter(loan=loan).latest("value_date").value_date
    loan.state, loan.settled_on = LoanState.SETTLED, settled_on
    loan.save(update_fields=["state", "settled_on"])
    case = loan.application
    case.refresh_from_db(fields=["step", "state"])
    # Where the version assesses by date, the case may have gone on before its loan was repaid.
    if case.step == StepCode.DISBURSEMENT and not case.is_ended:
        decide(
            application_id=case.pk,
            step=StepCode.DISBURSEMENT,
            outcome=Outcome.SETTLE,
            decided_by=recorded_by,
            decided_at=recorded_at,
            revision=None,
            facts=SettlementFacts(settled_on=settled_on),
        )
