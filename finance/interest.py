"""Interest: the one function that every schedule, quote, subsidy and penalty goes through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from finance.daycount import DayCount, PeriodReversed, days_between, year_fraction_since
from finance.money import exact, round_to_cent


class SegmentsOverlap(ValueError):
    """Two balance segments claim the same day, or they are not in order of time."""


@dataclass(frozen=True, slots=True)
class BalanceSegment:
    """The days from start (counted) to end (not counted) on which balance and rate stayed the same."""

    start: date
    end: date
    balance: Decimal
    rate_percent: Decimal
    """The contract's rate on these days, in percent a year."""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise PeriodReversed(start=self.start, end=self.end)

    @property
    def days(self) -> int:
        return days_between(start=self.start, end=self.end)


def exact_interest(
    *,
    principal: Decimal,
    rate_percent: Decimal,
    start: date,
    end: date,
    convention: DayCount,
    anchor: date | None = None,
) -> Fraction:
    """Return principal × rate × time in yuan, unrounded (银发〔2005〕129号; docs/calculations.md 2).

    `rate_percent` is in percent a year; start counts, end does not. `anchor` is the loan's value date where the
    period is a part of a longer loan (see `year_fraction_since`); left out, the period starts its own count.
    """
    time = year_fraction_since(anchor=anchor or start, start=start, end=end, convention=convention)
    return exact(principal) * exact(rate_percent) / 100 * time


def interest(
    *,
    principal: Decimal,
    rate_percent: Decimal,
    start: date,
    end: date,
    convention: DayCount,
    anchor: date | None = None,
) -> Decimal:
    """Return the interest of one settlement in yuan, rounded once. Arguments and errors as for `exact_interest`."""
    return round_to_cent(
        exact_interest(
            principal=principal,
            rate_percent=rate_percent,
            start=start,
            end=end,
            convention=convention,
            anchor=anchor,
        )
    )


def exact_interest_of_segments(*, segments: Sequence[BalanceSegment], anchor: date, convention: DayCount) -> Fraction:
    """Return the unrounded interest over balances and rates that change; `anchor` is the loan's value date.

    Segments must be in order of time; days that no segment covers bear nothing. Raises SegmentsOverlap.
    """
    require_in_order(segments)
    parts = (
        exact_interest(
            principal=segment.balance,
            rate_percent=segment.rate_percent,
            start=segment.start,
            end=segment.end,
            convention=convention,
            anchor=anchor,
        )
        for segment in segments
    )
    return sum(parts, Fraction(0))


def interest_of_segments(*, segments: Sequence[BalanceSegment], anchor: date, convention: DayCount) -> Decimal:
    """Return the interest of one settlement over changing balances, rounded once for the whole, not per segment."""
    return round_to_cent(exact_interest_of_segments(segments=segments, anchor=anchor, convention=convention))


def require_in_order(segments: Sequence[BalanceSegment]) -> None:
    """Raise SegmentsOverlap unless each segment starts on or after the end of the one before."""
    for earlier, later in pairwise(segments):
        if later.start < earlier.end:
            raise SegmentsOverlap(f"A segment from {later.start} follows one that lasts until {earlier.end}.")
