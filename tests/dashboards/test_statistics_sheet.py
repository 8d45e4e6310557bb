"""A filled form without a database: what is shown, what changed, what is marked, who stands where."""

from decimal import Decimal

import pytest

from dashboards.figures.periods import Period
from dashboards.statistics.bulletin_text import proposed_text
from dashboards.statistics.ranking import groups_of, rank
from dashboards.statistics.sheet import (
    Head,
    Row,
    Sheet,
    Signers,
    compare,
    differences,
    hash_of,
    sheet_of_json,
    show_cell,
)
from dashboards.statistics.table import table_of
from dashboards.statistics.workbooks import workbook_of_sheet

COLUMNS = [
    Head("loans", "笔数", "count", "本月发放"), Head("amount", "金额", "wan", "本月发放"),
    Head("rate", "完成率（%）", "percent"), Head("model", "示范户", "number"), Head("note", "备注", "text"),
]  # fmt: skip


def sheet(amount: str = "13300.00", loans: int = 1, rate: Decimal | None = Decimal("5.06")) -> Sheet:
    cells = {"loans": loans, "amount": Decimal(amount), "rate": rate, "model": "", "note": ""}
    return Sheet(
        "monthly_progress", "月报表", "2014-07", "剑川县", "户、笔、万元", "", "2014-07-31", COLUMNS,
        [
            Row("532931100", "金华镇", cells),
            Row("532931101", "老君山镇", {**cells, "loans": 0, "amount": Decimal("0.00")}),
        ],
        Row("", "合计", cells),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("form", "value", "shown"),
    [
        ("wan", Decimal("17709000.00"), "1,770.90"),
        ("count", 1752, "1,752"),
        ("percent", Decimal("23.00"), "23.00"),
        ("percent", None, "--"),
        ("times", Decimal("1.4"), "1.40"),
        ("text", "", ""),
    ],
)
def test_a_cell_is_shown_in_the_form_of_its_column(form, value, shown):
    assert show_cell(form, value) == shown


def test_a_sheet_comes_back_from_json_as_it_went_in():
    whole = sheet().with_entered({"532931100:note": "已核"}, Signers("组织部", "杨", "施", "1"))
    whole = whole.with_changes(compare(whole, before=sheet("10000.00"), year_before=None, labels=("环比", "同比")))
    assert sheet_of_json(whole.to_json()) == whole


def test_the_hash_does_not_depend_on_the_order_of_the_keys():
    data = sheet().to_json()
    assert hash_of(data) == hash_of(dict(reversed(list(data.items()))))


def test_numbers_entered_are_added_up_in_the_total():
    filled = sheet().with_entered({"532931100:model": "3", "532931101:model": "2"}, Signers())
    assert filled.total.cells["model"] == "5"


def test_nothing_entered_leaves_the_total_empty():
    assert sheet().with_entered({}, Signers()).total.cells["model"] == ""


def test_changes_are_those_of_the_total_and_without_a_base_nothing():
    before, year_before = compare(
        sheet(), before=sheet("10000.00"), year_before=sheet("0.00", 0), labels=("环比", "同比")
    )
    assert before.cells == {"loans": Decimal("0.00"), "amount": Decimal("33.00")}
    assert year_before.cells == {"loans": None, "amount": None}


def test_a_correction_marks_the_cells_that_are_printed_otherwise():
    marks = differences(sheet("15000.00"), sheet())
    assert marks == {("532931100", "amount"): "1.33", ("", "amount"): "1.33"}


def test_a_difference_below_what_is_printed_is_not_marked():
    assert differences(sheet("13300.40"), sheet()) == {}


def test_the_head_has_two_rows_where_columns_belong_together():
    table = table_of(sheet())
    assert [(head.title, head.colspan, head.rowspan) for head in table.top] == [
        ("本月发放", 2, 1), ("完成率（%）", 1, 2), ("示范户", 1, 2), ("备注", 1, 2),
    ]  # fmt: skip
    assert table.below == ["笔数", "金额"]


def test_the_same_sheet_gives_the_same_workbook():
    made = [workbook_of_sheet(sheet(), edition="", made_on="2014年8月5日", marks={}) for _ in range(2)]
    assert made[0] == made[1]


def test_equals_share_a_rank_and_the_next_one_is_counted_on():
    ranked = rank({"甲": 5, "乙": 7, "丙": 7, "丁": None}, {"甲": 9, "乙": 1, "丙": 0, "丁": None})
    assert [(one.label, one.rank) for one in ranked] == [("乙", 1), ("丙", 1), ("甲", 3), ("丁", 4)]
    assert [one.rank_before for one in ranked] == [2, 3, 1, 4]


def test_the_first_third_stands_in_front_and_the_last_behind():
    front, middle, behind = groups_of(rank({name: value for value, name in enumerate("己戊丁丙乙甲", 1)}, {}))
    assert ["".join(one.label for one in group) for group in (front, middle, behind)] == ["甲乙", "丙丁", "戊己"]


@pytest.mark.parametrize("values", [{"甲": 0, "乙": 0, "丙": 0}, {"甲": None, "乙": None, "丙": None}, {}])
def test_where_all_are_equal_nobody_is_praised_and_nobody_blamed(values):
    front, _middle, behind = groups_of(rank(values, {}))
    assert (front, behind) == ([], [])


def test_the_text_of_a_county_without_anything_praises_nobody():
    text = proposed_text(
        period=Period.parse("2014-07"), place="剑川县", measure="task_rate",
        standings=rank({"甲": None, "乙": None}, {}),
        total=None, before=None, late_cases=0, overdue="0.00",
    )  # fmt: skip
    assert "通报表扬" not in text
    assert "为--" in text
    assert "不分先后" in text
