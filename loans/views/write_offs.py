"""Writing loans off: the proposal, its paper, the decision of another person, and the register (账销案存)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from accounts.choices import Verb
from audit.access import get_in_scope, refuse
from files.operations import UnableToStore
from loans.choices import WriteOffState
from loans.forms.write_offs import WriteOffDecisionForm, WriteOffForm
from loans.models import WriteOffRequest
from loans.operations import Blocked, NotAllowed
from loans.operations.write_offs import decide_write_off, propose_write_off
from loans.queries.detail import effective_entries
from loans.queries.ledger import ledger_of
from loans.queries.write_offs import WRITE_OFF_TONES, write_offs_in_full, write_offs_of
from loans.views.access import account, not_allowed
from loans.views.care import lost_files, opened
from loans.views.servicing import own_loan_or_404
from loans.write_off_tables import WriteOffTable
from organizations.scope import Scope
from web import clock
from web.display import show_day, show_when, show_yuan
from web.layout import Fact

PER_PAGE = 50
READERS = (Verb.DISBURSE, Verb.CONSENT)


def register_scope(request: HttpRequest) -> Scope:
    """Return the loans of the lender's people; without such a post: 404."""
    scope = account(request).scope(*READERS, on=clock.today())
    if not scope:
        refuse(request)
    return scope


@require_safe
def write_off_list(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, and what was decided."""
    table = WriteOffTable(write_offs_of(register_scope(request)), empty_text=_("No loan is written off"))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "loans/write_offs.html", {"table": table})


@require_http_methods(["GET", "HEAD", "POST"])
def write_off_new(request: HttpRequest, loan_id: int) -> HttpResponse:
    """The proposal of the officer."""
    on = clock.today()
    loan = own_loan_or_404(request, loan_id)
    form = WriteOffForm(request.POST or None, request.FILES or None, on=on)
    if request.method == "POST" and form.is_valid():
        try:
            proposal = propose_write_off(
                loan_id=loan.pk, recorded_by=account(request), recorded_at=clock.now(), **form.cleaned_data
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except UnableToStore as error:
            form.add_error("paper", str(error))
        except NotAllowed as error:
            not_allowed(request, error)
        else:
            messages.success(request, _("The proposal waits for the decision of another person."))
            return redirect("loans:write-off", request_id=proposal.pk)
    stands = ledger_of(loan, effective_entries(loan)).account(on)
    context = {"loan": loan, "form": form, "account": stands, "lost_files": lost_files(request)}
    return render(request, "loans/write_off_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_off_detail(request: HttpRequest, request_id: int) -> HttpResponse:
    """One proposal; a manager of the lender who is another person decides here."""
    proposal = get_in_scope(write_offs_in_full(), register_scope(request), request_id, request)
    user = account(request)
    may_decide = user.post_covering(Verb.CONSENT, proposal.loan.place, on=clock.today()) is not None
    if request.method == "POST" and not may_decide:
        not_allowed(request, NotAllowed())
    form = WriteOffDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _decide(request, proposal, form)
        if answer is not None:
            return answer
    is_own = proposal.proposer_key == user.person_key
    is_waiting = proposal.state == WriteOffState.WAITING
    context = {
        "proposal": proposal,
        "tone": WRITE_OFF_TONES[WriteOffState(proposal.state)],
        "facts": facts_of(proposal),
        "form": form if is_waiting and may_decide and not is_own else None,
        "is_own": is_own and is_waiting,
    }
    return render(request, "loans/write_off.html", context)


def _decide(request: HttpRequest, proposal: WriteOffRequest, form: WriteOffDecisionForm) -> HttpResponse | None:
    """Decide; None when the page must be shown again with the reasons."""
    try:
        decided = decide_write_off(
            request_id=proposal.pk,
            is_approved=form.is_approved,
            opinion=form.cleaned_data["opinion"],
            decided_by=account(request),
            decided_at=clock.now(),
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except NotAllowed as error:
        not_allowed(request, error)
    if decided.state == WriteOffState.APPROVED:
        messages.success(request, _("The loan is written off. The borrower still owes the money."))
    else:
        messages.success(request, _("The proposal is refused."))
    return redirect("loans:write-off", request_id=proposal.pk)


def facts_of(proposal: WriteOffRequest) -> list[Fact]:
    """Return what was proposed and decided."""
    loan = proposal.loan
    facts = [
        Fact(_("Name of the borrower"), loan.application.borrower_name),
        Fact(_("Contract number"), loan.contract_number, mono=True),
        Fact(_("Village"), loan.division.place_name),
        Fact(_("Principal left when proposed"), _("%(amount)s yuan") % {"amount": show_yuan(proposal.amount)}),
        Fact(_("Day"), show_day(proposal.value_date)),
        Fact(_("Number of the paper"), proposal.document_number),
        Fact(_("Why it will not come back"), proposal.reason, wide=True),
        Fact(_("Proposed by"), str(proposal.proposed_by), show_when(proposal.proposed_at)),
    ]
    if proposal.decided_at is not None:
        facts.append(Fact(_("Decided by"), str(proposal.decided_by), show_when(proposal.decided_at)))
        facts.append(Fact(_("Opinion"), proposal.opinion or "--", wide=True))
    return facts


@require_safe
def write_off_paper(request: HttpRequest, request_id: int) -> HttpResponse:
    """Hand the paper of a proposal out to those who read the register."""
    proposal = get_in_scope(write_offs_in_full(), register_scope(request), request_id, request)
    return opened(request, proposal.paper)
