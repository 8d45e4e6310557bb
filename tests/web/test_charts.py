from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils import translation
from hypothesis import given, strategies as st

from web.charts import Bar, Part, Series, axis_top, bars, donut, figure, funnel, gauge, legend, share, stacked

EMPTY = "No data"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def tree(chart):
    """Every chart is well-formed XML as well, or the PDF's reader would not take it."""
    return ElementTree.fromstring(str(chart))  # noqa: S314  # our own drawing


def every_chart(url=""):
    return [
        bars([Bar("甲镇", 3, url), Bar("乙乡", Decimal("1.5"), url)]),
        stacked(
            ["1月", "2月"],
            [Series("甲", [1, 2]), Series("乙", [0, 4])],
            unit="户",
            title="t",
            urls=[url] * 2 if url else [],
        ),
        donut([Part("甲", 3, url), Part("乙", 1, url)], title="t", unit="户"),
        funnel([Part("甲", 4, url), Part("乙", 1, url)], title="t"),
        gauge(Decimal("87.1"), top=120, limit=100, unit="倍", title="t"),
        legend([("甲", 3)]),
    ]


@pytest.mark.parametrize("url", ["", "?a=1&b=2"])
def test_no_chart_has_a_style_attribute_or_a_script(url):
    for chart in every_chart(url):
        assert not [e for e in tree(chart).iter() if "style" in e.attrib or e.tag in {"style", "script"}]


def test_a_drawing_with_links_is_a_group_and_without_an_image():
    drawings = [tree(chart) for url in ("?a=1", "") for chart in every_chart(url)]
    for drawing in drawings:
        if drawing.tag == "svg":
            links = list(drawing.iter("a"))
            assert drawing.get("role") == ("group" if links else "img")
            assert drawing.get("aria-label")
            assert all(link.get("aria-label") for link in links)


def test_names_from_people_are_escaped():
    evil = "<script>&\"'"
    for chart in (bars([Bar(evil, 1, evil, evil)]), donut([Part(evil, 1, evil)], title=evil, unit=evil)):
        assert "<script>" not in chart
        assert tree(chart) is not None


@pytest.mark.parametrize(
    "chart",
    [
        lambda: bars([]),
        lambda: stacked([], [], unit="", title=""),
        lambda: stacked(["1月"], [], unit="", title=""),
        lambda: stacked(["1月"], [Series("甲", [0])], unit="", title=""),
        lambda: donut([], title="", unit=""),
        lambda: donut([Part("甲", 0)], title="", unit=""),
        lambda: funnel([], title=""),
        lambda: funnel([Part("甲", 0)], title=""),
        lambda: gauge(5, top=0, unit="", title=""),
    ],
)
def test_nothing_to_show_is_said_and_nothing_is_divided_by_zero(chart):
    assert EMPTY in chart()


def test_bars_of_zero_have_no_length():
    widths = [rect.get("width") for rect in tree(bars([Bar("甲", 0), Bar("乙", 0)])).iter("rect")]
    assert widths == ["100%", "0.00%"] * 2


def test_the_longest_bar_fills_the_track_and_shows_figure_unit_and_note():
    chart = tree(bars([Bar("甲镇", Decimal("1770.90"), "?t=1", "35%"), Bar("乙镇", Decimal("885.45"))], unit="万元"))
    assert [rect.get("width") for rect in chart.iter("rect") if rect.get("class") == "s1"] == ["100.00%", "50.00%"]
    assert "".join(chart.find(".//a").itertext()) == "甲镇1,770.9 万元 35%"


def test_a_bar_may_show_its_figure_in_another_form():
    assert "1,770.90" in bars([Bar("甲镇", 1, shown="1,770.90")])


def test_every_column_says_its_parts_and_their_sum():
    chart = tree(
        stacked(
            ["1月", "2月"],
            [Series("甲", [60, 40]), Series("乙", [180, 130])],
            unit="万元",
            title="发放",
            urls=["?m=1", "?m=2"],
        )
    )
    assert [a.get("aria-label") for a in chart.iter("a")] == [
        "1月: 240 万元 (甲 60, 乙 180)",
        "2月: 170 万元 (甲 40, 乙 130)",
    ]
    assert chart.get("aria-label") == "发放: total 410 万元, most in 1月 with 240 万元"


def test_the_blocks_of_a_column_stand_on_each_other():
    blocks = list(tree(stacked(["1月"], [Series("甲", [4]), Series("乙", [4])], unit="", title="")).iter("rect"))
    lower, upper = blocks
    assert float(upper.get("y")) + float(upper.get("height")) + 1 == pytest.approx(float(lower.get("y")))


def test_series_of_different_lengths_are_a_mistake_of_ours():
    with pytest.raises(ValueError, match="shorter"):
        stacked(["1月", "2月"], [Series("甲", [1, 2]), Series("乙", [1])], unit="", title="")


def test_a_ring_with_one_part_is_drawn_and_parts_of_zero_are_not():
    chart = tree(donut([Part("甲", 5), Part("乙", 0)], title="t", unit="户"))
    assert len(list(chart.iter("path"))) == 1
    assert chart.get("aria-label") == "t: 甲 5, 乙 0"


def test_a_part_keeps_its_colour_when_another_is_zero():
    chart = tree(donut([Part("甲", 0), Part("乙", 5)], title="t", unit="户"))
    assert [path.get("class") for path in chart.iter("path")] == ["s2"]


def test_a_seventh_series_takes_the_first_colour_again():
    chart = tree(legend([(str(number), number) for number in range(7)]))
    assert [rect.get("class") for rect in chart.iter("rect")][-1] == "s1"


def test_a_stage_shows_its_share_of_the_stage_before():
    chart = tree(funnel([Part("登记", 2000, "?s=1"), Part("审核", 1500, "?s=2"), Part("核发", 0, "?s=3")], title="t"))
    assert [a.get("aria-label") for a in chart.iter("a")] == ["登记 2,000", "审核 1,500 75.0%", "核发 0 0.0%"]


def test_a_stage_after_zero_has_a_rate_of_zero():
    assert "0.0%" in funnel([Part("甲", 4), Part("乙", 0), Part("丙", 0)], title="t")


@pytest.mark.parametrize(
    ("value", "colour", "said"),
    [
        (87, "s3", "87 倍 on a scale to 120, limit 100"),
        (130, "s2", "130 倍 on a scale to 120, above the limit of 100"),
    ],
)
def test_a_gauge_says_when_it_is_above_its_limit(value, colour, said):
    chart = tree(gauge(value, top=120, limit=100, unit="倍", title="倍数"))
    assert chart.get("aria-label") == f"倍数: {said}"
    assert [path.get("class") for path in chart.iter("path")] == ["track", colour, "mark"]


def test_a_gauge_without_limit_has_no_mark():
    assert "mark" not in gauge(1, top=2, unit="", title="")


@given(highest=st.integers(1, 10**12))
def test_the_axis_reaches_the_highest_value_without_wasting_half(highest):
    top = axis_top(highest)
    assert highest <= top <= max(highest * 2, 4)
    assert top % 4 == 0


@given(value=st.integers(-5, 10**9), total=st.integers(-5, 10**9))
def test_a_share_is_between_nothing_and_all(value, total):
    assert 0.0 <= share(value, total) <= 1.0


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1752, "1,752"),
        (Decimal("1770.90"), "1,770.9"),
        (Decimal("5000.0"), "5,000"),
        (Decimal("1E+3"), "1,000"),
        (0, "0"),
        (10, "10"),
    ],
)
def test_a_figure_has_commas_and_no_idle_zeros(value, shown):
    assert figure(value) == shown
