"""The plan of the demo county meets every printed total at once. Pure: no database."""

import csv
import json
from collections import Counter, defaultdict
from datetime import date
from random import Random

import pytest
from django.conf import settings
from hypothesis import given, strategies as st

from redcredit.demo.plan import PlannedLoan, plan_lending, share_out, split
from workflow.deadlines import WorkCalendar

FIXTURES = settings.BASE_DIR / "fixtures"
LIMITS = {"self": (1, 100), "helping": (1, 200), "leading": (1, 300), "collective": (50, 300)}
TOWNSHIPS_2013 = {
    "532931101000": 17_709,
    "532931103000": 5_840,
    "532931104000": 7_500,
    "532931201000": 4_000,
    "532931105000": 5_300,
    "532931102000": 2_000,
    "532931202000": 4_500,
    "532931203000": 3_151,
}


def read_rows(*parts: str) -> list[dict[str, str]]:
    with FIXTURES.joinpath(*parts).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    exceptions = {date.fromisoformat(row["day"]): row["is_workday"] == "1" for row in read_rows("holidays.csv")}
    return WorkCalendar(exceptions=exceptions, known_years=frozenset(day.year for day in exceptions))


@pytest.fixture(scope="module")
def villages() -> dict[str, list[str]]:
    found = defaultdict(list)
    for row in read_rows("divisions", "jianchuan.csv"):
        if row["kind"] == "village":
            found[row["parent"]].append(row["code"])
    return found


