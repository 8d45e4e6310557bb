"""A loan's account over time: what its entries make of its terms, on any day.

Nothing here is stored: balances, dues and arrears follow from the terms and the events, so a payment that is booked
late or with an earlier day simply gives another answer. Days from start (counted) to end (not counted).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from finance.daycount import DayCount
from finance.interest import BalanceSegment, exact_interest, interest_of_segments
from finance.money import ZERO, round_to_cent
from finance.penalties import CompoundRule, compound_rate, penalty_rate
from finance.periods import HolidayRule, Period, payment_day
from finance.schedules import RepaymentMethod, Settlement, periods_of, schedule

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
    """The first day on which, unpaid, it bears penalty or compound interest."""
    start: date
    end: date
    """Its interest is that of the days from start to end."""
    principal: Decimal
    interest: Decimal


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
    accrued: Decimal
    """Contract interest of the running period, not yet due."""
    overdue_since: date | None
    """The day by which the oldest unpaid sum had to be paid."""
    next_due: date | None
    maturity: date
    rate_percent: Decimal
    is_misused: bool
    spells: tuple[Spell, ...]
    dues: tuple[Due, ...]

    @property
    def overdue_days(self) -> int:
        return (self.on - self.overdue_since).days if self.overdue_since else 0

    @property
    def is_non_accrual(self) -> bool:
        return self.overdue_days > NON_ACCRUAL_DAYS


def always_open(day: date) -> bool:
    """A calendar without holidays, for contracts that do not ask for one."""
    return True


class Ledger:
    """The terms with their events in order of time, ready to be asked about any day."""

    def __init__(
        self, terms: Terms, events: Iterable[Event], *, is_working_day: Callable[[date], bool] = always_open
    ) -> None:
        self.terms = terms
        self.events = sorted(events, key=lambda event: event.on)
        self.is_working_day = is_working_day

    def total(self, *kinds: EventKind, on: date | None = None) -> Decimal:
        """Return the sum of some kinds of events up to and with a day."""
        return sum((e.amount for e in self.events if e.kind in kinds and (on is None or e.on <= on)), start=ZERO)

    def outstanding(self, on: date) -> Decimal:
        """Return the principal owed at the end of a day."""
        paid = self.total(EventKind.PRINCIPAL, EventKind.WRITTEN_OFF, on=on)
        return self.total(EventKind.PAID_OUT, on=on) - paid

    def maturity(self, on: date) -> date:
        """Return the day of maturity as agreed by the end of a day."""
        extended = [e.due_date for e in self.events if e.due_date is not None and e.on <= on]
        return extended[-1] if extended else self.terms.due_date

    def rate_percent(self, on: date) -> Decimal:
        """Return the contract's rate on a day."""
        changed = [e.rate_percent for e in self.events if e.rate_percent is not None and e.on <= on]
        return changed[-1] if changed else self.terms.rate_percent

    def is_misused(self, on: date) -> bool:
        """Say whether the money counts as misused on a day, from the finding to its mending."""
        found = [e.kind for e in self.events if e.kind in (EventKind.MISUSED, EventKind.MISUSE_ENDED) and e.on <= on]
        return bool(found) and found[-1] is EventKind.MISUSED

    def segments(self, *, to: date) -> list[BalanceSegment]:
        """Return the stretches of equal balance and contract rate before `to`, at the longest until maturity."""
        end = min(to, self._pay_by(self.maturity(to)))
        cuts = sorted({e.on for e in self.events if e.on < end} | {self.terms.start, end})
        return [
            BalanceSegment(start=start, end=stop, balance=balance, rate_percent=self.rate_percent(start))
            for start, stop in pairwise(day for day in cuts if self.terms.start <= day <= end)
            if (balance := self.outstanding(start)) > 0
        ]

    def dues(self, *, on: date) -> list[Due]:
        """Return everything that falls due up to maturity, as agreed and as paid by the end of a day."""
        closed = self._closed_on(on)
        maturity = self.maturity(on)
        end = min(maturity, closed) if closed else maturity
        periods = periods_of(start=self.terms.start, end=max(end, self.terms.start), settlement=self.terms.settlement)
        return [self._due(period, number == len(periods), end) for number, period in enumerate(periods, start=1)]

    def account(self, on: date) -> Account:
        """Return how the loan stands at the end of a day."""
        dues = self.dues(on=on)
        marks = _Marks(self, dues, on)
        late = marks.late_dues(on)
        penalty, compound = marks.penalty_and_compound()
        closed = self.outstanding(on) == 0
        return Account(
            on=on,
            outstanding=self.outstanding(on),
            overdue_principal=marks.unpaid_principal(on),
            overdue_interest=marks.unpaid_interest(on),
            penalty=_unpaid(penalty, self.total(EventKind.PENALTY, on=on)),
            compound=_unpaid(compound, self.total(EventKind.COMPOUND, on=on)),
            accrued=ZERO if closed else self._accrued(dues, on),
            overdue_since=late[0].pay_by if late else None,
            next_due=None if closed else next((due.pay_by for due in dues if due.pay_by >= on), None),
            maturity=self.maturity(on),
            rate_percent=self.rate_percent(on),
            is_misused=self.is_misused(on),
            spells=tuple(marks.spells()),
            dues=tuple(dues),
        )

    def _accrued(self, dues: Sequence[Due], on: date) -> Decimal:
        settled = [due.end for due in dues if due.end <= on]
        return self._interest(Period(start=settled[-1] if settled else self.terms.start, end=on))

    def _closed_on(self, on: date) -> date | None:
        """Return the day on which nothing was owed any more, if that day has come."""
        if self.outstanding(on) > 0 or not self.total(EventKind.PAID_OUT, on=on):
            return None
        return max(e.on for e in self.events if e.on <= on and e.kind in (EventKind.PRINCIPAL, EventKind.WRITTEN_OFF))

    def _pay_by(self, due_date: date) -> date:
        return payment_day(due_date=due_date, rule=self.terms.holiday_rule, is_working_day=self.is_working_day)

    def _due(self, period: Period, is_last: bool, end: date) -> Due:
        """Interest of the period on the balances it really had; principal by the schedule, the rest at the end."""
        is_by_20th = not is_last and self.terms.settlement in (Settlement.MONTHLY_20, Settlement.QUARTERLY_20)
        due_date = period.last_day if is_by_20th else period.end
        pay_by = self._pay_by(due_date)
        return Due(
            due_date=due_date,
            pay_by=pay_by,
            late_from=max(period.end, pay_by),
            start=period.start,
            end=period.end,
            principal=self._scheduled_principal(period, is_last=is_last, end=end),
            interest=self._interest(period),
        )

    def _scheduled_principal(self, period: Period, *, is_last: bool, end: date) -> Decimal:
        planned = {instalment.end: instalment.principal for instalment in self._plan()}
        if not is_last:
            return planned.get(period.end, ZERO)
        before = sum((amount for day, amount in planned.items() if day < end), start=ZERO)
        return max(self.total(EventKind.PAID_OUT) - before, ZERO)

    def _plan(self) -> list["_Planned"]:
        if self.terms.method in (RepaymentMethod.INTEREST_ONLY, RepaymentMethod.LUMP_SUM):
            return []
        moved = [event.on for event in self.events if event.kind is EventKind.EXTENDED]
        plan = schedule(
            principal=self.terms.principal,
            rate_percent=self.terms.rate_percent,
            start=self.terms.start,
            end=self.terms.due_date,
            method=self.terms.method,
            settlement=self.terms.settlement,
            convention=self.terms.convention,
        )
        return [_Planned(one.end, one.principal) for one in plan if not moved or one.end <= moved[0]]

    def _interest(self, period: Period) -> Decimal:
        inside = [
            BalanceSegment(max(s.start, period.start), min(s.end, period.end), s.balance, s.rate_percent)
            for s in self.segments(to=period.end)
            if s.end > period.start
        ]
        return interest_of_segments(segments=inside, anchor=self.terms.start, convention=self.terms.convention)


