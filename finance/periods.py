"""Settlement periods and the days on which money is due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from finance.daycount import PeriodReversed, add_months, days_between

SETTLEMENT_DAY = 20
"""结息日. The balance at the end of the 20th still bears interest, so a period's first day is the 21st."""

_ONE_DAY = timedelta(days=1)


class Frequency(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.YEARLY: 12}


class HolidayRule(StrEnum):
    """What a contract says about a due date that is no working day."""

    UNCHANGED = "unchanged"
    WORKING_DAY_BEFORE = "before"
    WORKING_DAY_AFTER = "after"


class NoWorkingDay(LookupError):
    """The calendar knows no working day near the date; its table of holidays must be wrong."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from start (counted) to end (not counted)."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise PeriodReversed(start=self.start, end=self.end)

    @property
    def days(self) -> int:
        return days_between(start=self.start, end=self.end)

    @property
    def last_day(self) -> date:
        """The last day that counts: the settlement day, for a whole settlement period."""
        return self.end - _ONE_DAY


def settlement_period(*, on: date, frequency: Frequency) -> Period:
    """Return the whole settlement period that contains a day.

    Periods end with the 20th of every month, of the last month of every quarter, of June and December, or of
    December. 2014-06-20 lies in the quarter 2014-03-21 to 2014-06-20, the day after in the next one.
    """
    months = _MONTHS[frequency]
    month = on.month if on.day <= SETTLEMENT_DAY else on.month + 1
    settlement_month = -(-month // months) * months
    end = date(on.year + (settlement_month - 1) // 12, (settlement_month - 1) % 12 + 1, SETTLEMENT_DAY + 1)
    return Period(start=add_months(end, -months), end=end)


def settlement_periods(*, start: date, end: date, frequency: Frequency) -> list[Period]:
    """Return the days from start to end cut after each settlement day; the first and last may be short.

    A settlement day that is the last day before `end` makes no extra period: the rest is settled at the end.
    The same day twice gives one empty period. Raises PeriodReversed.
    """
    periods = []
    while (cut := settlement_period(on=start, frequency=frequency).end) < end:
        periods.append(Period(start=start, end=cut))
        start = cut
    return [*periods, Period(start=start, end=end)]


def monthly_periods(*, start: date, end: date) -> list[Period]:
    """Return the days from start to end cut on the start's day of each month (对月对日); the last may be short."""
    cuts = [start]
    while (cut := add_months(start, len(cuts))) < end:
        cuts.append(cut)
    return [Period(start=first, end=next_) for first, next_ in zip(cuts, [*cuts[1:], end], strict=True)]


def payment_day(*, due_date: date, rule: HolidayRule, is_working_day: Callable[[date], bool]) -> date:
    """Return the day on which a sum due on `due_date` is to be paid under the contract's holiday rule.

    Only the day of payment moves. Interest settled on the 20th is counted to the 20th all the same; principal bears
    the contract's rate to the day returned. Raises NoWorkingDay when 31 days in a row are none.
    """
    if rule is HolidayRule.UNCHANGED:
        return due_date
    step = -_ONE_DAY if rule is HolidayRule.WORKING_DAY_BEFORE else _ONE_DAY
    for distance in range(31):
        day = due_date + distance * step
        if is_working_day(day):
            return day
    raise NoWorkingDay(f"There is no working day within a month of {due_date}.")
