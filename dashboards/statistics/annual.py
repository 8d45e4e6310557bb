"""The annual report: chapters with the charts of the screen, tables, and the definition of every figure. Chinese."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.safestring import SafeString

from assessments.queries.results import TownshipYear, results_of_year
from dashboards.choices import Band, Dimension, Measure
from dashboards.figures import FIGURES, Lending, Selection, read_lending, share_percent
from dashboards.figures.money import read_budget, read_claims, read_fund, read_subsidies
from dashboards.figures.periods import Period, PeriodKind, change_percent
from dashboards.figures.process import FUNNEL, progress_of
from dashboards.figures.quality import QualityBy, quality_by
from dashboards.queries import get_townships
from dashboards.statistics.documents import PAPER_LANGUAGE, PDF_TYPE, Paper
from dashboards.statistics.sheet import show_change
from finance.daycount import add_months
from finance.money import ZERO
from loans.choices import BorrowerKind, Purpose, StepCode
from loans.queries.progress import StepWork
from loans.queries.quality import Quality
from organizations.models import Division
from web import charts
from web.display import EMPTY, show_count, show_percent, show_wan
from web.documents import render_pdf
from web.paper_charts import on_paper

WAN = Decimal(10_000)
UNIT = "万元"
DIMENSIONS = (
    Dimension.TOWNSHIP, Dimension.BAND, Dimension.PURPOSE, Dimension.BORROWER, Dimension.PARTY, Dimension.MONTH,
)  # fmt: skip
DEFINED = (
    "amount_lent", "loans", "households", "party_households", "outstanding", "fallen_due", "collected",
    "recovery_rate", "overdue_loans", "overdue_amount", "bad_amount", "bad_rate", "claims_paid",
)  # fmt: skip
MONTHS_A_YEAR = 12
Cells = Sequence[str]


@dataclass(frozen=True)
class Chart:
    """A drawing with what stands beside it; `size` is small, middle or full."""

    title: str
    drawing: SafeString
    legend: SafeString = SafeString("")
    size: str = "full"


@dataclass(frozen=True)
class Grid:
    """A table: its head, its rows (the first cell is text, the others are figures)."""

    head: Cells
    rows: Sequence[Cells]


@dataclass(frozen=True)
class Chapter:
    title: str
    sentences: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    grids: Sequence[Grid] = field(default_factory=list)


def print_annual(period: Period, *, selection: Selection, county: Division, today: date) -> Paper:
    """Return the report of a year, up to today where the year is not over. Raises what render_pdf raises."""
    selection = replace(selection, since=period.first, as_of=min(period.last, today))
    with translation.override(PAPER_LANGUAGE):
        title = f"{county.name}“红色信贷”{period.first.year}年度报告"
        context = {
            "county": county,
            "year": period.first.year,
            "as_of": selection.as_of,
            "is_over": period.is_over(today),
            "chapters": chapters_of(period, selection, county),
            "definitions": [(FIGURES[code].name, FIGURES[code].definition) for code in DEFINED],
        }
        content = render_pdf("dashboards/documents/annual.html", context, title=title, created_on=today)
    return Paper(content, f"{title}.pdf", PDF_TYPE)


def chapters_of(period: Period, selection: Selection, county: Division) -> list[Chapter]:
    """Return the chapters in their order, each counted by its figures."""
    lending = read_lending(selection, DIMENSIONS)
    before = read_lending(_year_before(selection), (Dimension.TOWNSHIP,))
    townships = list(get_townships(registers=selection.registers))
    return [
        _lending(lending, before, townships, period),
        _borrowers(lending),
        _uses(lending),
        _quality(selection, townships),
        _subsidies(period, selection),
        _fund(selection),
        _process(selection),
        *_assessment(county, period),
    ]


def _year_before(selection: Selection) -> Selection:
    assert selection.since is not None  # a year has its first day
    return replace(selection, since=add_months(selection.since, -12), as_of=add_months(selection.as_of, -12))


def _lending(lending: Lending, before: Lending, townships: Sequence[Division], period: Period) -> Chapter:
    amount, number, homes = (lending.total(one) for one in (Measure.AMOUNT, Measure.LOANS, Measure.HOUSEHOLDS))
    change = show_change(change_percent(amount, before.total(Measure.AMOUNT)))
    sentence = f"本年发放贷款{show_count(int(number))}笔、{show_wan(amount)}万元，惠及{show_count(int(homes))}户"
    sentence += "。" if change == EMPTY else f"；发放金额同比{change}%。"
    by = {
        measure: lending.by(Dimension.TOWNSHIP, measure)
        for measure in (Measure.AMOUNT, Measure.LOANS, Measure.HOUSEHOLDS)
    }
    rows = [
        _counted(place.name, *(by[measure].get(place.path, 0) for measure in by), whole=amount) for place in townships
    ]
    bars = [_bar(one.name, by[Measure.AMOUNT].get(one.path, 0)) for one in townships]
    months = [add_months(period.first, place) for place in range(MONTHS_A_YEAR)]
    amounts = lending.by(Dimension.MONTH, Measure.AMOUNT)
    series = [charts.Series("发放金额", [_wan(amounts.get(month, 0)) for month in months])]
    return Chapter(
        "一、贷款发放",
        [sentence],
        [
            Chart("各乡镇发放金额（万元）", _bars(bars)),
            Chart(
                "各月发放金额（万元）",
                on_paper(
                    charts.stacked([f"{month.month}月" for month in months], series, unit=UNIT, title="各月发放金额")
                ),
            ),
        ],
        [
            Grid(
                ("乡镇", "金额（万元）", "笔数", "户数", "金额占比"),
                [*rows, _counted("合计", amount, number, homes, whole=amount)],
            )
        ],
    )


def _borrowers(lending: Lending) -> Chapter:
    homes, party = lending.total(Measure.HOUSEHOLDS), lending.total(Measure.PARTY_HOUSEHOLDS)
    rows, parts = _split(lending, Dimension.BORROWER, BorrowerKind.choices)
    share = show_percent(share_percent(party, homes))
    return Chapter(
        "二、贷给谁",
        [f"贷款户{show_count(int(homes))}户，其中党员户{show_count(int(party))}户，占{share}。"],
        [Chart("按借款人类型（万元）", _ring(parts, "按借款人类型"), _legend(parts))],
        [Grid(("借款人", "金额（万元）", "笔数", "户数", "金额占比"), rows)],
    )


def _uses(lending: Lending) -> Chapter:
    kinds = [(code, label) for code, label in Purpose.choices if code != Purpose.CONSUMPTION]
    rows, parts = _split(lending, Dimension.PURPOSE, kinds)
    band_rows, _bands = _split(lending, Dimension.BAND, Band.choices)
    return Chapter(
        "三、用在哪里",
        [],
        [Chart("按贷款用途（万元）", _ring(parts, "按贷款用途"), _legend(parts))],
        [
            Grid(("用途", "金额（万元）", "笔数", "户数", "金额占比"), rows),
            Grid(("单笔金额", "金额（万元）", "笔数", "户数", "金额占比"), band_rows),
        ],
    )


def _quality(selection: Selection, townships: Sequence[Division]) -> Chapter:
    found = quality_by(replace(selection, since=None), QualityBy.TOWNSHIP)
    by = {place: found.get(place.path, Quality()) for place in townships}
    whole = sum(by.values(), start=Quality())
    rows = [_quality_row(place.name, one) for place, one in by.items()]
    return Chapter(
        "四、收得回",
        [
            f"期末贷款余额{show_wan(whole.outstanding)}万元，到期收回率{show_percent(whole.recovery_percent)}，"
            f"逾期贷款余额{show_wan(whole.overdue_amount)}万元（逾期率{show_percent(whole.overdue_percent)}），"
            f"不良率{show_percent(whole.bad_percent)}。"
        ],
        [Chart("各乡镇贷款余额（万元）", _bars(_bar(place.name, one.outstanding) for place, one in by.items()))],
        [
            Grid(
                ("乡镇", "余额（万元）", "到期应收（万元）", "到期收回率", "逾期（万元）", "不良率"),
                [*rows, _quality_row("合计", whole)],
            )
        ],
    )  # fmt: skip


def _quality_row(label: str, one: Quality) -> Cells:
    return (
        label, show_wan(one.outstanding), show_wan(one.fallen_due), show_percent(one.recovery_percent),
        show_wan(one.overdue_amount), show_percent(one.bad_percent),
    )  # fmt: skip


def _subsidies(period: Period, selection: Selection) -> Chapter:
    rows, values = [], []
    for place in range(4):
        quarter = Period.containing(PeriodKind.QUARTER, add_months(period.first, 3 * place))
        if quarter.first > selection.as_of:
            break
        last = min(quarter.last, selection.as_of)
        sums = read_subsidies(replace(selection, since=quarter.first, as_of=last)).values()
        due, approved, credited = (
            sum((getattr(one, name) for one in sums), start=ZERO) for name in ("due", "approved", "credited")
        )
        rows.append((quarter.label, show_wan(due), show_wan(approved), show_wan(credited)))
        values.append(_bar(quarter.label, approved))
    budget, used = read_budget(selection)
    share = show_percent(share_percent(used, budget)) if budget is not None and used is not None else EMPTY
    return Chapter(
        "五、财政贴息",
        [f"本年贴息预算{show_wan(budget)}万元，已拨付{show_wan(used)}万元，执行进度{share}。"],
        [Chart("各季贴息金额（万元）", _bars(values))],
        [Grid(("季度", "应贴息（万元）", "实际贴息（万元）", "拨付成功（万元）"), rows)],
    )


def _fund(selection: Selection) -> Chapter:
    fund = read_fund(selection)
    year = read_claims(selection).values()
    paid = sum((one.paid for one in year), start=ZERO)
    recovered = sum((one.recovered for one in year), start=ZERO)
    drawing = charts.nothing()
    if fund.leverage is not None:
        top = max(fund.leverage, fund.leverage_max or ZERO, Decimal(1))
        drawing = charts.gauge(fund.leverage, top=top, unit="倍", title="放大倍数", limit=fund.leverage_max)
    leverage = EMPTY if fund.leverage is None else f"{fund.leverage:.2f}"
    return Chapter(
        "六、风险补偿",
        [
            f"期末风险补偿金余额{show_wan(fund.balance)}万元，放大倍数{leverage}；"
            f"本年代偿{show_wan(paid)}万元，追回{show_wan(recovered)}万元。"
        ],
        [Chart("放大倍数", on_paper(drawing), size="small")],
    )


def _process(selection: Selection) -> Chapter:
    progress = progress_of(selection)
    work = [(StepCode(step).label, progress.steps.get(step, StepWork())) for step in FUNNEL]
    stages = [charts.Part("受理", progress.submitted), *(charts.Part(str(name), one.passed) for name, one in work)]
    rows = [
        (
            str(name),
            show_count(one.passed),
            show_count(one.median_days),
            show_percent(share_percent(one.in_time, one.timed)),
        )
        for name, one in work
    ]
    kept = show_percent(share_percent(progress.in_time, progress.timed))
    return Chapter(
        "七、办理情况",
        [f"本年受理申请{show_count(progress.submitted)}件，限时办结率{kept}。"],
        [Chart("各环节通过件数", on_paper(charts.funnel(stages, title="各环节通过件数")), size="middle")],
        [Grid(("环节", "通过（件）", "用时中位数（工作日）", "限时办结率"), rows)],
    )


def _assessment(county: Division, period: Period) -> list[Chapter]:
    """The year's final assessments by township; no chapter in a year without any."""
    years = results_of_year(county, period.first.year)
    if not years:
        return []
    rows = [_assessed(one) for one in years]
    return [
        Chapter(
            "八、组织考核",
            [f"本年考核村级党组织{show_count(sum(one.assessed for one in years))}个，结果按乡镇列示。"],
            [],
            [Grid(("乡镇", "考核数", "平均得分", "优秀", "不合格", "奖励（万元）"), rows)],
        )
    ]


