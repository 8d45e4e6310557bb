"""The ledger as publications that can be compared like those of the fixtures."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from dashboards.choices import Unit
from dashboards.models import FigureExplanation, PrintedFigure, Publication as Entered
from dashboards.published import Comparison, KnownFault, Publication, PublishedFigure, Report, compare
from organizations.scope import Scope
from web.display import show_day


def publications_of(scope: Scope) -> "QuerySet[Entered]":
    """Return the publications entered for the counties of the scope with their `number_of_figures`, newest first."""
    number = Count("figures", filter=Q(figures__withdrawn_at=None))
    publications = Entered.objects.for_scope(scope).select_related("division").annotate(number_of_figures=number)
    return publications.order_by("-published_on", "-pk")


def read_report(entered: Entered) -> Report:
    """Compare every figure of a publication that was not withdrawn: two queries and those of the figures."""
    figures = entered.figures.filter(withdrawn_at=None).select_related("division").prefetch_related("explanations")
    publication = as_publication(entered, figures)
    return Report(publication, compare(publication))


def comparison_of(figure: PrintedFigure) -> Comparison:
    """Compare one figure."""
    return compare(as_publication(figure.publication, [figure]))[0]


def as_publication(entered: Entered, figures: Iterable[PrintedFigure]) -> Publication:
    """Return the publication with these figures as the comparison wants it."""
    rows = list(figures)
    return Publication(
        name=entered.title,
        county=entered.division.path,
        programme="",
        data_as_of=entered.data_as_of,
        publisher=entered.publisher,
        published_on=entered.published_on,
        figures=tuple(_figure(row) for row in rows),
        known_faults=tuple(_fault(row, said) for row in rows for said in row.explanations.all()),
    )


def _figure(row: PrintedFigure) -> PublishedFigure:
    where = {
        "since": row.since and row.since.isoformat(),
        "until": row.until and row.until.isoformat(),
        "division": row.division and row.division.path,
        "use": row.use,
        "band": row.band,
    }
    return PublishedFigure(
        key=str(row.pk),
        label=row.label,
        printed=row.printed,
        unit=Unit(row.unit),
        period=_period(row),
        at_least=row.is_at_least,
        code=row.code,
        where={name: value for name, value in where.items() if value},
        reason=row.reason,
    )


def _period(row: PrintedFigure) -> str:
    """From and to, as far as the print says."""
    if row.since and row.until:
        return f"{show_day(row.since)} – {show_day(row.until)}"
    day = row.until or row.publication.data_as_of
    return f"to {show_day(day)}"


def _fault(row: PrintedFigure, said: FigureExplanation) -> KnownFault:
    return KnownFault(f"said-{said.pk}", (str(row.pk),), said.text, {str(row.pk): said.recomputed})
