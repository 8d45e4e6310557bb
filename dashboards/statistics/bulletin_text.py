"""What a bulletin says before anybody wrote in it: a text in the style of the offices, in Chinese, as its paper is."""

from collections.abc import Sequence

from dashboards.figures.periods import Period
from dashboards.statistics.ranking import Standing, groups_of
from dashboards.statistics.sheet import Number, show_cell
from web.display import show_day_long

MEASURES = {
    "task_rate": ("完成年度任务比例", "percent", "%"),
    "year_amount": ("本年累计发放金额", "wan", "万元"),
    "amount": ("当期发放金额", "wan", "万元"),
    "year_households": ("本年累计发放户数", "count", "户"),
    "recovery": ("到期收回率", "percent", "%"),
}


def measure_name(code: str) -> str:
    return MEASURES[code][0]


def shown(code: str, value: Number | None) -> str:
    _name, form, unit = MEASURES[code]
    return show_cell(form, value) + (unit if value is not None else "")


def title_of(period: Period) -> str:
    return f"关于{period.label}“红色信贷”工作进展情况的通报"


def proposed_text(
    *,
    period: Period,
    place: str,
    measure: str,
    standings: Sequence[Standing],
    total: Number | None,
    before: Number | None,
    late_cases: int,
    overdue: str,
) -> str:
    """Return the paragraphs, one a line. Without anything counted it says so instead of praising anybody."""
    name = measure_name(measure)
    lines = [
        f"现将{period.label}全县“红色信贷”工作进展情况通报如下。",
        f"一、总体情况。截至{show_day_long(period.last)}，{place}{name}为{shown(measure, total)}"
        f"{_since(measure, total, before)}。",
        *_order(measure, standings),
        "三、存在问题。"
        + (f"全县有{late_cases}件申请超过办理期限尚未办结，" if late_cases else "申请均在办理期限内，")
        + (f"逾期贷款本金余额{overdue}万元，" if overdue != "0.00" else "无逾期贷款，")
        + "具体情况见附表。",
        "四、工作要求。各乡镇党委要认真落实主体责任，对照进度查找差距；进度靠后的乡镇要逐户摸排、逐件督办，"
        "逾期贷款所在乡镇要配合信用社做好催收，并于下期报送前报告整改情况。",
    ]  # fmt: skip
    return "\n".join(lines)


def _since(measure: str, total: Number | None, before: Number | None) -> str:
    if total is None or before is None or not before:
        return ""
    return f"（上期为{shown(measure, before)}）"


def _order(measure: str, standings: Sequence[Standing]) -> list[str]:
    front, middle, behind = groups_of(standings)
    if not front and not behind:
        return [f"二、进度排名。各乡镇{measure_name(measure)}持平，不分先后。"]
    parts = [f"二、进度排名。按{measure_name(measure)}排名："]
    if front:
        parts.append(f"第一梯队为{_names(measure, front)}，工作抓得紧、推进快，予以通报表扬；")
    if middle:
        parts.append(f"第二梯队为{_names(measure, middle)}；")
    if behind:
        parts.append(f"进度靠后的为{_names(measure, behind)}，要加快进度、迎头赶上。")
    return ["".join(parts).removesuffix("；") + ("" if behind else "。")]


def _names(measure: str, standings: Sequence[Standing]) -> str:
    return "、".join(f"{one.label}（{shown(measure, one.value)}，第{one.rank}名）" for one in standings)
