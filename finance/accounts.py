"""A loan's account over time: what its entries make of its terms, on any day (docs/calculations.md 12).

Nothing here is stored: balances, dues and arrears follow from the terms and the events, so a payment that is booked
late or with an earlier day simply gives another answer. Days from start (counted) to end (not counted).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise

from finance.account_parts import (
    NON_ACCRUAL_DAYS,
    Account,
    Due,
    Event,
    EventKind,
    OpenDue,
    Spell,
    Terms,
)
from finance.daycount import DayCount
from finance.interest import BalanceSegment, exact_interest, interest_of_segments
from finance.money import ZERO, round_to_cent
from finance.penalties import compound_rate, penalty_rate
from finance.periods import Period, payment_day
from finance.schedules import Instalment, RepaymentMethod, Settlement, periods_of, schedule

__all__ = [
    "NON_ACCRUAL_DAYS",
    "Account",
    "Due",
    "Event",
    "EventKind",
    "Ledger",
    "OpenDue",
    "Spell",
    "Terms",
    "always_open",
]

CREDITED = (EventKind.PRINCIPAL, EventKind.WRITTEN_OFF)
"""What takes principal off the account."""


def always_open(day: date) -> bool:
    """A calendar without holidays, for contracts that do not ask for one."""
    return True


class Ledger:
    """The terms with their events in order of time, ready to be asked about any day from the first payment on."""

    def __init__(
        self, terms: Terms, events: Iterable[Event], *, is_working_day: Callable[[date], bool] = always_open
    ) -> None:
        self.terms = terms
        self.events = sorted(events, key=lambda event: event.on)
        self.is_working_day = is_working_day

    def total(self, *kinds: EventKind, on: date = date.max) -> Decimal:
        """Return the sum of some kinds of events up to and with a day."""
        total = ZERO
        for kind in kinds:
            days, sums = self._running.get(kind, ((), ()))
            number = bisect_right(days, on)
            if number:
                total += sums[number - 1]
        return total

    @cached_property
    def _running(self) -> dict[EventKind, tuple[list[date], list[Decimal]]]:
        """The days of each kind of event that moves money, with its sum up to each of them."""
        running: dict[EventKind, tuple[list[date], list[Decimal]]] = {}
        for event in self.events:
            if event.amount:
                days, sums = running.setdefault(event.kind, ([], []))
                days.append(event.on)
                sums.append(event.amount + (sums[-1] if sums else ZERO))
        return running

    def outstanding(self, on: date) -> Decimal:
        """Return the principal owed at the end of a day."""
        return self.total(EventKind.PAID_OUT, on=on) - self.total(*CREDITED, on=on)

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

    def pay_by(self, due_date: date) -> date:
        """Return the day by which a sum must be paid: moved where it is a holiday and the contract says so."""
        return payment_day(due_date=due_date, rule=self.terms.holiday_rule, is_working_day=self.is_working_day)

    def segments(self, *, to: date) -> list[BalanceSegment]:
        """Return the stretches of equal balance and contract rate before `to`, at the longest until maturity.

        The principal bears the contract's rate to the day on which it must be paid; after it, penalty interest.
        """
        end = min(to, self.pay_by(self.maturity(to)))
        cuts = sorted({e.on for e in self.events if e.on < end} | {self.terms.start, end})
        return [
            BalanceSegment(start=start, end=stop, balance=balance, rate_percent=self.rate_percent(start))
            for start, stop in pairwise(day for day in cuts if self.terms.start <= day <= end)
            if (balance := self.outstanding(start)) > 0
        ]

    def dues(self, *, on: date) -> list[Due]:
        """Return everything that falls due up to maturity, as agreed by the end of a day; paid off early, up to then.

        The last due holds all principal that no due before it asked for.
        """
        maturity, closed = self.maturity(on), self._closed_on(on)
        is_early = closed is not None and closed < maturity
        end = closed if closed is not None and is_early else maturity
        *before, last = periods_of(start=self.terms.start, end=end, settlement=self.terms.settlement)
        dues = [self._due(period) for period in before]
        asked = sum((due.principal for due in dues), start=ZERO)
        pay_by = end if is_early else self.pay_by(end)
        rest = Due(
            due_date=end,
            pay_by=pay_by,
            late_from=pay_by,
            start=last.start,
            end=max(pay_by, last.start),
            principal=max(self.total(EventKind.PAID_OUT, on=on) - asked, ZERO),
            interest=self._interest(last.start, max(pay_by, last.start)),
        )
        return [*dues, rest]

    def account(self, on: date) -> Account:
        """Return how the loan stands at the end of a day, not before its first one."""
        dues = self.dues(on=on)
        marks = _Marks(self, dues, on)
        late = [due for due in marks.open_dues(on) if due.pay_by < on]
        penalty, compound = marks.penalty_and_compound()
        paid = self.total(EventKind.INTEREST, on=on)
        payable = [due for due in dues if due.pay_by <= on]
        asked = sum((due.interest for due in payable), start=ZERO)
        running = self._interest(payable[-1].end if payable else self.terms.start, on)
        return Account(
            on=on,
            outstanding=self.outstanding(on),
            overdue_principal=marks.unpaid_principal(on),
            overdue_interest=marks.unpaid_interest(on),
            penalty=_unpaid(penalty, self.total(EventKind.PENALTY, on=on)),
            compound=_unpaid(compound, self.total(EventKind.COMPOUND, on=on)),
            principal_due=marks.unpaid_principal(on, payable),
            interest_due=_unpaid(asked, paid),
            accrued=_unpaid(running, _unpaid(paid, asked)),
            overdue_since=late[0].pay_by if late else None,
            next_due=next((due.pay_by for due in dues if due.pay_by >= on), None),
            maturity=self.maturity(on),
            rate_percent=self.rate_percent(on),
            is_misused=self.is_misused(on),
            spells=tuple(marks.spells()),
            dues=tuple(dues),
            open_dues=tuple(marks.left(on)),
        )

    def _closed_on(self, on: date) -> date | None:
        """Return the day on which nothing was owed any more, if that day has come."""
        if self.outstanding(on) > 0 or not self.total(EventKind.PAID_OUT, on=on):
            return None
        return max(event.on for event in self.events if event.on <= on and event.kind in CREDITED)

    def _due(self, period: Period) -> Due:
        """Interest of the period on the balances it really had, principal by the schedule."""
        is_by_20th = self.terms.settlement in (Settlement.MONTHLY_20, Settlement.QUARTERLY_20)
        due_date = period.last_day if is_by_20th else period.end
        pay_by = self.pay_by(due_date)
        return Due(
            due_date=due_date,
            pay_by=pay_by,
            late_from=max(period.end, pay_by),
            start=period.start,
            end=period.end,
            principal=self._planned_principal.get(period.end, ZERO),
            interest=self._interest(period.start, period.end),
        )

    @cached_property
    def _planned_principal(self) -> dict[date, Decimal]:
        """What the schedule asks for before maturity; an extension puts off all that would fall due after it."""
        if self.terms.method in (RepaymentMethod.INTEREST_ONLY, RepaymentMethod.LUMP_SUM):
            return {}
        extended = min((e.on for e in self.events if e.kind is EventKind.EXTENDED), default=date.max)
        return {one.end: one.principal for one in self._schedule() if one.end <= extended}

    def _schedule(self) -> list[Instalment]:
        return schedule(
            principal=self.terms.principal,
            rate_percent=self.terms.rate_percent,
            start=self.terms.start,
            end=self.terms.due_date,
            method=self.terms.method,
            settlement=self.terms.settlement,
            convention=self.terms.convention,
        )

    def _interest(self, start: date, end: date) -> Decimal:
        """Return the contract interest of the days from start to end, rounded once; none for no days."""
        if end <= start:
            return ZERO
        inside = [
            BalanceSegment(max(s.start, start), min(s.end, end), s.balance, s.rate_percent)
            for s in self.segments(to=end)
            if s.end > start
        ]
        return interest_of_segments(segments=inside, anchor=self.terms.start, convention=self.terms.convention)


class _Marks:
    """Who owed what when: dues against payments, oldest first."""

    def __init__(self, ledger: Ledger, dues: Sequence[Due], on: date) -> None:
        self.ledger, self.dues, self.on = ledger, dues, on
        self.asked = list(accumulate(due.principal for due in dues))
        self.interest_asked = list(accumulate(due.interest for due in dues))

    def unpaid_principal(self, on: date, dues: Sequence[Due] | None = None) -> Decimal:
        """Return the unpaid principal of some dues; left out, of those that are late on the day."""
        if dues is None:
            dues = [due for due in self.dues if due.late_from <= on]
        asked = sum((due.principal for due in dues), start=ZERO)
        return _unpaid(min(asked, self.ledger.total(EventKind.PAID_OUT, on=on)), self.ledger.total(*CREDITED, on=on))

    def unpaid_interest(self, on: date) -> Decimal:
        asked = sum((due.interest for due in self.dues if due.late_from <= on), start=ZERO)
        return _unpaid(asked, self.ledger.total(EventKind.INTEREST, on=on))

    def left(self, on: date) -> Iterator[OpenDue]:
        """Return every due with what the payments up to and with a day have left of it."""
        paid_out, credited = self.ledger.total(EventKind.PAID_OUT, on=on), self.ledger.total(*CREDITED, on=on)
        paid = self.ledger.total(EventKind.INTEREST, on=on)
        for due, principal, interest in zip(self.dues, self.asked, self.interest_asked, strict=True):
            yield OpenDue(
                due,
                principal_left=min(_unpaid(min(principal, paid_out), credited), due.principal),
                interest_left=min(_unpaid(interest, paid), due.interest),
            )

    def open_dues(self, on: date) -> list[Due]:
        """Return the dues of which more than the tolerance is unpaid at the end of a day, oldest first."""
        paid_out, credited = self.ledger.total(EventKind.PAID_OUT, on=on), self.ledger.total(*CREDITED, on=on)
        principal_paid = credited + self.ledger.terms.tolerance
        interest_paid = self.ledger.total(EventKind.INTEREST, on=on) + self.ledger.terms.tolerance
        return [
            due
            for due, principal, interest in zip(self.dues, self.asked, self.interest_asked, strict=True)
            if min(principal, paid_out) > principal_paid or interest > interest_paid
        ]

    def spells(self) -> list[Spell]:
        """Return the days in arrears so far, none for what is due on the last day itself."""
        spells: list[Spell] = []
        since: date | None = None
        for day in self._days():
            late = [
                due.late_from
                for due in self.open_dues(day)
                if due.late_from <= day and (day < self.on or due.pay_by < day)
            ]
            if late and since is None:
                since = late[0]
            if not late and since is not None:
                spells.append(Spell(since, day))
                since = None
        return [*spells, Spell(since, None)] if since is not None else spells

    def _days(self) -> list[date]:
        """Return the days on which something changes, up to and with the day asked for."""
        days = {due.late_from for due in self.dues} | {event.on for event in self.ledger.events}
        return sorted({day for day in days if day <= self.on} | {self.on})

    def penalty_and_compound(self) -> tuple[Decimal, Decimal]:
        """Return what has run up until the day asked for, each rounded once for the whole."""
        matures = self.ledger.pay_by(self.ledger.maturity(self.on))
        cuts = sorted({*self._days(), min(matures, self.on)})
        penalty = compound = Fraction(0)
        for start, end in pairwise(cuts):
            penalty += self._penalty(start, end, matures)
            compound += self._compound(start, end, matures)
        return round_to_cent(penalty), round_to_cent(compound)

    def _penalty(self, start: date, end: date, matures: date) -> Fraction:
        """Overdue principal bears the heavier of both mark-ups, misused principal its own (银发〔2003〕251号).

        Until maturity the contract's interest runs on beside it, so only what is above it is penalty.
        """
        terms, contract = self.ledger.terms, self.ledger.rate_percent(start)
        misuse = terms.misuse_markup_percent if self.ledger.is_misused(start) else None
        overdue, balance = self.unpaid_principal(start), self.ledger.outstanding(start)
        if not overdue and misuse is None:
            return Fraction(0)
        already = contract if start < matures else ZERO
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

    def _compound(self, start: date, end: date, matures: date) -> Fraction:
        unpaid = self.unpaid_interest(start)
        if not unpaid:
            return Fraction(0)
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
            maturity=matures,
        )
        return self._run(unpaid, rate, start, end)

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
