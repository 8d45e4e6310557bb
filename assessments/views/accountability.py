"""What became of the loans that each introducer or branch brought, and the loans behind a row."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.inspections import AnswerForFilterForm
from assessments.queries.accountability import By, loan_rows, loans_answered_for, outcomes_by, sums_of
from assessments.tables_households import AnsweredLoanTable, AnswerTable
from assessments.views.access_households import ANSWER_READERS, scope_or_404
from audit.access import refuse
from audit.exports import export_list
from loans.models import Loan
from loans.queries.places import places_of
from loans.views.access import account
from web import clock

FIRST_YEAR = 2011
PAGE_SIZE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def accountability(request: HttpRequest) -> HttpResponse:
    """The list; POST takes it away as a workbook."""
    on = clock.today()
    scope = scope_or_404(request, *ANSWER_READERS, on=on)
    form, chosen = _chosen(request, on)
    by = chosen.pop("by", "") or By.INTRODUCER.value
    loans = loans_answered_for(scope=scope, **chosen)
    rows = outcomes_by(loans, by=by)

    def table(chunk: Any) -> AnswerTable:
        return AnswerTable(chunk, by=by, query=chosen)

    if request.method == "POST":
        return export_list(request, rows=list(rows), table=table, name=_("Outcomes of the loans introduced"))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "table": table(list(page.object_list)), "page": page, "sums": sums_of(loans)}
    return render(request, "assessments/accountability.html", context)


def _chosen(request: HttpRequest, on: date) -> tuple[AnswerForFilterForm, dict[str, Any]]:
    places = places_of(account(request).people_scope(*ANSWER_READERS, on=on))
    years = range(on.year, FIRST_YEAR - 1, -1)
    form = AnswerForFilterForm(request.GET or None, places=places, years=years)
    return form, dict(form.cleaned_data) if form.is_bound and form.is_valid() else {}


@require_safe
def accountability_loans(request: HttpRequest, by: str, key: int) -> HttpResponse:
    """The loans of one introducer or branch, narrowed as the list was."""
    on = clock.today()
    scope = scope_or_404(request, *ANSWER_READERS, on=on)
    _form, chosen = _chosen(request, on)
    chosen.pop("by", None)
    loans = loans_answered_for(scope=scope, by=by, key=key, **chosen)
    first = loan_rows(loans).first()
    if first is None or first.application.introducer is None:
        refuse(request, Loan, key)
    name = first.application.introducer.person.name if by == By.INTRODUCER else first.branch.name
    page = Paginator(loan_rows(loans), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"name": name, "table": AnsweredLoanTable(page.object_list), "page": page, "sums": sums_of(loans)}
    return render(request, "assessments/accountability_loans.html", context)
