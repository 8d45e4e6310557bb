"""The bank's statement of the special account: upload, look, keep; and what differs from the books first."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from audit.access import not_allowed, refuse
from loans.views.access import account
from organizations.scope import NotAllowed
from risk.choices import StatementOutcome, StatementState
from risk.forms.funds import StatementForm
from risk.models import FundStatement, RiskFund
from risk.operations import statements
from risk.operations.errors import UnableToBook
from risk.queries.funds import reconcile, stated_until
from risk.queries.statements import Row, rows_of, waiting_statements
from risk.views.access import fund_or_404
from web import clock
from web.display import show_count
from web.layout import Figure, Tone
from web.spreadsheets import Unreadable

PAGE_SIZE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: HttpRequest, fund_id: int) -> HttpResponse:
    """What the bank says beside what is booked, differences first; finance uploads the statement here."""
    on = clock.today()
    fund = fund_or_404(request, fund_id, on=on)
    may_keep = account(request).post_covering(Verb.MANAGE_FUND, fund.place, on=on) is not None
    if request.method == "POST" and not may_keep:
        refuse(request, RiskFund, fund_id)
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        answer = _take_in(request, fund, form)
        if answer is not None:
            return answer
    rows = reconcile(fund)
    context = {
        "fund": fund,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "differences": sum(not row.is_matched for row in rows),
        "stated_until": stated_until(fund),
        "booked_until": fund.transfers.aggregate(last=Max("value_date"))["last"],
        "waiting": waiting_statements(fund) if may_keep else [],
        "form": form if may_keep else None,
    }
    return render(request, "risk/fund_statement.html", context)


def _take_in(request: HttpRequest, fund: RiskFund, form: StatementForm) -> HttpResponse | None:
    """Read the file; None when the page must be shown again with the reason."""
    upload = form.cleaned_data["file"]
    try:
        taken = statements.take_in_statement(
            fund=fund, content=upload.read(), file_name=upload.name, uploaded_by=account(request), at=clock.now()
        )
    except Unreadable as error:
        form.add_error("file", str(error))
        return None
    except NotAllowed as error:
        not_allowed(request, error, RiskFund, fund.pk)
    if taken.state == StatementState.KEPT:
        messages.info(request, _("This file was kept before. Nothing is kept twice."))
    return redirect("risk:statement", statement_id=taken.pk)


def statement_or_404(request: HttpRequest, statement_id: int) -> tuple[FundStatement, RiskFund]:
    found = FundStatement.objects.select_related("uploaded_by").filter(pk=statement_id).first()
    if found is None:
        refuse(request, FundStatement, statement_id)
    return found, fund_or_404(request, found.fund_id, Verb.MANAGE_FUND, on=clock.today())


@require_safe
def statement_file(request: HttpRequest, statement_id: int) -> HttpResponse:
    """The rows of one file with what keeping them does, those not in order first."""
    found, fund = statement_or_404(request, statement_id)
    rows = rows_of(found)
    faulty = sum(row.outcome == StatementOutcome.FAULTY for row in rows)
    is_open = found.state == StatementState.READ
    context = {
        "statement": found,
        "fund": fund,
        "figures": _figures(rows, faulty),
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "is_open": is_open,
        "may_keep": is_open and not faulty,
        "faulty": faulty,
    }
    return render(request, "risk/fund_statement_file.html", context)


def _figures(rows: list[Row], faulty: int) -> list[Figure]:
    def figure(outcome: StatementOutcome, tone: Tone = Tone.NEUTRAL) -> Figure:
        count = sum(row.outcome == outcome for row in rows)
        return Figure(str(outcome.label), show_count(count), _("rows"), tone=tone)

    return [
        figure(StatementOutcome.NEW),
        figure(StatementOutcome.KNOWN),
        figure(StatementOutcome.FAULTY, Tone.BAD if faulty else Tone.OK),
    ]


@require_POST
def keep(request: HttpRequest, statement_id: int) -> HttpResponse:
    found, fund = statement_or_404(request, statement_id)
    try:
        count = statements.keep_statement(statement_id=found.pk, kept_by=account(request), at=clock.now())
    except UnableToBook as error:
        messages.error(request, str(error))
        return redirect("risk:statement", statement_id=found.pk)
    except NotAllowed as error:
        not_allowed(request, error, FundStatement, statement_id)
    messages.success(request, _("New lines kept: %(count)s.") % {"count": count})
    return redirect("risk:fund-statement", fund_id=fund.pk)
