"""What the leader's page makes of its figures: key figures with their change, charts, and a table behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from dashboards.board.reading import Board
from dashboards.choices import Dimension, Measure, Party
from dashboards.figures import FIGURES, Lending, Value, mean_amount, share_percent
from dashboards.figures.process import FUNNEL
from dashboards.overview import (
    MONTHS_SHOWN,
    Links,
    Months,
    Split,
    split_by_band,
    split_by_borrower,
    split_by_month,
    split_by_township,
    split_by_use,
)
from loans.choices import BorrowerKind, StepCode
from loans.queries.arrears import BUCKETS
from loans.queries.progress import StepWork
from loans.queries.quality import Late, Quality
from organizations.models import Division
from web import charts
from web.display import EMPTY, show_count, show_percent, show_wan, show_yuan
from web.layout import Figure, Tone

YUAN_IN_WAN = Decimal(10_000)
BODIES = (BorrowerKind.COOPERATIVE, BorrowerKind.COLLECTIVE)
DEFINED = (
    "amount_lent", "loans", "households", "party_households", "outstanding", "recovery_rate", "overdue_rate",
    "overdue_amount", "bad_rate", "subsidy_appropriated", "deadlines_kept", "quota_used", "cases_submitted",
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """The figures behind a chart: a title, the heads of the columns (the first names the row), rows, and their sum.

    A row is its label, an address or "", and its values as shown.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, str, Sequence[str]]]
    foot: Sequence[str] = ()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The rows with the head of each cell beside it: a phone shows them so."""
        return [
            {
                "head": self.heads[0],
                "label": label,
                "url": url,
                "cells": list(zip(self.heads[1:], values, strict=True)),
            }
            for label, url, values in self.rows
        ]

    @property
    def foot_cells(self) -> list[tuple[str, str]]:
        return list(zip(self.heads[1:], self.foot, strict=True))


@dataclass(frozen=True)
class Panel:
    """A chart with what stands beside it and the table behind it."""

    title: str
    chart: SafeString
    table: Table
    legend: SafeString | str = ""
    note: str = ""


@dataclass(frozen=True)
class BoardPage:
    figures: Sequence[Figure]
    townships: Split
    bands: Split
    uses: Split
    borrowers: Split
    months: Months
    funnel: Panel
    deadlines: Panel
    budget: Panel
    quotas: Panel
    funds: Sequence[Panel]
    overdue: Panel
    buckets: Panel
    outlets: Panel
    definitions: Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class Doors:
    """The lists behind the marks, each with the filters of the page."""

    loans: Links
    cases: Links
    overdue: Links
    budgets: str


def board_page(board: Board, doors: Doors, townships: Sequence[Division]) -> BoardPage:
    names = {township.path: township.name for township in townships}
    return BoardPage(
        figures=key_figures(board, doors),
        townships=split_by_township(board.lending, doors.loans, townships),
        bands=split_by_band(board.lending, doors.loans),
        uses=split_by_use(board.lending, doors.loans),
        borrowers=split_by_borrower(board.lending, doors.loans),
        months=_months(board.lending, doors.loans),
        funnel=_funnel(board, doors),
        deadlines=_deadlines(board, doors, names),
        budget=_budget(board, doors),
        quotas=_quotas(board, doors, names),
        funds=_funds(board),
        overdue=_quality(board.townships, names, gettext("Overdue and bad loans by township"), doors, "township"),
        buckets=_buckets(board.quality, doors),
        outlets=_quality(
            board.outlets, board.outlet_names, gettext("Overdue and bad loans by outlet"), doors, "outlet"
        ),
        definitions=[(FIGURES[code].name, FIGURES[code].definition) for code in DEFINED],
    )


def key_figures(board: Board, doors: Doors) -> list[Figure]:
    """Return the figures on top of the page, each with its change or what stands behind it, and a link to its rows."""
    return [*_lending_figures(board, doors), *_quality_figures(board, doors), *_office_figures(board, doors)]


def _lending_figures(board: Board, doors: Doors) -> list[Figure]:
    lending, url = board.lending, doors.loans.to()
    amount, number = lending.total(Measure.AMOUNT), lending.total(Measure.LOANS)
    households, party = lending.total(Measure.HOUSEHOLDS), lending.total(Measure.PARTY_HOUSEHOLDS)
    wan = gettext("10,000 yuan")
    mean = gettext("%(amount)s yuan each on average") % {"amount": show_yuan(mean_amount(amount, number))}
    share = gettext("%(share)s of the households") % {"share": show_percent(share_percent(party, households))}
    return [
        Figure(_name("amount_lent"), show_wan(amount, places=1), wan, _growth(amount, board.before.amount), url),
        Figure(_name("loans"), show_count(int(number)), pgettext("unit", "loans"), mean, url),
        Figure(_name("households"), show_count(int(households)), pgettext("unit", "households"), url=url),
        Figure(
            _name("party_households"), show_count(int(party)), pgettext("unit", "households"), share,
            doors.loans.to(party=Party.YES.value),
        ),
    ]  # fmt: skip


def _quality_figures(board: Board, doors: Doors) -> list[Figure]:
    quality, wan = board.quality, gettext("10,000 yuan")
    live = gettext("%(number)s households owe") % {"number": show_count(quality.live_households)}
    late = gettext("%(number)s loans") % {"number": show_count(quality.overdue_loans)}
    change = _points(quality.overdue_percent, board.before.overdue_percent)
    due = gettext("%(amount)s fallen due") % {"amount": show_wan(quality.fallen_due, places=1)}
    bad = gettext("%(number)s loans") % {"number": show_count(quality.bad_loans)}
    return [
        Figure(_name("outstanding"), show_wan(quality.outstanding, places=1), wan, live, doors.loans.to()),
        Figure(_name("recovery_rate"), show_percent(quality.recovery_percent), "", due),
        Figure(
            _name("overdue_rate"), show_percent(quality.overdue_percent), "", f"{change} · {late}", doors.overdue.to(),
            Tone.BAD if quality.overdue_loans else Tone.NEUTRAL,
        ),
        Figure(_name("bad_rate"), show_percent(quality.bad_percent), "", bad, doors.overdue.to(bad="1")),
    ]  # fmt: skip


def _office_figures(board: Board, doors: Doors) -> list[Figure]:
    process, budget = board.process, board.budget
    kept = share_percent(process.in_time, process.timed)
    late = gettext("%(number)s cases late now") % {"number": show_count(board.late_cases)}
    spent = share_percent(budget.paid, budget.appropriated) if budget else None
    executed = gettext("%(share)s of the budget") % {"share": show_percent(spent)}
    return [
        Figure(
            gettext("Subsidy paid"), show_wan(budget.paid if budget else None, places=1), gettext("10,000 yuan"),
            executed,
        ),
        Figure(
            _name("deadlines_kept"), show_percent(kept), "", late, doors.cases.to(show="late"),
            Tone.BAD if process.in_time < process.timed else Tone.NEUTRAL,
        ),
    ]  # fmt: skip


def _months(lending: Lending, links: Links) -> Months:
    """The months by who borrowed: Party households, other households, bodies."""
    months = split_by_month(lending, links)
    names = {
        "party": gettext("Party-member households"),
        "other": gettext("Other households"),
        "bodies": gettext("Cooperatives and collectives"),
    }
    amounts: dict[tuple[str, Any], Value] = {}
    for cell in lending.cells:
        if Measure.AMOUNT.value in cell.sums:
            place = (_group(cell.keys), cell.keys[Dimension.MONTH])
            amounts[place] = amounts.get(place, 0) + cell.sums[Measure.AMOUNT]
    shown = list(months.keys)[-MONTHS_SHOWN:]
    series = [
        charts.Series(name, [amounts.get((group, month), 0) / YUAN_IN_WAN for month in shown])
        for group, name in names.items()
    ]
    chart = charts.stacked(
        [f"{month:%y-%m}" for month in shown], series, unit=gettext("10,000 yuan"), title=months.split.title,
        urls=[row.url for row in months.split.rows[-MONTHS_SHOWN:]],
    )  # fmt: skip
    legend = charts.legend([(one.name, sum(one.values)) for one in series])
    return Months(months.split, chart, legend, months.is_cut, months.keys)


def _group(keys: Mapping[str, Any]) -> str:
    if keys[Dimension.BORROWER] in BODIES:
        return "bodies"
    return "party" if keys[Dimension.PARTY] == Party.YES else "other"


def _funnel(board: Board, doors: Doors) -> Panel:
    process = board.process
    stages = [(gettext("Handed in"), process.submitted, doors.cases.to(), EMPTY)]
    for step in FUNNEL:
        work = process.steps.get(step, StepWork())
        days = show_count(work.median_days)
        stages.append((str(StepCode(step).label), work.passed, doors.cases.to(passed=step.value), days))
    title = gettext("Cases past each step")
    rows = [(name, url, (show_count(number), days)) for name, number, url, days in stages]
    heads = (gettext("Step"), pgettext("column", "Cases"), gettext("Median working days"))
    chart = charts.funnel([charts.Part(name, number, url) for name, number, url, _days in stages], title=title)
    parts = [
        gettext("%(step)s %(days)s") % {"step": name, "days": days}
        for name, _number, _url, days in stages
        if days != EMPTY
    ]
    note = gettext("Median working days: %(list)s") % {"list": pgettext("between two clauses", ", ").join(parts)}
    return Panel(title, chart, Table(title, heads, rows), note=note if parts else "")


def _deadlines(board: Board, doors: Doors, names: Mapping[str, str]) -> Panel:
    title, rows, bars = gettext("Deadlines kept by township"), [], []
    for path, name in names.items():
        work, late = board.progress.get(path), board.late.get(path, 0)
        timed, in_time = (work.timed, work.in_time) if work else (0, 0)
        kept, url = share_percent(in_time, timed), doors.cases.to(township=path, show="late")
        rows.append((name, url, (show_count(timed), show_count(in_time), show_percent(kept), show_count(late))))
        note = gettext("%(number)s late now") % {"number": show_count(late)}
        bars.append(charts.Bar(name, kept or 0, url, note, show_percent(kept)))
    heads = (
        gettext("Township"), gettext("Decisions"), gettext("Decided in time"), gettext("Share in time"),
        gettext("Late now"),
    )  # fmt: skip
    return Panel(title, charts.bars(bars), Table(title, heads, rows))


def _budget(board: Board, doors: Doors) -> Panel:
    title, budget = gettext("Subsidy budget (10,000 yuan)"), board.budget
    parts: list[tuple[str, Decimal]] = []
    if budget:
        parts = [
            (pgettext("budget", "Appropriated"), budget.appropriated),
            (pgettext("budget", "Reserved"), budget.reserved),
            (pgettext("budget", "Due"), budget.due),
            (pgettext("budget", "Paid"), budget.paid),
        ]
    bars = [charts.Bar(name, amount, doors.budgets, shown=show_wan(amount)) for name, amount in parts]
    rows = [(name, "", (show_wan(amount), show_percent(share_percent(amount, parts[0][1])))) for name, amount in parts]
    heads = (gettext("Budget"), gettext("Amount (10,000 yuan)"), gettext("Share of the budget"))
    return Panel(title, charts.bars(bars, unit=""), Table(title, heads, rows))


def _quotas(board: Board, doors: Doors, names: Mapping[str, str]) -> Panel:
    title, rows, bars = gettext("Quota used by township"), [], []
    for path, name in names.items():
        if path not in board.quotas:
            continue
        quota = board.quotas[path]
        used = share_percent(quota.used, quota.total)
        left = show_wan(quota.total - quota.used)
        url = doors.cases.to(township=path, passed=StepCode.COMMITTEE_FILING.value)
        rows.append((name, url, (show_wan(quota.total), show_wan(quota.used), left, show_percent(used))))
        note = gettext("%(amount)s left") % {"amount": left}
        bars.append(charts.Bar(name, used or 0, url, note, show_percent(used)))
    heads = (
        gettext("Township"), gettext("Quota (10,000 yuan)"), gettext("Used (10,000 yuan)"),
        gettext("Left (10,000 yuan)"), gettext("Share used"),
    )  # fmt: skip
    return Panel(title, charts.bars(bars), Table(title, heads, rows))


def _funds(board: Board) -> list[Panel]:
    panels = []
    for fund in board.funds:
        multiple, limit = fund.multiple or Decimal(0), fund.leverage_max
        top = charts.axis_top(max(multiple, limit or 0, 1))
        title = gettext("%(name)s: leverage") % {"name": fund.name}
        chart = charts.gauge(multiple, top=top, unit=pgettext("leverage", "times"), title=title, limit=limit)
        values = (
            show_wan(fund.balance), show_wan(fund.lent), EMPTY if fund.multiple is None else f"{fund.multiple:f}",
            show_percent(fund.coverage_percent),
        )  # fmt: skip
        heads = (
            gettext("Fund"), gettext("Balance (10,000 yuan)"), gettext("Lent (10,000 yuan)"), gettext("Leverage"),
            gettext("Coverage"),
        )  # fmt: skip
        panels.append(Panel(title, chart, Table(title, heads, [(fund.name, "", values)])))
    return panels


def _quality(
    rows: Mapping[str, Quality], names: Mapping[str, str], title: str, doors: Doors, filter_name: str
) -> Panel:
    lines = [(name, doors.overdue.to(**{filter_name: key}), rows.get(key, Quality())) for key, name in names.items()]
    bars = [
        charts.Bar(name, one.overdue_amount, url, _rate(one), show_wan(one.overdue_amount)) for name, url, one in lines
    ]
    heads = (
        pgettext("figures", "Place"), gettext("Outstanding (10,000 yuan)"), gettext("Overdue loans"),
        gettext("Overdue (10,000 yuan)"), gettext("Overdue rate"), gettext("Bad (10,000 yuan)"),
        gettext("Bad loan rate"), gettext("Recovery rate of what fell due"),
    )  # fmt: skip
    whole = sum((one for _name, _url, one in lines), start=Quality())
    table = Table(title, heads, [(name, url, _cells(one)) for name, url, one in lines], _cells(whole))
    return Panel(title, charts.bars(bars), table)


def _cells(one: Quality) -> tuple[str, ...]:
    return (
        show_wan(one.outstanding), show_count(one.overdue_loans), show_wan(one.overdue_amount),
        show_percent(one.overdue_percent), show_wan(one.bad_amount), show_percent(one.bad_percent),
        show_percent(one.recovery_percent),
    )  # fmt: skip


def _buckets(quality: Quality, doors: Doors) -> Panel:
    title = gettext("Overdue by days in arrears")
    lines: list[tuple[str, str, Late]] = [
        (str(bucket.label), doors.overdue.to(bucket=bucket.code), late)
        for bucket, late in zip(BUCKETS, quality.late, strict=True)
    ]
    bars = [charts.Bar(name, late.amount, url, _loans(late.loans), show_wan(late.amount)) for name, url, late in lines]
    rows = [(name, url, (show_count(late.loans), show_wan(late.amount))) for name, url, late in lines]
    foot = (show_count(quality.overdue_loans), show_wan(quality.overdue_amount))
    heads = (gettext("Days in arrears"), pgettext("column", "Loans"), gettext("Amount (10,000 yuan)"))
    return Panel(title, charts.bars(bars), Table(title, heads, rows, foot))


def _loans(number: int) -> str:
    return gettext("%(number)s loans") % {"number": show_count(number)}


def _rate(one: Quality) -> str:
    return show_percent(one.overdue_percent)


def _growth(now: Value, before: Value) -> str:
    """The change to the same day a year before in percent, -- where there was nothing."""
    grown = share_percent(now - before, before) if before else None
    return gettext("on the year before: %(change)s") % {"change": EMPTY if grown is None else _signed(grown)}


def _points(now: Decimal | None, before: Decimal | None) -> str:
    """The change of a rate to a month before in percentage points, -- without one."""
    known = now is not None and before is not None
    change = f"{now - before:+.2f}" if known else EMPTY  # type: ignore[operator]  # both are known
    return gettext("on the month before: %(change)s") % {"change": change}


def _signed(percent: Decimal) -> str:
    return f"{percent:+.1f}%"


def _name(code: str) -> str:
    return str(FIGURES[code].name)
