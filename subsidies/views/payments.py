"""Payments of a batch: approvals, the file for the bank, its answers, what failed, what is taken back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from audit.access import not_allowed, refuse
from jobs.operations import start_job
from loans.views.access import account
from organizations.scope import NotAllowed
from subsidies.choices import BatchState, PaymentState, ReturnFileState
from subsidies.documents import PAYMENT_FILE
from subsidies.forms.batches import ReasonForm
from subsidies.forms.payments import NotifyForm, SentForm, TakeBackForm
from subsidies.models import Clawback, Payment, PaymentFile, SubsidyBatch
from subsidies.operations import clawback as clawbacks, payments as operations
from subsidies.operations.entitled import FINANCE_KINDS, county_post
from subsidies.operations.errors import Blocked
from subsidies.queries.payments import payments_without_account, sums_of_payments
from subsidies.tables import batch_tag
from subsidies.views.access import (
    answer_form,
    office_batch_or_404,
    sees_names,
)
from subsidies.views.history import history_of
from web import clock
from web.display import show_count, show_yuan
from web.layout import Fact, Figure, Text, Tone

SHOWN_MAX = 200
CLAWBACK_FORMS: dict[str, tuple[Text, Any]] = {
    "notify": (gettext_lazy("Notice delivered"), NotifyForm),
    "take-back": (gettext_lazy("Book money that came back"), TakeBackForm),
    "hand-over": (gettext_lazy("Hand over"), ReasonForm),
}


@require_safe
def payments(request: HttpRequest, batch_id: int) -> HttpResponse:
    batch = office_batch_or_404(request, batch_id)
    user, on = account(request), clock.today()
    # An auditor reads sums and decisions; who borrowed is not his business.
    is_masked = not sees_names(request)
    without = payments_without_account(batch)
    returned = _with_borrower(
        Payment.objects.filter(batch=batch, state__in=[PaymentState.RETURNED, PaymentState.GIVEN_UP])
    ).select_related("result", "account", "reissued_by")
    claims = _with_borrower(batch.clawbacks.all()).prefetch_related("entries")
    sums = sums_of_payments(batch)
    return render(
        request,
        "subsidies/payments.html",
        {
            "batch": batch,
            "tag": batch_tag(batch),
            "figures": _figures(sums),
            "sums": sums,
            "files": batch.files.select_related("created_by", "sent_by").order_by("pk"),
            "return_files": batch.return_files.exclude(state=ReturnFileState.DISCARDED).select_related("uploaded_by"),
            "may_close": batch.state == BatchState.APPROVED and not sums.count and not sums.paid_again,
            "without": [] if is_masked else without[:SHOWN_MAX],
            "without_count": without.count(),
            "returned": [] if is_masked else returned.order_by("-pk")[:SHOWN_MAX],
            "clawbacks": [] if is_masked else claims[:SHOWN_MAX],
            "events": history_of(batch),
            "is_payable": batch.state in operations.PAYABLE_STATES,
            "may_pay": user.may(Verb.CONFIRM_SUBSIDY, on=on),
            "may_give_up": county_post(user, Verb.APPROVE_PAYMENT, batch.programme, on=on, kinds=FINANCE_KINDS)
            is not None,
        },
    )


def _with_borrower(rows: Any) -> Any:
    return rows.select_related("loan__application__person", "loan__application__entity", "loan__division__parent")


def _figures(sums: Any) -> list[Figure]:
    def figure(label: Text, amount: Any, note: Text = "", tone: Tone = Tone.NEUTRAL) -> Figure:
        return Figure(label, show_yuan(amount), _("yuan"), note=note, tone=tone)

    payments_count = _("%(count)s payments")
    return [
        figure(_("Payments in all"), sums.total, payments_count % {"count": show_count(sums.count)}),
        figure(_("To be paid"), sums.pending),
        figure(_("At the bank"), sums.sent),
        figure(_("Credited"), sums.credited, payments_count % {"count": show_count(sums.credited_count)}),
        figure(
            _("Returned and open"), sums.returned, payments_count % {"count": show_count(sums.returned_count)},
            Tone.BAD if sums.returned else Tone.NEUTRAL,
        ),
    ]  # fmt: skip


@require_POST
def payment_file(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Let the file for the bank be made; only its maker can fetch it."""
    batch = office_batch_or_404(request, batch_id, Verb.CONFIRM_SUBSIDY)
    job = start_job(
        kind=PAYMENT_FILE,
        title=_("Payment file %(batch)s") % {"batch": batch},
        owner=account(request),
        arguments={"batch_id": batch.pk},
        at=clock.now(),
    )
    return redirect("jobs:detail", job_id=job.pk)


