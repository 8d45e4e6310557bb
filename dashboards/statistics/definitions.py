"""The six reports as data: which columns, from which figure, when due, to whom. The data is in fixtures/reports."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from dashboards.figures.periods import Period, PeriodKind
from finance.daycount import add_months

FILE = Path("fixtures", "reports", "reports.json")
SPAN_PERIOD, SPAN_YEAR, SPAN_ALL = "period", "year", "all"
ENTERED_FORMS = ("text", "number", "money")
TOWNSHIPS, COUNTIES = "townships", "counties"


@dataclass(frozen=True)
class Column:
    """One column as it is printed.

    `form` is how its values are shown: count, wan (yuan shown as ten thousands), percent, times, hidden (only
    reckoned with), or what an officer enters: text, number, money (ten thousands). `figure` counts it over `span`
    narrowed by `where`; else it is a quotient of two columns (`share` percent, `times`), else it is entered.
    """

    code: str
    title: str
    form: str
    group: str = ""
    figure: str = ""
    span: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    bucket: str = ""
    share: tuple[str, ...] = ()
    times: tuple[str, ...] = ()

    @property
    def is_entered(self) -> bool:
        return self.form in ENTERED_FORMS

    @property
    def is_number(self) -> bool:
        return self.form not in ("text", "hidden")


@dataclass(frozen=True)
class Report:
    """One form. `verbs` name who makes its editions: one of them is enough."""

    code: str
    title: str
    kind: PeriodKind
    due_months: int
    due_day: int
    receiver: str
    verbs: tuple[str, ...]
    rows: str
    has_county_row: bool
    unit: str
    note: str
    columns: Sequence[Column]

    def due_on(self, period: Period) -> date:
        """Return the last day on which the report of a period is in time."""
        month = add_months(period.first, _months(period) + self.due_months - 1)
        return month.replace(day=self.due_day)

    @property
    def entered(self) -> list[Column]:
        return [column for column in self.columns if column.is_entered]


def _months(period: Period) -> int:
    return (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1


@cache
def reports() -> dict[str, Report]:
    """Return the reports by their codes, in the order in which they are offered."""
    rows = json.loads((settings.BASE_DIR / FILE).read_text(encoding="utf-8"))
    return {row["code"]: _report(row) for row in rows}


def _report(row: Mapping[str, Any]) -> Report:
    return Report(
        code=row["code"],
        title=row["title"],
        kind=PeriodKind(row["kind"]),
        due_months=row["due"]["months"],
        due_day=row["due"]["day"],
        receiver=row["receiver"],
        verbs=tuple(row["verbs"]),
        rows=row["rows"],
        has_county_row=row.get("county_row", False),
        unit=row["unit"],
        note=row.get("note", ""),
        columns=[_column(column) for column in row["columns"]],
    )


def _column(row: Mapping[str, Any]) -> Column:
    source = row["source"]
    return Column(
        code=row["code"],
        title=row["title"],
        form=row["form"],
        group=row.get("group", ""),
        figure=source.get("count", ""),
        span=source.get("span", ""),
        where=source.get("where", {}),
        bucket=source.get("bucket", ""),
        share=tuple(source.get("share", ())),
        times=tuple(source.get("times", ())),
    )
