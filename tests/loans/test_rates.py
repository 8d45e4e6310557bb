"""Rates as the database holds them, and the rules on penalties that are shipped."""

from datetime import date
from decimal import Decimal

import pytest

from finance.rate_files import BENCHMARK_CODE, LPR_CODE
from finance.rates import NoRate
from loans.models import BenchmarkRate
from loans.queries.penalties import penalty_rule_on, penalty_rules
from loans.queries.rates import benchmark_percent, benchmark_series

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("series", "term_months", "on", "percent"),
    [
        (BENCHMARK_CODE, 12, date(2013, 9, 10), "6.00"),
        (BENCHMARK_CODE, 13, date(2013, 9, 10), "6.15"),
        (LPR_CODE, 12, date(2024, 3, 1), "3.45"),
        (LPR_CODE, 13, date(2024, 3, 1), "3.95"),
    ],
)
def test_both_series_are_stored_by_term_and_date(series, term_months, on, percent):
    assert benchmark_percent(series=series, term_months=term_months, on=on) == Decimal(percent)


@pytest.mark.parametrize("on", [date(2019, 8, 19), date(2026, 5, 20)])
def test_the_stored_lpr_says_nothing_before_its_start_nor_after_its_next_publication_was_due(on):
    with pytest.raises(NoRate):
        benchmark_percent(series=LPR_CODE, term_months=12, on=on)


def test_an_announcement_that_an_office_enters_makes_the_lpr_known_for_another_month():
    BenchmarkRate.objects.create(
        series=LPR_CODE,
        effective_date=date(2026, 5, 20),
        term_gt_months=0,
        rate_percent=Decimal("2.95"),
    )

    assert benchmark_percent(series=LPR_CODE, term_months=12, on=date(2026, 6, 19)) == Decimal("2.95")


def test_a_series_that_nobody_stored_has_no_rates():
    assert benchmark_series(LPR_CODE).rows
    assert benchmark_series("none").rows == ()
    BenchmarkRate.objects.filter(series=LPR_CODE).delete()
    with pytest.raises(NoRate):
        benchmark_percent(series=LPR_CODE, term_months=12, on=date(2024, 3, 1))


def test_the_shipped_rules_on_penalties_are_found_by_the_contracts_day():
    rule = penalty_rule_on(date(2013, 9, 10))

    assert rule in penalty_rules()
    assert (rule.overdue_min_percent, rule.overdue_max_percent) == (30, 50)
    assert (rule.misuse_min_percent, rule.misuse_max_percent) == (50, 100)
    with pytest.raises(NoRate):
        penalty_rule_on(date(2003, 12, 31))
