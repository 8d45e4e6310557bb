"""The lender's desk (放款专柜): the list of what waits, its file, several loans paid out at once, their contracts."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, ngettext, pgettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from accounts.confirmation import is_own_password
from accounts.models import User
from audit.access import refuse
from audit.choices import Action
from audit.operations import record
from finance.money import ZERO
from finance.rates import NoRate
from jobs.operations import start_job
from loans.choices import CreditStatus, StepCode
from loans.desk_tables import DeskTable, desk_csv
from loans.documents_contract import LOAN_CONTRACTS
from loans.forms.desk import BulkPayoutForm, DeskFilterForm
from loans.models import Application
from loans.operations.bulk import Result, pay_out_several
from loans.queries.desk import DeskCounts, DeskState, chosen_cases, desk_counts, desk_rows
from loans.queries.paging import keyset_page
from loans.queries.places import places_of
from loans.queries.schedules import Quotation, quote
from loans.queries.versions import published_version
from loans.views.access import account
from loans.views.paging import page_urls
from organizations.scope import Scope
from web import clock
from web.display import show_count, show_wan
from web.layout import Figure, Tone
from web.text import numbers_in
from workflow.queries import work_calendar

AT_ONCE_MAX = 50
RESULTS = "desk_results"
CSV = "text/csv; charset=utf-8"


def desk_scope(request: HttpRequest, *verbs: Verb, on: date) -> Scope:
    """Return the cases of the lender's posts that allow one of the verbs. Without any: 404."""
    scope = account(request).scope(*verbs, on=on)
    if not scope:
        refuse(request)
    return scope


