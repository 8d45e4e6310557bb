"""What was printed about the county: the book, its publications and their comparison."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Verb
from audit.access import SignedInRequest, demand, get_in_scope, not_allowed, refuse
from dashboards.ledger.forms import ExplanationForm, LedgerForm, PrintedFigureForm, PublicationForm
from dashboards.ledger.operations import (
    KEEPERS,
    Unfit,
    enter_figure,
    enter_publication,
    explain_figure,
    withdraw_figure,
)
from dashboards.ledger.queries import comparison_of, publications_of, read_report
from dashboards.models import PrintedFigure, Publication
from dashboards.published import shown
from dashboards.published_page import published_page
from organizations.choices import DivisionLevel
from organizations.models import Division
from organizations.scope import NotAllowed, Scope
from web import clock

READERS = (Verb.VIEW_FIGURES, Verb.VIEW_AUDIT)
COUNTY_DIGITS = 6


@require_safe
def publication(request: SignedInRequest, publication_id: int) -> HttpResponse:
    """A publication of the book with the comparison of its figures."""
    entered = _publication(request, publication_id, *READERS)
    context = {
        "publication": entered,
        "page": published_page(read_report(entered)),
        "withdrawn": entered.figures.filter(withdrawn_at__isnull=False).select_related("withdrawn_by"),
        "may_keep": _may_keep(request, entered),
        "read_at": clock.now(),
    }
    return render(request, "dashboards/publication.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def publication_new(request: SignedInRequest) -> HttpResponse:
    county = _county(request)
    form = PublicationForm(request.POST or None)

    def act() -> Publication:
        return enter_publication(division=county, entered_by=request.user, at=clock.now(), **form.cleaned_data)

    return _small(
        request, form, act, title=_("Enter a publication"), back=reverse("dashboards:published"),
        done=_("The publication is entered. Now its figures."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def figure_new(request: SignedInRequest, publication_id: int) -> HttpResponse:
    entered = _publication(request, publication_id, *KEEPERS)
    townships = Division.objects.filter(
        path__startswith=entered.division.path, level=DivisionLevel.TOWNSHIP
    ).in_official_order()
    form = PrintedFigureForm(request.POST or None, townships=townships)

    def act() -> Publication:
        enter_figure(publication=entered, entered_by=request.user, at=clock.now(), **form.cleaned_data)
        return entered

    return _small(
        request, form, act, title=_("Enter a printed figure"), back=_url_of(entered), crumb=entered.title,
        done=_("The figure is entered."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def figure_explain(request: SignedInRequest, figure_id: int) -> HttpResponse:
    figure = _figure(request, figure_id)
    form = ExplanationForm(request.POST or None)

    def act() -> Publication:
        explain_figure(figure_id=figure.pk, explained_by=request.user, at=clock.now(), **form.cleaned_data)
        return figure.publication

    found = comparison_of(figure)
    hint = _("Printed %(printed)s, recomputed %(recomputed)s, difference %(difference)s.") % {
        "printed": shown(found.figure.printed),
        "recomputed": shown(found.recomputed),
        "difference": shown(found.difference),
    }
    title = _("Explain a difference: %(figure)s") % {"figure": figure.label}
    return _small(
        request, form, act, title=title, back=_url_of(figure.publication), crumb=figure.publication.title, hint=hint,
        done=_("The difference is explained."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def figure_withdraw(request: SignedInRequest, figure_id: int) -> HttpResponse:
    figure = _figure(request, figure_id)
    form = LedgerForm(request.POST or None)

    def act() -> Publication:
        withdraw_figure(figure_id=figure.pk, withdrawn_by=request.user, at=clock.now())
        return figure.publication

    hint = _("For a figure that was entered wrongly. It stays in the book as withdrawn and is not compared any more.")
    title = _("Withdraw a figure: %(figure)s") % {"figure": figure.label}
    return _small(
        request, form, act, title=title, back=_url_of(figure.publication), crumb=figure.publication.title, hint=hint,
        done=_("The figure is withdrawn."),
    )  # fmt: skip


def _small(
    request: SignedInRequest,
    form: LedgerForm,
    act: Callable[[], Publication],
    *,
    title: str,
    back: str,
    done: str,
    crumb: str = "",
    hint: str = "",
) -> HttpResponse:
    """Show and carry out one of the small forms; afterwards the publication is shown."""
    if request.method == "POST" and form.is_valid():
        try:
            entered = act()
        except Unfit as error:
            form.blame(error)
        except NotAllowed as error:
            not_allowed(request, error, Publication, "")
        else:
            messages.success(request, done)
            return redirect(_url_of(entered))
    context = {"form": form, "title": title, "back_url": back, "crumb": crumb, "hint": hint}
    return render(request, "dashboards/ledger_form.html", context)


def _publication(request: SignedInRequest, publication_id: int, *verbs: Verb) -> Publication:
    demand(request, *verbs)
    return get_in_scope(
        publications_of(_registers(request, *READERS)), _registers(request, *verbs), publication_id, request
    )


def _figure(request: SignedInRequest, figure_id: int) -> PrintedFigure:
    """Return a figure that the account may explain or withdraw, in a publication of its county."""
    demand(request, *KEEPERS)
    figure = (
        PrintedFigure.objects.filter(publication__in=Publication.objects.for_scope(_registers(request, *KEEPERS)))
        .filter(pk=figure_id, withdrawn_at=None)
        .select_related("publication__division", "division")
        .first()
    )
    return figure if figure is not None else refuse(request, PrintedFigure, figure_id)


def _county(request: SignedInRequest) -> Division:
    """Return the county in which the account keeps the book."""
    demand(request, *KEEPERS)
    return Division.objects.get(path=_registers(request, *KEEPERS).division_paths[0][:COUNTY_DIGITS])


def _registers(request: SignedInRequest, *verbs: Verb) -> Scope:
    return request.user.people_scope(*verbs, on=clock.today())


def _may_keep(request: SignedInRequest, entered: Publication) -> bool:
    return _registers(request, *KEEPERS).covers_division(entered.division.path)


def _url_of(entered: Publication) -> str:
    return reverse("dashboards:publication", args=[entered.pk])
