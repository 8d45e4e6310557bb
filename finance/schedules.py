"""Repayment schedules: which principal and which interest is due when."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from finance.daycount import DayCount, year_fraction_since
from finance.interest import interest
from finance.money import ZERO, exact, require_amount, round_to_cent
from finance.periods import Frequency, Period, monthly_periods, settlement_periods


class RepaymentMethod(StrEnum):
    INTEREST_ONLY = "interest_only"
    """按期付息、到期还本: interest at each settlement, the principal at maturity."""
    LUMP_SUM = "lump_sum"
    """利随本清: everything at maturity."""
    EQUAL_INSTALMENT = "equal_instalment"
    """等额本息: principal and interest together are the same each time."""
    EQUAL_PRINCIPAL = "equal_principal"
    """等额本金: the principal is the same each time."""


class Settlement(StrEnum):
    QUARTERLY_20 = "quarterly_20"
    """On the 20th of March, June, September and December, and at maturity."""
    MONTHLY_20 = "monthly_20"
    """On the 20th of each month, and at maturity."""
    MONTHLY_START_DAY = "monthly_start_day"
    """Each month on the day on which the loan started."""
    AT_END = "at_end"
    """At maturity only."""


class SettlementDoesNotFit(ValueError):
    """利随本清 is settled at the end and nothing else is."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is due for the days from start (counted) to end (not counted)."""

    number: int
    start: date
    end: date
    due_date: date
    principal: Decimal
    interest: Decimal
    balance_after: Decimal
    """Principal still open once this instalment is paid."""

    @property
    def total(self) -> Decimal:
        return self.principal + self.interest


def schedule(
    *,
    principal: Decimal,
    rate_percent: Decimal,
    start: date,
    end: date,
    method: RepaymentMethod,
    settlement: Settlement,
    convention: DayCount,
) -> list[Instalment]:
    """Return the instalments of a loan, which repay the principal to the fen (docs/calculations.md 5).

    Interest is rounded at each settlement and counted from the loan's own first day. The 20th still bears interest,
    so an instalment due then covers the days before the 21st. Raises SettlementDoesNotFit, PeriodReversed and
    NotAnAmount.
    """
    if (method is RepaymentMethod.LUMP_SUM) != (settlement is Settlement.AT_END):
        raise SettlementDoesNotFit(f"{method} cannot be settled {settlement}.")
    periods = periods_of(start=start, end=end, settlement=settlement)
    balance = require_amount(principal)
    payment = _equal_part(balance, rate_percent, periods, method, convention)
    instalments = []
    for number, period in enumerate(periods, start=1):
        due = interest(
            principal=balance,
            rate_percent=rate_percent,
            start=period.start,
            end=period.end,
            convention=convention,
            anchor=start,
        )
        part = balance if number == len(periods) else _principal_part(payment, due, balance, method)
        balance -= part
        due_date = _due_date(period, settlement, end)
        instalments.append(Instalment(number, period.start, period.end, due_date, part, due, balance))
    return instalments


def periods_of(*, start: date, end: date, settlement: Settlement) -> list[Period]:
    """Return the days from start to end, cut where interest is settled. Raises PeriodReversed."""
    match settlement:
        case Settlement.AT_END:
            return [Period(start=start, end=end)]
        case Settlement.MONTHLY_START_DAY:
            return monthly_periods(start=start, end=end)
        case Settlement.MONTHLY_20:
            return settlement_periods(start=start, end=end, frequency=Frequency.MONTHLY)
        case Settlement.QUARTERLY_20:
            return settlement_periods(start=start, end=end, frequency=Frequency.QUARTERLY)


def _due_date(period: Period, settlement: Settlement, maturity: date) -> date:
    settles_on_the_20th = settlement in {Settlement.MONTHLY_20, Settlement.QUARTERLY_20}
    return period.last_day if settles_on_the_20th and period.end < maturity else period.end


def _principal_part(payment: Decimal, due: Decimal, balance: Decimal, method: RepaymentMethod) -> Decimal:
    part = payment - due if method is RepaymentMethod.EQUAL_INSTALMENT else payment
    # A long first period can bear more interest than the instalment; rounding up a tiny loan can ask for too much.
    return min(max(part, ZERO), balance)


def _equal_part(
    principal: Decimal, rate_percent: Decimal, periods: list[Period], method: RepaymentMethod, convention: DayCount
) -> Decimal:
    """Return what stays equal: the principal or the whole payment of one instalment; nothing for the other methods."""
    if method is RepaymentMethod.EQUAL_PRINCIPAL:
        return round_to_cent(exact(principal) / len(periods))
    if method is RepaymentMethod.EQUAL_INSTALMENT:
        return round_to_cent(exact(principal) / _annuity_factor(rate_percent, periods, convention))
    return ZERO


def _annuity_factor(rate_percent: Decimal, periods: list[Period], convention: DayCount) -> Fraction:
    """Return what one yuan at the end of each period is worth at the start; n whole months give the textbook formula.

    Built from the last period backwards with one numerator and one denominator, because reducing the fractions of
    thirty years at each step takes seconds.
    """
    rate, anchor = exact(rate_percent) / 100, periods[0].start
    worth, scale = 0, 1
    for period in reversed(periods):
        time = year_fraction_since(anchor=anchor, start=period.start, end=period.end, convention=convention)
        growth = 1 + rate * time
        worth, scale = (worth + scale) * growth.denominator, scale * growth.numerator
    return Fraction(worth, scale)
