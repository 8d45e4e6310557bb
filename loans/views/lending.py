"""Loans: the list, the page of one, its repayments, and the trial that shows what a loan would cost."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Verb
from audit.access import refuse
from audit.exports import export_list
from finance.money import ZERO
from finance.rates import NoRate
from loans.choices import EntryKind, LoanState
from loans.forms.filters import LoanFilterForm
from loans.forms.lender import RepaymentForm, TrialForm
from loans.models import Loan, ProgrammeVersion
from loans.operations import Blocked, NotAllowed, record_repayment
from loans.queries import facts
from loans.queries.detail import effective_entries
from loans.queries.ledger import ledger_of
from loans.queries.loans import BY_DUE_DATE, loan_rows
from loans.queries.paging import keyset_page
from loans.queries.places import places_of
from loans.queries.servicing import account_facts, account_figures, ledger_rows, possible_acts
from loans.queries.tags import loan_tag
from loans.queries.versions import published_version
from loans.queries.write_offs import waiting_write_off
from loans.tables import LoanTable
from loans.views.access import account, loan_or_404, not_allowed, view_scope
from loans.views.care import care_of
from loans.views.paging import page_urls
from loans.views.servicing import ACTS
from web import clock

# Whom the page of a loan's subsidies is for: everybody who reads the loan, but not clerks and secretaries.
SUBSIDY_READERS = (
    Verb.FILE, Verb.ASSESS, Verb.CONFIRM_SUBSIDY, Verb.APPROVE_PAYMENT, Verb.DISBURSE, Verb.CONSENT,
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def loan_list(request: HttpRequest) -> HttpResponse:
    user, on = account(request), clock.today()
    scope = view_scope(request, on=on)
    form = LoanFilterForm(request.GET or None, places=places_of(user.people_scope(Verb.VIEW_CASES, on=on)))
    rows = loan_rows(scope=scope, **form.chosen)
    if request.method == "POST":
        return export_list(request, rows=rows.order_by(*BY_DUE_DATE.order()), table=LoanTable, name=_("Loans"))
    page = keyset_page(
        rows, keyset=BY_DUE_DATE, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {"form": form, "table": LoanTable(page.rows), "urls": page_urls(request, page)}
    return render(request, "loans/loan_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def loan_detail(request: HttpRequest, loan_id: int) -> HttpResponse:
    """The contract, its account today, its ledger; the officer of the outlet books repayments here."""
    on = clock.today()
    loan = loan_or_404(request, loan_id, on=on)
    may_book = account(request).post_covering(Verb.DISBURSE, loan.place, on=on) is not None
    if request.method == "POST" and not may_book:
        refuse(request, Loan, loan_id)
    form = RepaymentForm(request.POST or None, on=on)
    if request.method == "POST" and form.is_valid():
        answer = book(request, loan, form)
        if answer is not None:
            return answer
    stands = ledger_of(loan, effective_entries(loan)).account(on)
    is_open = loan.state == LoanState.LIVE or stands.owed > ZERO
    offered = possible_acts(loan, stands) if may_book else []
    context = {
        "loan": loan,
        "status": loan_tag(loan),
        "facts": facts.loan_facts(loan),
        "account": stands,
        "account_facts": account_facts(stands),
        "figures": account_figures(stands),
        "rows": ledger_rows(loan),
        "care": care_of(loan, account(request), on=on),
        "may_book": may_book,
        "may_see_subsidy": account(request).may(*SUBSIDY_READERS, on=on),
        "acts": [(kind, ACTS[kind].title) for kind in offered if kind in ACTS],
        "may_write_off": EntryKind.WRITE_OFF in offered,
        "write_off": waiting_write_off(loan) if stands.overdue_since else None,
        "form": form if may_book and (is_open or form.is_bound) else None,
    }
    return render(request, "loans/loan_detail.html", context)


def book(request: HttpRequest, loan: Loan, form: RepaymentForm) -> HttpResponse | None:
    """Book a payment; None when the page must be shown again with the reasons."""
    try:
        booked = record_repayment(
            loan_id=loan.pk, repayment=form.repayment(), recorded_by=account(request), recorded_at=clock.now()
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except NotAllowed as error:
        not_allowed(request, error)
    if booked.state == LoanState.SETTLED:
        messages.success(request, _("The payment is booked. The loan is settled and goes to the assessment."))
    else:
        messages.success(request, _("The payment is booked."))
    return redirect("loans:loan", loan_id=loan.pk)


@require_safe
def trial(request: HttpRequest) -> HttpResponse:
    """What a loan would cost on the terms typed so far (a fragment that the forms ask for on every change)."""
    if not account(request).may(Verb.REFER, Verb.DISBURSE, Verb.CONSENT, on=clock.today()):
        refuse(request)
    form = TrialForm(
        {
            "amount": request.GET.get("amount", request.GET.get("amount_asked", "")),
            "term_months": request.GET.get("term_months", ""),
            "repayment_method": request.GET.get("repayment_method", ""),
            "start_date": request.GET.get("start_date") or clock.today().isoformat(),
        }
    )
    quotation = None
    key = request.GET.get("version", "")
    try:
        if form.is_valid() and key.isascii() and key.isdigit():
            quotation = form.quotation(published_version(int(key[:18])))
    except (NoRate, ProgrammeVersion.DoesNotExist):
        quotation = None
    return render(request, "loans/_trial.html", {"quotation": quotation})