@require_POST
def close(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Reconcile an approved batch that pays nobody."""
    batch = office_batch_or_404(request, batch_id, Verb.CONFIRM_SUBSIDY)
    try:
        is_closed = operations.close_empty_batch(batch_id=batch.pk, closed_by=account(request), closed_at=clock.now())
    except Blocked as error:
        messages.error(request, str(error))
    except NotAllowed as error:
        not_allowed(request, error, SubsidyBatch, batch_id)
    else:
        if is_closed:
            messages.success(request, _("The batch pays nobody; it is reconciled."))
        else:
            messages.error(request, _("The batch has payments that are still open."))
    return redirect("subsidies:payments", batch_id=batch.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def file_sent(request: HttpRequest, file_id: int) -> HttpResponse:
    file = PaymentFile.objects.filter(pk=file_id).first() or refuse(request, PaymentFile, file_id)
    batch = office_batch_or_404(request, file.batch_id, Verb.CONFIRM_SUBSIDY)
    form = SentForm(request.POST or None, initial={"sent_on": clock.today()})

    def act() -> HttpResponse:
        operations.mark_sent(file_id=file.pk, sent_by=account(request), marked_at=clock.now(), **form.cleaned_data)
        messages.success(request, _("The file is marked as sent."))
        return redirect("subsidies:payments", batch_id=batch.pk)

    facts = [
        Fact(_("File"), file.number),
        Fact(_("Payments"), show_count(file.payments_count)),
        Fact(_("Amount"), _("%(amount)s yuan") % {"amount": show_yuan(file.amount)}),
        Fact(_("Checksum (SHA-256)"), file.sha256, mono=True, wide=True),
    ]
    return answer_form(request, form, act, context=_context(batch, _("Mark as sent"), facts))


@require_POST
def pay_again(request: HttpRequest, payment_id: int) -> HttpResponse:
    payment = _payment_or_404(request, payment_id)
    batch = office_batch_or_404(request, payment.batch_id, Verb.CONFIRM_SUBSIDY)
    try:
        operations.pay_again(payment_id=payment.pk, ordered_by=account(request), ordered_at=clock.now())
    except Blocked as error:
        messages.error(request, str(error))
    except NotAllowed as error:
        not_allowed(request, error, Payment, payment_id)
    else:
        messages.success(request, _("The second payment is ordered. It goes into the next file."))
    return redirect("subsidies:payments", batch_id=batch.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: HttpRequest, payment_id: int) -> HttpResponse:
    payment = _payment_or_404(request, payment_id)
    batch = office_batch_or_404(request, payment.batch_id, Verb.APPROVE_PAYMENT, kinds=FINANCE_KINDS)
    form = ReasonForm(request.POST or None)

    def act() -> HttpResponse:
        operations.give_up(
            payment_id=payment.pk,
            reason=form.cleaned_data["reason"],
            given_up_by=account(request),
            given_up_at=clock.now(),
        )
        messages.success(request, _("The payment is given up."))
        return redirect("subsidies:payments", batch_id=batch.pk)

    context = _context(batch, _("Give up the payment"), _facts(payment)) | {"is_danger": True}
    return answer_form(request, form, act, context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def clawback(request: HttpRequest, clawback_id: int, deed: str) -> HttpResponse:
    """Tell the borrower, book what came back, hand over."""
    claim = _with_borrower(Clawback.objects.filter(pk=clawback_id)).first() or refuse(request, Clawback, clawback_id)
    batch = office_batch_or_404(request, claim.batch_id, Verb.CONFIRM_SUBSIDY)
    title, form_class = CLAWBACK_FORMS[deed]
    form = form_class(request.POST or None)
    operations: dict[str, Callable[..., object]] = {
        "notify": clawbacks.notify_clawback,
        "take-back": clawbacks.take_back,
        "hand-over": clawbacks.hand_over,
    }

    def act() -> HttpResponse:
        operations[deed](clawback_id=claim.pk, by=account(request), at=clock.now(), **form.cleaned_data)
        messages.success(request, _("It is written down."))
        return redirect("subsidies:payments", batch_id=batch.pk)

    return answer_form(request, form, act, context=_context(batch, title, _facts(claim)))


def _payment_or_404(request: HttpRequest, payment_id: int) -> Payment:
    return _with_borrower(Payment.objects.filter(pk=payment_id)).first() or refuse(request, Payment, payment_id)


def _facts(row: Payment | Clawback) -> list[Fact]:
    return [
        Fact(_("Contract number"), row.loan.contract_number, mono=True),
        Fact(_("Name of the borrower"), row.loan.application.borrower_name),
        Fact(_("Amount"), _("%(amount)s yuan") % {"amount": show_yuan(row.amount)}),
        Fact(_("State"), row.get_state_display()),
    ]


def _context(batch: SubsidyBatch, title: Text, facts: list[Fact] | None = None) -> dict[str, Any]:
    return {
        "batch": batch,
        "title": title,
        "button": title,
        "facts": facts or [],
        "is_payment": True,
    }
