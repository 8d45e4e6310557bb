"""Editions of the reports: the list, one edition with its corrections marked, its papers."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from audit.access import SignedInRequest, get_in_scope, refuse
from dashboards.figures.periods import Period
from dashboards.models import ReportEdition
from dashboards.statistics import queries
from dashboards.statistics.definitions import reports
from dashboards.statistics.documents import PDF, XLSX
from dashboards.statistics.forms import EditionFilter
from dashboards.statistics.sheet import sheet_of_json
from dashboards.statistics.table import table_of
from dashboards.statistics.views.access import edition_scope
from dashboards.statistics.views.reports import start_paper
from loans.queries.paging import keyset_page
from web import clock


@require_safe
def edition_list(request: SignedInRequest) -> HttpResponse:
    """The editions that were issued, newest first."""
    scope = edition_scope(request, clock.today())
    form = EditionFilter(request.GET)
    page = keyset_page(
        queries.editions_of(scope=scope, **form.values),
        keyset=queries.NEWEST,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )

    def url(**cursor: str) -> str:
        return f"?{urlencode({**form.values, **cursor})}"

    context = {
        "form": form,
        "rows": [queries.EditionRow.of(edition) for edition in page.rows],
        "previous_url": url(before=page.before) if page.before else "",
        "next_url": url(after=page.after) if page.after else "",
        "reset_url": request.path,
    }
    return render(request, "dashboards/statistics/editions.html", context)


@require_safe
def edition_detail(request: SignedInRequest, edition_id: int) -> HttpResponse:
    """One edition as it was issued; what differs from the one before is marked."""
    edition = _edition(request, edition_id)
    sheet, marks = sheet_of_json(edition.sheet), queries.marks_of(edition)
    report, period = reports().get(edition.report), Period.parse(edition.period)
    context = {
        "edition": edition,
        "sheet": sheet,
        "table": table_of(sheet, marks=marks, with_links=True),
        "differences": len(marks),
        "report": report,
        "others": queries.editions_of_period(report=report, period=period, county=edition.division)
        if report and period
        else [],
        "may_make": report is not None and queries.may_make(request.user, report, edition.division, on=clock.today()),
    }
    return render(request, "dashboards/statistics/edition.html", context)


@require_POST
def edition_paper(request: SignedInRequest, edition_id: int) -> HttpResponse:
    """Start the job that prints the edition."""
    edition = _edition(request, edition_id)
    form = request.POST.get("form", "")
    if form not in (PDF, XLSX):
        refuse(request, ReportEdition, edition_id)
    title = f"{edition.sheet['title']} {edition.period}"
    return start_paper(request, title, {"what": "edition", "edition": edition.pk, "form": form})


def _edition(request: SignedInRequest, edition_id: int) -> ReportEdition:
    scope = edition_scope(request, clock.today())
    editions = ReportEdition.objects.select_related("made_by", "organization", "division")
    return get_in_scope(editions, scope, edition_id, request)
