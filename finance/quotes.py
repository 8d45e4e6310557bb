"""Who bears which part of a loan's interest: the lender's concession, the subsidy, the borrower's own cost."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance.daycount import DayCount
from finance.interest import BalanceSegment, interest
from finance.money import require_amount
from finance.subsidy import SubsidyBasis, SubsidyTerms, entitlement


class RatesReversed(ValueError):
    """The lender's ordinary rate lies below the programme's rate, so there is no concession to speak of."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The three parts of one loan's interest in yuan, each with the day count it was reckoned by.

    Unless `is_mixed`, the three parts add up to the interest at the lender's ordinary rate.
    """

    amount: Decimal
    start: date
    end: date
    ordinary_rate_percent: Decimal
    lending_rate_percent: Decimal
    ordinary_interest: Decimal
    """The interest at the lender's ordinary rate, by the convention of the concession."""
    interest: Decimal
    """The interest the borrower pays to the lender, by the convention of his own cost."""
    concession: Decimal
    """让利: interest at the ordinary rate less interest at the programme's rate."""
    concession_convention: DayCount
    subsidy: Decimal
    subsidy_convention: DayCount
    own_cost: Decimal
    """Interest less subsidy. Below zero only where the terms do not cap the subsidy at the interest."""
    own_cost_convention: DayCount

    @property
    def benefit(self) -> Decimal:
        """得实惠: what the borrower is spared."""
        return self.concession + self.subsidy

    @property
    def parts_total(self) -> Decimal:
        """What lender, government and borrower bear together."""
        return self.concession + self.subsidy + self.own_cost

    @property
    def is_mixed(self) -> bool:
        """Whether the loan's interest was reckoned in two ways: a figure to explain, never one to pay by."""
        return self.concession_convention is not self.own_cost_convention


@dataclass(frozen=True, slots=True)
class QuoteReadings:
    """One loan read as 剑川 published it, which mixes day counts, and in the two ways that are consistent."""

    published: Quote
    by_days: Quote
    by_months: Quote


def quote(
    *,
    amount: Decimal,
    start: date,
    end: date,
    ordinary_rate_percent: Decimal,
    lending_rate_percent: Decimal,
    terms: SubsidyTerms,
    concession_convention: DayCount,
    own_cost_convention: DayCount,
) -> Quote:
    """Return the three-party split of the interest of a loan repaid at its end (docs/calculations.md 8).

    Rates are in percent a year. Raises RatesReversed, PeriodReversed and NotAnAmount.
    """
    if ordinary_rate_percent < lending_rate_percent:
        raise RatesReversed(f"{ordinary_rate_percent}% is below the programme's {lending_rate_percent}%.")
    principal = require_amount(amount)

    def interest_at(rate_percent: Decimal, convention: DayCount) -> Decimal:
        return interest(principal=principal, rate_percent=rate_percent, start=start, end=end, convention=convention)

    paid = interest_at(lending_rate_percent, own_cost_convention)
    whole = BalanceSegment(start=start, end=end, balance=principal, rate_percent=lending_rate_percent)
    subsidy = entitlement(terms=terms, start=start, segments=[whole], to=end, interest_paid=paid).amount
    # A difference of two rounded sums, not a rounded difference: both sums are really charged, and the parts add up.
    ordinary = interest_at(ordinary_rate_percent, concession_convention)
    concession = ordinary - interest_at(lending_rate_percent, concession_convention)
    return Quote(
        amount=principal,
        start=start,
        end=end,
        ordinary_rate_percent=ordinary_rate_percent,
        lending_rate_percent=lending_rate_percent,
        ordinary_interest=ordinary,
        interest=paid,
        concession=concession,
        concession_convention=concession_convention,
        subsidy=subsidy,
        # A share of the interest follows the interest, however that was reckoned.
        subsidy_convention=terms.convention if terms.basis is SubsidyBasis.PRINCIPAL else own_cost_convention,
        own_cost=paid - subsidy,
        own_cost_convention=own_cost_convention,
    )


def quote_readings(
    *,
    amount: Decimal,
    start: date,
    end: date,
    ordinary_rate_percent: Decimal,
    lending_rate_percent: Decimal,
    terms: SubsidyTerms,
) -> QuoteReadings:
    """Return the published reading and the two consistent ones. Arguments and errors as for `quote`."""

    def read(concession: DayCount, own_cost: DayCount) -> Quote:
        return quote(
            amount=amount,
            start=start,
            end=end,
            ordinary_rate_percent=ordinary_rate_percent,
            lending_rate_percent=lending_rate_percent,
            terms=terms,
            concession_convention=concession,
            own_cost_convention=own_cost,
        )

    return QuoteReadings(
        published=read(DayCount.ACT_360, DayCount.PER_LOAN),
        by_days=read(DayCount.ACT_360, DayCount.ACT_360),
        by_months=read(DayCount.PER_LOAN, DayCount.PER_LOAN),
    )
