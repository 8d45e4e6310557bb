from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template

from web import display


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("50000"), "50,000.00"),
        (Decimal("1234567.8"), "1,234,567.80"),
        (Decimal("0.005"), "0.01"),
        (Decimal("-304.17"), "-304.17"),
        (0, "0.00"),
        (None, "--"),
    ],
)
def test_yuan_has_commas_and_two_decimals(amount, shown):
    assert display.show_yuan(amount) == shown


@pytest.mark.parametrize(
    ("amount", "two", "one"),
    [
        (Decimal("17709000.00"), "1,770.90", "1,770.9"),
        (Decimal("87072000"), "8,707.20", "8,707.2"),
        (Decimal("500"), "0.05", "0.1"),
        (Decimal("50.00"), "0.01", "0.0"),
        (None, "--", "--"),
    ],
)
def test_wan_is_ten_thousand_yuan(amount, two, one):
    assert display.show_wan(amount) == two
    assert display.show_wan(amount, places=1) == one


def test_a_float_is_no_amount():
    with pytest.raises(TypeError, match="float"):
        display.show_yuan(0.1)
    with pytest.raises(TypeError, match="str"):
        display.show_wan("50000")


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (Decimal("4.35"), "4.35%"),
        (Decimal("10.2000"), "10.20%"),
        (Decimal("6"), "6.00%"),
        (Decimal("10.1234"), "10.1234%"),
        (Decimal("10.12345"), "10.1235%"),
        (100, "100.00%"),
        (None, "--"),
    ],
)
def test_a_rate_shows_two_to_four_decimals(rate, shown):
    assert display.show_percent(rate) == shown


def test_times_are_the_county_s():
    moment = datetime(2014, 7, 31, 17, 5, tzinfo=UTC)
    assert display.show_when(moment) == "2014-08-01 01:05"
    assert display.show_day(moment) == "2014-08-01"
    assert display.show_day_long(moment) == "2014年8月1日"
    assert display.show_day(date(2014, 7, 31)) == "2014-07-31"
    assert display.show_day_long(date(2014, 12, 31)) == "2014年12月31日"
    assert display.show_day(None) == display.show_when(None) == display.show_day_long(None) == "--"


def test_a_birth_date_in_the_years_of_summer_time_keeps_its_day():
    assert display.show_day(date(1988, 7, 1)) == "1988-07-01"


def render(source: str, **values: object) -> str:
    return Template("{% load web %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ x|yuan }}", Decimal("50000"), "50,000.00"),
        ("{{ x|wan }}", Decimal("17709000"), "1,770.90"),
        ("{{ x|wan1 }}", Decimal("17709000"), "1,770.9"),
        ("{{ x|count }}", 1752, "1,752"),
        ("{{ x|percent }}", Decimal("4.35"), "4.35%"),
        ("{{ x|day }}", date(2014, 7, 31), "2014-07-31"),
        ("{{ x|day_long }}", date(2014, 7, 31), "2014年7月31日"),
        ("{{ x|when }}", datetime(2014, 7, 31, 1, 5, tzinfo=UTC), "2014-07-31 09:05"),
        ("{{ x|moment }}", date(2014, 7, 31), "2014-07-31"),
        ("{{ x|uppercase_yuan }}", Decimal("50000"), "人民币伍万元整"),
        ("{{ x|uppercase_yuan }}", None, "--"),
        ("{{ x|masked_name }}", "欧阳修", "欧阳*"),
        ("{{ x|masked_id }}", "532931197503120006", "532931********0006"),
        ("{{ x|masked_phone }}", "13812342207", "138****2207"),
        ("{{ x|masked_account }}", "6223000011112222", "****2222"),
        ("{{ x|empty }}", None, "--"),
        ("{{ x|empty }}", "", "--"),
        ("{{ x|empty }}", 0, "0"),
        ("{{ x|empty }}", "<b>", "&lt;b&gt;"),
        ('{% status x "ok" %}', "<已办结>", '<span class="tag tag-ok">&lt;已办结&gt;</span>'),
        ("{% status x %}", "草稿", '<span class="tag">草稿</span>'),
    ],
)
def test_a_template_shows_a_value_the_office_s_way(source, value, shown):
    assert render(source, x=value) == shown


def test_an_unknown_tone_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="purple"):
        render('{% status "x" "purple" %}')
