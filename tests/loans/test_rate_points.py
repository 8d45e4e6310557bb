"""What a version lends at: a multiple of the benchmark, or so many basis points above it."""

from datetime import date
from decimal import Decimal

import pytest

from loans.queries.rates import programme_rate, rate_formula
from loans.queries.schedules import quote
from tests.subsidies.world import store_variant


@pytest.mark.parametrize(
    ("points", "rate", "formula"),
    [(None, "7.2000", "× 1.20"), (50, "6.5000", "+ 50 BP"), (-150, "4.5000", "− 150 BP"), (0, "6.0000", "+ 0 BP")],
)
def test_a_version_lends_at_a_multiple_of_the_benchmark_or_at_points_above_it(office, points, rate, formula):
    version = store_variant("points", rate_points=points)
    assert programme_rate(version, Decimal("6.00")) == Decimal(rate)
    assert rate_formula(version) == formula


def test_a_trial_says_how_the_rate_comes_about(office):
    version = store_variant("points", rate_points=100)
    quotation = quote(
        version=version, amount=Decimal(50_000), term_months=12, repayment_method="lump_sum",
        start_date=date(2013, 9, 10),
    )  # fmt: skip
    assert (quotation.rate_percent, quotation.rate_formula) == (Decimal("7.0000"), "+ 100 BP")
