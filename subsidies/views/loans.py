"""The subsidies of one loan: its lines with their working, its payments, its account, what was found."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Verb
from accounts.models import User
from audit.access import refuse
from finance.money import ZERO
from loans.models import Loan
from loans.views.access import account
from subsidies.forms.batches import ReasonForm
from subsidies.forms.payments import AccountForm, ExclusionForm
from subsidies.models import SubsidyExclusion, SubsidyLine
from subsidies.operations import accounts, exclusions
from subsidies.queries.lines import (
    exclusions_of_loan,
    lines_of_loan,
    payments_of_loan,
    with_borrowers,
    working_of,
)
from subsidies.queries.payments import account_of_borrower
from subsidies.tables import line_tag, payment_tag
from subsidies.views.access import (
    answer_form,
    loan_or_404,
    row_or_404,
    sees_names,
)
from web import clock
from web.masking import masked_name


@require_safe
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """One line: days × balance × rate in words, what was excluded, the cap, the other lines of its loan."""
    found = row_or_404(request, with_borrowers(SubsidyLine.objects.all()), line_id)
    return render(
        request,
        "subsidies/line.html",
        {
            "line": found,
            "tag": line_tag(found),
            "working": working_of(found),
            "borrower": _name(request, found.loan),
            "tagged": [(other, line_tag(other)) for other in lines_of_loan(found.loan_id)],
        },
    )


@require_safe
def loan(request: HttpRequest, loan_id: int) -> HttpResponse:
    found = loan_or_404(request, loan_id)
    lines = lines_of_loan(found.pk)
    user = account(request)
    return render(
        request,
        "subsidies/loan.html",
        {
            "loan": found,
            "borrower": _name(request, found),
            "lines": [(one, line_tag(one)) for one in lines],
            "total": sum((one.amount for one in lines), start=ZERO),
            "payments": [(one, payment_tag(one)) for one in payments_of_loan(found.pk)],
            "exclusions": exclusions_of_loan(found.pk),
            "payout_account": account_of_borrower(found),
            "may_set": _may(user, accounts.VERBS, found),
            "may_exclude": _may(user, exclusions.VERBS, found),
            "may_see_loan": sees_names(request),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def payout_account(request: HttpRequest, loan_id: int) -> HttpResponse:
    found = loan_or_404(request, loan_id, *accounts.VERBS)
    form = AccountForm(request.POST or None, initial={"holder_name": found.application.borrower_name})

    def act() -> HttpResponse:
        accounts.set_payout_account(loan_id=found.pk, set_by=account(request), set_at=clock.now(), **form.cleaned_data)
        messages.success(request, _("The account is set."))
        return redirect("subsidies:loan", loan_id=found.pk)

    return answer_form(request, form, act, context=_context(found, _("Set the account"), _("Save")))


@require_http_methods(["GET", "HEAD", "POST"])
def exclude(request: HttpRequest, loan_id: int) -> HttpResponse:
    found = loan_or_404(request, loan_id, *exclusions.VERBS)
    form = ExclusionForm(request.POST or None, on=clock.today())

    def act() -> HttpResponse:
        exclusions.exclude_loan(
            loan_id=found.pk, recorded_by=account(request), recorded_at=clock.now(), **form.cleaned_data
        )
        messages.success(request, _("The finding is written down. The next batch follows it."))
        return redirect("subsidies:loan", loan_id=found.pk)

    return answer_form(request, form, act, context=_context(found, _("Write down a finding"), _("Save")))


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_exclusion(request: HttpRequest, loan_id: int, exclusion_id: int) -> HttpResponse:
    found = loan_or_404(request, loan_id, *exclusions.VERBS)
    finding = found.subsidy_exclusions.filter(pk=exclusion_id).first()
    if finding is None:
        refuse(request, SubsidyExclusion, exclusion_id)
    form = ReasonForm(request.POST or None)

    def act() -> HttpResponse:
        exclusions.cancel_exclusion(
            exclusion_id=finding.pk,
            reason=form.cleaned_data["reason"],
            cancelled_by=account(request),
            cancelled_at=clock.now(),
        )
        messages.success(request, _("The finding is cancelled."))
        return redirect("subsidies:loan", loan_id=found.pk)

    return answer_form(request, form, act, context=_context(found, _("Cancel the finding"), _("Cancel the finding")))


def _name(request: HttpRequest, found: Loan) -> str:
    name = found.application.borrower_name
    return name if sees_names(request) else masked_name(name)


def _may(user: User, verbs: tuple[Verb, ...], found: Loan) -> bool:
    return any(user.post_covering(verb, found.place, on=clock.today()) for verb in verbs)


def _context(found: Loan, title: str, button: str) -> dict[str, object]:
    return {"loan": found, "title": title, "button": button}
