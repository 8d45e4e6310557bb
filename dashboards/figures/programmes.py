"""Figures of the rules: what a programme version says, what it plans, and what 10,000 yuan cost under it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from dashboards.choices import Unit
from dashboards.figures.figure import Compute, Figure, Value
from dashboards.figures.selection import Selection
from finance.daycount import add_months
from finance.quotes import QuoteReadings, quote_readings
from finance.rates import NoRate, lending_rate
from loans.choices import BorrowerKind, HelpedKind
from loans.models import LimitTier, ProgrammeVersion, SubsidyBudget, VersionStep
from loans.queries.quotes import subsidy_terms
from loans.queries.rates import benchmark_percent, programme_rate
from organizations.rules import CODE_LENGTHS
from organizations.scope import Scope

QUOTED_AMOUNT = Decimal("10000.00")
QUOTED_MONTHS = 12
PEOPLE = (BorrowerKind.PERSON, BorrowerKind.HOUSEHOLD)
BODIES = (BorrowerKind.COLLECTIVE,)


def published_versions(selection: Selection) -> "QuerySet[ProgrammeVersion]":
    """Return the published versions of the selection's counties that had come into force by its day, newest first."""
    wanted = _of_counties(selection.registers)
    if selection.programme:
        wanted &= Q(programme__code=selection.programme)
    if selection.versions:
        wanted &= Q(code__in=selection.versions)
    return (
        ProgrammeVersion.objects.published()
        .filter(wanted, effective_from__lte=selection.as_of)
        .order_by("-effective_from", "-pk")
    )


def _of_counties(registers: Scope) -> Q:
    """The programmes of the divisions, of what lies below them, and of the county above a township or village."""
    condition = registers.divisions("programme__division__path")
    for path in registers.division_paths:
        above = [path[:length] for length in CODE_LENGTHS if length < len(path)]
        condition |= Q(programme__division__path__in=above)
    return condition


def version_asked_for(selection: Selection) -> ProgrammeVersion | None:
    """Return the version whose rules are meant: the newest one of the selection."""
    return published_versions(selection).first()


def quote_of(version: ProgrammeVersion) -> QuoteReadings | None:
    """Return who bears what of the interest on 10,000 yuan lent for a year from the version's first day.

    `published` is the reading of the county's report (docs/calculations.md 8); it is what the figures are.
    None where the version gives no subsidy, or no benchmark rate is known.
    """
    if not version.subsidy_basis:
        return None
    start, end = _year_of(version)
    try:
        benchmark = benchmark_percent(series=version.benchmark_series, term_months=QUOTED_MONTHS, on=start)
    except NoRate:
        return None
    return quote_readings(
        amount=QUOTED_AMOUNT,
        start=start,
        end=end,
        ordinary_rate_percent=lending_rate(benchmark_percent=benchmark, multiplier=version.ordinary_multiplier),
        lending_rate_percent=programme_rate(version, benchmark),
        terms=subsidy_terms(version),
    )


def markup_percent(version: ProgrammeVersion) -> Decimal:
    """Return by how many percent the programme's rate lies above the benchmark."""
    return (version.rate_multiplier - 1) * 100


def _year_of(version: ProgrammeVersion) -> tuple[date, date]:
    return version.effective_from, add_months(version.effective_from, QUOTED_MONTHS)


def _rule(name: str) -> Compute:
    def compute(selection: Selection) -> Value | None:
        version = version_asked_for(selection)
        return None if version is None else getattr(version, name)

    return compute


def _markup(selection: Selection) -> Decimal | None:
    version = version_asked_for(selection)
    return None if version is None else markup_percent(version)


def _steps_on_bar(selection: Selection) -> int | None:
    version = version_asked_for(selection)
    if version is None:
        return None
    return VersionStep.objects.filter(version=version, on_bar=True, shown_under="").count()


def _plan(selection: Selection) -> Decimal | None:
    return published_versions(selection).order_by().aggregate(plan=Sum("lending_plan"))["plan"]


def _appropriated(selection: Selection) -> Decimal | None:
    """The budgets of the years that the selection touches; without a first day, of all years up to its day."""
    budgets = SubsidyBudget.objects.filter(
        version__in=published_versions(selection).order_by().values("pk"), year__lte=selection.as_of.year
    )
    if selection.since:
        budgets = budgets.filter(year__gte=selection.since.year)
    return budgets.aggregate(total=Sum("appropriated"))["total"]


