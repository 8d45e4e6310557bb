"""The leader's page: the same figures from the books, from the last counting, in the workbook and in JSON."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from dashboards.board.plain import from_plain, to_plain
from dashboards.board.reading import read_board
from dashboards.board.snapshots import AGE_MAX, current_board, refresh_boards
from dashboards.board.then import corrections
from dashboards.choices import Measure
from dashboards.figures import FIGURES, Selection
from dashboards.models import BoardReading
from loans.choices import EntryKind
from loans.operations.standings import refresh_standings
from organizations.scope import Scope
from tests.dashboards.test_quality_figures import enter
from tests.factories.county import NOON, TODAY, County
from tests.factories.lending import Order, lend
from tests.factories.loans import store_jianchuan

COUNTY = Scope(division_paths=("532931",))
WHOLE = Selection(scope=COUNTY, registers=COUNTY, as_of=TODAY)


@pytest.fixture
def lent(county: County, noon: datetime) -> County:
    """羊岑乡: 30,000 in 2013, a day late; 沙溪镇: 80,000 in 2014."""
    store_jianchuan()
    village = county.yangcen.village
    county.loans = lend(
        Order(village, "30000", date(2013, 8, 14), party=[village.farmer.household]),
        Order(county.shaxi.village, "80000", date(2014, 3, 5)),
    )
    refresh_standings(county.loans, on=TODAY)
    return county


def page_of(client: Client, county: County, name: str = "dashboards:county", **query: str) -> str:
    client.force_login(county.leader)
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_board_survives_the_way_through_json_to_the_fen(lent: County) -> None:
    board = read_board(WHOLE, at=NOON)
    assert from_plain(to_plain(board), counted_at=NOON) == board


def test_the_last_counting_equals_the_books_for_every_board_that_is_kept(lent: County) -> None:
    assert refresh_boards(at=NOON, today=TODAY) == BoardReading.objects.count() > 0
    for year in (2013, 2014):
        one = Selection(
            scope=COUNTY, registers=COUNTY, since=date(year, 1, 1), as_of=min(TODAY, date(year, 12, 31))
        )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            kept = current_board(one, at=NOON, today=TODAY)
        assert len(captured) <= 2
        assert kept == read_board(one, at=NOON)
    assert refresh_boards(at=NOON, today=TODAY) == 0


def test_what_is_booked_after_the_counting_shows_when_the_counting_is_old(lent: County) -> None:
    refresh_boards(at=NOON, today=TODAY)
    lend(Order(lent.shaxi.village, "10000", date(2014, 8, 1)))
    assert current_board(WHOLE, at=NOON, today=TODAY).lending.total(Measure.LOANS) == 2
    later = NOON + AGE_MAX + timedelta(seconds=1)
    assert current_board(WHOLE, at=later, today=TODAY).lending.total(Measure.LOANS) == 3
    assert refresh_boards(at=later, today=TODAY) > 0
    assert current_board(WHOLE, at=later, today=TODAY).lending.total(Measure.LOANS) == 3


def test_a_past_day_is_read_from_the_books(lent: County) -> None:
    refresh_boards(at=NOON, today=TODAY)
    past = Selection(scope=COUNTY, registers=COUNTY, as_of=date(2013, 12, 31))
    assert current_board(past, at=NOON, today=TODAY).lending.total(Measure.LOANS) == 1


def test_the_page_asks_eight_queries_at_the_most_when_it_was_counted(lent: County, client: Client) -> None:
    refresh_boards(at=NOON, today=TODAY)
    page_of(client, lent)
    with CaptureQueriesContext(connection) as captured:
        page_of(client, lent)
    own = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    frame = [
        sql for sql in own if any(table in sql for table in ("django_session", "accounts_", "inbox_", "guardian_"))
    ]
    assert len(own) - len(frame) <= 8, "\n".join(own)


def test_the_page_the_workbook_and_json_hold_the_same_figures(lent: County, client: Client) -> None:
    text = page_of(client, lent)
    assert "27.27%" in text  # 30,000 of 110,000 are overdue
    answer = client.get(reverse("dashboards:board-json")).json()
    values = {
        line["figure"]: line["value"] for line in answer["figures"] if line["place"] == answer["figures"][0]["place"]
    }
    assert (values["overdue_rate"], values["outstanding"]) == ("27.27", "110000.00")
    book = load_workbook(io.BytesIO(client.post(reverse("dashboards:board-workbook")).content))
    rows = {(row[0], row[1]): row[2] for row in book.active.iter_rows(min_row=2, values_only=True)}
    whole = answer["figures"][0]["place"]
    for code in ("amount_lent", "outstanding", "overdue_rate", "recovery_rate"):
        assert Decimal(str(rows[whole, str(FIGURES[code].name)])) == FIGURES[code].compute(WHOLE)


def test_a_county_without_a_case_shows_dashes_and_no_zero_rates(
    county: County, noon: datetime, client: Client
) -> None:
    text = page_of(client, county)
    assert '">0.00%' not in text
    assert "--" in text


def test_every_mark_of_arrears_leads_to_its_rows(lent: County, client: Client) -> None:
    assert page_of(client, lent, "dashboards:overdue").count("<tr>") == 2
    assert page_of(client, lent, "dashboards:overdue", bucket="1-30").count("<tr>") == 2
    assert "暂无数据" in page_of(client, lent, "dashboards:overdue", bucket="31-90")
    assert "暂无数据" in page_of(client, lent, "dashboards:overdue", township=lent.shaxi.division.path)


def test_the_names_of_people_are_masked_in_the_lists(lent: County, client: Client) -> None:
    name = lent.yangcen.village.farmer.name
    for page in ("dashboards:overdue", "dashboards:cases"):
        assert name not in page_of(client, lent, page)


def test_what_was_corrected_later_is_said_beside_a_past_day(lent: County, client: Client) -> None:
    enter(lent.loans[1], EntryKind.PRINCIPAL, "5000", date(2014, 7, 20), recorded=date(2014, 8, 14))
    text = page_of(client, lent, as_of="2014-07-31")
    assert "当时数" in text
    assert "110,000.00" in text
    assert "-5,000.00" in text
    assert "事后更正" not in page_of(client, lent)


def test_nothing_differs_where_nothing_was_corrected(lent: County, client: Client) -> None:
    past = Selection(scope=COUNTY, registers=COUNTY, as_of=date(2014, 7, 31))
    assert corrections(past, Selection(scope=COUNTY, registers=COUNTY, as_of=past.as_of, known_at=NOON)) == []
    assert "事后没有更正" in page_of(client, lent, as_of="2014-07-31")


def test_a_committee_officer_has_the_page_of_his_township(lent: County, client: Client) -> None:
    client.force_login(lent.shaxi.committee_officer)
    text = client.get(reverse("dashboards:county")).content.decode()
    assert "乡镇看板" in text
    assert '<div class="v">8.0<small>万元</small></div>' in text


def test_the_screen_of_the_hall_has_no_menus_and_reads_itself_again(lent: County, client: Client) -> None:
    text = page_of(client, lent, "dashboards:hall")
    assert 'data-refresh="180"' in text
    assert "<nav" not in text
