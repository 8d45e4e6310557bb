"""Who bears which part of a loan's interest under a version's rules: what the page and the command both show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _, pgettext_lazy

from finance.daycount import DayCount, PeriodReversed, term_months
from finance.quotes import Quote, RatesReversed, quote, quote_readings
from finance.rates import NoRate, RateRow, benchmark_row, lending_rate
from finance.subsidy import SubsidyBasis, SubsidyTerms
from loans.choices import DayCountChoice
from loans.models import ProgrammeVersion
from loans.queries.rates import benchmark_series, programme_rate, rate_formula
from web.display import show_day, show_percent, show_yuan
from web.layout import Fact
from web.uppercase import uppercase_amount

PUBLISHED = "published"
"""The reading in which 剑川 printed its figures (docs/calculations.md 8). The others are named by their day count."""


# A table has no room for the whole name, which stands below it once.
SHORT_DAY_COUNTS: dict[str, Promise] = {
    DayCount.ACT_360: pgettext_lazy("short day count", "days / 360"),
    DayCount.PER_LOAN: pgettext_lazy("short day count", "whole months"),
    DayCount.ACT_365: pgettext_lazy("short day count", "days / 365"),
}


class UnableToQuote(Exception):
    """A loan on these terms has no price; the message is for the person at the screen."""


@dataclass(frozen=True)
class Reading:
    """One way of reckoning the split: PUBLISHED or a code of DayCount."""

    code: str
    split: Quote
    is_contract: bool
    """Whether contracts under this version count time in this way: only then is money paid by it."""

    @property
    def label(self) -> str:
        return _("As published, mixed") if self.code == PUBLISHED else str(SHORT_DAY_COUNTS[self.code])


@dataclass(frozen=True)
class Quotation:
    """One loan in every reading, the published one first, and the rates it rests on."""

    version: ProgrammeVersion
    amount: Decimal
    start: date
    end: date
    term_months: int
    benchmark: RateRow
    readings: tuple[Reading, ...]

    @property
    def published(self) -> Quote:
        return self.readings[0].split

    @property
    def departures(self) -> list[str]:
        """Say where the terms leave the version's rules: the figures are right, but nobody would lend so."""
        return list(self._departures())

    def _departures(self) -> Iterator[str]:
        version = self.version
        if self.start < version.effective_from:
            yield _("These rules came into force on %(first)s only.") % {"first": show_day(version.effective_from)}
        if version.effective_to is not None and self.start > version.effective_to:
            yield _("These rules ended on %(last)s.") % {"last": show_day(version.effective_to)}
        if not version.term_months_min <= self.term_months <= version.term_months_max:
            yield _("These rules know terms of %(shortest)s to %(longest)s months only.") % {
                "shortest": version.term_months_min,
                "longest": version.term_months_max,
            }


def published_versions() -> "QuerySet[ProgrammeVersion]":
    """Return what can be quoted, the newest rules of each programme first."""
    return (
        ProgrammeVersion.objects.published()
        .select_related("programme")
        .order_by("programme__name", "programme", "-effective_from", "-pk")
    )


def version_in_force(*, programme: str, on: date) -> ProgrammeVersion:
    """Return the rules by which a programme (its code) lends on a day. Raises UnableToQuote."""
    version = ProgrammeVersion.objects.in_force(on).filter(programme__code=programme).first()
    if version is None:
        raise UnableToQuote(
            _("No rules of a programme “%(code)s” are in force on %(day)s.") % {"code": programme, "day": show_day(on)}
        )
    return version


def subsidy_terms(version: ProgrammeVersion) -> SubsidyTerms:
    """Return what a version says about the subsidy; without a subsidy, terms that come to nothing."""
    return SubsidyTerms(
        basis=SubsidyBasis(version.subsidy_basis or SubsidyBasis.PRINCIPAL),
        rate_percent=version.subsidy_percent,
        months_max=version.subsidy_months_max,
        convention=DayCount(version.day_count),
        cap_at_interest=version.subsidy_capped_at_interest,
    )


def quotation(*, version: ProgrammeVersion, amount: Decimal, start: date, end: date) -> Quotation:
    """Return who bears what of the interest on `amount` yuan from start to end, repaid at the end.

    The rate is that of the first day for the whole term; a term that is longer than a row of the rate table by a day
    belongs to the next row. Raises UnableToQuote.
    """
    try:
        months = term_months(start=start, end=end)
        if start == end:
            raise UnableToQuote(_("A loan lasts at least one day."))
        row = benchmark_row(series=benchmark_series(version.benchmark_series), term_months=months, on=start)
        readings = _readings(version, row, amount=amount, start=start, end=end)
    except PeriodReversed as error:
        raise UnableToQuote(_("The last day lies before the first.")) from error
    except NoRate as error:
        raise UnableToQuote(
            _("No benchmark rate is known for %(months)s months on %(day)s.")
            % {"months": error.term_months, "day": show_day(error.on)}
        ) from error
    except RatesReversed as error:
        raise UnableToQuote(_("The lender's ordinary rate lies below the programme's rate.")) from error
    return Quotation(version, amount, start, end, months, row, readings)


def _readings(
    version: ProgrammeVersion, row: RateRow, *, amount: Decimal, start: date, end: date
) -> tuple[Reading, ...]:
    ordinary = lending_rate(benchmark_percent=row.rate_percent, multiplier=version.ordinary_multiplier)
    lending = programme_rate(version, row.rate_percent)
    terms = subsidy_terms(version)
    contract = terms.convention
    found = quote_readings(
        amount=amount,
        start=start,
        end=end,
        ordinary_rate_percent=ordinary,
        lending_rate_percent=lending,
        terms=terms,
    )
    splits = {PUBLISHED: found.published, DayCount.ACT_360: found.by_days, DayCount.PER_LOAN: found.by_months}
    if contract not in splits:
        splits[contract] = quote(
            amount=amount,
            start=start,
            end=end,
            ordinary_rate_percent=ordinary,
            lending_rate_percent=lending,
            terms=terms,
            concession_convention=contract,
            own_cost_convention=contract,
        )
    return tuple(Reading(str(code), split, code == contract) for code, split in splits.items())


