"""Bank statements: taking in, checking, booking, and the reconciliation with what our accounts expect."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from accounts.choices import Verb
from audit.access import get_in_scope, refuse
from loans.choices import LineOutcome, StatementState
from loans.forms.statements import ClarifyForm, DifferenceFilterForm, LineFilterForm, StatementForm
from loans.models import StatementImport, StatementLine
from loans.operations import Blocked, NotAllowed
from loans.operations.statements import (
    check_again,
    clarify_line,
    discard_statement,
    post_statement,
    take_in_statement,
)
from loans.queries.statement_files import COLUMNS, EXCEL, TEMPLATE_NAME, template
from loans.queries.statements import (
    LINE_TONES,
    STATEMENT_TONES,
    checks_of,
    counts_of,
    lines_of,
    recent_names,
    statements_of,
    tally,
)
from loans.tables import DifferenceTable, LineTable, StatementTable, check_said, differences_said
from loans.views.access import account, not_allowed
from organizations.models import Organization
from organizations.scope import Scope
from web import clock
from web.display import EMPTY
from web.layout import Fact
from web.spreadsheets import Unreadable

PER_PAGE = 50


def booking_scope(request: HttpRequest) -> Scope:
    """Return the counters whose statements the account handles. Without any: 404."""
    scope = account(request).scope(Verb.DISBURSE, on=clock.today())
    if not scope.outlet_paths:
        refuse(request)
    return scope


def outlets_of(request: HttpRequest) -> list[Organization]:
    posts = account(request).posts_for(Verb.DISBURSE, on=clock.today())
    return list({post.organization.pk: post.organization for post in posts}.values())


def statement_or_404(request: HttpRequest, statement_id: int) -> StatementImport:
    rows = StatementImport.objects.select_related("outlet", "uploaded_by", "job")
    return get_in_scope(rows, booking_scope(request), statement_id, request)


@require_http_methods(["GET", "HEAD", "POST"])
def statement_list(request: HttpRequest) -> HttpResponse:
    """The statements taken in, and the form that takes in the next."""
    scope = booking_scope(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = StatementForm(*posted, outlets=outlets_of(request))
    if request.method == "POST" and form.is_valid():
        answer = take_in(request, form)
        if answer is not None:
            return answer
    table = StatementTable(statements_of(scope), empty_text=_("No statements yet"))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "loans/statements.html", {"form": form, "table": table})


def take_in(request: HttpRequest, form: StatementForm) -> HttpResponse | None:
    """Keep the uploaded file's lines; None when the page must be shown again with the reason."""
    file = form.cleaned_data["file"]
    try:
        taken = take_in_statement(
            content=file.read(),
            file_name=file.name,
            outlet=form.chosen_outlet,
            uploaded_by=account(request),
            uploaded_at=clock.now(),
        )
    except Unreadable as error:
        form.add_error("file", str(error))
        return None
    except NotAllowed as error:
        not_allowed(request, error)
    if not taken.is_new:
        messages.info(request, _("This file was uploaded before. Here is what became of it."))
    return redirect("loans:statement", statement_id=taken.statement.pk)


@require_safe
def statement_template(request: HttpRequest) -> HttpResponse:
    booking_scope(request)
    response = HttpResponse(template(), content_type=EXCEL)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=TEMPLATE_NAME)
    return response


@require_safe
def statement_detail(request: HttpRequest, statement_id: int) -> HttpResponse:
    """The lines of a statement with what booking it will do, or has done."""
    statement = statement_or_404(request, statement_id)
    form = LineFilterForm(request.GET or None)
    table = LineTable(lines_of(booking_scope(request), statement=statement.pk, **form.chosen))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    counts = counts_of(statement)
    return render(
        request,
        "loans/statement.html",
        {
            "statement": statement,
            "statement_tone": STATEMENT_TONES[statement.state],
            "is_mine": statement.job is not None and statement.job.owner_id == account(request).pk,
            "figures": tally(counts),
            "form": form,
            "table": table,
            "new_count": counts.get(LineOutcome.NEW, 0),
            "may_book": statement.is_stuck
            or (statement.state == StatementState.READ and bool(counts.get(LineOutcome.NEW))),
            "may_discard": statement.state == StatementState.READ and not counts.get(LineOutcome.BOOKED),
            "may_check_again": statement.state in (StatementState.READ, StatementState.POSTED),
        },
    )