def _tiers(selection: Selection, *kinds: str) -> list[LimitTier]:
    version = version_asked_for(selection)
    if version is None:
        return []
    return list(version.tiers.filter(borrower_kinds__overlap=list(kinds)))


def _ceiling(choose: Callable[..., Decimal | None], *kinds: str) -> Compute:
    return lambda selection: choose((tier.amount_max for tier in _tiers(selection, *kinds)), default=None)


def _floor(*kinds: str) -> Compute:
    return lambda selection: min((tier.amount_min for tier in _tiers(selection, *kinds)), default=None)


def _helped(kind: str, bound: str) -> Compute:
    """How many people of a kind the class asks for that is opened by helping them (`min` or `max`)."""

    def compute(selection: Selection) -> int | None:
        rules = [rule for tier in _tiers(selection, *PEOPLE) for rule in tier.helped if rule["kind"] == kind]
        return min((rule[bound] for rule in rules if bound in rule), default=None)

    return compute


def _quoted(name: str) -> Compute:
    def compute(selection: Selection) -> Decimal | None:
        version = version_asked_for(selection)
        readings = quote_of(version) if version else None
        return None if readings is None else getattr(readings.published, name)

    return compute


FIGURES = (
    Figure("steps", _("Steps"), Unit.STEP, _("Steps on the version's bar."), _steps_on_bar),
    Figure("markup", _("Mark-up on the benchmark"), Unit.PERCENT,
           _("The version's multiplier less one, in percent."), _markup),
    Figure("subsidy_percent", _("Subsidy rate"), Unit.PERCENT,
           _("Percent of the loan's principal a year."), _rule("subsidy_percent")),
    Figure("lending_plan", _("Lending planned"), Unit.YUAN,
           _("The plans of the versions in force by the day, added up."), _plan),
    Figure("subsidy_appropriated", _("Subsidy appropriated"), Unit.YUAN,
           _("The budgets for interest subsidies of the years in question."), _appropriated),
    Figure("ceiling_lowest", _("Lowest ceiling of a person's loan"), Unit.YUAN,
           _("The smallest upper limit among the classes of persons."), _ceiling(min, *PEOPLE)),
    Figure("ceiling_highest", _("Highest ceiling of a person's loan"), Unit.YUAN,
           _("The largest upper limit among the classes of persons."), _ceiling(max, *PEOPLE)),
    Figure("collective_floor", _("Smallest loan of a collective"), Unit.YUAN,
           _("The lower limit of the class of collectives."), _floor(*BODIES)),
    Figure("collective_ceiling", _("Largest loan of a collective"), Unit.YUAN,
           _("The upper limit of the class of collectives."), _ceiling(max, *BODIES)),
    Figure("helped_villagers_min", _("Villagers in difficulty to help, at least"), Unit.PERSON,
           _("What the class asks for that is opened by helping them."),
           _helped(HelpedKind.VILLAGER_IN_DIFFICULTY, "min")),
    Figure("helped_villagers_max", _("Villagers in difficulty to help, at most"), Unit.PERSON,
           _("What the class asks for that is opened by helping them."),
           _helped(HelpedKind.VILLAGER_IN_DIFFICULTY, "max")),
    Figure("helped_low_income", _("Low-income members to help, at least"), Unit.PERSON,
           _("What the class asks for that is opened by helping them."),
           _helped(HelpedKind.LOW_INCOME_MEMBER, "min")),
    Figure("helped_in_difficulty", _("Members in difficulty to help, at least"), Unit.PERSON,
           _("What the class asks for that is opened by helping them."),
           _helped(HelpedKind.MEMBER_IN_DIFFICULTY, "min")),
    Figure("concession_per_10000", _("Lender's concession on 10,000 yuan"), Unit.YUAN,
           _("A year's interest at the ordinary rate less that at the programme's rate, by days / 360."),
           _quoted("concession")),
    Figure("subsidy_per_10000", _("Subsidy on 10,000 yuan"), Unit.YUAN,
           _("A year's subsidy by the version's day count."), _quoted("subsidy")),
    Figure("own_cost_per_10000", _("Borrower's own cost of 10,000 yuan"), Unit.YUAN,
           _("A year's interest by whole months less the subsidy."), _quoted("own_cost")),
    Figure("benefit_per_10000", _("Borrower's benefit on 10,000 yuan"), Unit.YUAN,
           _("Concession and subsidy together."), _quoted("benefit")),
)  # fmt: skip
