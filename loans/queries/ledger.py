"""A loan's entries put into the pure account: what is owed, due, late, and since when."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from finance.accounts import Account, Event, EventKind, Ledger, Terms
from finance.daycount import DayCount
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
