from datetime import date
from decimal import Decimal

from finance.rates import BenchmarkSeries, RateRow, benchmark_rate
from loans.models import BenchmarkRate


def benchmark_series(code: str) -> BenchmarkSeries:
    """Return a series of benchmark rates as the database holds it."""
    rows = BenchmarkRate.objects.filter(series=code).values_list(
        "effective_date", "term_gt_months", "term_le_months", "rate_percent", "source"
    )
    return BenchmarkSeries(code=code, rows=tuple(RateRow(*row) for row in rows))


def benchmark_percent(*, series: str, term_months: int, on: date) -> Decimal:
    """Return the benchmark of a term on a day in percent a year. Raises finance.rates.NoRate."""
    return benchmark_rate(series=benchmark_series(series), term_months=term_months, on=on)
