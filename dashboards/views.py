"""Pages of figures for those who lead: nothing can be changed here, and names are masked."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.choices import Verb
from audit.access import SignedInRequest, demand
from dashboards import overview, queries
from dashboards.background import read_background
from dashboards.figures import Selection
from dashboards.forms import DayFilter, FigureFilter
from dashboards.ledger.operations import KEEPERS
from dashboards.ledger.queries import publications_of
from dashboards.published import compare_with_county
from dashboards.published_page import published_page
from web import clock


@require_safe
def loans(request: SignedInRequest) -> HttpResponse:
    """The loans behind a figure, the borrowers' names masked."""
    demand(request, Verb.VIEW_FIGURES)
    form = FigureFilter(request.GET, today=clock.today())
    selection = _selection(request, form)
    page = queries.page_of_loans(
        selection=selection,
        before=queries.Cursor.parse(request.GET.get("before", "")),
        after=queries.Cursor.parse(request.GET.get("after", "")),
    )
    links = overview.Links(request.path, form.texts)
    context = _frame(request, form, selection) | {
        "page": page,
        "totals": queries.loan_totals(selection=selection),
        "chips": form.chips(page.words),
        "figures_url": overview.Links(reverse("dashboards:county"), form.texts).to(),
        "previous_url": links.to(after=page.newer) if page.newer else "",
        "next_url": links.to(before=page.older) if page.older else "",
    }
    return render(request, "dashboards/loans.html", context)


@require_safe
def background(request: SignedInRequest) -> HttpResponse:
    """Organizations, rules and budgets: what stood in the registers on a day."""
    demand(request, Verb.VIEW_FIGURES)
    form = DayFilter(request.GET, today=clock.today())
    selection = _selection(request, form)
    context = _frame(request, form, selection) | {"page": read_background(selection), "chips": form.chips({})}
    return render(request, "dashboards/background.html", context)


@require_safe
def published(request: SignedInRequest) -> HttpResponse:
    """What the county published beside what the database gives: for leaders and auditors."""
    demand(request, Verb.VIEW_FIGURES, Verb.VIEW_AUDIT)
    today = clock.today()
    report = compare_with_county(request.user.people_scope(Verb.VIEW_FIGURES, Verb.VIEW_AUDIT, on=today))
    context = {
        "page": published_page(report) if report else None,
        "read_at": clock.now(),
        "entered": publications_of(request.user.people_scope(Verb.VIEW_FIGURES, Verb.VIEW_AUDIT, on=today)),
        "may_view_figures": request.user.may(Verb.VIEW_FIGURES, on=today),
        "may_keep": request.user.may(*KEEPERS, on=today),
    }
    return render(request, "dashboards/published.html", context)


def _selection(request: SignedInRequest, form: DayFilter) -> Selection:
    """Return what the account may see of what the filters ask for."""
    user, today = request.user, form.today
    return form.selection(
        scope=user.scope(Verb.VIEW_FIGURES, on=today), registers=user.people_scope(Verb.VIEW_FIGURES, on=today)
    )


def _frame(request: SignedInRequest, form: DayFilter, selection: Selection) -> dict[str, object]:
    """Return what every page with filters shows around its figures."""
    return {"form": form, "as_of": selection.as_of, "read_at": clock.now(), "reset_url": request.path}