def _assessed(one: TownshipYear) -> Cells:
    numbers = (show_count(one.excellent), show_count(one.failed))
    return one.township.name, show_count(one.assessed), f"{one.score:.2f}", *numbers, show_wan(one.reward)


def _split(
    lending: Lending, dimension: Dimension, choices: Iterable[tuple[str, Any]]
) -> tuple[list[Cells], list[charts.Part]]:
    measures = (Measure.AMOUNT, Measure.LOANS, Measure.HOUSEHOLDS)
    by: Mapping[Measure, Mapping[Any, Any]] = {measure: lending.by(dimension, measure) for measure in measures}
    whole = lending.total(Measure.AMOUNT)
    rows, parts = [], []
    for code, label in choices:
        values = [by[measure].get(code, 0) for measure in measures]
        rows.append(_counted(str(label), *values, whole=whole))
        parts.append(charts.Part(str(label), _wan(values[0])))
    return rows, parts


def _counted(label: str, amount: Any, number: Any, homes: Any, *, whole: Any) -> Cells:
    share = show_percent(share_percent(amount, whole))
    return label, show_wan(amount), show_count(int(number)), show_count(int(homes)), share


def _bar(label: str, amount: Any) -> charts.Bar:
    return charts.Bar(label, _wan(amount), shown=show_wan(amount))


def _bars(rows: Iterable[charts.Bar]) -> SafeString:
    """Bars where anything is above zero; else the empty state: eight empty tracks say nothing."""
    bars = list(rows)
    return on_paper(charts.bars(bars)) if any(bar.value for bar in bars) else charts.nothing()


def _ring(parts: Sequence[charts.Part], title: str) -> SafeString:
    return on_paper(charts.donut(parts, title=title, unit=UNIT))


def _legend(parts: Sequence[charts.Part]) -> SafeString:
    return on_paper(charts.legend([(part.name, part.value) for part in parts], column=True))


def _wan(amount: Any) -> Decimal:
    """Exact: a sum of fen has at most six decimals as ten thousands of yuan."""
    return Decimal(amount) / WAN
