"""A publication of the county with one figure that agrees with the books, one that does not, and one beyond them."""

import uuid
from datetime import date, datetime
from typing import Any

from accounts.models import User
from dashboards.ledger.operations import enter_figure, enter_publication
from dashboards.models import PrintedFigure, Publication
from organizations.models import Division

SIX_MORE_TOWNSHIPS = 8


def publish(*, division: Division, by: User, at: datetime, title: str = "县报二版") -> Publication:
    return enter_publication(
        division=division,
        title=title,
        publisher="剑川县报",
        published_on=date(2014, 8, 10),
        data_as_of=date(2014, 7, 31),
        source="2014年8月10日第2版",
        request_id=uuid.uuid4(),
        entered_by=by,
        at=at,
    )


def print_figure(publication: Publication, *, by: User, at: datetime, **printed: Any) -> PrintedFigure:
    """Enter a figure; what is not said is a number of townships that differs from the small county's."""
    fields = {"label": "乡镇数", "printed": SIX_MORE_TOWNSHIPS, "unit": "piece", "code": "townships"} | printed
    return enter_figure(publication=publication, request_id=uuid.uuid4(), entered_by=by, at=at, **fields)
