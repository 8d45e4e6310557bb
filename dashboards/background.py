"""What stands behind lending: organizations, the rules in force, the budgets."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from dashboards.figures import FIGURES, Selection, read_registers
from dashboards.figures.programmes import markup_percent, published_versions, quote_of
from dashboards.queries import get_budgets
from finance.quotes import Quote
from loans.models import ProgrammeVersion, SubsidyBudget
from web.display import show_count
from web.layout import Figure

REGISTER_FIGURES = (
    "towns", "rural_townships", "villages", "committees", "branches", "members", "village_groups", "counters", "sides",
)  # fmt: skip


@dataclass(frozen=True)
class VersionRow:
    """A programme version as the table shows it. `markup` and `subsidy_percent` are percent."""

    version: ProgrammeVersion
    markup: Decimal


@dataclass(frozen=True)
class Reading:
    """One way to reckon the interest on 10,000 yuan, in words."""

    name: str
    quote: Quote


@dataclass(frozen=True)
class BackgroundPage:
    """`readings` are empty where no version is in force or the newest gives no subsidy."""

    figures: Sequence[Figure]
    definitions: Sequence[tuple[str, str]]
    versions: Sequence[VersionRow]
    budgets: Sequence[SubsidyBudget]
    readings: Sequence[Reading]


def read_background(selection: Selection) -> BackgroundPage:
    """Return the page for the selection's registers at the end of its day: six queries."""
    registers = read_registers(selection)
    figures = [FIGURES[code] for code in REGISTER_FIGURES]
    versions = list(published_versions(selection))
    return BackgroundPage(
        figures=[
            Figure(str(figure.name), show_count(getattr(registers, figure.code)), str(figure.unit.label))
            for figure in figures
        ],
        definitions=[(str(figure.name), str(figure.definition)) for figure in figures],
        versions=[VersionRow(version, markup_percent(version)) for version in versions],
        budgets=list(get_budgets(versions=published_versions(selection))),
        readings=_readings(versions[0]) if versions else [],
    )


def _readings(version: ProgrammeVersion) -> list[Reading]:
    readings = quote_of(version)
    if readings is None:
        return []
    return [
        Reading(gettext("As the county publishes it: concession by days, own cost by months"), readings.published),
        Reading(gettext("All by days"), readings.by_days),
        Reading(gettext("All by months"), readings.by_months),
    ]
