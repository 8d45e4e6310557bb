"""A loan's entries put into the pure account: what is owed, due, late, and since when."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from finance.accounts import Account, Event, EventKind, Ledger, Terms
from finance.allocation import (
    COSTS_THEN_PRINCIPAL,
    INTEREST_FIRST,
    PRINCIPAL_FIRST,
    Allocation,
    Claim,
    allocate_repayment,
)
from finance.daycount import DayCount
from finance.money import ZERO
from finance.penalties import CompoundRule
from finance.periods import HolidayRule
from loans.choices import EntryKind
from loans.models import Loan, LoanEntry
from loans.queries.schedules import SETTLED
from loans.queries.versions import published_version
from workflow.queries import work_calendar

EVENT_OF_KIND: dict[str, EventKind] = {
    EntryKind.DISBURSEMENT: EventKind.PAID_OUT,
    EntryKind.TRANCHE: EventKind.PAID_OUT,
    EntryKind.PRINCIPAL: EventKind.PRINCIPAL,
    EntryKind.INTEREST: EventKind.INTEREST,
    EntryKind.PENALTY: EventKind.PENALTY,
    EntryKind.COMPOUND: EventKind.COMPOUND,
    EntryKind.COSTS: EventKind.COSTS,
    EntryKind.EXTENSION: EventKind.EXTENDED,
    EntryKind.RENEWAL: EventKind.EXTENDED,
    EntryKind.RATE_CHANGE: EventKind.RATE,
    EntryKind.MISUSE: EventKind.MISUSED,
    EntryKind.MISUSE_ENDED: EventKind.MISUSE_ENDED,
    EntryKind.WRITE_OFF: EventKind.WRITTEN_OFF,
}


def terms_of(loan: Loan) -> Terms:
    """Return what the contract says, for the pure calculation."""
    method, settlement = SETTLED[loan.repayment_method]
    return Terms(
        principal=loan.principal,
        rate_percent=loan.rate_percent,
        start=loan.start_date,
        due_date=loan.due_date,
        convention=DayCount(loan.day_count),
        method=method,
        settlement=settlement,
        overdue_markup_percent=loan.overdue_markup_percent,
        misuse_markup_percent=loan.misuse_markup_percent,
        compound_rule=CompoundRule(loan.compound_rule),
        holiday_rule=HolidayRule(loan.holiday_rule),
        tolerance=published_version(loan.version_id).arrears_tolerance,
    )


def events_of(entries: Iterable[LoanEntry]) -> list[Event]:
    """Return the effective entries as events of the pure account."""
    return [
        Event(
            on=entry.value_date,
            kind=EVENT_OF_KIND[entry.kind],
            amount=Decimal(entry.amount),
            due_date=entry.new_due_date,
            rate_percent=entry.rate_percent,
        )
        for entry in entries
    ]


def ledger_of(loan: Loan, entries: "Sequence[LoanEntry] | None" = None) -> Ledger:
    """Return the loan's account, ready to be asked about any day.

    `entries` are its effective entries in order of day; left out, they are read (one query).
    """
    if entries is None:
        entries = list(LoanEntry.objects.effective().filter(loan=loan).order_by("value_date", "pk"))
    return Ledger(terms_of(loan), events_of(entries), is_working_day=work_calendar().is_workday)


def account_of(loan: Loan, *, on: date) -> Account:
    """Return how a loan stands at the end of a day, on what is known now."""
    return ledger_of(loan).account(on)


def propose_allocation(
    loan: Loan, *, amount: Decimal, on: date, costs: Decimal = ZERO, costs_first: bool = False
) -> Allocation:
    """Return how a payment of so many yuan would be split on a day (HANDBOOK 7). The bank's own split may differ.

    First what is due, by the law's order; on a non-accrual loan principal first (after the costs of collection,
    `costs_first`, where the contract says so). What is paid beyond it pays interest to the day, then principal not
    yet due; `rest` is more than is owed. Raises NotAnAmount.
    """
    account = account_of(loan, on=on)
    order: Sequence[Claim] = INTEREST_FIRST
    principal_due = account.principal_due
    if account.is_non_accrual:
        order = COSTS_THEN_PRINCIPAL if costs_first else PRINCIPAL_FIRST
        principal_due = account.outstanding
    due = {
        Claim.COSTS: costs,
        Claim.COMPOUND: account.compound,
        Claim.PENALTY: account.penalty,
        Claim.INTEREST: account.interest_due,
        Claim.PRINCIPAL: principal_due,
    }
    now = allocate_repayment(amount=amount, due=due, order=order)
    beyond = {Claim.INTEREST: account.accrued, Claim.PRINCIPAL: account.outstanding - now.principal}
    early = allocate_repayment(amount=now.rest, due=beyond, order=INTEREST_FIRST)
    return replace(
        now,
        interest=now.interest + early.interest,
        principal=now.principal + early.principal,
        rest=early.rest,
    )
