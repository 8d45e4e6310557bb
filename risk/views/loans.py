"""The risk side of one loan: its category, insurance, claim, warnings; and the due-diligence file."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Verb
from audit.access import not_allowed
from loans.models import Loan
from loans.queries.ledger import account_of
from loans.views.access import account
from organizations.scope import NotAllowed
from risk.forms.claims import ExemptionForm
from risk.forms.funds import BlamingForm
from risk.forms.watching import InsuranceForm, JudgementForm, ReasonForm
from risk.operations.classes import judge_category, mark_technical
from risk.operations.diligence import decide_exemption
from risk.operations.errors import UnableToBook
from risk.operations.insurance import record_insurance
from risk.queries.classes import category_of, history_of
from risk.queries.diligence import diligence_file, exemptions_of
from risk.tables import category_tag
from risk.views.access import (
    risk_loan_or_404,
)
from web import clock
from web.display import show_count, show_yuan
from web.layout import Check, Fact, Tone

JUDGES = (Verb.CONSENT, Verb.MANAGE_FUND)


@require_safe
def loan_risk(request: HttpRequest, loan_id: int) -> HttpResponse:
    on = clock.today()
    loan = risk_loan_or_404(request, loan_id, on=on)
    user, position = account(request), account_of(loan, on=on)
    days = (on - position.overdue_since).days if position.overdue_since else 0
    claim = loan.claims.exclude(state="refused").first()
    context = {
        "loan": loan,
        "tag": category_tag(category_of(loan)),
        "facts": [
            Fact(_("Contract number"), loan.contract_number, mono=True),
            Fact(_("Lender"), loan.outlet.short_name),
            Fact(_("Principal still owed"), show_yuan(position.outstanding)),
            Fact(_("Due on"), position.maturity),
            Fact(_("Days overdue"), show_count(days)),
            Fact(_("Overdue principal"), show_yuan(position.overdue_principal)),
            Fact(_("Overdue interest"), show_yuan(position.overdue_interest)),
        ],
        "claim": claim,
        "history": history_of(loan),
        "insurances": loan.insurances.order_by("valid_from"),
        "warnings": loan.warnings.select_related("closed_by").order_by("-opened_on"),
        "may_claim": claim is None and days > 0 and _covers(user, Verb.DISBURSE, loan),
        "may_insure": _covers(user, Verb.DISBURSE, loan),
        "may_judge": any(_covers(user, verb, loan) for verb in JUDGES),
        "may_mark": _covers(user, Verb.CONSENT, loan),
    }
    return render(request, "risk/loan.html", context)


def _covers(user: object, verb: Verb, loan: Loan) -> bool:
    return user.post_covering(verb, loan.place, on=clock.today()) is not None  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, loan_id: int) -> HttpResponse:
    loan = risk_loan_or_404(request, loan_id, *JUDGES, on=clock.today())
    form = JudgementForm(request.POST or None, initial={"category": category_of(loan)})

    def act() -> object:
        return judge_category(loan=loan, judged_by=account(request), at=clock.now(), **form.cleaned_data)

    return _small(request, loan, form, act, title=_("Judge the category"), done=_("The category is judged."))


@require_http_methods(["GET", "HEAD", "POST"])
def technical(request: HttpRequest, loan_id: int) -> HttpResponse:
    loan = risk_loan_or_404(request, loan_id, Verb.CONSENT, on=clock.today())
    form = ReasonForm(request.POST or None)

    def act() -> object:
        return mark_technical(loan=loan, marked_by=account(request), at=clock.now(), **form.cleaned_data)

    return _small(request, loan, form, act, title=_("Mark a technical delay"), done=_("The delay is marked."))


@require_http_methods(["GET", "HEAD", "POST"])
def insure(request: HttpRequest, loan_id: int) -> HttpResponse:
    loan = risk_loan_or_404(request, loan_id, Verb.DISBURSE, on=clock.today())
    form = InsuranceForm(request.POST or None)

    def act() -> object:
        return record_insurance(loan=loan, recorded_by=account(request), at=clock.now(), **form.cleaned_data)

    return _small(
        request, loan, form, act, title=_("Record an insurance"), done=_("The insurance is recorded."),
        hint=_("Voluntary: no step of the programme asks for it."),
    )  # fmt: skip


def _small(
    request: HttpRequest,
    loan: Loan,
    form: BlamingForm,
    act: Callable[[], object],
    *,
    title: str,
    done: str,
    hint: str = "",
) -> HttpResponse:
    """Show and carry out a small form of a loan."""
    back = reverse("risk:loan", args=[loan.pk])
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except UnableToBook as error:
            form.blame(error)
        except NotAllowed as error:
            not_allowed(request, error, Loan, loan.pk)
        else:
            messages.success(request, done)
            return redirect(back)
    context = {"form": form, "title": title, "back_url": back, "crumb": loan.contract_number, "hint": hint}
    return render(request, "risk/form.html", {**context, "up": _("Loans"), "up_url": reverse("loans:loans")})


@require_http_methods(["GET", "HEAD", "POST"])
def diligence(request: HttpRequest, loan_id: int) -> HttpResponse:
    """The file, and the decision of the leading group."""
    on = clock.today()
    loan = risk_loan_or_404(request, loan_id, on=on)
    may_decide = _covers(account(request), Verb.APPROVE_CLAIM, loan)
    if request.method == "POST" and not may_decide:
        not_allowed(request, NotAllowed(), Loan, loan_id)
    form = ExemptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_exemption(loan=loan, decided_by=account(request), at=clock.now(), **form.cleaned_data)
        except UnableToBook as error:
            form.blame(error)
        except NotAllowed as error:
            not_allowed(request, error, Loan, loan_id)
        else:
            messages.success(request, _("The decision is written down."))
            return redirect("risk:diligence", loan_id=loan_id)
    file = diligence_file(loan, on=on)
    context = {
        "loan": loan,
        "file": file,
        "checks": [
            Check(item.label, Tone.BAD if item.is_missing else Tone.OK, item.text or _("missing"))
            for item in file.items
        ],
        "decisions": exemptions_of(loan),
        "form": form if may_decide and file.is_loss else None,
    }
    return render(request, "risk/diligence.html", context)
