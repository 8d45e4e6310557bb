"""Months, quarters and years as statistics count them, and how a figure changed since another period. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from finance.daycount import add_months
from finance.money import exact, round_to_cent

CODE = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2])|-Q([1-4]))?", re.ASCII)
ONE_DAY = timedelta(days=1)


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS_OF = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """A calendar month, quarter or year; `first` is its first day."""

    kind: PeriodKind
    first: date

    @classmethod
    def containing(cls, kind: PeriodKind, day: date) -> "Period":
        months = MONTHS_OF[kind]
        return cls(kind, date(day.year, (day.month - 1) // months * months + 1, 1))

    @classmethod
    def parse(cls, code: str) -> "Period | None":
        """Return the period of a code (2014, 2014-Q3, 2014-07), None for a text that is none."""
        match = CODE.fullmatch(code)
        if match is None:
            return None
        year, month, quarter = match.groups()
        if month:
            return cls(PeriodKind.MONTH, date(int(year), int(month), 1))
        if quarter:
            return cls(PeriodKind.QUARTER, date(int(year), int(quarter) * 3 - 2, 1))
        return cls(PeriodKind.YEAR, date(int(year), 1, 1))

    @property
    def code(self) -> str:
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.first:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{self.first.year}-Q{self.quarter}"
        return str(self.first.year)

    @property
    def quarter(self) -> int:
        return (self.first.month + 2) // 3

    @property
    def last(self) -> date:
        """The last day, counted to its end (24:00)."""
        return add_months(self.first, MONTHS_OF[self.kind]) - ONE_DAY

    @property
    def year_start(self) -> date:
        """The day from which the year to date is counted."""
        return date(self.first.year, 1, 1)

    @property
    def before(self) -> "Period":
        """The period before this one: what 环比 compares with."""
        return Period(self.kind, add_months(self.first, -MONTHS_OF[self.kind]))

    @property
    def year_before(self) -> "Period":
        """The same period of the year before: what 同比 compares with."""
        return Period(self.kind, add_months(self.first, -12))

    @property
    def after(self) -> "Period":
        return Period(self.kind, add_months(self.first, MONTHS_OF[self.kind]))

    @property
    def label(self) -> str:
        match self.kind:
            case PeriodKind.MONTH:
                return _("%(year)s-%(month)s") % {"year": self.first.year, "month": self.first.month}
            case PeriodKind.QUARTER:
                names = (_("first quarter"), _("second quarter"), _("third quarter"), _("fourth quarter"))
                return _("%(quarter)s of %(year)s") % {"quarter": names[self.quarter - 1], "year": self.first.year}
        return _("year %(year)s") % {"year": self.first.year}

    def is_over(self, today: date) -> bool:
        return self.last < today


def periods_until(kind: PeriodKind, *, today: date, number: int) -> list[Period]:
    """Return the period that holds today and those before it, newest first."""
    period = Period.containing(kind, today)
    found = []
    for _each in range(number):
        found.append(period)
        period = period.before
    return found


def change_percent(value: Decimal | int | None, base: Decimal | int | None) -> Decimal | None:
    """Return by how many percent a figure changed, to two decimals. None where there is no base, or a base of 0."""
    if value is None or not base:
        return None
    return round_to_cent((exact(value) - exact(base)) * 100 / exact(base))
