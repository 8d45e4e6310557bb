"""Figures of the rules, read from the programme as it is shipped."""

from datetime import date
from decimal import Decimal

import pytest

from dashboards.figures import FIGURES, Selection
from loans.models import BenchmarkRate, SubsidyBudget
from organizations.scope import Scope
from tests.factories.county import County
from tests.factories.loans import BUDGET, store_four_steps, store_jianchuan

COUNTY = Scope(division_paths=("532931",))


def compute(code: str, **fields: object) -> object:
    usual = {"scope": COUNTY, "registers": COUNTY, "as_of": date(2014, 7, 31), "programme": "jianchuan"}
    return FIGURES[code].compute(Selection(**(usual | fields)))


@pytest.fixture
def programme(county: County) -> County:
    store_jianchuan()
    return county


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("steps", 6),
        ("ceiling_lowest", 100_000),
        ("ceiling_highest", 300_000),
        ("collective_floor", 50_000),
        ("collective_ceiling", 300_000),
        ("helped_villagers_min", 1),
        ("helped_villagers_max", 2),
        ("helped_low_income", 2),
        ("helped_in_difficulty", 3),
        ("lending_plan", 105_000_000),
        ("subsidy_appropriated", 2 * BUDGET),
    ],
)
def test_a_figure_of_the_rules_is_read_from_the_versions(programme: County, code: str, expected: object) -> None:
    assert compute(code) == expected


@pytest.mark.parametrize(("version", "markup", "percent"), [("2013", 20, 5), ("2014", 10, 3)])
def test_every_version_has_its_own_markup_and_subsidy(
    programme: County, version: str, markup: int, percent: int
) -> None:
    assert compute("markup", versions=(version,)) == markup
    assert compute("subsidy_percent", versions=(version,)) == percent


def test_the_newest_version_in_force_is_meant_when_none_is_named(programme: County) -> None:
    assert compute("markup") == 10
    assert compute("markup", as_of=date(2013, 12, 31)) == 20


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("concession_per_10000", "304.17"),
        ("subsidy_per_10000", "500.00"),
        ("own_cost_per_10000", "220.00"),
        ("benefit_per_10000", "804.17"),
    ],
)
def test_ten_thousand_yuan_cost_what_the_county_published(programme: County, code: str, expected: str) -> None:
    assert compute(code, versions=("2013",)) == Decimal(expected)


def test_the_budget_of_one_year_is_that_years_alone(programme: County) -> None:
    SubsidyBudget.objects.filter(year=2014).update(appropriated=Decimal("1650000.00"))
    assert compute("subsidy_appropriated", since=date(2014, 1, 1)) == Decimal("1650000.00")
    assert compute("subsidy_appropriated", since=date(2013, 1, 1), as_of=date(2013, 12, 31)) == BUDGET


def test_a_township_officer_reads_the_rules_of_the_county_above_him(programme: County) -> None:
    own = Scope(division_paths=(programme.shaxi.division.path,))
    assert compute("steps", registers=own) == 6


def test_nobody_reads_the_rules_of_another_county(programme: County) -> None:
    assert compute("steps", registers=Scope(division_paths=("530721",))) is None


def test_before_the_first_version_there_is_nothing_to_compute_from(programme: County) -> None:
    before = {"as_of": date(2013, 4, 30)}
    for code in ("steps", "markup", "lending_plan", "ceiling_lowest", "helped_villagers_min", "own_cost_per_10000"):
        assert compute(code, **before) is None


def test_a_programme_without_subsidy_has_no_example_of_10000(programme: County) -> None:
    store_four_steps(programme)
    assert compute("subsidy_per_10000", programme="yulong") is None


def test_without_a_benchmark_there_is_no_example_of_10000(programme: County) -> None:
    BenchmarkRate.objects.filter(series="pboc").delete()
    assert compute("concession_per_10000", versions=("2013",)) is None
