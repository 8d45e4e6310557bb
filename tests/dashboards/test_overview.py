"""What the leader's page makes of the sums: order, gaps, links. No database."""

from datetime import date
from decimal import Decimal

import pytest

from dashboards.choices import Band, Party, Use
from dashboards.figures import Lending
from dashboards.figures.lending import Cell
from dashboards.forms import period
from dashboards.overview import MONTHS_SHOWN, Links, key_figures, split_by_band, split_by_month, split_by_township
from dashboards.queries import Cursor
from organizations.models import Division

LINKS = Links("/figures/loans/", {"year": "2013"})


def cells(month: date, amount: str, *, township: str = "532931101", use: str = Use.CROPS) -> list[Cell]:
    """One loan to one household in one month."""
    keys = {
        "township": township,
        "band": Band.UP_TO_LIMIT,
        "use": use,
        "borrower": "person",
        "party": Party.NO,
        "month": month,
        "version": 1,
    }
    loan = {"amount": Decimal(amount), "loans": 1, "reserved": Decimal(0)}
    return [Cell(keys, loan), Cell(keys, {"households": 1, "party_households": 0})]


def test_townships_stand_in_the_order_given_also_without_a_loan() -> None:
    townships = [Division(path="532931102", name="老君山镇"), Division(path="532931101", name="金华镇")]
    split = split_by_township(Lending(cells(date(2013, 8, 1), "30000.00")), LINKS, townships)
    assert [(row.label, row.amount, row.share) for row in split.rows] == [
        ("老君山镇", 0, Decimal("0.00")),
        ("金华镇", Decimal("30000.00"), Decimal("100.00")),
    ]


def test_a_month_without_a_loan_stands_between_two_with_one() -> None:
    lending = Lending([*cells(date(2013, 11, 1), "10000.00"), *cells(date(2014, 2, 1), "20000.00")])
    months = split_by_month(lending, LINKS)
    assert [row.label for row in months.split.rows] == ["2013-11", "2013-12", "2014-01", "2014-02"]
    assert [row.loans for row in months.split.rows] == [1, 0, 0, 1]
    assert not months.is_cut


def test_the_chart_shows_the_last_months_and_the_table_all_of_them() -> None:
    lending = Lending([*cells(date(2012, 1, 1), "10000.00"), *cells(date(2014, 2, 1), "20000.00")])
    months = split_by_month(lending, LINKS)
    assert months.is_cut
    assert len(months.split.rows) == 26
    assert str(months.chart).count("<a ") == MONTHS_SHOWN
    assert months.split.total.amount == Decimal("30000.00")


def test_without_loans_there_are_no_months_and_nothing_is_divided_by() -> None:
    months = split_by_month(Lending(), LINKS)
    assert months.split.rows == []
    assert months.split.total.share is None
    assert [row.share for row in split_by_band(Lending(), LINKS).rows] == [None, None]
    assert key_figures(Lending(), LINKS)[0].value == "0.0"


def test_a_part_links_to_its_loans_and_keeps_the_filters_in_use() -> None:
    split = split_by_band(Lending(cells(date(2013, 8, 1), "30000.00")), LINKS)
    assert split.rows[0].url == "/figures/loans/?year=2013&band=up_to_50000"
    assert split.total.url == "/figures/loans/?year=2013"
    assert Links("/figures/loans/", {}).to() == "/figures/loans/"


def test_the_total_of_a_split_is_the_sum_of_its_rows() -> None:
    lending = Lending([*cells(date(2013, 8, 1), "10000.00"), *cells(date(2013, 8, 1), "20000.00")])
    total = split_by_band(lending, LINKS).total
    assert (total.amount, total.loans, total.households) == (Decimal("30000.00"), 2, 2)


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        (2013, "", (date(2013, 1, 1), date(2013, 12, 31))),
        (2013, "2014-02", (date(2014, 2, 1), date(2014, 2, 28))),
        (None, "2012-02", (date(2012, 2, 1), date(2012, 2, 29))),
        (None, "", (None, None)),
    ],
)
def test_a_month_goes_before_its_year(year: int | None, month: str, expected: tuple[date | None, date | None]) -> None:
    assert period(year, month) == expected


@pytest.mark.parametrize("text", ["", "~", "2014-01-01", "2014-01-01~", "2014-13-01~5", "2014-01-01~-5", "x~5"])
def test_a_text_that_is_no_cursor_is_none(text: str) -> None:
    assert Cursor.parse(text) is None


def test_a_cursor_survives_the_address() -> None:
    cursor = Cursor(date(2014, 1, 31), 42)
    assert Cursor.parse(str(cursor)) == cursor
