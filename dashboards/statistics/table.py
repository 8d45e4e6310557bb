"""A sheet as pages and papers draw it: a head of two rows, lines of cells, each with its mark and the list behind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from dashboards.figures.periods import Period, PeriodKind
from dashboards.statistics.counting import LENT
from dashboards.statistics.definitions import SPAN_ALL, SPAN_YEAR, TOWNSHIPS, Column, reports
from dashboards.statistics.sheet import Head, Marks, Row, Sheet, show_cell, show_change

USES = ("livestock", "crops")  # the two purposes that the list of loans filters by under the same name


@dataclass(frozen=True)
class HeadCell:
    title: str
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True)
class CellView:
    """`before` is what the corrected edition showed, None where nothing changed; `name` is the column in full."""

    text: str
    name: str
    is_number: bool = True
    url: str = ""
    before: str | None = None


@dataclass(frozen=True)
class Line:
    label: str
    cells: Sequence[CellView]
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    place_head: str
    top: Sequence[HeadCell]
    below: Sequence[str]
    lines: Sequence[Line]
    changes: Sequence[Line]


def table_of(sheet: Sheet, *, marks: Marks | None = None, with_links: bool = False) -> Table:
    heads = [head for head in sheet.columns if head.form != "hidden"]
    top, below = _head(heads)
    url_of = _links(sheet) if with_links else lambda row, head: ""
    report = reports().get(sheet.report)
    return Table(
        place_head="乡镇" if report is None or report.rows == TOWNSHIPS else "县市",
        top=top,
        below=below,
        lines=[_line(row, heads, marks or {}, url_of, is_total=row is sheet.total) for row in sheet.lines],
        changes=[
            Line(row.label, [CellView(show_change(row.cells[head.code]) if head.code in row.cells else "", head.title)
                             for head in heads])
            for row in sheet.changes
        ],
    )  # fmt: skip


def _head(heads: Sequence[Head]) -> tuple[list[HeadCell], list[str]]:
    top, below = [], []
    for _key, members in groupby(heads, key=lambda head: head.group or head.code):
        grouped = list(members)
        if grouped[0].group:
            top.append(HeadCell(grouped[0].group, colspan=len(grouped)))
            below += [head.title for head in grouped]
        else:
            top.append(HeadCell(grouped[0].title, rowspan=2))
    return top, below


def _line(
    row: Row, heads: Sequence[Head], marks: Marks, url_of: Callable[[Row, Head], str], *, is_total: bool
) -> Line:
    cells = [
        CellView(
            text=show_cell(head.form, row.cells.get(head.code)),
            name=f"{head.group} {head.title}".strip(),
            is_number=head.form != "text",
            url=url_of(row, head),
            before=marks.get((row.key, head.code)),
        )
        for head in heads
    ]
    return Line(row.label, cells, is_total)


def _links(sheet: Sheet) -> Callable[[Row, Head], str]:
    """Return what gives a cell's address: the loans behind a figure of lending, filtered alike; "" without a list."""
    period, report = Period.parse(sheet.period), reports().get(sheet.report)
    columns = {column.code: column for column in report.columns} if report else {}

    def url_of(row: Row, head: Head) -> str:
        column = columns.get(head.code)
        if column is None or period is None or column.figure not in LENT or not row.cells.get(head.code):
            return ""
        query = _query(column, period, sheet.as_of)
        if query is None:
            return ""
        if row.key and report and report.rows == TOWNSHIPS:
            query["township"] = row.key
        return f"{reverse('dashboards:loans')}?{urlencode(query)}"

    return url_of


def _query(column: Column, period: Period, as_of: str) -> dict[str, str] | None:
    """Return the filters of the list of loans that give this column; None where the list has no such filter."""
    if column.span == SPAN_YEAR:
        when = {"year": str(period.first.year)}
    elif column.span == SPAN_ALL:
        when = {}
    elif period.kind == PeriodKind.MONTH:
        when = {"month": period.code}
    else:
        return None
    where = dict(column.where)
    if "purpose" in where:
        where["use"] = where.pop("purpose")
        if where["use"] not in USES:
            return None
    party = {"party": "yes"} if column.figure == "party_households" else {}
    return {"as_of": as_of, **when, **where, **party}
