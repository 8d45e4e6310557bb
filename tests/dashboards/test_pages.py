"""The pages of figures over HTTP: who sees what, filters in the address, query counts."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from loans.models import Loan
from tests.factories.county import County
from tests.factories.lending import Order, lend, lend_to_cooperative
from tests.factories.loans import store_jianchuan

FIGURES_PAGES = ("dashboards:county", "dashboards:loans", "dashboards:background", "dashboards:published")


@pytest.fixture
def lent(county: County, noon: datetime) -> County:
    """羊岑乡: 30,000 (crops, a Party household) and 100,000 to a cooperative; 沙溪镇: 80,000 in 2014."""
    store_jianchuan()
    village = county.yangcen.village
    member = village.households[0]
    lend(
        Order(village, "30000", date(2013, 8, 1), purpose="crops", households=[member], party=[member]),
        Order(county.shaxi.village, "80000", date(2014, 3, 5)),
    )
    lend_to_cooperative(village, "100000", date(2013, 12, 31), purpose="crops")
    return county


@pytest.fixture
def visit(client: Client) -> Callable[..., str]:
    """Open a page as somebody and return its text; the answer must be 200."""

    def open_page(user: User, name: str = "dashboards:county", **query: str) -> str:
        client.force_login(user)
        response = client.get(reverse(name), query)
        assert response.status_code == 200
        return response.content.decode()

    return open_page


def rows_of(text: str) -> int:
    """How many loans the list shows."""
    return text.split("<tbody>")[1].split("</tbody>")[0].count("<tr>")


@pytest.mark.parametrize("name", FIGURES_PAGES)
def test_a_leader_opens_every_page_of_figures(lent: County, visit: Callable[..., str], name: str) -> None:
    assert "<h1>" in visit(lent.leader, name)


@pytest.mark.parametrize("name", FIGURES_PAGES)
def test_an_account_without_the_right_is_told_that_there_is_no_such_page(
    lent: County, client: Client, name: str
) -> None:
    for user in (lent.outsider, lent.yangcen.clerk, lent.yangcen.village.secretary, lent.system_administrator):
        client.force_login(user)
        assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", FIGURES_PAGES)
def test_nobody_sees_figures_before_signing_in(county: County, client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", FIGURES_PAGES)
def test_nothing_can_be_posted(lent: County, client: Client, name: str) -> None:
    client.force_login(lent.leader)
    assert client.post(reverse(name)).status_code == 405


def test_an_auditor_reads_the_comparison_but_no_other_page_of_figures(
    lent: County, client: Client, visit: Callable[..., str]
) -> None:
    assert "建制镇" in visit(lent.auditor, "dashboards:published")
    assert client.get(reverse("dashboards:county")).status_code == 404


def test_the_leader_sees_the_whole_county(lent: County, visit: Callable[..., str]) -> None:
    text = visit(lent.leader)
    assert '<div class="v">21.0<small>万元</small></div>' in text
    assert '<div class="v">3<small>笔</small></div>' in text
    assert "33.33%" in text


def test_a_committee_officer_sees_his_own_township_only(lent: County, visit: Callable[..., str]) -> None:
    assert '<div class="v">8.0<small>万元</small></div>' in visit(lent.shaxi.committee_officer)
    assert rows_of(visit(lent.shaxi.committee_officer, "dashboards:loans")) == 1


def test_another_township_in_the_address_opens_nothing(lent: County, visit: Callable[..., str]) -> None:
    text = visit(lent.shaxi.committee_officer, "dashboards:loans", township=lent.yangcen.division.path)
    assert "暂无数据" in text


def test_a_manager_sees_the_loans_of_his_own_outlet(lent: County, visit: Callable[..., str]) -> None:
    lend(Order(lent.shaxi.village, "5000", date(2014, 4, 1), outlet=lent.yangcen.outlet,
               households=[lent.shaxi.village.households[1]]))  # fmt: skip
    assert rows_of(visit(lent.yangcen.credit_manager, "dashboards:loans")) == 3
    assert rows_of(visit(lent.shaxi.credit_manager, "dashboards:loans")) == 1
    assert rows_of(visit(lent.union_manager, "dashboards:loans")) == 4


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"year": "2013"}, 2),
        ({"year": "2014"}, 1),
        ({"month": "2013-12"}, 1),
        ({"version": "jianchuan:2014"}, 1),
        ({"township": "532931201"}, 2),
        ({"as_of": "2013-12-30"}, 1),
        ({"use": "crops"}, 2),
        ({"band": "up_to_50000"}, 1),
        ({"borrower": "cooperative"}, 1),
        ({"party": "yes"}, 1),
        ({"party": "no", "year": "2013"}, 1),
        ({"year": "2013", "as_of": "2014-08-15"}, 2),
    ],
)
def test_a_filter_in_the_address_narrows_the_list(
    lent: County, visit: Callable[..., str], query: dict[str, str], number: int
) -> None:
    assert rows_of(visit(lent.leader, "dashboards:loans", **query)) == number


def test_every_bar_leads_to_the_loans_it_counts(lent: County, visit: Callable[..., str]) -> None:
    text = visit(lent.leader, year="2013")
    assert "/figures/loans/?year=2013&amp;township=532931201" in text
    assert "/figures/loans/?year=2013&amp;month=2013-08" in text
    assert "/figures/loans/?year=2013&amp;use=crops" in text


@pytest.mark.parametrize(
    "query",
    [
        {"year": "abc"},
        {"year": "1066"},
        {"month": "2013-13"},
        {"township": "'; --"},
        {"township": "532931"},
        {"version": "x"},
        {"use": "consumption"},
        {"as_of": "31.7.2014"},
        {"as_of": "2099-01-01"},
        {"before": "x~y"},
        {"before": "2014-01-01~99999999999999999999"},
        {"after": "~"},
    ],
)
def test_nonsense_in_the_address_is_said_or_ignored_but_never_breaks_the_page(
    lent: County, visit: Callable[..., str], query: dict[str, str]
) -> None:
    visit(lent.leader, **query)
    assert rows_of(visit(lent.leader, "dashboards:loans", **query)) == 3


def test_a_filter_that_cannot_be_understood_is_named(lent: County, visit: Callable[..., str]) -> None:
    assert "日期不能晚于 2014-08-15" in visit(lent.leader, as_of="2099-01-01")


def test_names_of_people_are_masked_and_those_of_bodies_are_not(lent: County, visit: Callable[..., str]) -> None:
    text = visit(lent.leader, "dashboards:loans")
    for loan in Loan.objects.select_related("application__person", "application__entity"):
        if loan.application.entity:
            assert loan.application.entity.name in text
        else:
            assert loan.application.person.name not in text


def test_a_chip_names_the_filter_and_takes_it_away(lent: County, visit: Callable[..., str]) -> None:
    text = visit(lent.leader, "dashboards:loans", township="532931201", use="crops")
    assert 'href="?use=crops"' in text
    assert "乡镇：羊岑乡" in text
    assert "贷款用途：种植业" in text


def test_the_list_is_read_page_by_page_in_both_directions(
    lent: County, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboards.queries.page_of_loans.__kwdefaults__", {"before": None, "after": None, "size": 2})
    client.force_login(lent.leader)
    first = client.get(reverse("dashboards:loans"), {"party": ""})
    assert [row.day for row in first.context["page"].rows] == [date(2014, 3, 5), date(2013, 12, 31)]
    second = client.get(first.context["next_url"])
    assert [row.day for row in second.context["page"].rows] == [date(2013, 8, 1)]
    assert second.context["next_url"] == ""
    again = client.get(second.context["previous_url"])
    assert again.context["page"].rows == first.context["page"].rows
    assert again.context["previous_url"] == ""


def test_the_totals_are_those_of_all_pages(lent: County, visit: Callable[..., str]) -> None:
    assert "共 3 笔，21.00 万元" in visit(lent.leader, "dashboards:loans")


def test_an_empty_county_shows_no_mean_and_divides_by_nothing(
    county: County, noon: datetime, visit: Callable[..., str]
) -> None:
    text = visit(county.leader)
    assert "笔均 -- 元" in text
    visit(county.leader, "dashboards:background")
    visit(county.leader, "dashboards:loans")


def test_the_page_says_of_which_day_and_when_it_was_read(lent: County, visit: Callable[..., str]) -> None:
    assert "截至 2014-08-15，数据时间 2014-08-15 12:00" in visit(lent.leader)
    assert "截至 2013-12-31" in visit(lent.leader, year="2013")


def test_the_background_shows_rules_budgets_and_the_three_readings(lent: County, visit: Callable[..., str]) -> None:
    text = visit(lent.leader, "dashboards:background", as_of="2013-12-31")
    assert "20.00%" in text
    assert "304.17" in text
    assert "230.00" in text
    assert "10.00%" not in text


def test_the_comparison_says_what_differs(lent: County, visit: Callable[..., str]) -> None:
    text = visit(lent.leader, "dashboards:published")
    assert "此差异不在已知差异清单内。" in text
    assert "系统不登记存栏数。" in text
    assert "26,000 多" in text


def test_a_county_that_published_nothing_is_told_so(
    lent: County, visit: Callable[..., str], settings: object, tmp_path: Path
) -> None:
    settings.FIXTURE_DIRS = [tmp_path]
    assert "本县暂无可核对的公布数据。" in visit(lent.leader, "dashboards:published")


@pytest.mark.parametrize(
    ("name", "limit"),
    [("dashboards:county", 20), ("dashboards:cases", 6), ("dashboards:overdue", 6), ("dashboards:loans", 5)],
)
def test_the_queries_of_a_page_do_not_grow_with_the_loans(lent: County, client: Client, name: str, limit: int) -> None:
    client.force_login(lent.leader)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(reverse(name), {"township": "532931201", "version": "jianchuan:2013"})
        counts.append([query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])
        lend(*[Order(lent.yangcen.village, "5000", date(2013, 9, day)) for day in range(1, 10)])
    assert len(counts[0]) == len(counts[1]) <= limit, "\n".join(counts[1])
