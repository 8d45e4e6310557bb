"""What a loan is entitled to, in readable form: the snapshot's stretches put into finance.subsidy.

The batch is computed by the set-based form in `snapshot_sql`; a test proves both equal to the fen. Pages show the
working from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from finance.daycount import DayCount
from finance.interest import BalanceSegment, interest_of_segments
from finance.money import ZERO, from_fen
from finance.subsidy import Entitlement, SubsidyBasis, SubsidyTerms, entitlement
from loans.models import Loan
from loans.queries.quotes import subsidy_terms
from subsidies.models import InputSegment


@dataclass(frozen=True)
class PeriodWorth:
    """A loan's subsidy for a period: entitlement to its end less entitlement to its start, in yuan."""

    upto: Entitlement
    since: Entitlement

    @property
    def amount(self) -> Decimal:
        return self.upto.amount - self.since.amount


def worth_of_period(
    *,
    loan: Loan,
    segments: Sequence[InputSegment],
    start: date,
    stop: date,
    paid_before: "Paid",
    expected_after: date | None,
) -> PeriodWorth:
    """Return what the loan gets for the days from start to the day before stop, on the snapshot given.

    `expected_after` is the day of an estimate's snapshot: by a later day all interest is taken to be paid.
    """
    # Days are counted as the contract was signed, in both forms.
    terms = replace(subsidy_terms(loan.version), convention=DayCount(loan.day_count))

    def entitled(to: date) -> Entitlement:
        is_expected = expected_after is not None and to > expected_after
        return _entitled(loan, terms, segments, to, None if is_expected else paid_before(to))

    return PeriodWorth(upto=entitled(stop), since=entitled(start))


class Paid:
    """The interest payments of a loan: `paid(day)` is the sum booked for days before `day`."""

    def __init__(self, payments: Sequence[tuple[date, Decimal]]) -> None:
        self.payments = payments

    def __call__(self, day: date) -> Decimal:
        return sum((amount for on, amount in self.payments if on < day), start=ZERO)


def _entitled(
    loan: Loan, terms: SubsidyTerms, segments: Sequence[InputSegment], to: date, paid: Decimal | None
) -> Entitlement:
    """`paid` None: an estimate, where the interest of the subsidised days is taken to be paid."""
    subsidised = [segment for segment in segments if not segment.exclusion and segment.start < to]
    accrued = interest_of_segments(
        segments=[_cut(segment, segment.balance_fen, to) for segment in subsidised],
        anchor=loan.start_date,
        convention=DayCount(loan.day_count),
    )
    return entitlement(
        terms=terms,
        start=loan.start_date,
        segments=[_cut(segment, segment.base_fen, to) for segment in subsidised],
        to=to,
        interest_paid=accrued if paid is None else min(accrued, paid),
    )


def _cut(segment: InputSegment, fen: int, to: date) -> BalanceSegment:
    return BalanceSegment(
        start=segment.start,
        end=min(segment.end, to),
        balance=from_fen(fen),
        rate_percent=Decimal(segment.rate_millionths) / 10_000,
    )


def is_by_interest(loan: Loan) -> bool:
    """Whether the subsidy is a share of the interest, so that its working is interest × share."""
    return loan.version.subsidy_basis == SubsidyBasis.INTEREST
