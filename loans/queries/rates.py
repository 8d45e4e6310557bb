from datetime import date
from decimal import Decimal

from finance.rate_files import LPR_CODE, lpr_series
from finance.rates import BenchmarkSeries, RateRow, benchmark_rate, lending_rate, lending_rate_by_points
from loans.models import BenchmarkRate, ProgrammeVersion
from loans.models.benefits import Concession
from loans.rules import reduced_rate


def benchmark_series(code: str) -> BenchmarkSeries:
    """Return a series of benchmark rates as the database holds it; the LPR only until its next publication is due."""
    stored = BenchmarkRate.objects.filter(series=code).values_list(
        "effective_date", "term_gt_months", "term_le_months", "rate_percent", "source"
    )
    rows = tuple(RateRow(*row) for row in stored)
    return lpr_series(rows) if code == LPR_CODE else BenchmarkSeries(code=code, rows=rows)


def programme_rate(version: ProgrammeVersion, benchmark_percent: Decimal) -> Decimal:
    """Return what a version lends at on a benchmark, in percent a year: a multiple of it, or so many points above."""
    if version.rate_points is not None:
        return lending_rate_by_points(benchmark_percent=benchmark_percent, basis_points=version.rate_points)
    return lending_rate(benchmark_percent=benchmark_percent, multiplier=version.rate_multiplier)


def contract_rate(version: ProgrammeVersion, benchmark_percent: Decimal, concession: Concession | None) -> Decimal:
    """Return the programme's rate less what the borrower was granted, but never below the grant's floor."""
    rate = programme_rate(version, benchmark_percent)
    if concession is None:
        return rate
    floor = lending_rate(benchmark_percent=benchmark_percent, multiplier=concession.floor_multiplier)
    return reduced_rate(rate, points=concession.points, floor=floor)


def rate_formula(version: ProgrammeVersion, concession: Concession | None = None) -> str:
    """Return what a version makes of the benchmark, as a paper prints it: × 1.20, + 50 BP, × 1.20 − 0.5."""
    formula = f"× {version.rate_multiplier:.2f}"
    if version.rate_points is not None:
        formula = f"{'+' if version.rate_points >= 0 else '−'} {abs(version.rate_points)} BP"
    return f"{formula} − {concession.points.normalize():f}" if concession else formula


def benchmark_percent(*, series: str, term_months: int, on: date) -> Decimal:
    """Return the benchmark of a term on a day in percent a year. Raises finance.rates.NoRate."""
    return benchmark_rate(series=benchmark_series(series), term_months=term_months, on=on)
