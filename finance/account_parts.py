"""The terms, events and answers of a loan's account (see finance.accounts)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from finance.daycount import DayCount
from finance.money import ZERO
from finance.penalties import CompoundRule
from finance.periods import HolidayRule
from finance.schedules import RepaymentMethod, Settlement

NON_ACCRUAL_DAYS = 90
"""More than so many days late, a loan leaves the income account (非应计贷款, 金融企业会计制度)."""


class EventKind(StrEnum):
    PAID_OUT = "paid_out"
    """The first payment to the borrower and every later tranche."""
    PRINCIPAL = "principal"
    INTEREST = "interest"
    PENALTY = "penalty"
    COMPOUND = "compound"
    COSTS = "costs"
    EXTENDED = "extended"
    """From its day on, what is still owed falls due on `due_date`; `rate_percent` where the rate changes too."""
    RATE = "rate"
    MISUSED = "misused"
    MISUSE_ENDED = "misuse_ended"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the ledger that still counts. `amount` in yuan, zero where nothing moves."""

    on: date
    kind: EventKind
    amount: Decimal = ZERO
    due_date: date | None = None
    rate_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the contract says. Rates and mark-ups in percent."""

    principal: Decimal
    rate_percent: Decimal
    start: date
    due_date: date
    convention: DayCount
    method: RepaymentMethod
    settlement: Settlement
    overdue_markup_percent: Decimal
    misuse_markup_percent: Decimal
    compound_rule: CompoundRule
    holiday_rule: HolidayRule
    tolerance: Decimal = ZERO
    """Arrears below this many yuan are none: a bank may round otherwise than the contract."""


@dataclass(frozen=True, slots=True)
class Due:
    """What falls due on one day. Both sums are what the borrower owes for it, whether or not he has paid."""

    due_date: date
    pay_by: date
    """The due date, moved where it is a holiday and the contract says so."""
    late_from: date
    """The first day on which, unpaid, it bears penalty or compound interest, and the first day of a spell."""
    start: date
    end: date
    """Its interest is that of the days from start to end."""
    principal: Decimal
    interest: Decimal


@dataclass(frozen=True, slots=True)
class OpenDue:
    """A due with what the payments so far have left of it."""

    due: Due
    principal_left: Decimal
    interest_left: Decimal

    @property
    def left(self) -> Decimal:
        return self.principal_left + self.interest_left


@dataclass(frozen=True, slots=True)
class Spell:
    """Days in arrears, from the first late day to the day on which everything due was paid; None: not yet."""

    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """A loan at the end of a day. Amounts in yuan; what is owed is never below zero."""

    on: date
    outstanding: Decimal
    overdue_principal: Decimal
    overdue_interest: Decimal
    penalty: Decimal
    """Penalty interest run up to and with the day before, less what was paid of it."""
    compound: Decimal
    principal_due: Decimal
    """Principal that had to be paid by this day, this day's own dues included, and was not."""
    interest_due: Decimal
    accrued: Decimal
    """Contract interest run up to this day beyond what is due, less what was paid in advance."""
    overdue_since: date | None
    """The day by which the oldest unpaid sum had to be paid."""
    next_due: date | None
    maturity: date
    rate_percent: Decimal
    is_misused: bool
    spells: tuple[Spell, ...]
    dues: tuple[Due, ...]
    open_dues: tuple["OpenDue", ...]
    """The same dues with what is left of each after the payments, which pay the oldest first."""

    @property
    def owed(self) -> Decimal:
        """What would pay the loan off on this day."""
        return self.outstanding + self.interest_due + self.accrued + self.penalty + self.compound

    @property
    def overdue_days(self) -> int:
        return (self.on - self.overdue_since).days if self.overdue_since else 0

    @property
    def is_non_accrual(self) -> bool:
        return self.overdue_days > NON_ACCRUAL_DAYS
