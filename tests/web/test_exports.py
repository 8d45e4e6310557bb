"""Lists taken away as workbooks: what stands on the page, as Excel understands it."""

import io
from datetime import date
from decimal import Decimal

import django_tables2
import openpyxl
import pytest
from django.utils.html import format_html

from web import display, exports
from web.exports import CHUNK, TooManyRows, workbook_of_list
from web.tables import CountColumn, DayColumn, MoneyColumn, OfficeTable


class Sample(OfficeTable):
    name = django_tables2.Column("姓名")
    amount = MoneyColumn("金额")
    day = DayColumn("日期")
    households = CountColumn("户数", unit="户")
    state = django_tables2.Column("状态", empty_values=())
    action = django_tables2.Column("操作", empty_values=())

    def render_name(self, value):
        return format_html('<a href="/x/">{}</a> <span>党员</span>', value)

    def render_state(self, record):
        return display.EMPTY

    def render_action(self, record):
        return "办理"


def row(**cells):
    return {"name": "李兰", "amount": Decimal("50000.00"), "day": date(2014, 8, 15), "households": 3} | cells


def read(rows):
    content, number = workbook_of_list(rows, Sample, name="名单")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in line] for line in sheet.iter_rows()], number, sheet


def test_a_list_becomes_rows_without_what_can_only_be_clicked():
    lines, number, sheet = read([row()])
    assert lines[0] == ["姓名", "金额（元）", "日期", "户数（户）", "状态"]
    assert number == 1
    assert sheet.title == "名单"


def test_numbers_and_days_stay_what_they_are():
    (_, line), _, sheet = read([row()])
    assert line[1:4] == [50000, sheet["C2"].value, 3]
    assert sheet["C2"].value.date() == date(2014, 8, 15)
    assert sheet["B2"].number_format == "#,##0.00##"


def test_a_name_comes_without_its_link():
    (_, line), _, _ = read([row()])
    assert line[0] == "李兰 党员"


def test_what_is_empty_on_the_page_is_empty_in_the_file():
    (_, line), _, _ = read([row(amount=None)])
    assert line[1] is None
    assert line[4] in (None, "")


@pytest.mark.parametrize("name", ["=1+1", "+86", "-5", "@x", '=HYPERLINK("//x")'])
def test_no_name_becomes_a_formula(name):
    _, _, sheet = read([row(name=name)])
    assert sheet["A2"].data_type == "s"


def test_a_long_list_is_read_in_chunks_and_whole():
    sizes = []

    def table(chunk):
        sizes.append(len(chunk))
        return Sample(chunk)

    _content, number = workbook_of_list([row()] * (CHUNK + 1), table, name="名单")
    assert number == CHUNK + 1
    assert sorted(sizes) == [0, 1, CHUNK]


def test_an_endless_list_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.setattr(exports, "ROWS_MAX", 3)
    with pytest.raises(TooManyRows, match="3"):
        workbook_of_list([row()] * 4, Sample, name="名单")


def test_an_empty_list_is_a_file_with_its_head():
    lines, number, _ = read([])
    assert (len(lines), number) == (1, 0)