@dataclass(frozen=True, slots=True)
class _Planned:
    end: date
    principal: Decimal


class _Marks:
    """Who owed what when: dues against payments, oldest first."""

    def __init__(self, ledger: Ledger, dues: Sequence[Due], on: date) -> None:
        self.ledger, self.dues, self.on = ledger, dues, on

    def unpaid_principal(self, on: date) -> Decimal:
        due = sum((d.principal for d in self.dues if d.late_from <= on), start=ZERO)
        due = min(due, self.ledger.total(EventKind.PAID_OUT, on=on))
        return _unpaid(due, self.ledger.total(EventKind.PRINCIPAL, EventKind.WRITTEN_OFF, on=on))

    def unpaid_interest(self, on: date) -> Decimal:
        due = sum((d.interest for d in self.dues if d.late_from <= on), start=ZERO)
        return _unpaid(due, self.ledger.total(EventKind.INTEREST, on=on))

    def late_dues(self, on: date) -> list[Due]:
        """Return the dues not paid by the end of a day though their day is past, oldest first."""
        paid_principal = self.ledger.total(EventKind.PRINCIPAL, EventKind.WRITTEN_OFF, on=on)
        paid_interest = self.ledger.total(EventKind.INTEREST, on=on)
        late, principal, interest = [], ZERO, ZERO
        for due in self.dues:
            principal, interest = principal + due.principal, interest + due.interest
            short = max(principal - paid_principal, interest - paid_interest)
            if due.pay_by < on and short > self.ledger.terms.tolerance:
                late.append(due)
        return late

    def spells(self) -> list[Spell]:
        """Return the days in arrears so far: a new spell begins when a due stays unpaid on the day after it."""
        spells: list[Spell] = []
        since: date | None = None
        for day in self._days():
            late = [due for due in self._unpaid_at(day) if due.late_from <= day]
            if late and since is None:
                since = late[0].late_from
            if not late and since is not None:
                spells.append(Spell(since, day))
                since = None
        return [*spells, Spell(since, None)] if since is not None else spells

    def _unpaid_at(self, day: date) -> list[Due]:
        """Return the dues open at the end of a day, among those payable by then."""
        paid_principal = self.ledger.total(EventKind.PRINCIPAL, EventKind.WRITTEN_OFF, on=day)
        paid_interest = self.ledger.total(EventKind.INTEREST, on=day)
        open_, principal, interest = [], ZERO, ZERO
        for due in self.dues:
            principal, interest = principal + due.principal, interest + due.interest
            if max(principal - paid_principal, interest - paid_interest) > self.ledger.terms.tolerance:
                open_.append(due)
        return open_

    def _days(self) -> list[date]:
        """The days on which something changes, up to and with the day asked for."""
        days = {d.late_from for d in self.dues} | {e.on for e in self.ledger.events}
        return sorted({day for day in days if day <= self.on} | {self.on})

    def penalty_and_compound(self) -> tuple[Decimal, Decimal]:
        """Return what has run up until the day asked for, each rounded once for the whole."""
        maturity = self.ledger.maturity(self.on)
        cuts = sorted({*self._days(), maturity} - {day for day in (maturity,) if day > self.on})
        penalty = compound = Fraction(0)
        for start, end in pairwise(cuts):
            penalty += self._penalty(start, end, maturity)
            compound += self._compound(start, end, maturity)
        return round_to_cent(penalty), round_to_cent(compound)

    def _penalty(self, start: date, end: date, maturity: date) -> Fraction:
        """Overdue principal bears the heavier of both mark-ups, misused principal its own (银发〔2003〕251号).

        Until maturity the contract's interest runs on beside it, so only what is above it is penalty.
        """
        terms, contract = self.ledger.terms, self.ledger.rate_percent(start)
        misuse = terms.misuse_markup_percent if self.ledger.is_misused(start) else None
        overdue, balance = self.unpaid_principal(start), self.ledger.outstanding(start)
        already = contract if start < maturity else ZERO
        rate = penalty_rate(
            contract_rate_percent=contract,
            overdue_markup_percent=terms.overdue_markup_percent,
            misuse_markup_percent=misuse,
        )
        penalty = self._run(overdue, rate - already, start, end)
        if misuse is not None and balance > overdue:
            rate = penalty_rate(contract_rate_percent=contract, misuse_markup_percent=misuse)
            penalty += self._run(balance - overdue, rate - already, start, end)
        return penalty

    def _compound(self, start: date, end: date, maturity: date) -> Fraction:
        terms, contract = self.ledger.terms, self.ledger.rate_percent(start)
        heavier = penalty_rate(
            contract_rate_percent=contract,
            overdue_markup_percent=terms.overdue_markup_percent,
            misuse_markup_percent=terms.misuse_markup_percent if self.ledger.is_misused(start) else None,
        )
        rate = compound_rate(
            rule=terms.compound_rule,
            contract_rate_percent=contract,
            penalty_rate_percent=heavier,
            on=start,
            maturity=maturity,
        )
        return self._run(self.unpaid_interest(start), rate, start, end)

    def _run(self, base: Decimal, rate_percent: Decimal, start: date, end: date) -> Fraction:
        """Penalty and compound interest are counted by days: the daily rate is a 360th, or a 365th by contract."""
        by_365 = self.ledger.terms.convention is DayCount.ACT_365
        return exact_interest(
            principal=base,
            rate_percent=rate_percent,
            start=start,
            end=end,
            convention=DayCount.ACT_365 if by_365 else DayCount.ACT_360,
        )


def _unpaid(due: Decimal, paid: Decimal) -> Decimal:
    return max(due - paid, ZERO)
