"""Figures that a county published, compared with what the database gives. Expected values are only ever compared."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext as _

from dashboards.choices import Status, Unit
from dashboards.figures import FIGURES, Selection, Value
from organizations.scope import Scope
from web.display import EMPTY

FOLDER = "published"


class UnknownPublication(LookupError):
    """There is no file of published figures of this name; `known` lists those that there are."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"No published figures named {name!r}; there are: {', '.join(known) or '-'}.")
        self.known = known


@dataclass(frozen=True)
class PublishedFigure:
    """A figure as printed. `code` names our figure and `where` narrows it; without a code `reason` says why not."""

    key: str
    label: str
    printed: Value | str
    unit: Unit
    period: str
    at_least: bool
    code: str
    where: Mapping[str, Any]
    reason: str


@dataclass(frozen=True)
class KnownFault:
    """A fault of the source. `recomputed` holds, by key, what ought to come out instead of the printed value."""

    name: str
    keys: tuple[str, ...]
    explanation: str
    recomputed: Mapping[str, Value]


@dataclass(frozen=True)
class Publication:
    """One publication: whose figures, of which day."""

    name: str
    county: str
    programme: str
    data_as_of: date
    publisher: str
    published_on: date
    figures: tuple[PublishedFigure, ...]
    known_faults: tuple[KnownFault, ...]


@dataclass(frozen=True)
class Report:
    """A publication with the comparison of all its figures."""

    publication: Publication
    comparisons: "list[Comparison]"

    @property
    def counts(self) -> list[tuple[Status, int]]:
        """How many figures ended in each status, in the order of the statuses."""
        statuses = [comparison.status for comparison in self.comparisons]
        return [(status, statuses.count(status)) for status in Status]


@dataclass(frozen=True)
class Comparison:
    """A printed figure beside the recomputed one. `difference` is recomputed less printed."""

    figure: PublishedFigure
    recomputed: Value | None
    difference: Value | None
    status: Status
    note: str


def known_publications() -> list[str]:
    return sorted(path.stem for path in _folder().glob("*.json"))


def read_publication(name: str) -> Publication:
    """Read fixtures/published/<name>.json in the language in use. Raises UnknownPublication."""
    if name not in known_publications():
        raise UnknownPublication(name, known_publications())
    text = (_folder() / f"{name}.json").read_text(encoding="utf-8")
    data = json.loads(text, parse_float=Decimal)
    return Publication(
        name=name,
        county=data["county"],
        programme=data["programme"],
        data_as_of=date.fromisoformat(data["data_as_of"]),
        publisher=data["source"]["publisher"],
        published_on=date.fromisoformat(data["source"]["published"]),
        figures=tuple(_published_figure(row) for row in data["figures"]),
        known_faults=tuple(_known_fault(row) for row in data["known_faults"]),
    )


def publication_of(registers: Scope) -> Publication | None:
    """Return the publication of the county in which the registers lie (or which lies in them), None without one."""
    for name in known_publications():
        publication = read_publication(name)
        county = publication.county
        if any(county.startswith(path) or path.startswith(county) for path in registers.division_paths):
            return publication
    return None


def compare_with_county(registers: Scope) -> Report | None:
    """Return the comparison for the county in which the registers lie, None when it published nothing we know of."""
    publication = publication_of(registers)
    return Report(publication, compare(publication)) if publication else None


def compare(publication: Publication) -> list[Comparison]:
    """Recompute every figure of a publication and compare it with the printed one."""
    return [_comparison(publication, figure) for figure in publication.figures]


def shown(value: Value | str | None) -> str:
    """Return a figure as people read it: 87,072,000 and 304.17, -- for none."""
    if value is None:
        return EMPTY
    if isinstance(value, str):
        return value
    return f"{value:,f}".rstrip("0").rstrip(".") if isinstance(value, Decimal) and value % 1 else f"{int(value):,}"


def period_text(period: str) -> str:
    """Return the period of a published figure in the reader's language: a year, a rule, or up to a day."""
    if period == "rule":
        return _("rule of the programme")
    if period.startswith("to "):
        return _("up to %(day)s") % {"day": period.removeprefix("to ")}
    return period


def has_unexpected(comparisons: list[Comparison]) -> bool:
    return any(comparison.status is Status.DIFFERS for comparison in comparisons)


def selection_of(publication: Publication, where: Mapping[str, Any]) -> Selection:
    """Return the part of the county, and the time, of which a published figure speaks."""
    county = Scope(division_paths=(publication.county,))
    until = date.fromisoformat(where["until"]) if "until" in where else publication.data_as_of
    return Selection(
        scope=county,
        registers=county,
        as_of=min(until, publication.data_as_of),
        since=date.fromisoformat(where["since"]) if "since" in where else None,
        programme=publication.programme,
        division=where.get("division", ""),
        versions=tuple(where.get("versions", ())),
        use=where.get("use", ""),
        band=where.get("band", ""),
        borrowers=tuple(where.get("borrowers", ())),
    )


def _comparison(publication: Publication, figure: PublishedFigure) -> Comparison:
    faults = [fault for fault in publication.known_faults if figure.key in fault.keys]
    explained = " ".join(fault.explanation for fault in faults)
    if not figure.code:
        return Comparison(
            figure, None, None, Status.NOT_COMPUTABLE, " ".join(filter(None, (figure.reason, explained)))
        )
    recomputed = FIGURES[figure.code].compute(selection_of(publication, figure.where))
    if recomputed is None or isinstance(figure.printed, str):
        return Comparison(figure, recomputed, None, Status.DIFFERS, _("There is nothing to compute this figure from."))
    difference = recomputed - figure.printed
    if difference == 0 or (figure.at_least and difference > 0):
        return Comparison(figure, recomputed, difference, Status.EQUAL, explained)
    if any(fault.recomputed.get(figure.key) == recomputed for fault in faults):
        return Comparison(figure, recomputed, difference, Status.KNOWN, explained)
    unexpected = _("This difference is in no list of known faults.")
    return Comparison(figure, recomputed, difference, Status.DIFFERS, unexpected)


def _published_figure(row: Mapping[str, Any]) -> PublishedFigure:
    where = dict(row.get("figure", {}))
    return PublishedFigure(
        key=row["key"],
        label=_in_language(row, "label_"),
        printed=row["value"],
        unit=Unit(row["unit"]),
        period=row["period"],
        at_least=row.get("at_least", False),
        code=where.pop("code", ""),
        where=where,
        reason=_in_language(row["not_computable"]) if "not_computable" in row else "",
    )


def _known_fault(row: Mapping[str, Any]) -> KnownFault:
    return KnownFault(
        name=row["name"],
        keys=tuple(row["keys"]),
        explanation=_in_language(row),
        recomputed=row.get("recomputed", {}),
    )


def _in_language(row: Mapping[str, Any], prefix: str = "") -> str:
    chinese = (get_language() or settings.LANGUAGE_CODE).startswith("zh")
    return str(row[f"{prefix}zh" if chinese else f"{prefix}en"])


def _folder() -> Path:
    return Path(settings.FIXTURE_DIRS[0]) / FOLDER
