from datetime import date
from decimal import Decimal

import django_tables2
import html5lib
import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.utils import translation

from web.filters import active_chips, kept_parameters
from web.tables import CountColumn, DayColumn, MomentColumn, MoneyColumn, OfficeTable, PercentColumn, WanColumn


class LoanTable(OfficeTable):
    caption = "Loans"
    name = django_tables2.Column("Name")
    amount = MoneyColumn("Amount", total=True)
    households = CountColumn("Households", total=True)
    rate = PercentColumn("Rate")
    paid_on = DayColumn("Paid on")


ROWS = [
    {
        "name": "张*",
        "amount": Decimal("50000"),
        "households": 1,
        "rate": Decimal("10.2"),
        "paid_on": date(2014, 7, 31),
    },
    {"name": "李*兰", "amount": Decimal("1234567.5"), "households": 1200, "rate": None, "paid_on": None},
    {"name": "<b>", "amount": None, "households": 3, "rate": Decimal("6"), "paid_on": date(2013, 1, 2)},
]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def draw(rf, table, address="/"):
    template = Template("{% load django_tables2 %}{% render_table table %}")
    html = template.render(Context({"table": table, "request": rf.get(address)}))
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    page = parser.parse(f"<!doctype html><title>t</title>{html}")
    assert not parser.errors
    return page


def texts(elements):
    return ["".join(element.itertext()).strip() for element in elements]


def test_the_unit_stands_in_the_header_and_figures_stand_right(rf):
    page = draw(rf, LoanTable(ROWS))
    heads = list(page.iter("th"))
    assert texts(heads) == ["Name", "Amount (yuan)", "Households", "Rate", "Paid on"]
    assert [head.get("class").split() for head in heads][1] >= ["num"]


def test_every_cell_knows_its_label_for_the_phone(rf):
    page = draw(rf, LoanTable(ROWS[:1]))
    assert [td.get("data-label") for td in page.findall(".//tbody//td")] == [
        "Name",
        "Amount (yuan)",
        "Households",
        "Rate",
        "Paid on",
    ]


def test_values_are_shown_the_office_s_way_and_nothing_is_two_dashes(rf):
    rows = [texts(row.iter("td")) for row in draw(rf, LoanTable(ROWS)).findall(".//tbody/tr")]
    assert rows == [
        ["张*", "50,000.00", "1", "10.20%", "2014-07-31"],
        ["李*兰", "1,234,567.50", "1,200", "--", "--"],
        ["<b>", "--", "3", "6.00%", "2013-01-02"],
    ]


def test_the_foot_sums_the_rows_of_the_page(rf):
    table = LoanTable(ROWS)
    table.paginate(page=1, per_page=2)
    assert texts(draw(rf, table).findall(".//tfoot//td")) == ["Total of this page", "1,284,567.50", "1,201", "", ""]
    assert texts(draw(rf, LoanTable(ROWS)).findall(".//tfoot//td"))[0] == "Total"


def test_an_empty_list_says_so_and_has_no_foot(rf):
    page = draw(rf, LoanTable([]))
    assert texts(page.findall(".//td[@class='empty']")) == ["No data"]
    assert page.find(".//tfoot") is None


def test_sorting_keeps_the_filters_and_leaves_the_page(rf):
    table = LoanTable(ROWS, order_by="-amount")
    page = draw(rf, table, "/?state=late&page=3")
    heads = list(page.iter("th"))
    assert [head.get("aria-sort") for head in heads[:2]] == [None, "descending"]
    links = [head.find(".//a").get("href") for head in heads[:2]]
    assert links == ["?state=late&sort=name", "?state=late&sort=amount"]


def test_the_pager_names_the_present_page_and_keeps_the_filters(rf):
    table = LoanTable(ROWS * 10)
    table.paginate(page=2, per_page=3)
    page = draw(rf, table, "/?state=late&page=2")
    pager = page.find(".//nav[@class='pager']")
    assert "30 entries" in "".join(pager.itertext())
    assert texts(pager.findall(".//a[@aria-current='page']")) == ["Page 2"]
    assert {a.get("href") for a in pager.findall(".//a[@rel]")} == {"?state=late&page=1", "?state=late&page=3"}


def test_a_list_of_one_page_has_a_count_and_no_links(rf):
    table = LoanTable(ROWS)
    table.paginate(page=1, per_page=25)
    pager = draw(rf, table).find(".//nav[@class='pager']")
    assert "3 entries" in "".join(pager.itertext())
    assert pager.find(".//a") is None


def test_the_table_can_be_scrolled_by_keyboard_and_has_a_name(rf):
    region = draw(rf, LoanTable(ROWS)).find(".//div[@class='table-wrap']")
    assert (region.get("tabindex"), region.get("aria-label")) == ("0", "Loans")


def test_an_export_writes_numbers_and_not_their_texts():
    table = LoanTable(ROWS)
    written = list(table.as_values())
    assert written[1][1:] == [Decimal("50000"), 1, Decimal("10.2"), date(2014, 7, 31)]


def test_an_amount_may_be_shown_in_ten_thousands_and_a_moment_with_its_clock():
    assert WanColumn("Lent").render(Decimal("17709000")) == "1,770.90"
    assert MomentColumn("At").render(None) == "--"


class FilterForm(forms.Form):
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), ("Group", [("late", "Overdue")])])
    villages = forms.MultipleChoiceField(label="Village", required=False, choices=[("1", "甲村"), ("2", "乙村")])
    name = forms.CharField(label="Name", required=False)


def chips(query):
    data = QueryDict(query)
    return active_chips(form=FilterForm(data), query=data)


def test_a_chip_names_the_choice_and_leads_to_the_list_without_it():
    (chip,) = chips("state=late&page=4&sort=name&name=")
    assert (chip.label, chip.value, chip.url) == ("State", "Overdue", "?sort=name&name=")


def test_several_values_of_one_filter_are_one_chip():
    (chip,) = chips("villages=1&villages=2")
    assert (chip.value, chip.url) == ("甲村、乙村", "?")


@pytest.mark.parametrize("query", ["", "state=&name=", "state=unknown", "other=1"])
def test_what_filters_nothing_makes_no_chip(query):
    assert chips(query) == []


def test_an_unbound_form_makes_no_chip():
    assert active_chips(form=FilterForm(), query=QueryDict("state=late")) == []


def test_a_new_search_keeps_the_order_and_forgets_the_page():
    query = QueryDict("state=late&sort=-amount&page=3&view=mine")
    assert kept_parameters(form=FilterForm(query), query=query) == [("sort", "-amount"), ("view", "mine")]


def test_the_filter_bar_is_a_get_form_with_a_way_to_reset(rf):
    request = rf.get("/loans/?name=<b>&sort=name")
    html = Template("{% load web %}{% filter_bar form %}").render(
        Context({"request": request, "form": FilterForm(request.GET)})
    )
    assert 'method="get"' in html
    assert 'href="/loans/"' in html
    assert '<input type="hidden" name="sort" value="name">' in html
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_a_page_s_address_keeps_the_filters(rf):
    request = rf.get("/?state=late&page=1")
    html = Template("{% load web %}{% page_url 2 %}").render(Context({"request": request}))
    assert html == "?state=late&amp;page=2"
