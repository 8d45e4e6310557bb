"""The interest subsidy: what to reserve, and what a borrower is entitled to by a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from finance.daycount import DayCount, add_months, year_fraction_max
from finance.interest import BalanceSegment, exact_interest, require_in_order
from finance.money import exact, require_amount, round_to_cent


class SubsidyBasis(StrEnum):
    PRINCIPAL = "principal"
    """A percentage of the principal a year (剑川 2013: 5%)."""
    INTEREST = "interest"
    """A percentage of the interest paid (青阳 2024: 70%)."""


@dataclass(frozen=True, slots=True)
class SubsidyTerms:
    """What a programme version says about the subsidy."""

    basis: SubsidyBasis
    rate_percent: Decimal
    """Of the principal a year, or of the interest, as `basis` says."""
    months_max: int
    """The first so many months of a loan are subsidised."""
    convention: DayCount
    """How time is counted on the principal basis; the interest basis follows the interest paid."""
    cap_at_interest: bool
    """Whether no more than the interest really paid is given."""
    principal_max: Decimal | None = None
    """Only the part of a balance up to here is subsidised; None: all of it."""


@dataclass(frozen=True, slots=True)
class SubsidyWorking:
    """One line of the working: days × base × rate. The exact value is for checking; only the sum is rounded."""

    start: date
    end: date
    days: int
    base: Decimal
    rate_percent: Decimal
    exact_value: Fraction


@dataclass(frozen=True, slots=True)
class Entitlement:
    """The subsidy of a loan from its first day, cumulative and rounded to the fen."""

    amount: Decimal
    before_cap: Decimal
    working: tuple[SubsidyWorking, ...]
    """Empty on the interest basis, where the working is interest paid × share."""

    @property
    def is_capped(self) -> bool:
        return self.amount < self.before_cap


def reservation(
    *,
    amount: Decimal,
    rate_percent: Decimal,
    term_months: int,
    subsidy_months_max: int,
    basis: SubsidyBasis,
    lending_rate_percent: Decimal,
    convention: DayCount | None = None,
) -> Decimal:
    """Return the yuan to set aside when a subsidy is confirmed, before the day of payment is known.

    The nominal year: 5% of 50,000 for twelve months are 2,500.00; a shorter loan by its months, a longer one for the
    first `subsidy_months_max`. On the interest basis the interest is estimated at `lending_rate_percent`. Where days
    are counted (of the subsidy on the principal basis, of the loan on the interest basis), name the `convention`:
    then the longest time that those months can come to is reserved, and what becomes due never exceeds it. The cap
    at the interest paid can only lower what becomes due, so it is not anticipated here.
    """
    if term_months < 1 or subsidy_months_max < 0:
        raise ValueError("A loan has at least one month and a subsidy no negative number of them.")
    months = min(term_months, subsidy_months_max)
    time = year_fraction_max(months=months, convention=convention or DayCount.PER_LOAN)
    promised = exact(require_amount(amount)) * exact(rate_percent) / 100 * time
    if basis is SubsidyBasis.INTEREST:
        promised *= exact(lending_rate_percent) / 100
    return round_to_cent(promised)


def subsidised_until(*, start: date, months_max: int, to: date, stopped_from: date | None = None) -> date:
    """Return the day before which a loan that began on `start` is subsidised, at most `to`.

    `stopped_from` is the first day without subsidy: overdue, extended, misused or moved away.
    """
    ends = [to, add_months(start, months_max)]
    if stopped_from is not None:
        ends.append(stopped_from)
    return max(start, min(ends))


def entitlement(
    *,
    terms: SubsidyTerms,
    start: date,
    segments: Sequence[BalanceSegment],
    to: date,
    interest_paid: Decimal,
    stopped_from: date | None = None,
) -> Entitlement:
    """Return what a loan is entitled to from its value date `start` to the day before `to`, on the facts given.

    A period's line is the entitlement to its end less the entitlement to the end of the period before: so the lines
    add up whatever the rounding. `segments` hold the balances since `start`; their contract rates are not used.
    `interest_paid` is the interest paid for the subsidised days, never negative; for an estimated list, the interest
    expected. Raises SegmentsOverlap and NotAnAmount.
    """
    paid = require_amount(interest_paid)
    working: tuple[SubsidyWorking, ...] = ()
    if terms.basis is SubsidyBasis.INTEREST:
        before_cap = round_to_cent(exact(paid) * exact(terms.rate_percent) / 100)
    else:
        until = subsidised_until(start=start, months_max=terms.months_max, to=to, stopped_from=stopped_from)
        working = _working(terms=terms, start=start, segments=segments, until=until)
        before_cap = round_to_cent(sum((line.exact_value for line in working), Fraction(0)))
    amount = min(before_cap, paid) if terms.cap_at_interest else before_cap
    return Entitlement(amount=amount, before_cap=before_cap, working=working)


def bases_within_limit(*, balances: Sequence[Decimal], limit: Decimal) -> list[Decimal]:
    """Return the part of each loan of one household that lies within its common limit, the earliest loan first."""
    rest = require_amount(limit)
    bases = []
    for balance in balances:
        base = min(require_amount(balance), rest)
        bases.append(base)
        rest -= base
    return bases


def _working(
    *, terms: SubsidyTerms, start: date, segments: Sequence[BalanceSegment], until: date
) -> tuple[SubsidyWorking, ...]:
    require_in_order(segments)
    lines = []
    for segment in segments:
        end = min(segment.end, until)
        if end <= segment.start:
            continue
        base = segment.balance if terms.principal_max is None else min(segment.balance, terms.principal_max)
        value = exact_interest(
            principal=base,
            rate_percent=terms.rate_percent,
            start=segment.start,
            end=end,
            convention=terms.convention,
            anchor=start,
        )
        days = (end - segment.start).days
        lines.append(SubsidyWorking(segment.start, end, days, base, terms.rate_percent, value))
    return tuple(lines)
