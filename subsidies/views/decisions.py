"""The pages on which a batch is decided: the review with its sample, and one page for every other decision."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.choices import Verb
from loans.views.access import account
from subsidies.choices import BatchState
from subsidies.forms.batches import DeedForm, PublishForm, SampleForm
from subsidies.models import BatchDecision, SubsidyBatch
from subsidies.operations import decisions, samples
from subsidies.operations.decisions import Deed
from subsidies.queries.batches import total_of
from subsidies.views.access import (
    answer_form,
    office_batch_or_404,
)
from web import clock
from web.display import show_yuan
from web.layout import Fact, Text

DECISIONS: dict[str, tuple[Text, tuple[Verb, ...], Callable[[Deed], BatchDecision]]] = {
    "close-notice": (gettext_lazy("Close the notice"), (Verb.CONFIRM_SUBSIDY,), decisions.close_notice),
    "approve": (gettext_lazy("Approve for payment"), (Verb.APPROVE_PAYMENT,), decisions.approve),
    "send-back": (gettext_lazy("Send back"), (Verb.ASSESS, Verb.APPROVE_PAYMENT), decisions.send_back),
    "void": (gettext_lazy("Give up the batch"), (Verb.CONFIRM_SUBSIDY,), decisions.void),
}
NEEDS_REASON = ("send-back", "void")


def deed_of(request: HttpRequest, batch: SubsidyBatch, form: DeedForm) -> Deed:
    return Deed(
        batch_id=batch.pk,
        revision=form.cleaned_data["revision"],
        by=account(request),
        at=clock.now(),
        reason=form.cleaned_data["reason"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, batch_id: int, deed: str) -> HttpResponse:
    """Close the notice, approve, send back, give up: an opinion and a button."""
    label, verbs, operation = DECISIONS[deed]
    batch = office_batch_or_404(request, batch_id, *verbs)
    form = DeedForm(request.POST or None, initial={"revision": batch.revision})
    form.fields["reason"].required = deed in NEEDS_REASON

    def act() -> HttpResponse:
        operation(deed_of(request, batch, form))
        messages.success(request, _("The decision is written down."))
        return redirect("subsidies:batch", batch_id=batch.pk)

    return answer_form(request, form, act, context=_context(batch, label, is_danger=deed == "void"))


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, batch_id: int) -> HttpResponse:
    batch = office_batch_or_404(request, batch_id, Verb.CONFIRM_SUBSIDY)
    form = PublishForm(request.POST or None, on=clock.today(), initial={"revision": batch.revision})

    def act() -> HttpResponse:
        decisions.publish(
            deed_of(request, batch, form),
            place=form.cleaned_data["place"],
            starts_on=form.cleaned_data["starts_on"],
        )
        messages.success(request, _("The notice is published."))
        return redirect("subsidies:batch", batch_id=batch.pk)

    return answer_form(request, form, act, context=_context(batch, _("Publish the notice")))


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Draw the sample, look at its lines, pass the batch. The sample is drawn by the first click, not by looking."""
    batch = office_batch_or_404(request, batch_id, Verb.ASSESS)
    sample = list(
        batch.sample.select_related(
            "line__loan__application__person", "line__loan__application__entity", "line__batch"
        )
    )
    form = SampleForm(request.POST or None, sample=sample, initial={"revision": batch.revision})
    user, at = account(request), clock.now()

    def act() -> HttpResponse:
        if "draw" in request.POST:
            samples.draw_sample(batch_id=batch.pk, drawn_by=user, drawn_at=at)
            return redirect("subsidies:review", batch_id=batch.pk)
        if form.verdicts():
            samples.record_verdicts(batch_id=batch.pk, verdicts=form.verdicts(), recorded_by=user, recorded_at=at)
        if "save" in request.POST:
            messages.success(request, _("The verdicts are kept."))
            return redirect("subsidies:review", batch_id=batch.pk)
        decisions.review(deed_of(request, batch, form))
        messages.success(request, _("The batch is reviewed."))
        return redirect("subsidies:batch", batch_id=batch.pk)

    context = {
        **_context(batch, _("Review with a sample")),
        "sample": sample,
        "seed": samples.seed_of(batch),
        "is_computed": batch.state == BatchState.COMPUTED,
    }
    return answer_form(request, form, act, template="subsidies/review.html", context=context)


def _context(batch: SubsidyBatch, title: Text, *, is_danger: bool = False) -> dict[str, Any]:
    return {
        "batch": batch,
        "title": title,
        "button": title,
        "is_danger": is_danger,
        "facts": [
            Fact(_("Batch"), str(batch)),
            Fact(_("State"), batch.get_state_display()),
            Fact(_("Subsidy in all"), _("%(amount)s yuan") % {"amount": show_yuan(total_of(batch))}),
        ],
    }
