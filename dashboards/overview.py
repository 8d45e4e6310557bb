"""What the leader's page shows: key figures, and every dimension as charts with a table. No database here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from dashboards.choices import Band, Dimension, Measure, Use
from dashboards.figures import FIGURES, Lending, Value, mean_amount, share_percent
from finance.daycount import add_months
from loans.choices import BorrowerKind
from organizations.models import Division
from web import charts
from web.display import show_count, show_percent, show_wan, show_yuan
from web.layout import Figure

YUAN_IN_WAN = Decimal(10_000)
MONTHS_SHOWN = 15  # as many labels fit below one chart
MEASURES_OF_ROW = ("amount", "loans", "households", "party_households")
Text = str | Promise


@dataclass(frozen=True)
class Links:
    """Builds the addresses of the list behind a figure: the filters in use and what the figure adds to them."""

    base: str
    filters: Mapping[str, Any]

    def to(self, **more: Any) -> str:
        query = {name: value for name, value in (dict(self.filters) | more).items() if value not in (None, "")}
        return f"{self.base}?{urlencode(query)}" if query else self.base


@dataclass(frozen=True)
class SplitRow:
    """One part of a dimension. `share` is its percentage of the amount lent, None when nothing was lent."""

    label: str
    url: str
    amount: Value
    loans: Value
    households: Value
    party_households: Value
    share: Decimal | None


@dataclass(frozen=True)
class Split:
    """A dimension: its parts in a fixed order, and their sum."""

    title: str
    head: str
    rows: Sequence[SplitRow]
    total: SplitRow

    def amount_bars(self) -> SafeString:
        bars = [
            charts.Bar(row.label, row.amount, row.url, show_percent(row.share), show_wan(row.amount, places=1))
            for row in self.rows
        ]
        return charts.bars(bars, unit=gettext("10,000 yuan"))

    def household_bars(self) -> SafeString:
        bars = [charts.Bar(row.label, row.households, row.url, _party_note(row)) for row in self.rows]
        return charts.bars(bars, unit=_unit_of_households())

    def household_ring(self) -> SafeString:
        parts = [charts.Part(row.label, row.households, row.url) for row in self.rows]
        return charts.donut(parts, title=self.title, unit=_unit_of_households())

    def household_legend(self) -> SafeString:
        return charts.legend([(row.label, row.households) for row in self.rows], column=True)


@dataclass(frozen=True)
class Months:
    """The amounts of each month by use: all months in the table, the last ones in the chart."""

    split: Split
    chart: SafeString
    legend: SafeString
    is_cut: bool
    keys: Sequence[date] = ()


def key_figures(lending: Lending, links: Links) -> list[Figure]:
    """Return the figures on top of the page, each with its unit and a link to the loans it counts."""
    amount, number = lending.total(Measure.AMOUNT), lending.total(Measure.LOANS)
    households, party = lending.total(Measure.HOUSEHOLDS), lending.total(Measure.PARTY_HOUSEHOLDS)
    mean = mean_amount(amount, number)
    share = share_percent(party, households)
    wan, url = gettext("10,000 yuan"), links.to()
    mean_note = gettext("%(amount)s yuan each on average") % {"amount": show_yuan(mean)}
    share_note = gettext("%(share)s of the households") % {"share": show_percent(share)}
    return [
        Figure(_name("amount_lent"), show_wan(amount, places=1), wan, url=url),
        Figure(_name("loans"), show_count(int(number)), pgettext("unit", "loans"), mean_note, url),
        Figure(_name("households"), show_count(int(households)), _unit_of_households(), url=url),
        Figure(
            _name("party_households"), show_count(int(party)), _unit_of_households(), share_note, links.to(party="yes")
        ),
        Figure(_name("subsidy_reserved"), show_wan(lending.total(Measure.RESERVED), places=1), wan, url=url),
    ]


def split_by_township(lending: Lending, links: Links, townships: Iterable[Division]) -> Split:
    """Return the split by township in official order: all those offered, also without a loan."""
    parts = [(township.path, township.name, {"township": township.path}) for township in townships]
    return _split(lending, Dimension.TOWNSHIP, gettext("By township"), gettext("Township"), parts, links)


def split_by_band(lending: Lending, links: Links) -> Split:
    return _split_by_choices(lending, links, Dimension.BAND, gettext("By size of the loan"), Band.choices)


def split_by_use(lending: Lending, links: Links) -> Split:
    return _split_by_choices(lending, links, Dimension.USE, gettext("By use"), Use.choices)


def split_by_borrower(lending: Lending, links: Links) -> Split:
    return _split_by_choices(lending, links, Dimension.BORROWER, gettext("By borrower"), BorrowerKind.choices)


def split_by_month(lending: Lending, links: Links) -> Months:
    """Return the months of paying out without gaps, from the first with a loan on; the chart shows the last ones."""
    months = _months(lending)
    names = [f"{month:%Y-%m}" for month in months]
    parts = [(month, name, {"month": name}) for month, name in zip(months, names, strict=True)]
    split = _split(lending, Dimension.MONTH, gettext("By month"), gettext("Month"), parts, links)
    amounts = lending.matrix(Dimension.MONTH, Dimension.USE, Measure.AMOUNT)
    shown = months[-MONTHS_SHOWN:]
    series = [
        charts.Series(str(label), [_in_wan(amounts.get((month, use), 0)) for month in shown])
        for use, label in Use.choices
    ]
    chart = charts.stacked(
        [f"{month:%y-%m}" for month in shown],
        series,
        unit=gettext("10,000 yuan"),
        title=split.title,
        urls=[row.url for row in split.rows[-MONTHS_SHOWN:]],
    )
    legend = charts.legend([(one.name, sum(one.values)) for one in series])
    return Months(split, chart, legend, is_cut=len(shown) < len(months), keys=months)


def _split_by_choices(
    lending: Lending, links: Links, dimension: Dimension, title: str, choices: Iterable[tuple[str, Text]]
) -> Split:
    parts = [(key, str(label), {dimension.value: key}) for key, label in choices]
    return _split(lending, dimension, title, str(dimension.label), parts, links)


def _split(
    lending: Lending,
    dimension: Dimension,
    title: str,
    head: str,
    parts: Iterable[tuple[Any, str, Mapping[str, Any]]],
    links: Links,
) -> Split:
    sums = {measure: lending.by(dimension, measure) for measure in MEASURES_OF_ROW}
    whole = lending.total(Measure.AMOUNT)
    rows = [
        _row(label, links.to(**more), {measure: by_key.get(key, 0) for measure, by_key in sums.items()}, whole)
        for key, label, more in parts
    ]
    shown: dict[str, Value] = {measure: sum(getattr(row, measure) for row in rows) for measure in MEASURES_OF_ROW}
    return Split(title, head, rows, _row(gettext("Total"), links.to(), shown, whole))


def _row(label: str, url: str, sums: Mapping[str, Value], whole: Value) -> SplitRow:
    return SplitRow(
        label=label,
        url=url,
        amount=sums[Measure.AMOUNT],
        loans=sums[Measure.LOANS],
        households=sums[Measure.HOUSEHOLDS],
        party_households=sums[Measure.PARTY_HOUSEHOLDS],
        share=share_percent(sums[Measure.AMOUNT], whole),
    )


def _months(lending: Lending) -> list[date]:
    lent_in = sorted(lending.by(Dimension.MONTH, Measure.LOANS))
    months: list[date] = []
    while lent_in and (month := add_months(lent_in[0], len(months))) <= lent_in[-1]:
        months.append(month)
    return months


def _in_wan(amount: Value) -> Decimal:
    """Exact: a sum of fen has at most six decimals as ten thousands of yuan."""
    return amount / YUAN_IN_WAN


def _party_note(row: SplitRow) -> str:
    return gettext("%(number)s of Party members") % {"number": show_count(int(row.party_households))}


def _name(code: str) -> str:
    return str(FIGURES[code].name)


def _unit_of_households() -> str:
    return pgettext("unit", "households")
