from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from finance.penalties import (
    CompoundRule,
    MarkupOutsideRule,
    compound_rate,
    penalty_rate,
    penalty_rule,
)
from finance.rate_files import read_benchmark_series, read_lpr_series, read_penalty_rules
from finance.rates import (
    BenchmarkSeries,
    NoCap,
    NoRate,
    RateNegative,
    RateRow,
    SeriesInconsistent,
    benchmark_rate,
    benchmark_row,
    exceeds_cap,
    extension_rate,
    lending_rate,
    lending_rate_by_points,
    rate_cap,
)
from tests.finance.cases import RATES, case_id, rates, read_cases


@pytest.fixture(scope="module")
def benchmark():
    with (RATES / "benchmark.csv").open(encoding="utf-8") as lines:
        return read_benchmark_series(lines)


@pytest.fixture(scope="module")
def lpr():
    with (RATES / "lpr.csv").open(encoding="utf-8") as lines:
        return read_lpr_series(lines, boundary_months=12)


@pytest.fixture(scope="module")
def penalty_rules():
    with (RATES / "penalty.csv").open(encoding="utf-8") as lines:
        return read_penalty_rules(lines)


def row(*, above=0, up_to=None, rate="6.00", effective=date(2012, 7, 6)) -> RateRow:
    return RateRow(
        effective_date=effective, term_gt_months=above, term_le_months=up_to, rate_percent=Decimal(rate), source="T"
    )


@pytest.mark.parametrize("case", read_cases("rates.csv"), ids=case_id)
def test_the_worked_rates_come_out(case, benchmark):
    on, term_months = date.fromisoformat(case["on"]), int(case["term_months"])
    found = benchmark_rate(series=benchmark, term_months=term_months, on=on)

    assert found == Decimal(case["benchmark_percent"])
    rate_percent = lending_rate(benchmark_percent=found, multiplier=Decimal(case["multiplier"]))
    assert rate_percent == Decimal(case["rate_percent"])


def test_the_file_holds_fourteen_whole_tables(benchmark):
    tables = {row.effective_date for row in benchmark.rows}

    assert len(tables) == 14
    for on in tables:
        table = benchmark.table(on=on)
        assert (table[0].term_gt_months, table[-1].term_le_months) == (0, None)
        assert all(a.term_le_months == b.term_gt_months for a, b in zip(table, table[1:], strict=False))


@given(term_months=st.integers(1, 480), on=st.dates(min_value=date(2008, 12, 23), max_value=date(2026, 1, 1)))
def test_every_term_has_a_benchmark_on_every_day_of_the_file(benchmark, term_months, on):
    found = benchmark_row(series=benchmark, term_months=term_months, on=on)

    assert found.covers(term_months)
    assert found.effective_date <= on


def test_a_longer_term_never_has_a_lower_benchmark(benchmark):
    for on in {row.effective_date for row in benchmark.rows}:
        table = [row.rate_percent for row in benchmark.table(on=on)]
        assert table == sorted(table)


@pytest.mark.parametrize(
    ("term_months", "on"), [(12, date(2008, 12, 22)), (0, date(2014, 1, 1)), (-6, date(2014, 1, 1))]
)
def test_a_day_before_the_series_or_no_term_has_no_rate(benchmark, term_months, on):
    with pytest.raises(NoRate) as refusal:
        benchmark_rate(series=benchmark, term_months=term_months, on=on)

    assert (refusal.value.series, refusal.value.term_months, refusal.value.on) == ("pboc", term_months, on)


def test_a_term_that_no_row_covers_has_no_rate():
    series = BenchmarkSeries(code="gap", rows=(row(up_to=12), row(above=36)))

    with pytest.raises(NoRate, match="no row covers"):
        benchmark_rate(series=series, term_months=24, on=date(2014, 1, 1))


def test_an_upper_end_belongs_to_its_row_and_a_lower_end_does_not():
    longer = row(above=12, up_to=36)

    assert [longer.covers(term_months) for term_months in (12, 13, 36, 37)] == [False, True, True, False]


def test_a_new_announcement_replaces_the_whole_table():
    later = row(effective=date(2014, 11, 22), rate="5.60", up_to=12)
    series = BenchmarkSeries(code="new", rows=(later, row()))

    assert benchmark_rate(series=series, term_months=24, on=date(2014, 11, 21)) == Decimal("6.00")
    with pytest.raises(NoRate):
        benchmark_rate(series=series, term_months=24, on=date(2014, 11, 22))