@pytest.fixture(scope="module")
def recipe() -> dict:
    return json.loads((FIXTURES / "demo" / "recipe.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def plan(recipe, calendar, villages) -> list[PlannedLoan]:
    return plan_lending(recipe, calendar=calendar, villages=villages)


def by_unit(plan: list[PlannedLoan]) -> dict[int, list[PlannedLoan]]:
    found = defaultdict(list)
    for loan in plan:
        for unit in loan.units:
            found[unit].append(loan)
    return found


def thousands(loans) -> int:
    return sum(loan.thousands for loan in loans)


def test_loans_households_and_amount_are_those_printed(plan):
    assert len(plan) == 1_736
    assert len(by_unit(plan)) == 1_752
    assert thousands(plan) == 87_072


def test_each_township_lent_in_2013_what_is_printed(plan):
    lent = Counter()
    for loan in plan:
        if loan.day.year == 2013:
            lent[loan.township] += loan.thousands
    assert lent == TOWNSHIPS_2013


def test_the_bands_of_2013_are_those_printed(plan):
    first_year = [loan for loan in plan if loan.day.year == 2013]
    assert thousands(loan for loan in first_year if loan.thousands <= 50) == 19_817
    assert thousands(loan for loan in first_year if loan.thousands > 50) == 30_183


def test_the_uses_of_the_households_are_those_printed(plan):
    uses = Counter(loans[0].use for loans in by_unit(plan).values())
    assert (uses["livestock"], uses["crops"]) == (736, 688)
    assert uses["processing"] + uses["tourism"] + uses["other_business"] == 328
    assert min(uses.values()) > 0


def test_a_household_keeps_its_use(plan):
    assert all(len({loan.use for loan in loans}) == 1 for loans in by_unit(plan).values())


def test_403_households_are_of_party_members(plan):
    assert len({loan.units for loan in plan if loan.is_party}) == 403
    assert all(not loan.is_body and len(loan.units) == 1 for loan in plan if loan.is_party)


def test_every_loan_lies_within_the_limit_of_its_class(plan):
    assert all(LIMITS[loan.tier][0] <= loan.thousands <= LIMITS[loan.tier][1] for loan in plan)


def test_only_party_households_borrow_in_the_classes_of_members(plan):
    assert all(loan.is_party for loan in plan if loan.tier in ("helping", "leading"))


def test_bodies_and_only_bodies_borrow_in_the_class_of_collectives(plan):
    assert all(loan.is_body == (loan.tier == "collective") for loan in plan)


def test_no_household_owes_more_than_the_highest_limit(plan):
    assert max(thousands(loans) for loans in by_unit(plan).values()) == 300


def test_only_bodies_serve_several_households(plan):
    assert Counter(len(loan.units) for loan in plan if len(loan.units) > 1) == {3: 7, 4: 1}
    assert all(loan.is_body for loan in plan if len(loan.units) > 1)


def test_money_is_paid_on_working_days_of_its_year(plan, calendar, recipe):
    assert all(calendar.is_workday(loan.day) for loan in plan)
    assert min(loan.day for loan in plan) >= date.fromisoformat(recipe["first_year"]["first_day"])
    assert max(loan.day for loan in plan) <= date(2014, 7, 31)


def test_the_loans_of_2013_run_a_year(plan):
    assert {loan.term_months for loan in plan if loan.day.year == 2013} == {12}


def test_every_village_lies_in_the_township_of_its_loan(plan, villages):
    assert all(loan.village in villages[loan.township] for loan in plan)


@pytest.mark.parametrize(
    ("key", "village", "day", "amount"),
    [
        ("case_a", "532931101211", date(2013, 9, 10), 300),
        ("case_b", "532931103206", date(2013, 9, 10), 100),
        ("case_c1", "532931201205", date(2013, 9, 10), 100),
        ("case_c2", "532931201205", date(2014, 5, 28), 200),
        ("case_d", "532931202202", date(2013, 9, 10), 100),
        ("case_e", "532931105201", date(2013, 9, 10), 200),
        ("case_f", "532931105211", date(2013, 9, 10), 100),
    ],
)
def test_a_case_of_the_report_is_the_only_loan_of_its_village_and_day(plan, key, village, day, amount):
    (loan,) = [loan for loan in plan if (loan.village, loan.day) == (village, day)]
    assert (loan.key, loan.thousands) == (key, amount)


def test_the_second_loan_of_a_case_serves_the_same_household(plan):
    first, second = (next(loan for loan in plan if loan.key == key) for key in ("case_c1", "case_c2"))
    assert first.units == second.units


def test_no_township_lends_more_in_2014_than_its_share_of_the_plan(plan, recipe):
    shares = share_out(55_000, recipe["first_year"]["by_township"])
    for township, share in shares.items():
        lent = thousands(loan for loan in plan if loan.township == township and loan.day.year == 2014)
        assert lent < share * 9 / 10, "open applications need room too"


def test_the_plan_is_the_same_every_time(plan, recipe, calendar, villages):
    assert plan_lending(recipe, calendar=calendar, villages=villages) == plan


def test_a_plan_with_too_many_forced_members_is_refused(recipe, calendar, villages):
    with pytest.raises(ValueError, match="are printed"):
        plan_lending(recipe | {"party_households": 100}, calendar=calendar, villages=villages)


@given(st.integers(1, 60), st.integers(0, 1_000_000), st.integers(1, 40), st.integers(0, 60))
def test_a_split_adds_up_and_stays_within_its_bounds(parts, seed, low, width):
    total = parts * low + seed % (parts * width + 1)
    amounts = split(total, parts, low=low, high=low + width, rng=Random(seed))
    assert (len(amounts), sum(amounts)) == (parts, total)
    assert low <= min(amounts) <= max(amounts) <= low + width


@pytest.mark.parametrize("total", [9, 51])
def test_a_split_that_cannot_be_is_refused(total):
    with pytest.raises(ValueError, match="cannot be split"):
        split(total, 2, low=5, high=25, rng=Random(1))


@given(st.integers(0, 100_000), st.lists(st.integers(1, 20_000), min_size=1, max_size=12))
def test_shares_add_up_and_are_off_by_less_than_one(total, weights):
    named = {f"{place:02}": weight for place, weight in enumerate(weights)}
    shares = share_out(total, named)
    assert sum(shares.values()) == total
    assert all(abs(shares[key] * sum(weights) - total * weight) < sum(weights) for key, weight in named.items())
