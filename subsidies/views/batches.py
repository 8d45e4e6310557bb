"""Batches: the list, a new one, one with its roster, its computation and its papers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from django_tables2 import RequestConfig

from accounts.choices import Verb
from audit.access import not_allowed, refuse
from loans.models import Programme
from loans.queries.places import places_of
from loans.views.access import account
from loans.views.paging import page_urls
from organizations.scope import NotAllowed
from subsidies.choices import BatchState
from subsidies.forms.batches import BatchForm
from subsidies.forms.filters import RosterFilterForm
from subsidies.models import SubsidyBatch
from subsidies.operations.accounts import LENDER_VERBS
from subsidies.operations.batches import UnableToCompute, create_batch, start_computing
from subsidies.queries.batches import budget_left, next_period, progress_of, with_sums
from subsidies.queries.lines import NOT_PLAIN, RosterSums, page_of, roster, roster_sums
from subsidies.queries.rules import approval_rule
from subsidies.tables import BatchTable, RosterTable, batch_tag
from subsidies.views.access import (
    OFFICE_VERBS,
    READERS,
    answer_form,
    batch_or_404,
    batches_for,
    office_batch_or_404,
    read_scope,
    sees_names,
)
from subsidies.views.actions import actions_of
from subsidies.views.history import history_of
from web import clock
from web.display import show_count, show_wan, show_yuan
from web.layout import Figure, Tone

PER_PAGE = 25


@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    scope = read_scope(request)
    table = BatchTable(with_sums(batches_for(request), scope=scope), empty_text=_("No batch yet"))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    user, on = account(request), clock.today()
    context = {
        "table": table,
        "may_open": user.may(Verb.CONFIRM_SUBSIDY, on=on),
        "is_office": user.may(*OFFICE_VERBS, on=on),
        "may_set_lenders": user.may(*LENDER_VERBS, on=on),
    }
    return render(request, "subsidies/batch_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def batch_new(request: HttpRequest) -> HttpResponse:
    """Open the batch of a period; the next quarter after the last batch is offered."""
    user, on = account(request), clock.today()
    scope = user.scope(Verb.CONFIRM_SUBSIDY, on=on)
    if not scope:
        refuse(request)
    programmes = Programme.objects.filter(scope.divisions("division__path")).order_by("name")
    first = programmes.first()
    first_day, last_day = next_period(first) if first else (None, None)
    form = BatchForm(
        request.POST or None,
        programmes=programmes,
        initial={"programme": first, "first_day": first_day, "last_day": last_day},
    )

    def act() -> HttpResponse:
        batch = create_batch(**form.cleaned_data, created_by=user, created_at=clock.now())
        messages.success(request, _("The batch is open. Compute it next."))
        return redirect("subsidies:batch", batch_id=batch.pk)

    context = {"title": _("New batch"), "button": _("Open the batch"), "back": "subsidies:batches"}
    return answer_form(request, form, act, context=context)


@require_safe
def batch_detail(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: how far it is, five figures, the roster of the account's own scope."""
    scope = read_scope(request)
    batch = batch_or_404(request, batch_id)
    user, on = account(request), clock.today()
    places = places_of(user.people_scope(*READERS, on=on))
    form = RosterFilterForm(request.GET or None, places=places)
    lines = roster(batch=batch, scope=scope, **form.chosen)
    page = page_of(
        # An auditor reads sums and decisions; who borrowed is not his business.
        lines if sees_names(request) else lines.none(),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    sums = roster_sums(batch=batch, scope=scope)
    return render(
        request,
        "subsidies/batch_detail.html",
        {
            "batch": batch,
            "tag": batch_tag(batch),
            "sums": sums,
            "figures": figures_of(batch, sums),
            "progress": progress_of(batch, now=clock.now()) if batch.state == BatchState.COMPUTING else None,
            "form": form,
            "table": RosterTable(page.rows, empty_text=_("No lines")),
            "urls": page_urls(request, page),
            "not_plain": NOT_PLAIN,
            "sees_names": sees_names(request),
            "actions": actions_of(batch, user, on=on),
            "events": history_of(batch),
            "townships": [place for place in places if place.is_township],
            "may_print": sees_names(request) and batch.computed_at is not None,
            "is_office": is_office(request, batch),
        },
    )


def figures_of(batch: SubsidyBatch, sums: RosterSums) -> list[Figure]:
    """The five figures above the roster."""
    if batch.notice_from and batch.notice_to:
        days = (batch.notice_to - batch.notice_from).days + 1
    else:
        days = approval_rule(programme=batch.programme, on=batch.last_day).notice_days
    period = _("%(first)s to %(last)s") % {"first": batch.notice_from, "last": batch.notice_to}
    difference = _("Differences: %(count)s, %(amount)s yuan") % {
        "count": sums.differences,
        "amount": show_yuan(sums.difference),
    }
    return [
        Figure(
            _("Households and bodies that get a subsidy"), show_count(sums.borrowers),
            note=_("%(lines)s lines") % {"lines": show_count(sums.lines)},
        ),
        Figure(_("Subsidy in all"), show_wan(sums.total), _("10,000 yuan"), note=show_yuan(sums.total)),
        Figure(_("Budget left"), show_wan(budget_left(batch)), _("10,000 yuan")),
        Figure(
            _("Second subsidies"), show_count(sums.twice), note=difference,
            tone=Tone.BAD if sums.twice else Tone.NEUTRAL,
        ),
        Figure(_("Notice"), show_count(days), pgettext("unit", "days"), note=period if batch.notice_from else ""),
    ]  # fmt: skip


def is_office(request: HttpRequest, batch: SubsidyBatch) -> bool:
    """Whether the account's post covers the whole county: payments are not a township's business."""
    scope = account(request).scope(
        Verb.ASSESS, Verb.CONFIRM_SUBSIDY, Verb.APPROVE_PAYMENT, Verb.VIEW_AUDIT, on=clock.today()
    )
    return scope.covers_division(batch.programme.division.path) if scope.division_paths else False


@require_safe
def progress(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The card that is asked for every two seconds; when the computation is over the page is loaded anew."""
    read_scope(request)
    batch = batch_or_404(request, batch_id)
    if batch.state != BatchState.COMPUTING:
        return HttpResponseClientRefresh()
    context: dict[str, Any] = {
        "batch": batch,
        "progress": progress_of(batch, now=clock.now()),
        "sums": roster_sums(batch=batch, scope=read_scope(request)),
    }
    return render(request, "subsidies/_progress.html", context)


@require_POST
def compute(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Let a worker compute the batch (again), or go on where one was killed."""
    batch = office_batch_or_404(request, batch_id, Verb.CONFIRM_SUBSIDY)
    try:
        start_computing(batch=batch, by=account(request), at=clock.now())
    except UnableToCompute as error:
        messages.error(request, str(error))
    except NotAllowed as error:
        not_allowed(request, error, SubsidyBatch, batch_id)
    return redirect("subsidies:batch", batch_id=batch.pk)
