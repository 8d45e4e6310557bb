"""The six reports: what is owed, one report of a period, entering what cannot be counted, issuing it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.access import SignedInRequest, not_allowed, refuse
from dashboards.figures.periods import Period
from dashboards.models import ReportDraft, ReportEdition
from dashboards.statistics import queries
from dashboards.statistics.definitions import Report
from dashboards.statistics.documents import PDF, XLSX
from dashboards.statistics.errors import UnableToIssue
from dashboards.statistics.forms import EntryForm, PeriodForm, initial_of
from dashboards.statistics.operations import issue_edition, keep_entered
from dashboards.statistics.table import table_of
from dashboards.statistics.tasks import STATISTICS_PAPER
from dashboards.statistics.views.access import county_or_404, report_or_404, selection_of_reader
from jobs.operations import start_job
from organizations.models import Division
from organizations.scope import NotAllowed
from web import clock


@require_safe
def report_list(request: SignedInRequest) -> HttpResponse:
    """The six forms, what is owed and what is late."""
    today = clock.today()
    selection = selection_of_reader(request, today)
    county = county_or_404(request, selection.registers)
    is_whole = queries.is_whole(selection, county)
    context = {
        "county": county,
        "rows": queries.overview(county=county, today=today),
        "owed": queries.owed_rows(scope=selection.registers, today=today) if is_whole else [],
        "years": range(today.year, today.year - 6, -1),
        "is_whole": is_whole,
    }
    return render(request, "dashboards/statistics/reports.html", context)


@require_safe
def report_detail(request: SignedInRequest, code: str) -> HttpResponse:
    """One report of one period as it stands now, with the lists behind its figures."""
    today = clock.today()
    selection = selection_of_reader(request, today)
    report, county = report_or_404(request, code), county_or_404(request, selection.registers)
    form = PeriodForm(request.GET if "period" in request.GET else None, report=report, today=today)
    period = form.chosen
    sheet = queries.filled(report, period, selection=selection, county=county, today=today)
    is_whole = queries.is_whole(selection, county)
    context = {
        "report": report,
        "county": county,
        "form": form,
        "period": period,
        "is_over": period.is_over(today),
        "due_on": report.due_on(period),
        "sheet": sheet,
        "table": table_of(sheet, with_links=True),
        "editions": _editions(report, period, county) if is_whole else [],
        "may_make": period.is_over(today) and queries.may_make(request.user, report, county, on=today),
        "read_at": clock.now(),
    }
    return render(request, "dashboards/statistics/report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report_fill(request: SignedInRequest, code: str) -> HttpResponse:
    """Enter what no figure gives, keep it, or issue the report as an edition."""
    today = clock.today()
    selection = selection_of_reader(request, today)
    report, county = report_or_404(request, code), county_or_404(request, selection.registers)
    if not queries.may_make(request.user, report, county, on=today):
        refuse(request)
    period = PeriodForm(request.GET, report=report, today=today).chosen
    form = _entry_form(request, report, period, county, today)
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, form, report, period, county)
        except UnableToIssue as error:
            form.add_error(error.field or None, str(error))
        except NotAllowed as error:
            not_allowed(request, error)
    context = {"report": report, "period": period, "county": county, "form": form, "back_url": _url(report, period)}
    return render(request, "dashboards/statistics/fill.html", context)


def _send(request: SignedInRequest, form: EntryForm, report: Report, period: Period, county: Division) -> HttpResponse:
    at = clock.now()
    if request.POST.get("action") == "keep":
        keep_entered(
            report=report, period=period, county=county, entered=form.entered, kept_by=request.user, kept_at=at
        )
        messages.success(request, _("What you entered is kept. The report is not handed in yet."))
        return redirect(_url(report, period))
    edition = issue_edition(
        report=report,
        period=period,
        county=county,
        entered=form.entered,
        signers=form.signers(request.user.name),
        reason=form.cleaned_data.get("reason", ""),
        made_by=request.user,
        made_at=at,
        request_id=form.cleaned_data["request_id"],
    )
    messages.success(
        request, _("Edition %(number)s is issued. It does not change any more.") % {"number": edition.number}
    )
    return redirect("dashboards:edition", edition_id=edition.pk)


def _entry_form(request: SignedInRequest, report: Report, period: Period, county: Division, today: date) -> EntryForm:
    """The form with what was kept, else with what the last edition says."""
    last = next(iter(_editions(report, period, county)), None)
    draft = ReportDraft.objects.for_scope(request.user.people_scope(*report.verbs, on=today)).filter(
        report=report.code, period=period.code, division=county
    ).first()  # fmt: skip
    entered = draft.entered if draft else {}
    office = next((post.organization.name for post in request.user.posts_for(*report.verbs, on=today)), "")
    rows = queries.entry_rows(report, county=county)
    return EntryForm(
        request.POST or None,
        rows=rows,
        columns=report.entered,
        is_correction=last is not None,
        initial={"unit": office, **initial_of(entered)},
    )


def _editions(report: Report, period: Period, county: Division) -> list[ReportEdition]:
    return list(queries.editions_of_period(report=report, period=period, county=county))


def _url(report: Report, period: Period) -> str:
    return f"{reverse('dashboards:report', args=[report.code])}?period={period.code}"


@require_POST
def report_paper(request: SignedInRequest, code: str) -> HttpResponse:
    """Start the job that prints the report as it stands now: not final."""
    today = clock.today()
    selection_of_reader(request, today)
    report = report_or_404(request, code)
    period, form = Period.parse(request.POST.get("period", "")), request.POST.get("form", "")
    if period is None or period.kind != report.kind or form not in (PDF, XLSX):
        refuse(request)
    return start_paper(
        request,
        f"{report.title} {period.label}",
        {"what": "report", "report": code, "period": period.code, "form": form},
    )


@require_POST
def annual_report(request: SignedInRequest) -> HttpResponse:
    """Start the job that prints the annual report of a year."""
    today = clock.today()
    selection = selection_of_reader(request, today)
    county = county_or_404(request, selection.registers)
    period = Period.parse(request.POST.get("year", ""))
    if period is None or period.kind != "year" or period.first > today or not queries.is_whole(selection, county):
        refuse(request)
    title = _("Annual report %(year)s") % {"year": period.first.year}
    return start_paper(request, title, {"what": "annual", "period": period.code})


def start_paper(request: SignedInRequest, title: str, arguments: dict[str, Any]) -> HttpResponse:
    """Start the job of a paper and show it."""
    job = start_job(
        kind=STATISTICS_PAPER, title=title, owner=request.user, arguments=arguments, at=clock.now()
    )  # fmt: skip
    return redirect("jobs:detail", job_id=job.pk)
