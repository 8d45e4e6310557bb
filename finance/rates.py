"""Benchmark rates by term and date, and the rates that contracts make of them.

Every rate is a Decimal in percent a year, and its name says so. Where the rows come from, a file or the database, is
the caller's business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise

from finance.money import Exact, exact, round_half_up

RATE_DECIMALS = 4
"""A contract prints its rate with at most four decimals of a percent (a millionth)."""


class NoRate(LookupError):
    """A series says nothing about this term on this day."""

    def __init__(self, *, series: str, term_months: int, on: date, because: str) -> None:
        super().__init__(f"{series} has no rate for {term_months} months on {on}: {because}.")
        self.series = series
        self.term_months = term_months
        self.on = on


class SeriesInconsistent(ValueError):
    """The rows of a series contradict each other or themselves."""


class NoCap(LookupError):
    """The programme names no highest rate for this rating."""


class RateNegative(ValueError):
    """A rate, a multiplier or a mark-up below zero, or a combination that would come out below zero."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """One line of an announced table: the rate of the terms above one number of months, up to and with another."""

    effective_date: date
    term_gt_months: int
    term_le_months: int | None
    """None: without upper end (五年以上)."""
    rate_percent: Decimal
    source: str = ""

    def covers(self, term_months: int) -> bool:
        return term_months > self.term_gt_months and (
            self.term_le_months is None or term_months <= self.term_le_months
        )


@dataclass(frozen=True, slots=True)
class BenchmarkSeries:
    """The tables of one authority, in order of time. An announcement replaces the whole table before it.

    `valid_through` is the last day on which the newest table is known to hold; None means until replaced.
    Raises SeriesInconsistent when two rows of one table claim the same term.
    """

    code: str
    rows: tuple[RateRow, ...]
    valid_through: date | None = None

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.rows, key=lambda row: (row.effective_date, row.term_gt_months)))
        object.__setattr__(self, "rows", ordered)
        for effective_date, table in groupby(ordered, key=lambda row: row.effective_date):
            _require_apart(list(table), where=f"{self.code} of {effective_date}")

    def table(self, *, on: date) -> tuple[RateRow, ...]:
        """Return the rows in force on a day, shortest terms first; empty before the first announcement."""
        newest = max((row.effective_date for row in self.rows if row.effective_date <= on), default=None)
        return tuple(row for row in self.rows if row.effective_date == newest)


def benchmark_row(*, series: BenchmarkSeries, term_months: int, on: date) -> RateRow:
    """Return the row of the table in force on a day that covers a term; an upper end belongs to its row (含).

    The row also names its date and its source. Raises NoRate when the series does not reach the day or the term.
    """
    if term_months < 1:
        raise NoRate(series=series.code, term_months=term_months, on=on, because="a term has at least one month")
    if series.valid_through is not None and on > series.valid_through:
        reason = f"what holds after {series.valid_through} is not known"
        raise NoRate(series=series.code, term_months=term_months, on=on, because=reason)
    table = series.table(on=on)
    if not table:
        raise NoRate(series=series.code, term_months=term_months, on=on, because="the series starts later")
    for row in table:
        if row.covers(term_months):
            return row
    raise NoRate(series=series.code, term_months=term_months, on=on, because="no row covers the term")


def benchmark_rate(*, series: BenchmarkSeries, term_months: int, on: date) -> Decimal:
    """Return the benchmark of a term on a day in percent a year (同期同档). Raises NoRate."""
    return benchmark_row(series=series, term_months=term_months, on=on).rate_percent


def lending_rate(*, benchmark_percent: Decimal, multiplier: Exact) -> Decimal:
    """Return benchmark × multiplier in percent a year, to four decimals (上浮20% is a multiplier of 1.2)."""
    return _printed_rate(exact(benchmark_percent) * exact(multiplier))


def lending_rate_by_points(*, benchmark_percent: Decimal, basis_points: int) -> Decimal:
    """Return benchmark plus (or, below zero, minus) basis points; one point is 0.01 of a percent."""
    return _printed_rate(exact(benchmark_percent) + exact(basis_points) / 100)


def exceeds_cap(*, rate_percent: Decimal, benchmark_percent: Decimal, multiplier_max: Decimal) -> bool:
    """Say whether a rate lies above benchmark × multiplier_max; a rate that equals the cap does not."""
    return exact(rate_percent) > exact(benchmark_percent) * exact(multiplier_max)


def rate_cap(*, benchmark_percent: Decimal, multipliers: Mapping[str, Decimal], rating: str) -> Decimal:
    """Return the highest rate that a borrower of a rating may be asked, in percent a year, to four decimals down.

    `multipliers` are the programme's, by rating: the better the rating, the lower the multiplier (天长: A 1.4,
    AA 1.3, AAA 1.2). Raises NoCap for a rating that the programme does not know: no cap is not the same as any rate.
    """
    if rating not in multipliers:
        raise NoCap(f"The programme has no cap for a borrower rated {rating}.")
    cap = exact(benchmark_percent) * exact(multipliers[rating]) * 10**RATE_DECIMALS
    return _from_units(cap.numerator // cap.denominator)


def extension_rate(
    *,
    series: BenchmarkSeries,
    on: date,
    original_months: int,
    extension_months: int,
    multiplier: Decimal,
    contract_rate_percent: Decimal,
    basis_points: int | None = None,
) -> Decimal:
    """Return the rate from the day of extension `on` (贷款通则; docs/calculations.md 4).

    When original and extension together reach a longer row of the table in force on that day, its benchmark ×
    multiplier applies, or with `basis_points` its benchmark and so many points; otherwise the contract's rate stays.
    Raises NoRate.
    """
    before = benchmark_row(series=series, term_months=original_months, on=on)
    after = benchmark_row(series=series, term_months=original_months + extension_months, on=on)
    if after == before:
        return contract_rate_percent
    if basis_points is not None:
        return lending_rate_by_points(benchmark_percent=after.rate_percent, basis_points=basis_points)
    return lending_rate(benchmark_percent=after.rate_percent, multiplier=multiplier)


def _printed_rate(rate_percent: Exact) -> Decimal:
    return _from_units(round_half_up(exact(rate_percent) * 10**RATE_DECIMALS))


def _from_units(units: int) -> Decimal:
    """Return so many millionths as a rate in percent with four decimals."""
    if units < 0:
        raise RateNegative("A rate of interest may not be below zero.")
    return Decimal((0, tuple(int(digit) for digit in str(units)), -RATE_DECIMALS))


def _require_apart(table: Sequence[RateRow], *, where: str) -> None:
    for row in table:
        if row.rate_percent < 0:
            raise SeriesInconsistent(f"{where}: a rate is below zero.")
        if row.term_le_months is not None and row.term_le_months <= row.term_gt_months:
            raise SeriesInconsistent(f"{where}: the row above {row.term_gt_months} months covers nothing.")
    for shorter, longer in pairwise(table):
        if shorter.term_le_months is None or longer.term_gt_months < shorter.term_le_months:
            raise SeriesInconsistent(f"{where}: two rows cover {longer.term_gt_months + 1} months.")
