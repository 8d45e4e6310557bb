"""Day counts: which part of a year lies between two days. The first day counts, the last does not (算头不算尾)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

MONTHS_A_YEAR = 12

_PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DayCount(StrEnum):
    """How a contract counts time. There is no default anywhere: the contract says which one it uses."""

    ACT_360 = "act360"
    """积数计息法: calendar days / 360."""
    PER_LOAN = "zhubi"
    """逐笔计息法 (对年对月对日): whole months / 12 and odd days / 360."""
    ACT_365 = "act365"
    """Calendar days / 365, in leap years too."""


class NotADay(ValueError):
    """The text is no day of the calendar written as 2014-08-15."""


class PeriodReversed(ValueError):
    """A period ends before it starts."""

    def __init__(self, *, start: date, end: date) -> None:
        super().__init__(f"The period ends on {end}, before it starts on {start}.")
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class MonthsAndDays:
    months: int
    days: int


def parse_day(text: str) -> date:
    """Read a day of a file: 2014-08-15 in ASCII digits and nothing else. Raises NotADay."""
    # fromisoformat alone would take 20140815 and weeks too.
    if not _PLAIN_DAY.fullmatch(text):
        raise NotADay(f"{text!r} is not written as 2014-08-15.")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotADay(f"{text} is not in the calendar.") from error


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later (or earlier); a day that the month lacks becomes its last day.

    Always counted from the day given: 31 January + 1 month is the end of February, + 2 months is 31 March.
    """
    index = day.year * MONTHS_A_YEAR + day.month - 1 + months
    year, month = index // MONTHS_A_YEAR, index % MONTHS_A_YEAR + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def days_between(*, start: date, end: date) -> int:
    """Return the calendar days from start (counted) to end (not counted). Raises PeriodReversed."""
    if end < start:
        raise PeriodReversed(start=start, end=end)
    return (end - start).days


def months_and_days(*, start: date, end: date) -> MonthsAndDays:
    """Return the whole months counted from the start day and the odd days after them. Raises PeriodReversed.

    A start on 28 February is the 28th, not a month's end: 28 February to 31 March is one month and three days.
    """
    if end < start:
        raise PeriodReversed(start=start, end=end)
    months = (end.year - start.year) * MONTHS_A_YEAR + end.month - start.month
    if add_months(start, months) > end:
        months -= 1
    return MonthsAndDays(months=months, days=(end - add_months(start, months)).days)


def term_months(*, start: date, end: date) -> int:
    """Return the months of a term as rate tables count them: a month begun counts whole. Raises PeriodReversed.

    A year and three days are 13 months and belong to the row above one year; no time at all is no month.
    """
    span = months_and_days(start=start, end=end)
    return span.months + (1 if span.days else 0)


def year_fraction(*, start: date, end: date, convention: DayCount) -> Fraction:
    """Return the exact part of a year from start (counted) to end (not counted). Raises PeriodReversed."""
    if convention is DayCount.PER_LOAN:
        span = months_and_days(start=start, end=end)
        return Fraction(span.months, 12) + Fraction(span.days, 360)
    return Fraction(days_between(start=start, end=end), _days_a_year(convention))


def year_fraction_since(*, anchor: date, start: date, end: date, convention: DayCount) -> Fraction:
    """Return the part of a year from start to end of a loan that runs since `anchor` (anchor <= start <= end).

    The months of 逐笔 are the loan's own, so they are counted from its value date: only then do the periods of a loan
    add up to the loan. By days (ACT/360, ACT/365) the anchor makes no difference.
    """
    if end < start:
        raise PeriodReversed(start=start, end=end)
    until_end = year_fraction(start=anchor, end=end, convention=convention)
    return until_end - year_fraction(start=anchor, end=start, convention=convention)


def year_fraction_max(*, months: int, convention: DayCount) -> Fraction:
    """Return the largest part of a year that `months` can come to, whatever day they start on.

    Where money is set aside before the first day is known, this much is enough.
    """
    if convention is DayCount.PER_LOAN:
        return Fraction(months, MONTHS_A_YEAR)
    # The calendar's month lengths repeat every four years; a century without its leap day only makes it shorter.
    starts = (add_months(date(2000, 1, 1), offset) for offset in range(4 * MONTHS_A_YEAR))
    days = max(days_between(start=start, end=add_months(start, months)) for start in starts)
    return Fraction(days, _days_a_year(convention))


def _days_a_year(convention: DayCount) -> int:
    return {DayCount.ACT_360: 360, DayCount.ACT_365: 365}[convention]
