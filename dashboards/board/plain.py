"""A board as plain values for JSON and back, to the fen: amounts travel as text, so nothing is lost on the way."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dashboards.board.reading import Before, Board, BudgetSums, FundLine, QuotaSums
from dashboards.figures.lending import Cell, Lending
from loans.queries.progress import Progress, StepWork
from loans.queries.quality import Late, Quality

AMOUNT, DAY = "yuan", "day"


def to_plain(board: Board) -> dict[str, Any]:
    return {field.name: _plain(getattr(board, field.name)) for field in fields(board) if field.name != "counted_at"}


def from_plain(content: Mapping[str, Any], *, counted_at: datetime) -> Board:
    read = {name: _read(value) for name, value in content.items()}
    return Board(
        counted_at=counted_at,
        lending=Lending([Cell(**cell) for cell in read["lending"]["cells"]]),
        townships={key: _quality(row) for key, row in read["townships"].items()},
        outlets={key: _quality(row) for key, row in read["outlets"].items()},
        outlet_names=read["outlet_names"],
        progress={key: _progress(row) for key, row in read["progress"].items()},
        late=read["late"],
        before=Before(**read["before"]),
        budget=BudgetSums(**read["budget"]) if read["budget"] else None,
        quotas={key: QuotaSums(**row) for key, row in read["quotas"].items()},
        funds=[FundLine(**row) for row in read["funds"]],
    )


def _quality(row: dict[str, Any]) -> Quality:
    return Quality(**{**row, "late": tuple(Late(**late) for late in row["late"])})


def _progress(row: dict[str, Any]) -> Progress:
    steps: dict[str, StepWork] = defaultdict(StepWork)
    for step, work in row["steps"].items():
        days = Counter({int(number): times for number, times in work["days"].items()})
        steps[step] = StepWork(**{**work, "days": days})
    return Progress(row["submitted"], steps)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {AMOUNT: str(value)}
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(one) for one in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"yuan": str(amount), **rest} if not rest:
            return Decimal(amount)
        case {"day": str(day), **rest} if not rest:
            return date.fromisoformat(day)
    return {key: _read(one) for key, one in value.items()}