def filter_form(request: HttpRequest, user: User, on: date) -> DeskFilterForm:
    default = DeskState.WAITING if user.may(Verb.DISBURSE, on=on) else DeskState.ASKED
    places = places_of(user.people_scope(Verb.DISBURSE, Verb.CONSENT, on=on))
    return DeskFilterForm(request.GET or None, places=places, default=default)


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    user, on = account(request), clock.today()
    scope = desk_scope(request, Verb.DISBURSE, Verb.CONSENT, on=on)
    form = filter_form(request, user, on)
    filters = form.filters()
    page = keyset_page(
        desk_rows(scope=scope, filters=filters, on=on),
        keyset=filters.keyset,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    counts = desk_counts(scope=scope, on=on, first=page.rows[0] if page.rows else None)
    rights = {"may_pay": user.may(Verb.DISBURSE, on=on), "may_consent": user.may(Verb.CONSENT, on=on)}
    context = {
        "form": form,
        "table": DeskTable(page.rows, on=on, calendar=work_calendar(), **rights),
        "urls": page_urls(request, page),
        "figures": figures_of(counts, may_pay=rights["may_pay"]),
        "organization": user.posts_for(Verb.DISBURSE, Verb.CONSENT, on=on)[0].organization,
        "left": counts.left,
        "query": request.GET.urlencode(),
        **rights,
    }
    return render(request, "loans/desk.html", context)


def figures_of(counts: DeskCounts, *, may_pay: bool) -> list[Figure]:
    """Return the five counters of the head, each a link to its rows."""
    figures = [
        Figure(
            _("To be paid out"), show_count(counts.waiting), note=wan(counts.waiting_amount), url=url_of("waiting")
        ),
        Figure(
            _("To be consented to"),
            show_count(counts.asked),
            note=_("consented to: %(number)s") % {"number": counts.agreed},
            url=url_of("asked"),
        ),
        Figure(_("Paid out today"), show_count(counts.paid), note=wan(counts.paid_amount), url=url_of("paid_today")),
        Figure(
            pgettext("desk", "Overdue"), show_count(counts.overdue), url=url_of("overdue"),
            tone=Tone.BAD if counts.overdue else Tone.NEUTRAL,
        ),
    ]  # fmt: skip
    if may_pay:
        different = Figure(
            _("Statement differs"), show_count(counts.different), url=reverse("loans:statement-differences"),
            tone=Tone.BAD if counts.different else Tone.NEUTRAL, note=_("lines of bank statements to be clarified"),
        )  # fmt: skip
        figures.insert(3, different)
    return figures


def url_of(state: str) -> str:
    return f"{reverse('loans:desk')}?state={state}"


def wan(amount: Any) -> str:
    return _("%(amount)s ten thousand yuan") % {"amount": show_wan(amount, places=1)}


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a file. That somebody took it away is written down."""
    user, on = account(request), clock.today()
    scope = desk_scope(request, Verb.DISBURSE, Verb.CONSENT, on=on)
    filters = filter_form(request, user, on).filters()
    rows = desk_rows(scope=scope, filters=filters, on=on).order_by(*filters.keyset.order())
    content = desk_csv(rows, on=on, calendar=work_calendar())
    name = _("List of loans to be paid out %(day)s") % {"day": on.isoformat()}
    record(action=Action.EXPORTED, actor=user, at=clock.now(), label=name, detail={"state": filters.state})
    response = HttpResponse(content, content_type=CSV)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.csv")
    return response


@require_POST
def chosen(request: HttpRequest) -> HttpResponse:
    """What is to be done with the ticked rows: lead on to paying them out, or let their contracts be made."""
    on = clock.today()
    scope = desk_scope(request, Verb.DISBURSE, on=on)
    pks = numbers_in(request.POST.getlist("case"))
    if not pks:
        messages.info(request, _("Please tick the cases first."))
        return redirect("loans:desk")
    if request.POST.get("action") != "contracts":
        return redirect(f"{reverse('loans:desk-bulk')}?{urlencode({'case': pks}, doseq=True)}")
    cases = cases_or_404(request, scope, pks, on)
    job = start_job(
        kind=LOAN_CONTRACTS,
        title=ngettext("Contract and note of %(number)s loan", "Contracts and notes of %(number)s loans", len(cases))
        % {"number": len(cases)},
        owner=account(request),
        arguments={"applications": ",".join(str(case.pk) for case in cases)},
        at=clock.now(),
    )
    messages.info(request, _("The contracts are being made."))
    return redirect("jobs:detail", job_id=job.pk)


def cases_or_404(request: HttpRequest, scope: Scope, pks: list[int], on: date) -> list[Application]:
    """Return all the ticked cases with their rules; one outside the area, or more than a page shows: 404."""
    cases = chosen_cases(scope=scope, pks=pks[:AT_ONCE_MAX], on=on)
    if missing := set(pks) - {case.pk for case in cases}:
        refuse(request, Application, min(missing))
    for case in cases:
        case.version = published_version(case.version_id)
    return cases


# The rows are paid out each in a transaction of its own: see operations.bulk.
@transaction.non_atomic_requests
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """Show what is about to be paid out, ask for the password, do it row by row, and tell what became of each."""
    on = clock.today()
    scope = desk_scope(request, Verb.DISBURSE, on=on)
    is_sent = request.method == "POST"
    cases = cases_or_404(request, scope, numbers_in((request.POST if is_sent else request.GET).getlist("case")), on)
    if not is_sent:
        cases = [case for case in cases if is_payable(case)]
    if not cases:
        messages.info(request, _("None of these cases can be paid out now."))
        return redirect("loans:desk")
    form = BulkPayoutForm(request.POST if is_sent else None, cases=cases, on=on)
    if is_sent and form.are_rows_valid:
        password = form.cleaned_data["password"]
        if is_own_password(request, user=account(request), password=password, at=clock.now()):
            return carry_out(request, form)
        form.add_error("password", _("This is not your password. After five failures the account is locked."))
    return confirm_page(request, form, cases, on)


def is_payable(case: Application) -> bool:
    return case.step == StepCode.DISBURSEMENT and case.is_waiting and case.credit_status != CreditStatus.ASKED


def carry_out(request: HttpRequest, form: BulkPayoutForm) -> HttpResponse:
    results = pay_out_several(payouts=form.payouts(), decided_by=account(request), decided_at=clock.now())
    request.session[RESULTS] = [[one.application_id, one.is_done, list(one.sentences)] for one in results]
    return redirect("loans:desk-results")


def confirm_page(request: HttpRequest, form: BulkPayoutForm, cases: list[Application], on: date) -> HttpResponse:
    rows = [
        {"form": row, "case": row.case, "term": term_of(row.case), "quote": quotation(row.case, on)}
        for row in form.rows
    ]
    total = sum((case.approved for case in cases), start=ZERO)  # type: ignore[attr-defined]  # of queries.desk
    summary = {"errors": form.problems, "problems": form.problems}
    return render(request, "loans/desk_bulk.html", {"form": form, "rows": rows, "total": total, "summary": summary})


def term_of(case: Application) -> int:
    return case.term_granted or case.term_months or 1


def quotation(case: Application, on: date) -> Quotation | None:
    """Return what a case costs if it is paid out on a day; None where no rate is known, which paying out tells."""
    try:
        return quote(
            version=case.version,
            amount=case.approved,  # type: ignore[attr-defined]  # of queries.desk
            term_months=term_of(case),
            repayment_method=case.repayment_method,
            start_date=on,
            concession=case.concession,
        )
    except NoRate:
        return None


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What became of each row that was sent last. It stays until the next time or the end of the session."""
    on = clock.today()
    scope = desk_scope(request, Verb.DISBURSE, on=on)
    kept = [Result(pk, is_done, tuple(said)) for pk, is_done, said in request.session.get(RESULTS, [])]
    cases = {case.pk: case for case in chosen_cases(scope=scope, pks=[one.application_id for one in kept], on=on)}
    rows = [(one, cases[one.application_id]) for one in kept if one.application_id in cases]
    paid = [case for result, case in rows if result.is_done]
    context = {
        "rows": rows,
        "paid": paid,
        "failed": len(rows) - len(paid),
        "total": sum((case.loan.principal for case in paid), start=ZERO),
    }
    return render(request, "loans/desk_results.html", context)
