"""Claims: the list, the register of what was written off, and the page of one with what may be done now."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from audit.access import get_in_scope, not_allowed, refuse
from files.operations import UnableToStore
from jobs.operations import start_job
from loans.models import Loan
from loans.views.access import account
from loans.views.care import opened
from organizations.scope import NotAllowed
from risk.choices import ClaimFileKind, ClaimOutcome, ClaimPaper, ClaimState
from risk.documents import CLAIM_FORM
from risk.forms.claims import (
    ClaimFilterForm,
    ClaimForm,
    FilingForm,
    HandlingForm,
    PayForm,
    ProposeWriteOffForm,
    RecoveryForm,
    WriteOffForm,
)
from risk.models import Claim, ClaimFile
from risk.operations import claims as operations, recoveries
from risk.operations.errors import ClaimMoved, UnableToBook
from risk.queries.claims import bar_of, claim_rows, claims_in_full, history_of, moves_open_to
from risk.queries.funds import rule_on
from risk.tables import ClaimTable, claim_tag
from risk.views.access import (
    READERS,
    claim_moved,
    risk_loan_or_404,
    scope_or_404,
)
from web import clock
from web.display import show_day, show_yuan
from web.layout import Fact
from web.uppercase import uppercase_amount

PAGE_SIZE = 25
HANDLED = (ClaimOutcome.PASS, ClaimOutcome.RETURN, ClaimOutcome.REJECT)
FORMS: dict[str, type[ClaimForm]] = {
    ClaimOutcome.FILE: FilingForm,
    ClaimOutcome.PAY: PayForm,
    ClaimOutcome.RECOVER: RecoveryForm,
    ClaimOutcome.PROPOSE_WRITE_OFF: ProposeWriteOffForm,
    ClaimOutcome.WRITE_OFF: WriteOffForm,
}
DATED = (PayForm, RecoveryForm)


@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    scope = scope_or_404(request, *READERS, on=clock.today())
    form = ClaimFilterForm(request.GET or None)
    state = form.cleaned_data.get("state", "") if form.is_bound and form.is_valid() else ""
    page = Paginator(claim_rows(scope=scope, state=state), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "table": ClaimTable(page.object_list), "page": page}
    return render(request, "risk/claim_list.html", context)


@require_safe
def write_offs(request: HttpRequest) -> HttpResponse:
    """账销案存: off the books, still owed."""
    scope = scope_or_404(request, *READERS, on=clock.today())
    rows = claim_rows(scope=scope, state=ClaimState.WRITTEN_OFF)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "risk/write_offs.html", {"table": ClaimTable(page.object_list), "page": page})


@require_POST
def claim_new(request: HttpRequest, loan_id: int) -> HttpResponse:
    """Open a claim for a loan in arrears."""
    loan = risk_loan_or_404(request, loan_id, Verb.DISBURSE, on=clock.today())
    try:
        claim = operations.prepare_claim(loan=loan, prepared_by=account(request), at=clock.now())
    except UnableToBook as error:
        messages.error(request, str(error))
        return redirect("risk:loan", loan_id=loan.pk)
    except NotAllowed as error:
        not_allowed(request, error, Loan, loan_id)
    return redirect("risk:claim", claim_id=claim.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def claim_detail(request: HttpRequest, claim_id: int) -> HttpResponse:
    on = clock.today()
    claim = get_in_scope(claims_in_full(), scope_or_404(request, *READERS, on=on), claim_id, request)
    forms, reason = forms_of(request, claim, on)
    if request.method == "POST":
        answer = _carry_out(request, claim, forms)
        if answer is not None:
            return answer
    shares = [share for share in claim.shares.all() if share.round == claim.round]
    context = {
        "claim": claim,
        "tag": claim_tag(claim),
        "steps": bar_of(claim),
        "facts": facts_of(claim),
        "shares": shares,
        "papers": papers_of(claim),
        "recoveries": claim.recoveries.all(),
        "history": history_of(claim),
        "forms": forms,
        "reason": reason,
    }
    return render(request, "risk/claim_detail.html", context)


def forms_of(request: HttpRequest, claim: Claim, on: date) -> tuple[list[ClaimForm], str]:
    """Return the forms of what the person may do now, or why he may not though his post would allow it."""
    moves = moves_open_to(claim, account(request), on)
    for _outcome, move in moves:
        sentence = operations.reason_against(claim, move, account(request))
        if sentence:
            return [], sentence
    outcomes = [outcome for outcome, _move in moves]
    built: list[ClaimForm] = []
    handled = [outcome for outcome in outcomes if outcome in HANDLED]
    for outcome in outcomes:
        if outcome in FORMS:
            kind = FORMS[outcome]
            options: dict[str, Any] = {"initial": {"value_date": on} if kind in DATED else {}}
            if kind is FilingForm:
                options |= filing_options(claim, on)
            built.append(kind(*_data(request, kind.code), revision=claim.revision, **options))
    if handled:
        built.append(
            HandlingForm(*_data(request, HandlingForm.code), revision=claim.revision, outcomes=handled)
        )  # fmt: skip
    return built, ""


def filing_options(claim: Claim, on: date) -> dict[str, Any]:
    """Which papers the rule of the day asks for, and which are scanned already."""
    rule = rule_on(claim.fund, on)
    return {"required": rule.required_papers if rule else (), "scanned": {file.kind for file in claim.files.all()}}


def _data(request: HttpRequest, code: str) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.POST.get("action") == code else (None, None)


def _carry_out(request: HttpRequest, claim: Claim, forms: list[ClaimForm]) -> HttpResponse | None:
    """Do what was posted; None when the page must be shown again with the reasons."""
    form = next((one for one in forms if one.is_bound), None)
    if form is None:
        if request.POST.get("revision") != str(claim.revision):
            return claim_moved(request, ClaimMoved(claim, claim.decisions.order_by("-sequence").first()))
        not_allowed(request, NotAllowed(), Claim, claim.pk)
    if not form.is_valid():
        return None
    try:
        _act(request, claim, form)
    except UnableToBook as error:
        form.blame(error)
        return None
    except UnableToStore as error:
        form.add_error(None, str(error))
        return None
    except ClaimMoved as error:
        return claim_moved(request, error)
    except NotAllowed as error:
        not_allowed(request, error, Claim, claim.pk)
    messages.success(request, _("It is written down."))
    return redirect("risk:claim", claim_id=claim.pk)


def _act(request: HttpRequest, claim: Claim, form: ClaimForm) -> None:
    kept, user, at = dict(form.cleaned_data), account(request), clock.now()
    kept.pop("action")
    common = {"claim_id": claim.pk, "revision": kept.pop("revision"), "at": at}
    match form:
        case FilingForm():
            operations.file_claim(papers=form.papers(), filed_by=user, opinion=kept["opinion"], **common)
        case HandlingForm():
            operations.decide_claim(decided_by=user, **kept, **common)
        case PayForm():
            operations.pay_claim(paid_by=user, **kept, **common)
        case RecoveryForm():
            recoveries.record_recovery(recorded_by=user, **kept, **common)
        case ProposeWriteOffForm():
            recoveries.propose_write_off(proposed_by=user, **kept, **common)
        case WriteOffForm():
            recoveries.decide_write_off(decided_by=user, **kept, **common)


def facts_of(claim: Claim) -> list[Fact]:
    """Return what the claim demands and what became of it; before it is filed nothing is demanded."""
    loan = claim.loan
    facts = [
        Fact(_("Name of the borrower"), loan.application.borrower_name),
        Fact(_("Contract number"), loan.contract_number, mono=True),
        Fact(_("Village"), loan.division.place_name),
        Fact(_("Lender"), loan.outlet.short_name),
    ]
    if claim.filed_on is None:
        return facts
    return [
        *facts,
        Fact(_("Overdue since"), show_day(claim.overdue_since), _overdue_note(claim)),
        Fact(_("Filed on"), show_day(claim.filed_on)),
        Fact(_("Principal demanded"), show_yuan(claim.principal_due)),
        Fact(_("Interest demanded"), show_yuan(claim.interest_due), _("contract interest, without penalty")),
        Fact(_("Loss that counts"), show_yuan(claim.base_amount)),
        Fact(_("The fund pays"), show_yuan(claim.fund_part), uppercase_amount(claim.fund_part)),
        Fact(_("Paid on"), show_day(claim.paid_on)),
        Fact(_("Returned to the fund"), show_yuan(claim.recovered)),
    ]


def _overdue_note(claim: Claim) -> str:
    return _("%(days)s days on the day of filing") % {"days": claim.overdue_days} if claim.overdue_days else ""


@dataclass(frozen=True)
class PaperRow:
    """A paper of a claim as its page lists it: the newest scan first."""

    name: str
    number: str
    copies: int
    files: list[ClaimFile]


def papers_of(claim: Claim) -> list[PaperRow]:
    """Return the papers of the last filing, and that of the write-off. Needs `claims_in_full`."""
    files = list(reversed(claim.files.all()))
    rows = [
        PaperRow(
            str(ClaimPaper(paper.paper).label),
            paper.number,
            paper.copies,
            [file for file in files if file.kind == paper.paper],
        )
        for paper in claim.papers.all()
        if paper.round == claim.round
    ]
    on_write_off = [file for file in files if file.kind == ClaimFileKind.WRITE_OFF]
    if on_write_off:
        rows.append(PaperRow(str(ClaimFileKind.WRITE_OFF.label), claim.write_off_number, 1, on_write_off))
    return rows


@require_safe
def claim_paper(request: HttpRequest, claim_id: int, file_id: int) -> HttpResponse:
    """Hand a scanned paper out to those who read the claim."""
    claim = get_in_scope(claims_in_full(), scope_or_404(request, *READERS, on=clock.today()), claim_id, request)
    file = next((one for one in claim.files.all() if one.pk == file_id), None)
    if file is None:
        refuse(request, ClaimFile, file_id)
    return opened(request, file.attachment)


@require_POST
def claim_form(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Let the claim form (风险补偿申请表) be printed."""
    claim = get_in_scope(claims_in_full(), scope_or_404(request, *READERS, on=clock.today()), claim_id, request)
    job = start_job(
        kind=CLAIM_FORM,
        title=_("Claim form %(number)s") % {"number": claim.number},
        owner=account(request),
        arguments={"claim_id": claim.pk},
        at=clock.now(),
    )
    return redirect("jobs:detail", job_id=job.pk)
