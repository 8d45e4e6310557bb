from datetime import date
from decimal import Decimal

from finance.rate_files import LPR_CODE, lpr_series
from finance.rates import BenchmarkSeries, RateRow, benchmark_rate
from loans.models import BenchmarkRate


def benchmark_series(code: str) -> BenchmarkSeries:
    """Return a series of benchmark rates as the database holds it; the LPR only until its next publication is due."""
    stored = BenchmarkRate.objects.filter(series=code).values_list(
        "effective_date", "term_gt_months", "term_le_months", "rate_percent", "source"
    )
    rows = tuple(RateRow(*row) for row in stored)
    return lpr_series(rows) if code == LPR_CODE else BenchmarkSeries(code=code, rows=rows)


def benchmark_percent(*, series: str, term_months: int, on: date) -> Decimal:
    """Return the benchmark of a term on a day in percent a year. Raises finance.rates.NoRate."""
    return benchmark_rate(series=benchmark_series(series), term_months=term_months, on=on)
