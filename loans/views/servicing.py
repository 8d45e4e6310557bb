"""What the officer of the outlet does with a loan that runs, and the list of those who are late."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap

from accounts.choices import Verb
from audit.access import refuse
from audit.exports import export_list
from loans import operations
from loans.arrears_tables import ArrearsTable, MaturingTable
from loans.choices import EntryKind
from loans.forms import servicing as forms
from loans.forms.filters import ArrearsFilterForm
from loans.forms.lender import RepaymentForm
from loans.models import Loan, LoanEntry
from loans.operations import Blocked, NotAllowed
from loans.queries.arrears import BY_MATURITY, BY_OVERDUE_SINCE, SOON, arrears_piles, arrears_rows, maturing_rows
from loans.queries.detail import effective_entries
from loans.queries.ledger import ledger_of, propose_allocation
from loans.queries.paging import keyset_page
from loans.queries.places import places_of
from loans.queries.servicing import arrears_figures, possible_acts
from loans.views.access import account, loan_or_404, not_allowed, view_scope
from loans.views.paging import page_urls
from web import clock
from web.tables import OfficeTable


@dataclass(frozen=True)
class Act:
    """One thing an officer can do with a loan: its heading, its form and the operation behind it."""

    title: Promise
    button: Promise
    form: type[forms.ActForm]
    operation: Callable[..., Loan]
    note: Promise | str = ""


ACTS: dict[str, Act] = {
    EntryKind.TRANCHE: Act(
        gettext_lazy("Pay out a further part"),
        gettext_lazy("Book the payment"),
        forms.TrancheForm,
        operations.pay_tranche,
    ),
    EntryKind.EXTENSION: Act(
        gettext_lazy("Extend the loan"),
        gettext_lazy("Extend"),
        forms.ExtensionForm,
        operations.extend,
        gettext_lazy("Up to the last day only. A guarantor must have consented in writing."),
    ),
    EntryKind.RENEWAL: Act(
        gettext_lazy("Renew without repayment"),
        gettext_lazy("Renew"),
        forms.RenewalForm,
        operations.renew,
        gettext_lazy("Once, up to the last day, with the interest paid to the day; a new contract is signed."),
    ),
    EntryKind.RATE_CHANGE: Act(
        gettext_lazy("Change the rate"),
        gettext_lazy("Change the rate"),
        forms.RateForm,
        operations.change_rate,
    ),
    EntryKind.MISUSE: Act(
        gettext_lazy("Note misuse"),
        gettext_lazy("Note misuse"),
        forms.MisuseForm,
        operations.find_misuse,
        gettext_lazy("From that day on the penalty rate for misuse holds, and the subsidy stops."),
    ),
    EntryKind.MISUSE_ENDED: Act(
        gettext_lazy("Note that misuse is mended"),
        gettext_lazy("Note that it is mended"),
        forms.MisuseEndedForm,
        operations.end_misuse,
    ),
}


def own_loan_or_404(request: HttpRequest, loan_id: int) -> Loan:
    """Return a loan that the account may book on."""
    on = clock.today()
    loan = loan_or_404(request, loan_id, on=on)
    if account(request).post_covering(Verb.DISBURSE, loan.place, on=on) is None:
        refuse(request, Loan, loan_id)
    return loan


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, loan_id: int, kind: str) -> HttpResponse:
    loan, chosen = own_loan_or_404(request, loan_id), ACTS[kind]
    stands = ledger_of(loan, effective_entries(loan)).account(clock.today())
    if request.method != "POST" and kind not in possible_acts(loan, stands):
        raise Http404
    form = chosen.form(request.POST or None, on=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            chosen.operation(
                loan_id=loan.pk, recorded_by=account(request), recorded_at=clock.now(), **form.cleaned_data
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except NotAllowed as error:
            not_allowed(request, error)
        else:
            messages.success(request, _("Written into the ledger: %(what)s.") % {"what": EntryKind(kind).label})
            return redirect("loans:loan", loan_id=loan.pk)
    context = {"loan": loan, "form": form, "act": chosen, "account": stands}
    return render(request, "loans/act.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reversal(request: HttpRequest, loan_id: int, entry_id: int) -> HttpResponse:
    loan = own_loan_or_404(request, loan_id)
    entry = next((one for one in loan.entries.all() if one.pk == entry_id), None)
    if entry is None or entry.kind in (EntryKind.DISBURSEMENT, EntryKind.REVERSAL):
        refuse(request, LoanEntry, entry_id)
    form = forms.ReversalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.reverse(
                entry_id=entry.pk, reversed_by=account(request), reversed_at=clock.now(), **form.cleaned_data
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except NotAllowed as error:
            not_allowed(request, error)
        else:
            messages.success(request, _("The entry is reversed; the account is reckoned without it."))
            return redirect("loans:loan", loan_id=loan.pk)
    together = [
        one for one in effective_entries(loan)
        if one == entry or (entry.bank_reference and one.bank_reference == entry.bank_reference)
    ]  # fmt: skip
    return render(request, "loans/reversal.html", {"loan": loan, "form": form, "entries": together})


@require_safe
def allocation(request: HttpRequest, loan_id: int) -> HttpResponse:
    """How the sum typed so far would be split (a fragment that the form of a repayment asks for).

    Where there is nothing to propose the form stays as it is: the officer may have typed the bank's own split.
    """
    loan = own_loan_or_404(request, loan_id)
    asked = forms.AllocationForm(request.GET)
    proposal, parts = None, {}
    if asked.is_valid() and asked.cleaned_data["value_date"] >= loan.start_date:
        proposal = propose_allocation(loan, **asked.asked)
        parts = {name: getattr(proposal, name) for name in RepaymentForm.PARTS}
    form = RepaymentForm(on=clock.today(), initial=parts)
    answer = render(request, "loans/_split.html", {"form": form, "proposal": proposal})
    return answer if proposal is not None else reswap(answer, "none")


@require_http_methods(["GET", "HEAD", "POST"])
def arrears(request: HttpRequest) -> HttpResponse:
    """Who is late, by days; and whose last day comes soon (`bucket=soon`)."""
    user, on = account(request), clock.today()
    scope = view_scope(request, on=on)
    form = ArrearsFilterForm(request.GET or None, places=places_of(user.people_scope(Verb.VIEW_CASES, on=on)))
    chosen = form.chosen
    is_soon = chosen.get("bucket") == SOON
    if is_soon:
        rows = maturing_rows(scope=scope, on=on, text=chosen.get("text", ""), place=chosen.get("place", ""))
    else:
        rows = arrears_rows(scope=scope, on=on, **chosen)
    keyset = BY_MATURITY if is_soon else BY_OVERDUE_SINCE
    may_collect = user.may(Verb.DISBURSE, on=on)

    def table(chunk: Sequence[Loan]) -> OfficeTable:
        return MaturingTable(chunk, on=on) if is_soon else ArrearsTable(chunk, on=on, may_collect=may_collect)

    if request.method == "POST":
        return export_list(request, rows=rows.order_by(*keyset.order()), table=table, name=_("Arrears and reminders"))
    page = keyset_page(rows, keyset=keyset, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "form": form,
        "table": table(page.rows),
        "urls": page_urls(request, page),
        "figures": arrears_figures(arrears_piles(scope=scope, on=on)),
    }
    return render(request, "loans/arrears.html", context)
