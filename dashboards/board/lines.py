"""The figures of the board as plain lines: what the workbook and the JSON hold, the same values as on the page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from dashboards.board.reading import Board
from dashboards.choices import Dimension, Measure
from dashboards.figures import FIGURES, mean_amount, share_percent
from dashboards.figures.process import FUNNEL
from loans.choices import StepCode
from loans.queries.progress import Progress, StepWork
from loans.queries.quality import Quality
from organizations.models import Division

QUALITY_CODES = {
    "outstanding": "outstanding", "live_loans": "live", "live_households": "live_households",
    "fallen_due": "fallen_due", "collected": "collected", "recovery_rate": "recovery_percent",
    "overdue_loans": "overdue_loans", "overdue_households": "overdue_households", "overdue_amount": "overdue_amount",
    "overdue_rate": "overdue_percent", "bad_loans": "bad_loans", "bad_amount": "bad_amount", "bad_rate": "bad_percent",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One value: of which place, which figure (its code), the name and unit in words. None is nothing to compute."""

    place: str
    code: str
    name: str
    unit: str
    value: Decimal | int | None


def lines_of(board: Board, townships: Sequence[Division]) -> list[Line]:
    """Return every figure of the board: of the whole selection first, then of each township and outlet."""
    whole = gettext("Whole selection")
    lines = [*_lending(board, whole), *_quality(board.quality, whole), *_process(board.process, whole)]
    lines += [*_budget(board, whole)]
    amounts = {
        measure: board.lending.by(Dimension.TOWNSHIP, measure)
        for measure in (Measure.AMOUNT, Measure.LOANS, Measure.HOUSEHOLDS, Measure.PARTY_HOUSEHOLDS)
    }
    for township in townships:
        codes = ("amount_lent", "loans", "households", "party_households")
        for code, by_township in zip(codes, amounts.values(), strict=True):
            lines.append(_line(township.name, code, by_township.get(township.path, 0)))
        lines += _quality(board.townships.get(township.path, Quality()), township.name)
        lines += _process(board.progress.get(township.path, Progress()), township.name)
    for key, name in board.outlet_names.items():
        lines += _quality(board.outlets[key], name)
    return lines


def as_json(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Return the lines for JSON; an amount is text, because no binary number holds it exactly."""
    return [
        {
            "place": line.place,
            "figure": line.code,
            "name": line.name,
            "unit": line.unit,
            "value": str(line.value) if isinstance(line.value, Decimal) else line.value,
        }
        for line in lines
    ]


def _lending(board: Board, place: str) -> Iterator[Line]:
    lending = board.lending
    amount, number = lending.total(Measure.AMOUNT), lending.total(Measure.LOANS)
    households, party = lending.total(Measure.HOUSEHOLDS), lending.total(Measure.PARTY_HOUSEHOLDS)
    yield _line(place, "amount_lent", amount)
    yield _line(place, "loans", number)
    yield _line(place, "households", households)
    yield _line(place, "party_households", party)
    yield _line(place, "party_share", share_percent(party, households))
    yield _line(place, "mean_per_loan", mean_amount(amount, number))


def _quality(quality: Quality, place: str) -> list[Line]:
    return [_line(place, code, getattr(quality, field)) for code, field in QUALITY_CODES.items()]


def _process(process: Progress, place: str) -> Iterator[Line]:
    yield _line(place, "cases_submitted", process.submitted)
    for step in FUNNEL:
        work = process.steps.get(StepCode(step).value, StepWork())
        yield _line(place, f"passed_{step}", work.passed)
        yield _line(place, f"days_{step}", work.median_days)
    yield _line(place, "decisions_timed", process.timed)
    yield _line(place, "decisions_in_time", process.in_time)
    yield _line(place, "deadlines_kept", share_percent(process.in_time, process.timed))


def _budget(board: Board, place: str) -> Iterator[Line]:
    yield _line(place, "subsidy_appropriated", board.budget.appropriated if board.budget else None)
    quotas: Mapping[str, Any] = board.quotas
    total = sum((quota.total for quota in quotas.values()), start=Decimal(0)) if quotas else None
    yield _line(place, "quota_total", total)
    used = sum((quota.used for quota in quotas.values()), start=Decimal(0)) if quotas else None
    yield _line(place, "quota_used", used)


def _line(place: str, code: str, value: Decimal | int | None) -> Line:
    figure = FIGURES[code]
    return Line(place, code, str(figure.name), str(figure.unit.label), value)
