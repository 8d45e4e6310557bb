"""Reading the files of fixtures/rates/. The caller opens them; an open file is an iterable of lines."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from finance.daycount import add_months
from finance.money import parse_percent
from finance.penalties import PenaltyRule
from finance.periods import SETTLEMENT_DAY
from finance.rates import BenchmarkSeries, RateRow

BENCHMARK_CODE = "pboc"
LPR_CODE = "lpr"


def read_benchmark_series(lines: Iterable[str]) -> BenchmarkSeries:
    """Read benchmark.csv: the lending benchmarks of the People's Bank, which hold until replaced."""
    rows = (
        RateRow(
            effective_date=date.fromisoformat(line["effective_date"]),
            term_gt_months=int(line["term_gt_months"]),
            term_le_months=int(line["term_le_months"]) if line["term_le_months"] else None,
            rate_percent=parse_percent(line["rate_percent"]),
            source=line["source"],
        )
        for line in csv.DictReader(lines)
    )
    return BenchmarkSeries(code=BENCHMARK_CODE, rows=tuple(rows))


def read_lpr_series(lines: Iterable[str], *, boundary_months: int) -> BenchmarkSeries:
    """Read lpr.csv: the one-year rate for terms up to `boundary_months`, the rate over five years for longer ones.

    The boundary is a rule of the programme, not of the LPR (12 under 银保监发〔2021〕6号 as counties apply it), so the
    caller names it. The LPR is published anew every month: the series ends the day before the next publication is
    due and refuses later days, because an old value would look as good as a true one.
    """
    rows: list[RateRow] = []
    for line in csv.DictReader(lines):
        published_on = date.fromisoformat(line["publish_date"])
        short, long = parse_percent(line["lpr_1y_percent"]), parse_percent(line["lpr_5y_percent"])
        rows.append(_lpr_row(published_on, 0, boundary_months, short, line["source"]))
        rows.append(_lpr_row(published_on, boundary_months, None, long, line["source"]))
    return lpr_series(rows)


def lpr_series(rows: Sequence[RateRow]) -> BenchmarkSeries:
    """Return the LPR that these rows are, wherever they were kept, known until the next publication is due."""
    published_on = max((row.effective_date for row in rows), default=None)
    valid_through = None
    if published_on is not None:
        valid_through = add_months(published_on.replace(day=SETTLEMENT_DAY), 1) - timedelta(days=1)
    return BenchmarkSeries(code=LPR_CODE, rows=tuple(rows), valid_through=valid_through)


def read_penalty_rules(lines: Iterable[str]) -> list[PenaltyRule]:
    """Read penalty.csv: the mark-ups that the People's Bank allows, by the date of the contract."""
    return [
        PenaltyRule(
            effective_date=date.fromisoformat(line["effective_date"]),
            overdue_min_percent=parse_percent(line["overdue_min_percent"]),
            overdue_max_percent=parse_percent(line["overdue_max_percent"]),
            misuse_min_percent=parse_percent(line["misuse_min_percent"]),
            misuse_max_percent=parse_percent(line["misuse_max_percent"]),
            source=line["source"],
        )
        for line in csv.DictReader(lines)
    ]


def _lpr_row(published_on: date, above: int, up_to: int | None, rate_percent: Decimal, source: str) -> RateRow:
    return RateRow(
        effective_date=published_on,
        term_gt_months=above,
        term_le_months=up_to,
        rate_percent=rate_percent,
        source=source,
    )