@require_POST
def post(request: HttpRequest, statement_id: int) -> HttpResponse:
    statement = statement_or_404(request, statement_id)
    try:
        job = post_statement(statement_id=statement.pk, posted_by=account(request), posted_at=clock.now())
    except Blocked as error:
        return _blocked(request, statement, error)
    except NotAllowed as error:
        not_allowed(request, error)
    if job.owner_id != account(request).pk:
        messages.info(request, _("A colleague has started the booking already."))
        return redirect("loans:statement", statement_id=statement.pk)
    return redirect("jobs:detail", job_id=job.pk)


@require_POST
def discard(request: HttpRequest, statement_id: int) -> HttpResponse:
    statement = statement_or_404(request, statement_id)
    try:
        discard_statement(statement_id=statement.pk, discarded_by=account(request), discarded_at=clock.now())
    except Blocked as error:
        return _blocked(request, statement, error)
    except NotAllowed as error:
        not_allowed(request, error)
    messages.success(request, _("The statement is discarded. Nothing of it was booked."))
    return redirect("loans:statements")


@require_POST
def check(request: HttpRequest, statement_id: int) -> HttpResponse:
    statement = statement_or_404(request, statement_id)
    try:
        check_again(statement_id=statement.pk, checked_by=account(request), checked_at=clock.now())
    except Blocked as error:
        return _blocked(request, statement, error)
    except NotAllowed as error:
        not_allowed(request, error)
    messages.success(request, _("What is not booked was compared with the ledger again."))
    return redirect("loans:statement", statement_id=statement.pk)


def _blocked(request: HttpRequest, statement: StatementImport, error: Blocked) -> HttpResponse:
    for problem in error.problems:
        messages.warning(request, problem.message)
    return redirect("loans:statement", statement_id=statement.pk)


@require_safe
def differences(request: HttpRequest) -> HttpResponse:
    """The reconciliation: what differs first, each loan's dues beside what is booked."""
    scope, on = booking_scope(request), clock.today()
    form = DifferenceFilterForm(request.GET or {"look": "open"}, statements=recent_names(scope))
    table = DifferenceTable(lines_of(scope, **form.chosen), empty_text=_("Nothing differs"))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    table.checks = checks_of(
        (row.record.loan for row in table.paginated_rows if row.record.loan is not None), on=on
    )  # fmt: skip
    return render(request, "loans/statement_differences.html", {"form": form, "table": table})


@require_http_methods(["GET", "HEAD", "POST"])
def clarify(request: HttpRequest, line_id: int) -> HttpResponse:
    """One line that differs: what the file said, what is wrong, and the note that settles it."""
    rows = StatementLine.objects.select_related(
        "statement", "loan__application__person", "loan__application__entity", "clarified_by"
    )
    line = get_in_scope(rows, booking_scope(request), line_id, request)
    form = ClarifyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            clarify_line(
                line_id=line.pk,
                note=form.cleaned_data["note"],
                clarified_by=account(request),
                clarified_at=clock.now(),
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except NotAllowed as error:
            not_allowed(request, error)
        else:
            messages.success(request, _("The difference is noted as clarified."))
            return redirect("loans:statement-differences")
    standing = check_said(checks_of([line.loan], on=clock.today())[line.loan.pk]) if line.loan else ""
    context = {
        "line": line,
        "tone": LINE_TONES[line.outcome],
        "said": [*line.sentences, *differences_said(line)],
        "facts": [Fact(column.label, line.cells.get(column.name) or EMPTY) for column in COLUMNS],
        "standing": standing,
        "form": form if line.is_stray and line.clarified_at is None else None,
    }
    return render(request, "loans/statement_line.html", context)
