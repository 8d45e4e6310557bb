"""Stops with what measured them, categories, warnings: the pages of those who watch."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Verb
from audit.access import not_allowed, refuse
from loans.choices import StopMeasure
from loans.models import LendingStop
from loans.operations import Blocked, NotAllowed as NotAllowedInLoans
from loans.operations.stops import impose_stop
from loans.queries.stops import stops_in_force, stops_of
from loans.views.access import account
from organizations.models import Division
from organizations.scope import NotAllowed
from risk.forms.funds import BlamingForm
from risk.forms.watching import (
    BreakerForm,
    CategoryFilterForm,
    ReasonForm,
    StopForm,
    WarningFilterForm,
    WarningForm,
    WatchForm,
)
from risk.models import BreakerRule, EarlyWarning
from risk.operations.breakers import lift, set_breaker, set_watch
from risk.operations.errors import UnableToBook
from risk.operations.warnings import HANDLERS, close_warning
from risk.queries.classes import category_rows, category_totals, watch_rule_for
from risk.queries.warnings import warning_rows
from risk.tables import CategoryTable, WarningTable
from risk.views.access import (
    READERS,
    RULE_SETTERS,
    county_path,
    scope_or_404,
)
from web import clock

PAGE_SIZE = 25
HISTORY_SHOWN = 50


@require_safe
def stop_list(request: HttpRequest) -> HttpResponse:
    """Where nobody new is lent to, why, and who can change that."""
    on = clock.today()
    path = county_path(request, *READERS, on=on)
    user = account(request)
    context = {
        "stops": stops_of(path).filter(lifted_at=None),
        "lifted": stops_of(path).filter(lifted_at__isnull=False)[:HISTORY_SHOWN],
        "rules": BreakerRule.objects.filter(division__path=path).order_by("level", "measure", "-effective_from"),
        "watch": watch_rule_for(path, on),
        "may_lift": user.may(Verb.APPROVE_CLAIM, on=on),
        "may_set": user.may(*RULE_SETTERS, on=on),
    }
    return render(request, "risk/stop_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def stop_new(request: HttpRequest) -> HttpResponse:
    path = county_path(request, Verb.APPROVE_CLAIM, on=clock.today())
    form = StopForm(request.POST or None, divisions=Division.objects.filter(path__startswith=path).order_by("code"))

    def act() -> object:
        return impose_stop(
            measure=StopMeasure.BY_DECISION, imposed_by=account(request), at=clock.now(), **form.cleaned_data
        )  # fmt: skip

    return _small(request, form, act, title=_("Stop new loans"), done=_("New loans are stopped there."))


@require_http_methods(["GET", "HEAD", "POST"])
def stop_lift(request: HttpRequest, stop_id: int) -> HttpResponse:
    path = county_path(request, Verb.APPROVE_CLAIM, on=clock.today())
    stop = stops_in_force().filter(pk=stop_id, pk__in=stops_of(path)).first()
    if stop is None:
        refuse(request, LendingStop, stop_id)
    form = ReasonForm(request.POST or None)

    def act() -> object:
        return lift(stop_id=stop_id, lifted_by=account(request), at=clock.now(), **form.cleaned_data)

    title = _("Lift the stop: %(place)s") % {"place": stop.place_name}
    return _small(request, form, act, title=title, done=_("The stop is lifted."), hint=stop.reason)


@require_http_methods(["GET", "HEAD", "POST"])
def breaker_new(request: HttpRequest) -> HttpResponse:
    county = Division.objects.get(path=county_path(request, *RULE_SETTERS, on=clock.today()))
    form = BreakerForm(request.POST or None, initial={"effective_from": clock.today()})

    def act() -> object:
        return set_breaker(division=county, set_by=account(request), at=clock.now(), **form.cleaned_data)

    return _small(request, form, act, title=_("Set a limit"), done=_("The limit is set."))


@require_http_methods(["GET", "HEAD", "POST"])
def watch_new(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    county = Division.objects.get(path=county_path(request, *RULE_SETTERS, on=on))
    old = watch_rule_for(county.path, on)
    names = ("clean_months", "maturity_days", "visit_days", "ratio_days", "ratio_rise_percent")
    initial = {name: getattr(old, name) for name in names} if old else {}
    form = WatchForm(request.POST or None, initial={"effective_from": on, **initial})

    def act() -> object:
        return set_watch(division=county, set_by=account(request), at=clock.now(), **form.cleaned_data)

    return _small(request, form, act, title=_("Set the warnings"), done=_("The warnings are set."))


def _small(
    request: HttpRequest, form: BlamingForm, act: Callable[[], object], *, title: str, done: str, hint: str = ""
) -> HttpResponse:
    """Show and carry out a small form below the page of the stops."""
    back = reverse("risk:stops")
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except UnableToBook as error:
            form.blame(error)
        except Blocked as error:
            for problem in error.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        except (NotAllowed, NotAllowedInLoans) as error:
            not_allowed(request, error, LendingStop, "")
        else:
            messages.success(request, done)
            return redirect(back)
    context = {"form": form, "title": title, "back_url": back, "up": _("Lending stops"), "up_url": back, "hint": hint}
    return render(request, "risk/form.html", context)


@require_safe
def category_list(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    scope = scope_or_404(request, *READERS, on=on)
    form = CategoryFilterForm(request.GET or None)
    category = form.cleaned_data.get("category") if form.is_bound and form.is_valid() else None
    page = Paginator(category_rows(scope=scope, category=category), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "totals": category_totals(scope=scope),
        "table": CategoryTable(page.object_list, on=on),
        "page": page,
    }
    return render(request, "risk/category_list.html", context)


@require_safe
def warning_list(request: HttpRequest) -> HttpResponse:
    scope = scope_or_404(request, *READERS, on=clock.today())
    form = WarningFilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = warning_rows(scope=scope, kind=chosen.get("kind", ""), is_open=not chosen.get("closed"))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request, "risk/warning_list.html", {"form": form, "table": WarningTable(page.object_list), "page": page}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def warning(request: HttpRequest, warning_id: int) -> HttpResponse:
    """Close a warning with what came of it."""
    scope = scope_or_404(request, *HANDLERS, on=clock.today())
    row = warning_rows(scope=scope).filter(pk=warning_id).first()
    if row is None:
        refuse(request, EarlyWarning, warning_id)
    form = WarningForm(request.POST or None)
    back = reverse("risk:warnings")
    if request.method == "POST" and form.is_valid():
        try:
            close_warning(warning_id=warning_id, closed_by=account(request), at=clock.now(), **form.cleaned_data)
        except UnableToBook as error:
            form.blame(error)
        except NotAllowed as error:
            not_allowed(request, error, EarlyWarning, warning_id)
        else:
            messages.success(request, _("The warning is closed."))
            return redirect(back)
    subject = row.loan.application.borrower_name if row.loan else row.division.place_name
    title = f"{row.get_kind_display()} · {subject}"
    context = {"form": form, "title": title, "back_url": back, "up": _("Early warnings"), "up_url": back}
    return render(request, "risk/form.html", context)
