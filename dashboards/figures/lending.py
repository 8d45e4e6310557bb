"""Figures of lending: how much, how many, to whom. Two queries give every measure in every dimension."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Substr, TruncMonth
from django.utils.translation import gettext_lazy as _

from dashboards.choices import BAND_LIMIT, PURPOSES_OF_USE, Band, Dimension, Measure, Party, Unit, Use
from dashboards.figures.figure import Compute, Figure, Value as FigureValue
from dashboards.figures.selection import Selection, payouts, serves_party_household
from finance.money import exact, round_to_cent
from loans.models import Loan, LoanUnit

TOWNSHIP_DIGITS = 9
LOAN_MEASURES = (Measure.AMOUNT, Measure.LOANS, Measure.RESERVED)
ALL = tuple(Dimension.values)
HOUSEHOLD_MEASURES = (Measure.HOUSEHOLDS, Measure.PARTY_HOUSEHOLDS)


@dataclass(frozen=True)
class Cell:
    """The sums of all loans (or of all households) that agree in every dimension."""

    keys: Mapping[str, Any]
    sums: Mapping[str, FigureValue]


@dataclass(frozen=True)
class Lending:
    """Every measure in every dimension for one selection. Nothing is asked of the database any more."""

    cells: list[Cell] = field(default_factory=list)

    def total(self, measure: str) -> FigureValue:
        return sum((cell.sums[measure] for cell in self.cells if measure in cell.sums), 0)

    def by(self, dimension: str, measure: str) -> dict[Any, FigureValue]:
        """Return the parts by key, in no particular order. They add up to `total(measure)`."""
        parts: dict[Any, FigureValue] = defaultdict(int)
        for cell in self.cells:
            if measure in cell.sums:
                parts[cell.keys[dimension]] += cell.sums[measure]
        return dict(parts)

    def matrix(self, row: str, column: str, measure: str) -> dict[tuple[Any, Any], FigureValue]:
        """Return the parts by two dimensions at once."""
        parts: dict[tuple[Any, Any], FigureValue] = defaultdict(int)
        for cell in self.cells:
            if measure in cell.sums:
                parts[cell.keys[row], cell.keys[column]] += cell.sums[measure]
        return dict(parts)


def read_lending(selection: Selection, dimensions: Collection[str] = ALL) -> Lending:
    """Return all measures of the selection: one query over loans, one over the households they serve.

    Fewer dimensions make fewer cells: a page names those it shows.
    """
    return Lending([*loan_cells(selection, dimensions), *household_cells(selection, dimensions)])


def loan_cells(selection: Selection, dimensions: Collection[str] = ALL) -> list[Cell]:
    """Return amount, number and reserved subsidy of the loans paid out, cell by cell."""
    rows = (
        _with_dimensions(payouts(selection), dimensions, party=serves_party_household())
        .order_by()
        .annotate(
            amount=Sum("payout__amount"), loans=Count("pk"), reserved=Sum("application__subsidy_reserved")
        )
    )  # fmt: skip
    return _cells(rows, dimensions, LOAN_MEASURES)


def household_cells(selection: Selection, dimensions: Collection[str] = ALL) -> list[Cell]:
    """Return the households and bodies served (户), cell by cell.

    A household with several loans is counted once, where its first loan of the selection lies: so the parts of every
    dimension add up. It is a Party household when a member was in the Party at any of these disbursements.
    """
    served = LoanUnit.objects.filter(loan__in=payouts(selection).values("pk"))
    first = served.order_by("household_id", "entity_id", "loan__start_date", "loan_id").distinct(
        "household_id", "entity_id"
    )
    party = Q(units__household_id__in=served.filter(has_party_member=True).values("household_id"))
    rows = (
        _with_dimensions(payouts(selection).filter(units__in=first.values("pk")), dimensions, party=party)
        .order_by()
        .annotate(households=Count("units"), party_households=Count("units", filter=party))
    )
    return _cells(rows, dimensions, HOUSEHOLD_MEASURES)


def _with_dimensions(
    loans: "QuerySet[Loan]", dimensions: Collection[str], *, party: Q
) -> "QuerySet[Loan, dict[str, Any]]":
    expressions: dict[str, Combinable] = {
        Dimension.TOWNSHIP: Substr("division_path", 1, TOWNSHIP_DIGITS),
        Dimension.BAND: _either(Q(payout__amount__lte=BAND_LIMIT), Band.UP_TO_LIMIT, Band.ABOVE_LIMIT),
        Dimension.USE: Case(
            *(When(purpose__in=PURPOSES_OF_USE[use], then=Value(use)) for use in Use.values),
            output_field=CharField(),
        ),
        Dimension.PURPOSE: F("purpose"),
        Dimension.BORROWER: F("application__borrower_kind"),
        Dimension.PARTY: _either(party, Party.YES, Party.NO),
        Dimension.MONTH: TruncMonth("payout__value_date"),
        Dimension.VERSION: F("version_id"),
        Dimension.PROGRAMME: F("version__programme__code"),
        Dimension.OUTLET: F("outlet_id"),
        Dimension.VILLAGE: F("division_path"),
    }
    named = {f"by_{dimension}": expressions[Dimension(dimension)] for dimension in dimensions}
    return loans.annotate(**named).values(*named)


def _either(condition: Q, yes: str, no: str) -> Case:
    return Case(When(condition, then=Value(yes)), default=Value(no), output_field=CharField())


def _cells(rows: Iterable[Mapping[str, Any]], dimensions: Collection[str], measures: Iterable[Measure]) -> list[Cell]:
    return [
        Cell(
            keys={dimension: row[f"by_{dimension}"] for dimension in dimensions},
            sums={measure.value: row[measure.value] for measure in measures},
        )
        for row in rows
    ]


def mean_amount(amount: FigureValue, number: FigureValue) -> Decimal | None:
    """Return yuan per loan or per household to the fen, None where there is none."""
    return round_to_cent(exact(amount) / exact(number)) if number else None


def share_percent(part: FigureValue, whole: FigureValue) -> Decimal | None:
    """Return a share in percent to two decimals, None of nothing."""
    return round_to_cent(exact(part) * 100 / exact(whole)) if whole else None


def _sum_of_loans(measure: Measure) -> Compute:
    return lambda selection: Lending(loan_cells(selection)).total(measure)


def _sum_of_households(measure: Measure) -> Compute:
    return lambda selection: Lending(household_cells(selection)).total(measure)


def _townships_reached(selection: Selection) -> int:
    return len(Lending(loan_cells(selection)).by(Dimension.TOWNSHIP, Measure.LOANS))


def _mean_per_loan(selection: Selection) -> Decimal | None:
    lending = Lending(loan_cells(selection))
    return mean_amount(lending.total(Measure.AMOUNT), lending.total(Measure.LOANS))


def _party_share(selection: Selection) -> Decimal | None:
    lending = Lending(household_cells(selection))
    return share_percent(lending.total(Measure.PARTY_HOUSEHOLDS), lending.total(Measure.HOUSEHOLDS))


FIGURES = (
    Figure(
        "amount_lent", _("Amount lent"), Unit.YUAN,
        _("Disbursements up to and with the day. Township: the borrower's village. A loan of exactly 50,000 yuan"
          " lies in the lower band."),
        _sum_of_loans(Measure.AMOUNT),
    ),
    Figure(
        "loans", _("Number of loans"), Unit.LOAN,
        _("Loans with a disbursement up to and with the day."),
        _sum_of_loans(Measure.LOANS),
    ),
    Figure(
        "households", _("Borrowing households"), Unit.HOUSEHOLD,
        _("Different households and bodies that the loans serve. With several loans a household is counted once, where"
          " its first one lies; a joint loan counts all of its households."),
        _sum_of_households(Measure.HOUSEHOLDS),
    ),
    Figure(
        "party_households", _("Party-member households"), Unit.HOUSEHOLD,
        _("Borrowing households of which any member was in the Party when a loan was paid out."),
        _sum_of_households(Measure.PARTY_HOUSEHOLDS),
    ),
    Figure(
        "party_share", _("Share of Party-member households"), Unit.PERCENT,
        _("Party-member households in percent of the borrowing households."),
        _party_share,
    ),
    Figure(
        "mean_per_loan", _("Mean amount of a loan"), Unit.YUAN,
        _("Amount lent divided by the number of loans."),
        _mean_per_loan,
    ),
    Figure(
        "townships_reached", _("Townships with loans"), Unit.PIECE,
        _("Different townships of the loans paid out."),
        _townships_reached,
    ),
    Figure(
        "subsidy_reserved", _("Subsidy reserved for loans"), Unit.YUAN,
        _("What finance reserved when it confirmed the loans that were paid out."),
        _sum_of_loans(Measure.RESERVED),
    ),
)  # fmt: skip
