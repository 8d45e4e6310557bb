"""A bulletin as page and red-headed paper show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dashboards.figures.periods import change_percent
from dashboards.models import Bulletin
from dashboards.statistics.bulletin_operations import last_version
from dashboards.statistics.bulletin_text import MEASURES, measure_name
from dashboards.statistics.documents import PDF_TYPE, Paper
from dashboards.statistics.sheet import show_cell, show_change
from web.clock import day_of
from web.display import show_wan, show_yuan
from web.documents import render_pdf

NOT_NUMBERED = "（未编号）"


@dataclass(frozen=True)
class RankRow:
    rank: str
    label: str
    value: str
    before: str
    change: str
    rank_before: str


@dataclass(frozen=True)
class StandingView:
    """What was counted, in words: the ranking, late cases by township, loans in arrears by outlet."""

    measure: str
    unit: str
    rows: Sequence[RankRow]
    late: Sequence[dict[str, Any]]
    overdue: Sequence[dict[str, Any]]


def standing_of(bulletin: Bulletin) -> StandingView:
    data = bulletin.standing
    _name, form, unit = MEASURES[bulletin.measure]
    total = {"rank": "", "label": "全县", "value": data["total"], "before": data["before"], "rank_before": None}
    return StandingView(
        measure=measure_name(bulletin.measure),
        unit=unit,
        rows=[_row(form, row) for row in (*data["rows"], total)],
        late=data["late"],
        overdue=[
            {
                "label": outlet["label"],
                "loans": outlet["loans"],
                "sum": show_wan(Decimal(outlet["sum"])),
                "rows": [one | {"owed": show_yuan(Decimal(one["owed"]))} for one in outlet["list"]],
            }
            for outlet in data["overdue"]
        ],
    )


def _row(form: str, row: dict[str, Any]) -> RankRow:
    value, before = (None if row[name] is None else Decimal(row[name]) for name in ("value", "before"))
    return RankRow(
        rank=str(row["rank"]),
        label=row["label"],
        value=show_cell(form, value),
        before=show_cell(form, before),
        change=show_change(change_percent(value, before)),
        rank_before="" if row["rank_before"] is None else str(row["rank_before"]),
    )


def print_bulletin(bulletin: Bulletin) -> Paper:
    """Return the paper; before it is issued it bears no number. Raises what render_pdf raises."""
    version = last_version(bulletin)
    signed_on = bulletin.issued_on or day_of(version.written_at)
    context = {
        "bulletin": bulletin,
        "issuer": f"{bulletin.organization.name}文件",
        "number": bulletin.number or NOT_NUMBERED,
        "version": version,
        "paragraphs": [line for line in version.body.splitlines() if line.strip()],
        "standing": standing_of(bulletin),
        "signed_on": signed_on,
    }
    content = render_pdf("dashboards/documents/bulletin.html", context, title=version.title, created_on=signed_on)
    return Paper(content, f"{version.title}.pdf", PDF_TYPE)
