"""Deadlines are dates computed from decisions and the working-day calendar, never counters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """Working days: Monday to Friday, but for the days the State Council moves. `known_years` have such data."""

    exceptions: Mapping[date, bool]
    known_years: frozenset[int]

    def is_workday(self, day: date) -> bool:
        """Whether work is done on a day. A year without data counts its weekdays (the page warns, nothing crashes)."""
        return self.exceptions.get(day, day.weekday() < 5)

    def add_workdays(self, start: date, days: int) -> date:
        """Return the last day of a time limit of `days` working days that begins on the day after `start`."""
        day = start
        for _ in range(days):
            day += ONE_DAY
            while not self.is_workday(day):
                day += ONE_DAY
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Return the working days after `start` up to and including `end`; negative when `end` lies before."""
        if end < start:
            return -self.workdays_between(end, start)
        days = (start + ONE_DAY * n for n in range(1, (end - start).days + 1))
        return sum(self.is_workday(day) for day in days)

    def knows(self, day: date) -> bool:
        return day.year in self.known_years
