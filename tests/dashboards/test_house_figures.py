"""Figures of honours, publicity and the fund against what was written by hand."""

from datetime import date, timedelta
from decimal import Decimal

from dashboards.figures import FIGURES, Selection
from organizations.scope import Scope
from tests.factories.county import TODAY, County
from tests.factories.households import HonourFactory, event_of, set_scheme
from tests.factories.risk import RiskFactory

COUNTY = Scope(division_paths=("532931",))


def compute(code: str, **fields: object) -> object:
    return FIGURES[code].compute(Selection(**({"scope": COUNTY, "registers": COUNTY, "as_of": TODAY} | fields)))


def test_a_model_household_counts_from_the_day_of_its_title_in_its_township(office: County) -> None:
    set_scheme(office)
    honour = HonourFactory(office).borrowed().awarded()
    titles = {"party": "party_model_households", "model": "model_households"}
    mine = titles.pop(honour.title)
    (others,) = titles.values()
    day = honour.awarded_on
    assert (compute(mine, as_of=day), compute(others, as_of=day)) == (1, 0)
    assert compute(mine, as_of=day - timedelta(days=1)) == 0
    assert compute(mine, as_of=day, since=day + timedelta(days=1)) == 0
    assert compute(mine, as_of=day, division=office.shaxi.division.path) == 0


def test_copies_and_people_are_counted_up_to_the_day(office: County) -> None:
    event = event_of(office, copies=500)
    assert compute("copies_handed_out") == 500
    assert compute("publicity_attendance") == event.attendance
    assert compute("copies_handed_out", as_of=event.held_on - timedelta(days=1)) == 0
    assert compute("copies_handed_out", since=event.held_on + timedelta(days=1)) == 0


def test_a_county_without_publicity_handed_out_nothing(county: County) -> None:
    assert compute("copies_handed_out") == 0


def test_the_government_part_of_the_fund_leaves_the_lenders_out(office: County) -> None:
    assert compute("fund_from_government") is None
    fund = RiskFactory(office, paid_in="700000")
    fund.deposit("300000", reference="CZ-2", day=date(2014, 1, 10))
    assert compute("fund_from_government") == Decimal(1_000_000)
    assert compute("fund_from_government", as_of=date(2014, 1, 9)) == Decimal(700_000)
