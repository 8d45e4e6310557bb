"""Taking a list away as an Excel file: the rows and columns of the page, masked as on the page.

    content, number = workbook_of_list(rows, lambda chunk: CaseTable(chunk, on=on), name=_("Cases"))

A list takes POST for this, because somebody takes data away: it is written down, and no link can do it by accident.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from html import unescape
from itertools import chain, islice
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import strip_tags
from django.utils.http import content_disposition_header
from django.utils.timezone import is_aware, make_naive
from django.utils.translation import gettext as _

from web.display import EMPTY, show_count
from web.tables import OfficeTable
from web.workbooks import CONTENT_TYPE, workbook_of

ROWS_MAX = 20_000
CHUNK = 500
# Columns that hold something to click, not something to know.
CONTROLS = frozenset({"action", "tick"})

MakeTable = Callable[[list[Any]], OfficeTable]


class TooManyRows(Exception):
    """The list is longer than a person can use in Excel; it has to be narrowed first."""

    def __init__(self) -> None:
        super().__init__(
            _("The list has more than %(number)s rows. Please narrow it with the filters first.")
            % {"number": show_count(ROWS_MAX)}
        )


def workbook_of_list(rows: "QuerySet[Any] | Sequence[Any]", table: MakeTable, *, name: str) -> tuple[bytes, int]:
    """Return the workbook of a list and its number of rows; it is read in chunks. Raises TooManyRows."""
    number = rows.count() if isinstance(rows, QuerySet) else len(rows)
    if number > ROWS_MAX:
        raise TooManyRows
    records = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else iter(rows)
    lines = chain.from_iterable(_lines(table(chunk)) for chunk in _chunks(records))
    return workbook_of(_headings(table([])), lines, title=name), number


def _chunks(records: Iterator[Any]) -> Iterator[list[Any]]:
    while chunk := list(islice(records, CHUNK)):
        yield chunk


def _columns(table: OfficeTable) -> list[Any]:
    return [column for column in table.columns if column.name not in CONTROLS]


def _headings(table: OfficeTable) -> list[str]:
    return [_text(column.header) for column in _columns(table)]


def _lines(table: OfficeTable) -> Iterator[list[Any]]:
    names = [column.name for column in _columns(table)]
    for row in table.rows:
        yield [_value(row.get_cell_value(name)) for name in names]


def _value(value: Any) -> Any:
    """Return a cell as Excel takes it: numbers and days as such, else the page's text without its tags."""
    if isinstance(value, datetime):
        return make_naive(value) if is_aware(value) else value
    if isinstance(value, str):
        return _text(value)
    return value if value is None or not hasattr(value, "__html__") else _text(str(value))


def _text(value: Any) -> str:
    text = " ".join(unescape(strip_tags(str(value))).split())
    return "" if text == EMPTY else text


def answer(request: HttpRequest, *, rows: Any, table: MakeTable, name: str) -> tuple[HttpResponse, int | None]:
    """Return the download and how many rows it holds; for too long a list its page with a sentence, and None."""
    try:
        content, number = workbook_of_list(rows, table, name=name)
    except TooManyRows as error:
        messages.warning(request, str(error))
        return HttpResponseRedirect(request.get_full_path()), None
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
    response.headers["Cache-Control"] = "no-store"
    return response, number
