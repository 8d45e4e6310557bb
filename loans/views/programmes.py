"""The rules of the programmes with their clauses; quotas and budgets are set here."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Verb
from accounts.operations import NotAllowed
from audit.access import refuse
from loans.forms.programmes import BudgetForm, QuotaForm
from loans.models import ProgrammeVersion
from loans.operations.programmes import UnableToSet, set_budget, set_quota
from loans.queries.programmes import (
    budgets_of,
    papers_of,
    programmes_with_versions,
    quotas_of,
    rules_of,
    tiers_of,
    townships_of,
    versions_in_full,
)
from loans.views.access import account
from web import clock

READERS = (Verb.VIEW_CASES, Verb.VIEW_FIGURES, Verb.MANAGE_PROGRAMMES, Verb.VIEW_AUDIT)


@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    context = {"programmes": programmes_with_versions(), "today": clock.today()}
    return render(request, "loans/programme_list.html", context)


@require_safe
def version_detail(request: HttpRequest, version_id: int) -> HttpResponse:
    version = version_or_404(request, version_id)
    on = clock.today()
    year = asked_year(request, on)
    may_read = account(request).may(*READERS, on=on)
    return render(
        request,
        "loans/version_detail.html",
        {
            "version": version,
            "rules": rules_of(version),
            "tiers": tiers_of(version),
            "papers": papers_of(version),
            "year": year,
            "years": [year - 1, year + 1],
            "quotas": quotas_of(version, year) if may_read else [],
            "budgets": budgets_of(version) if may_read else [],
            "may_read": may_read,
            "may_set": may_set(request, version, on),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def quota(request: HttpRequest, version_id: int) -> HttpResponse:
    version = managed_version_or_404(request, version_id)
    form = QuotaForm(
        request.POST or None,
        townships=townships_of(version),
        initial={"year": clock.today().year, "township": request.GET.get("township")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            set_quota(version=version, set_by=account(request), set_at=clock.now(), **form.cleaned_data)
        except UnableToSet as error:
            form.add_error("total", str(error))
        except NotAllowed:
            refuse(request, ProgrammeVersion, version_id)
        else:
            messages.success(request, _("The quota is set."))
            return redirect(version_url(version, form.cleaned_data["year"]))
    return render(request, "loans/quota.html", {"version": version, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def budget(request: HttpRequest, version_id: int) -> HttpResponse:
    version = managed_version_or_404(request, version_id)
    if not version.has_subsidy:
        refuse(request, ProgrammeVersion, version_id)
    form = BudgetForm(request.POST or None, initial={"year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        try:
            set_budget(version=version, set_by=account(request), set_at=clock.now(), **form.cleaned_data)
        except UnableToSet as error:
            form.add_error("appropriated", str(error))
        except NotAllowed:
            refuse(request, ProgrammeVersion, version_id)
        else:
            messages.success(request, _("The budget is set."))
            return redirect(version_url(version, form.cleaned_data["year"]))
    return render(request, "loans/budget.html", {"version": version, "form": form})


def version_url(version: ProgrammeVersion, year: int) -> str:
    return f"{reverse('loans:version', args=[version.pk])}?year={year}"


def version_or_404(request: HttpRequest, version_id: int) -> ProgrammeVersion:
    """The rules are no secret inside the house."""
    version = versions_in_full().filter(pk=version_id).first()
    if version is None:
        refuse(request, ProgrammeVersion, version_id)
    return version


def managed_version_or_404(request: HttpRequest, version_id: int) -> ProgrammeVersion:
    version = version_or_404(request, version_id)
    if not may_set(request, version, clock.today()):
        refuse(request, ProgrammeVersion, version_id)
    return version


def may_set(request: HttpRequest, version: ProgrammeVersion, on: date) -> bool:
    place = version.programme.division.place
    return account(request).post_covering(Verb.MANAGE_PROGRAMMES, place, on=on) is not None


def asked_year(request: HttpRequest, on: date) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else on.year
