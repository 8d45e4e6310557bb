"""Handing out a list as a file, and writing down who took it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from audit.choices import Action
from audit.operations import record
from web import clock, exports
from web.exports import MakeTable
from web.filters import CURSORS


def export_list(
    request: HttpRequest, *, rows: "QuerySet[Any] | Sequence[Any]", table: MakeTable, name: str
) -> HttpResponse:
    """Answer a POST to a list's own address: its rows, as filtered, as a workbook. The trail keeps list and filters.

    `table(chunk)` makes the list's table of some rows. Of a searched text the trail keeps only that there was one.
    """
    day = clock.today()
    response, number = exports.answer(request, rows=rows, table=table, name=f"{name} {day.isoformat()}")
    if number is not None:
        filters = sorted(key for key, value in request.GET.items() if value and key not in CURSORS)
        record(
            action=Action.EXPORTED,
            actor=request.user,
            at=clock.now(),
            label=name,
            detail={"rows": ["", str(number)], "filters": ["", ", ".join(filters)]},
        )
    return response
