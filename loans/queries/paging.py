"""Pages by key: the hundredth page of a list costs what the first one costs, and a new row moves nobody's page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from web.text import number_in

PAGE_SIZE = 25


@dataclass(frozen=True)
class Keyset:
    """The order of a list: one column and the key as tie-breaker, in one direction."""

    field: str
    parse: Callable[[str], date | datetime]
    descending: bool = False

    def order(self, *, backwards: bool = False) -> tuple[str, str]:
        sign = "-" if self.descending != backwards else ""
        return f"{sign}{self.field}", f"{sign}pk"

    def beyond(self, cursor: "Cursor", *, backwards: bool = False) -> Q:
        """Return the rows after the cursor (before it, when `backwards`) in this order."""
        comparison = "lt" if self.descending != backwards else "gt"
        same = Q(**{self.field: cursor.value, f"pk__{comparison}": cursor.pk})
        return Q(**{f"{self.field}__{comparison}": cursor.value}) | same

    def cursor_of(self, row: Any) -> str:
        return f"{getattr(row, self.field).isoformat()}~{row.pk}"

    def read(self, text: str) -> "Cursor | None":
        """Return the cursor, or None for a text that is none: somebody edited the address."""
        value, _, key = text.partition("~")
        number = number_in(key)
        if number is None:
            return None
        try:
            return Cursor(self.parse(value), number)
        except ValueError:
            return None


@dataclass(frozen=True)
class Cursor:
    value: date | datetime
    pk: int


@dataclass(frozen=True)
class Page:
    """The rows of one page with the cursors of its neighbours; empty where there is none."""

    rows: list[Any]
    before: str = ""
    after: str = ""


def keyset_page(
    rows: "QuerySet[Any]", *, keyset: Keyset, after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page:
    """Return the page after (or before) a cursor, or the first one. One query, one row more than is shown."""
    start, end = keyset.read(after), keyset.read(before)
    if start is None and end is not None:
        found = list(
            rows.filter(keyset.beyond(end, backwards=True)).order_by(*keyset.order(backwards=True))[: size + 1]
        )
        shown = found[:size][::-1]
        return _page(keyset, shown, has_before=len(found) > size, has_after=True)
    if start is not None:
        rows = rows.filter(keyset.beyond(start))
    found = list(rows.order_by(*keyset.order())[: size + 1])
    return _page(keyset, found[:size], has_before=start is not None, has_after=len(found) > size)


def _page(keyset: Keyset, shown: list[Any], *, has_before: bool, has_after: bool) -> Page:
    if not shown:
        return Page([])
    return Page(
        shown,
        before=keyset.cursor_of(shown[0]) if has_before else "",
        after=keyset.cursor_of(shown[-1]) if has_after else "",
    )