@pytest.mark.parametrize(
    "rows",
    [
        (row(up_to=12), row(above=6, up_to=36)),
        (row(), row(above=12)),
        (row(above=12, up_to=12),),
        (row(rate="-0.10"),),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(rows):
    with pytest.raises(SeriesInconsistent):
        BenchmarkSeries(code="broken", rows=rows)


@pytest.mark.parametrize(
    ("on", "term_months", "rate_percent"),
    [
        (date(2019, 8, 20), 12, "4.25"),
        (date(2019, 9, 19), 13, "4.85"),
        (date(2020, 4, 19), 12, "4.05"),
        (date(2020, 4, 20), 12, "3.85"),
        (date(2024, 3, 1), 12, "3.45"),
        (date(2024, 3, 1), 36, "3.95"),
        (date(2026, 5, 19), 12, "3.00"),
    ],
)
def test_the_lpr_is_read_by_the_programmes_boundary(lpr, on, term_months, rate_percent):
    assert benchmark_rate(series=lpr, term_months=term_months, on=on) == Decimal(rate_percent)


def test_the_lpr_file_has_every_month_and_never_two_values_in_one(lpr):
    months = sorted({(row.effective_date.year, row.effective_date.month) for row in lpr.rows})

    assert len(months) == 81
    assert len({row.effective_date for row in lpr.rows}) == 81
    assert all(row.effective_date.day >= 20 for row in lpr.rows)


def test_the_lpr_is_not_known_before_its_first_day_nor_after_the_next_publication_was_due(lpr):
    for on in (date(2019, 8, 19), date(2026, 5, 20)):
        with pytest.raises(NoRate):
            benchmark_rate(series=lpr, term_months=12, on=on)


def test_every_rate_names_a_source_that_is_listed():
    listed = {line.split(",")[0] for line in (RATES / "sources.csv").read_text(encoding="utf-8").splitlines()}

    for name in ("benchmark.csv", "lpr.csv"):
        header, *lines = (RATES / name).read_text(encoding="utf-8").splitlines()
        column = header.split(",").index("source")
        assert {line.split(",")[column] for line in lines} <= listed


def test_a_rate_is_printed_with_four_decimals_and_rounded_half_up_beyond_them():
    assert str(lending_rate(benchmark_percent=Decimal("6.00"), multiplier=Decimal("1.2"))) == "7.2000"
    assert str(lending_rate(benchmark_percent=Decimal("4.35"), multiplier=Decimal("1.111"))) == "4.8329"
    assert str(lending_rate(benchmark_percent=Decimal("0.01"), multiplier=Decimal("1.005"))) == "0.0101"


def test_basis_points_are_hundredths_of_a_percent():
    assert lending_rate_by_points(benchmark_percent=Decimal("3.45"), basis_points=-150) == Decimal("1.95")
    assert lending_rate_by_points(benchmark_percent=Decimal("3.45"), basis_points=55) == Decimal("4.00")


def test_a_rate_below_zero_is_refused():
    with pytest.raises(RateNegative):
        lending_rate_by_points(benchmark_percent=Decimal("3.00"), basis_points=-301)
    with pytest.raises(RateNegative):
        lending_rate(benchmark_percent=Decimal("3.00"), multiplier=Decimal("-1"))


def test_a_rate_that_equals_its_cap_is_allowed_and_a_hair_more_is_not():
    cap = {"benchmark_percent": Decimal("4.35"), "multiplier_max": Decimal("1.3")}

    assert not exceeds_cap(rate_percent=Decimal("5.655"), **cap)
    assert exceeds_cap(rate_percent=Decimal("5.6551"), **cap)


TIANCHANG = {"A": Decimal("1.4"), "AA": Decimal("1.3"), "AAA": Decimal("1.2")}


@pytest.mark.parametrize("case", read_cases("caps.csv"), ids=case_id)
def test_the_worked_caps_by_rating_come_out(case):
    assert TIANCHANG[case["rating"]] == Decimal(case["multiplier"])
    cap = rate_cap(benchmark_percent=Decimal(case["benchmark_percent"]), multipliers=TIANCHANG, rating=case["rating"])
    assert cap == Decimal(case["cap_percent"])


@given(benchmark=rates, multiplier=st.decimals(min_value=0, max_value=4, places=4))
def test_a_cap_is_a_rate_that_a_contract_may_print_and_a_ten_thousandth_more_is_too_much(benchmark, multiplier):
    cap = rate_cap(benchmark_percent=benchmark, multipliers={"A": multiplier}, rating="A")
    terms = {"benchmark_percent": benchmark, "multiplier_max": multiplier}

    assert not exceeds_cap(rate_percent=cap, **terms)
    assert exceeds_cap(rate_percent=cap + Decimal("0.0001"), **terms)


@given(benchmark=rates)
def test_a_better_rating_never_pays_more(benchmark):
    caps = [rate_cap(benchmark_percent=benchmark, multipliers=TIANCHANG, rating=one) for one in ("AAA", "AA", "A")]

    assert caps == sorted(caps)


def test_a_rating_without_a_cap_is_refused_and_not_let_through():
    with pytest.raises(NoCap, match="BBB"):
        rate_cap(benchmark_percent=Decimal("4.35"), multipliers=TIANCHANG, rating="BBB")


@pytest.mark.parametrize(
    ("extension_months", "rate_percent"),
    [(6, "7.38"), (1, "7.38"), (24, "7.38"), (25, "7.68")],
)
def test_an_extension_into_a_longer_row_takes_its_rate(benchmark, extension_months, rate_percent):
    new_rate = extension_rate(
        series=benchmark,
        on=date(2014, 9, 10),
        original_months=12,
        extension_months=extension_months,
        multiplier=Decimal("1.2"),
        contract_rate_percent=Decimal("7.20"),
    )

    assert new_rate == Decimal(rate_percent)


def test_an_extension_within_its_row_keeps_the_contracts_rate(benchmark):
    new_rate = extension_rate(
        series=benchmark,
        on=date(2015, 3, 10),
        original_months=6,
        extension_months=6,
        multiplier=Decimal("1.2"),
        contract_rate_percent=Decimal("6.72"),
    )

    assert new_rate == Decimal("6.72")


@pytest.mark.parametrize("case", read_cases("penalties.csv"), ids=case_id)
def test_the_worked_penalty_rates_come_out(case):
    markup = {f"{case['kind']}_markup_percent": Decimal(case["markup_percent"])}

    rate_percent = penalty_rate(contract_rate_percent=Decimal(case["contract_rate_percent"]), **markup)
    assert rate_percent == Decimal(case["penalty_rate_percent"])


@given(contract=rates, overdue=st.integers(30, 50), misuse=st.integers(50, 100))
def test_of_two_penalties_only_the_heavier_counts(contract, overdue, misuse):
    both = penalty_rate(
        contract_rate_percent=contract,
        overdue_markup_percent=Decimal(overdue),
        misuse_markup_percent=Decimal(misuse),
    )

    assert both == penalty_rate(contract_rate_percent=contract, misuse_markup_percent=Decimal(misuse))
    assert penalty_rate(contract_rate_percent=contract) == contract


def test_a_mark_up_must_lie_within_the_rule_of_the_contracts_date(penalty_rules):
    rule = penalty_rule(rules=penalty_rules, on=date(2013, 9, 10))

    rule.require_allowed(overdue_markup_percent=Decimal("30"), misuse_markup_percent=Decimal("100"))
    for overdue, misuse in (("29.99", "50"), ("50.01", "50"), ("30", "49.99"), ("30", "100.01")):
        with pytest.raises(MarkupOutsideRule):
            rule.require_allowed(overdue_markup_percent=Decimal(overdue), misuse_markup_percent=Decimal(misuse))


def test_a_contract_older_than_every_rule_has_no_penalty_rule(penalty_rules):
    with pytest.raises(NoRate):
        penalty_rule(rules=penalty_rules, on=date(2003, 12, 31))


def test_unpaid_interest_bears_the_rate_that_the_contract_names():
    maturity = date(2014, 9, 10)
    rates_known = {"contract_rate_percent": Decimal("7.20"), "penalty_rate_percent": Decimal("10.80")}
    within, after = CompoundRule.CONTRACT_RATE_WITHIN_TERM, CompoundRule.PENALTY_RATE

    day_before = maturity - timedelta(days=1)
    assert compound_rate(rule=within, on=day_before, maturity=maturity, **rates_known) == Decimal("7.20")
    assert compound_rate(rule=within, on=maturity, maturity=maturity, **rates_known) == Decimal("10.80")
    assert compound_rate(rule=after, on=day_before, maturity=maturity, **rates_known) == Decimal("10.80")
