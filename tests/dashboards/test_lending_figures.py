"""Every figure of lending against a county small enough to count by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from dashboards.choices import Band, Dimension, Measure, Party, Use
from dashboards.figures import FIGURES, Selection, read_lending
from loans.models import Loan
from organizations.scope import Scope
from tests.factories.county import County
from tests.factories.lending import Order, delete_loan, lend, lend_to_cooperative
from tests.factories.loans import store_jianchuan

COUNTY = Scope(division_paths=("532931",))
AS_OF = date(2014, 7, 31)


@pytest.fixture
def lent(county: County) -> County:
    """Seven loans, eight different households and one cooperative.

    羊岑乡: 30,000 (crops, party), 50,000 (livestock) and again 20,000 in 2014 to the same household,
            50,001 (tourism; a joint loan of three households, one of them party), 100,000 to a cooperative (crops).
    沙溪镇: 80,000 (livestock, party), 2014: 10,000 (processing).
    """
    store_jianchuan()
    first, second = county.yangcen.villages
    a, b, c, d, e = first.households[:5]
    x, y = county.shaxi.village.households[:2]
    lend(
        Order(first, "30000", date(2013, 8, 1), purpose="crops", households=[a], party=[a], reserved="1500"),
        Order(first, "50000", date(2013, 9, 10), households=[b], reserved="2500"),
        Order(first, "20000", date(2014, 3, 5), purpose="crops", households=[b], party=[b], reserved="600"),
        Order(second, "50001", date(2013, 9, 30), purpose="tourism", households=[c, d, e], party=[d]),
        Order(county.shaxi.village, "80000", date(2013, 9, 11), households=[x], party=[x]),
        Order(county.shaxi.village, "10000", date(2014, 7, 31), purpose="processing", households=[y]),
    )
    lend_to_cooperative(first, "100000", date(2013, 12, 31), purpose="crops")
    return county


def compute(code: str, **fields: object) -> object:
    given_fields = {"scope": COUNTY, "registers": COUNTY, "as_of": AS_OF} | fields
    return FIGURES[code].compute(Selection(**given_fields))


def read(**fields: object) -> object:
    return read_lending(Selection(**({"scope": COUNTY, "as_of": AS_OF} | fields)))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("amount_lent", Decimal("340001.00")),
        ("loans", 7),
        ("households", 8),
        ("party_households", 4),
        ("party_share", Decimal("50.00")),
        ("mean_per_loan", Decimal("48571.57")),
        ("townships_reached", 2),
        ("subsidy_reserved", Decimal("4600.00")),
        ("largest_sum_of_several_loans", Decimal("70000.00")),
    ],
)
def test_a_figure_of_lending_equals_the_count_by_hand(lent: County, code: str, expected: object) -> None:
    assert compute(code) == expected


def test_a_household_with_two_loans_is_counted_once(lent: County) -> None:
    village = lent.yangcen.village
    assert compute("households", division=village.division.path) == 3
    assert compute("loans", division=village.division.path) == 4


def test_a_household_is_a_party_household_when_a_member_was_in_the_party_at_any_of_its_loans(lent: County) -> None:
    assert compute("party_households", as_of=date(2013, 12, 31)) == 3
    assert compute("party_households") == 4


def test_a_joint_loan_counts_all_its_households_but_is_one_loan(lent: County) -> None:
    selection = {"division": lent.yangcen.villages[1].division.path}
    assert (compute("households", **selection), compute("loans", **selection)) == (3, 1)


def test_a_cooperative_is_one_of_the_households_and_never_a_party_household(lent: County) -> None:
    selection = {"borrowers": ("cooperative",)}
    assert (compute("households", **selection), compute("party_households", **selection)) == (1, 0)


def test_exactly_fifty_thousand_lies_in_the_lower_band(lent: County) -> None:
    bands = read().by(Dimension.BAND, Measure.AMOUNT)
    assert bands == {Band.UP_TO_LIMIT: Decimal("110000.00"), Band.ABOVE_LIMIT: Decimal("230001.00")}


def test_a_fen_above_fifty_thousand_lies_in_the_upper_band(lent: County) -> None:
    lend(Order(lent.shaxi.village, "50000.01", date(2014, 1, 6)))
    assert compute("loans", band=Band.ABOVE_LIMIT) == 4
    assert compute("loans", band=Band.UP_TO_LIMIT) == 4


def test_households_are_split_by_the_use_of_their_first_loan(lent: County) -> None:
    assert read().by(Dimension.USE, Measure.HOUSEHOLDS) == {Use.LIVESTOCK: 2, Use.CROPS: 2, Use.OTHER: 4}


def test_other_business_is_everything_but_crops_and_livestock(lent: County) -> None:
    assert compute("loans", use=Use.OTHER) == 2


def test_a_past_day_does_not_know_later_loans(lent: County) -> None:
    assert compute("loans", as_of=date(2013, 9, 10)) == 2
    assert compute("amount_lent", as_of=date(2013, 9, 9)) == Decimal("30000.00")
    assert compute("loans", as_of=date(2013, 7, 31)) == 0


def test_the_day_itself_counts_at_both_ends(lent: County) -> None:
    assert compute("loans", since=date(2013, 9, 10), as_of=date(2013, 9, 10)) == 1


def test_a_township_officer_counts_only_his_own_tree(lent: County) -> None:
    committee = Scope(branch_paths=(lent.shaxi.committee.path,))
    assert compute("loans", scope=committee) == 2
    assert compute("households", scope=committee) == 2


def test_an_outlet_counts_only_its_own_loans(lent: County) -> None:
    assert compute("amount_lent", scope=Scope(outlet_paths=(lent.shaxi.outlet.path,))) == Decimal("90000.00")


def test_without_a_scope_nothing_is_counted(lent: County) -> None:
    assert compute("loans", scope=Scope()) == 0


def test_a_programme_and_a_version_narrow_the_count(lent: County) -> None:
    assert compute("loans", programme="jianchuan", versions=("2014",)) == 2
    assert compute("loans", programme="yulong") == 0


def test_party_and_other_loans_are_told_apart(lent: County) -> None:
    assert (compute("loans", party=Party.YES), compute("loans", party=Party.NO)) == (4, 3)


def test_months_are_the_months_of_paying_out(lent: County) -> None:
    months = read().by(Dimension.MONTH, Measure.LOANS)
    assert months[date(2013, 9, 1)] == 3
    assert sum(months.values()) == 7


def test_an_empty_county_has_no_mean_and_no_share(county: County) -> None:
    assert compute("amount_lent") == 0
    assert compute("mean_per_loan") is None
    assert compute("party_share") is None
    assert compute("largest_sum_of_several_loans") is None


def test_a_loan_that_is_deleted_behind_the_application_is_missed_at_once(lent: County) -> None:
    delete_loan(Loan.objects.get(principal=30_000))
    assert compute("loans") == 6
    assert compute("amount_lent") == Decimal("310001.00")
    assert compute("households") == 7


@pytest.mark.parametrize("dimension", Dimension.values)
@pytest.mark.parametrize("measure", Measure.values)
def test_the_parts_of_every_dimension_add_up_to_the_whole(lent: County, dimension: str, measure: str) -> None:
    lending = read()
    assert sum(lending.by(dimension, measure).values()) == lending.total(measure) > 0


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    loans=st.lists(
        st.tuples(
            st.integers(0, 3),
            st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True),
            st.sampled_from(["5000", "49999.99", "50000", "50000.01", "300000"]),
            st.integers(0, 500),
            st.sampled_from(["crops", "livestock", "processing", "tourism", "other_business"]),
            st.booleans(),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_however_households_borrow_the_parts_add_up(county: County, loans: list[tuple]) -> None:
    if not hasattr(county, "programme"):
        county.programme = store_jianchuan()
    served = set()
    orders = []
    before = read(as_of=date(2015, 12, 31))
    for village_number, numbers, amount, days, purpose, in_party in loans:
        village = county.villages[village_number]
        households = [village.households[number] for number in numbers]
        party = households[:1] if in_party else []
        served.update(household.pk for household in households)
        day = date(2013, 6, 1) + timedelta(days=days)
        orders.append(Order(village, amount, day, purpose, households, party, version="2013"))
    lend(*orders)
    lending = read(as_of=date(2015, 12, 31))
    assert lending.total(Measure.LOANS) - before.total(Measure.LOANS) == len(loans)
    assert lending.total(Measure.HOUSEHOLDS) >= len(served)
    for dimension in Dimension.values:
        for measure in Measure.values:
            assert sum(lending.by(dimension, measure).values()) == lending.total(measure)