def mixing_note() -> str:
    """Say why the published reading is shown and never paid by."""
    return _(
        "The published reading mixes two day counts: the lender's concession is reckoned by actual days, the "
        "borrower's own cost by whole months, so its parts need not add up to the ordinary interest. It explains the "
        "figures that 剑川 published; money is paid by the day count of the contract."
    )


@dataclass(frozen=True)
class Cell:
    """A figure of one reading and the day count it was reckoned by; a sum of several has none."""

    reading: str
    amount: Decimal
    convention: str = ""


@dataclass(frozen=True)
class Line:
    """A figure in every reading, how it is made, and the clause of the rules it comes from."""

    label: str
    working: str
    cells: list[Cell]
    clause: str = ""
    is_sum: bool = False


# By which of a quote's day counts each of its figures was reckoned; what is not here is a sum of several.
COUNTED_BY = {
    "ordinary_interest": "concession_convention",
    "interest": "own_cost_convention",
    "concession": "concession_convention",
    "subsidy": "subsidy_convention",
    "own_cost": "own_cost_convention",
}


def lines_of(found: Quotation) -> list[Line]:
    """Return the split as a table, one line for each figure: interest first, then who bears it."""
    split, clauses = found.published, found.version.clauses

    def line(name: str, label: str, working: str, clause: str = "") -> Line:
        return Line(label, working, _cells(found, name), clauses.get(clause, ""), name not in COUNTED_BY)

    ordinary = _("at %(rate)s") % {"rate": show_percent(split.ordinary_rate_percent)}
    lending = _("at %(rate)s") % {"rate": show_percent(split.lending_rate_percent)}
    less = _("ordinary interest less interest under these rules")
    rest = _("interest under these rules less subsidy")
    return [
        line("ordinary_interest", _("Interest of an ordinary loan"), ordinary, "ordinary_multiplier"),
        line("interest", _("Interest under these rules"), lending, "rate_multiplier"),
        line("concession", _("Lender's concession"), less, "ordinary_multiplier"),
        _subsidy_line(found),
        line("own_cost", _("Borrower's own cost"), rest, "day_count"),
        line("benefit", _("Borrower's benefit"), _("concession and subsidy")),
        line("parts_total", _("Borne by all three"), _("concession, subsidy and own cost")),
    ]


def _cells(found: Quotation, name: str) -> list[Cell]:
    counted_by = COUNTED_BY.get(name)
    return [
        Cell(
            reading=reading.label,
            amount=getattr(reading.split, name),
            convention=str(SHORT_DAY_COUNTS[getattr(reading.split, counted_by)]) if counted_by else "",
        )
        for reading in found.readings
    ]


def _subsidy_line(found: Quotation) -> Line:
    version, label = found.version, _("Government interest subsidy")
    if not version.has_subsidy:
        nothing = [Cell(reading.label, reading.split.subsidy) for reading in found.readings]
        return Line(label, _("none"), nothing, version.clauses.get("subsidy", ""))
    basis = _("%(percent)s, %(basis)s") % {
        "percent": show_percent(version.subsidy_percent),
        "basis": version.get_subsidy_basis_display(),
    }
    clauses = [version.clauses.get(rule, "") for rule in ("subsidy_percent", "subsidy_months_max")]
    return Line(label, basis, _cells(found, "subsidy"), "；".join(filter(None, clauses)))


def clauses_of(lines: list[Line]) -> list[Fact]:
    """Return the clauses behind the figures, each once with the figures that rest on it."""
    named: dict[str, list[str]] = {}
    for line in lines:
        if line.clause:
            named.setdefault(line.clause, []).append(line.label)
    return [Fact("、".join(labels), clause, wide=True) for clause, labels in named.items()]


def day_counts_of(found: Quotation) -> str:
    """Return the day counts that the readings use, with what they mean."""
    codes = [reading.code for reading in found.readings if reading.code != PUBLISHED]
    names = "；".join(str(DayCountChoice(code).label) for code in codes)
    return _("Day counts: %(names)s.") % {"names": names}


def rates_of(found: Quotation) -> list[Fact]:
    """Return the loan and its rates with what each rests on."""
    version, row, split = found.version, found.benchmark, found.published
    multipliers = _("benchmark %(formula)s")
    return [
        Fact(_("Programme rules"), version.name, version.document_number),
        Fact(_("Amount"), _("%(amount)s yuan") % {"amount": show_yuan(found.amount)}, uppercase_amount(found.amount)),
        Fact(
            _("Term"),
            _("%(start)s to %(end)s") % {"start": show_day(found.start), "end": show_day(found.end)},
            _("%(days)s days, rate for %(months)s months")
            % {"days": (found.end - found.start).days, "months": found.term_months},
        ),
        Fact(
            _("Benchmark rate"),
            show_percent(row.rate_percent),
            _("in force since %(day)s") % {"day": show_day(row.effective_date)},
        ),
        Fact(
            _("Rate of ordinary loans"),
            show_percent(split.ordinary_rate_percent),
            multipliers % {"formula": f"× {version.ordinary_multiplier:.2f}"},
        ),
        Fact(
            _("Rate under these rules"),
            show_percent(split.lending_rate_percent),
            multipliers % {"formula": rate_formula(version)},
        ),
    ]
