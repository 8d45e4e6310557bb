"""Everything the leader's page shows, read once: the live way, a fixed number of queries for any selection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Sum

from dashboards.choices import Dimension
from dashboards.figures import Lending, Selection, payouts, read_lending
from dashboards.figures.process import ProgressBy, progress_by, quotas_of
from dashboards.figures.programmes import published_versions
from dashboards.figures.quality import QualityBy, quality_by
from dashboards.figures.selection import cases_of
from finance.daycount import add_months
from finance.money import ZERO
from loans.models import SubsidyBudget
from loans.queries import progress
from loans.queries.late import is_late
from loans.queries.progress import Progress
from loans.queries.quality import Quality
from organizations.models import Organization
from risk.models import RiskFund
from risk.queries.funds import fund_position
from web.clock import day_of

DIMENSIONS = (
    Dimension.TOWNSHIP, Dimension.BAND, Dimension.USE, Dimension.BORROWER, Dimension.PARTY, Dimension.MONTH,
)  # fmt: skip


@dataclass(frozen=True)
class Before:
    """What the changes are held against: lending at the same day a year before, quality a month before."""

    amount: Decimal
    loans: int
    overdue_percent: Decimal | None


@dataclass(frozen=True)
class BudgetSums:
    """The subsidy budgets of the selection's years in yuan, as they stand now."""

    appropriated: Decimal
    reserved: Decimal
    due: Decimal
    paid: Decimal


@dataclass(frozen=True)
class QuotaSums:
    """A township's quota in yuan, as it stands now."""

    total: Decimal
    used: Decimal


@dataclass(frozen=True)
class FundLine:
    """A risk fund at the end of the day; None where there is nothing to divide by or no limit is set."""

    name: str
    balance: Decimal
    lent: Decimal
    multiple: Decimal | None
    coverage_percent: Decimal | None
    leverage_max: Decimal | None


@dataclass(frozen=True)
class Board:
    """The figures of one selection. Keys of townships are nine digits, of outlets primary keys (as text)."""

    counted_at: datetime
    lending: Lending
    townships: Mapping[str, Quality]
    outlets: Mapping[str, Quality]
    outlet_names: Mapping[str, str]
    progress: Mapping[str, Progress]
    late: Mapping[str, int]
    before: Before
    budget: BudgetSums | None
    quotas: Mapping[str, QuotaSums]
    funds: Sequence[FundLine]

    @property
    def quality(self) -> Quality:
        return sum(self.townships.values(), start=Quality())

    @property
    def process(self) -> Progress:
        return progress.sum_up(self.progress)

    @property
    def late_cases(self) -> int:
        return sum(self.late.values())


def read_board(selection: Selection, *, at: datetime) -> Board:
    """Read the board of a selection from the books themselves, however unusual its filters are."""
    outlets = {str(key): row for key, row in quality_by(selection, QualityBy.OUTLET).items()}
    return Board(
        counted_at=at,
        lending=read_lending(selection, DIMENSIONS),
        townships={str(key): row for key, row in quality_by(selection, QualityBy.TOWNSHIP).items()},
        outlets=outlets,
        outlet_names=_names(outlets),
        progress={str(key): row for key, row in progress_by(selection, ProgressBy.TOWNSHIP).items()},
        # Of a past day it is not known any more what lay too long.
        late=_late(selection) if selection.as_of == day_of(at) else {},
        before=_before(selection),
        budget=_budget(selection),
        quotas=_quotas(selection),
        funds=_funds(selection),
    )


def a_year_before(selection: Selection) -> Selection:
    """Return the same selection up to the same day a year before, its first day moved along."""
    since = add_months(selection.since, -12) if selection.since else None
    return replace(selection, as_of=add_months(selection.as_of, -12), since=since)


def _names(outlets: Mapping[str, Quality]) -> dict[str, str]:
    """Return the names of outlets in the order of their tree."""
    found = Organization.objects.filter(pk__in=[int(key) for key in outlets]).order_by("path")
    return {str(key): name for key, name in found.values_list("pk", "name")}


def _late(selection: Selection) -> dict[str, int]:
    """Return the cases an office has let lie past their deadline today, by township."""
    found: dict[str, int] = {}
    late = cases_of(selection).filter(is_late(selection.as_of)).order_by().values_list("division_path")
    for path, number in late.annotate(number=Count("pk")):
        found[path[:9]] = found.get(path[:9], 0) + number
    return found


def _before(selection: Selection) -> Before:
    lent = payouts(a_year_before(selection)).order_by().aggregate(number=Count("pk"), amount=Sum("payout__amount"))
    month = quality_by(replace(selection, as_of=add_months(selection.as_of, -1)))
    return Before(lent["amount"] or ZERO, lent["number"], month.get("", Quality()).overdue_percent)


def _budget(selection: Selection) -> BudgetSums | None:
    budgets = SubsidyBudget.objects.filter(
        version__in=published_versions(selection).order_by().values("pk"), year__lte=selection.as_of.year
    )
    if selection.since:
        budgets = budgets.filter(year__gte=selection.since.year)
    sums = budgets.aggregate(
        appropriated=Sum("appropriated"), reserved=Sum("reserved"), due=Sum("due"), paid=Sum("paid")
    )  # fmt: skip
    return None if sums["appropriated"] is None else BudgetSums(**sums)


def _quotas(selection: Selection) -> dict[str, QuotaSums]:
    rows = quotas_of(selection).order_by().values_list("township__path")
    return {path: QuotaSums(total, used) for path, total, used in rows.annotate(total=Sum("total"), spent=Sum("used"))}


def _funds(selection: Selection) -> list[FundLine]:
    funds = RiskFund.objects.for_scope(selection.registers).filter(opened_on__lte=selection.as_of)
    return [_fund(fund, selection.as_of) for fund in funds.select_related("division").order_by("name")]


def _fund(fund: RiskFund, on: date) -> FundLine:
    position = fund_position(fund, on)
    return FundLine(
        name=fund.name,
        balance=position.balance,
        lent=position.lent,
        multiple=position.multiple,
        coverage_percent=position.coverage_percent,
        leverage_max=position.leverage_max,
    )
