"""Deciding several cases of a queue at once: the page that asks once more, and what became of each."""

from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from audit.access import refuse
from finance.money import ZERO, to_fen
from loans.choices import Outcome, StepCode
from loans.forms.bulk import FORMS, BulkForm
from loans.models import Application
from loans.operations.bulk import Result, decide_several
from loans.queries.cases import for_rows
from loans.queries.filings import filing_of
from loans.queries.review import pots_of
from loans.queries.work import TURN, steps_of
from loans.views.access import account
from loans.views.paging import queue_url
from organizations.scope import Scope
from web import clock
from web.text import numbers_in

AT_ONCE_MAX = 100
RESULTS = "bulk_results"


# The rows are decided each in a transaction of its own: see operations.bulk.
@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest, step: str) -> HttpResponse:
    """Show what is about to be decided; those left ticked are decided one by one."""
    on = clock.today()
    scope = bulk_scope(request, step, on=on)
    is_sent = request.method == "POST"
    given = request.POST if is_sent else request.GET
    listed = numbers_in([*given.getlist("listed"), *given.getlist("case")])
    if len(listed) > AT_ONCE_MAX:
        sentence = ngettext("At most %(number)s case at once.", "At most %(number)s cases at once.", AT_ONCE_MAX)
        messages.error(request, sentence % {"number": AT_ONCE_MAX})
        return redirect(queue_url(step))
    cases = cases_or_404(request, scope, listed)
    if not is_sent:
        cases = [case for case in cases if case.step == step and case.is_waiting]
    if not cases:
        messages.info(request, _("None of these cases waits for you any more."))
        return redirect(queue_url(step))
    form = FORMS[step](request.POST if is_sent else None, on=on)
    chosen = set(numbers_in(request.POST.getlist("case"))) if is_sent else {case.pk for case in cases}
    if is_sent and form.is_valid():
        picked = [case for case in cases if case.pk in chosen]
        if picked:
            return carry_out(request, step, form, picked)
        form.add_error(None, _("Please tick at least one case."))
    return confirm_page(request, step, form, cases, chosen)


def bulk_scope(request: HttpRequest, step: str, *, on: date) -> Scope:
    """Return the cases on which the account decides at a step that is decided in bulk. Without any: 404."""
    user = account(request)
    if step not in FORMS or step not in steps_of(user, on=on):
        refuse(request)
    return user.scope(*TURN[step], on=on)


def cases_or_404(request: HttpRequest, scope: Scope, pks: list[int]) -> list[Application]:
    """Return the cases in the order in which they came to the step; one outside the area: 404."""
    rows = for_rows(Application.objects.for_scope(scope).filter(pk__in=pks))
    cases = list(rows.order_by("state_since", "pk"))
    if missing := set(pks) - {case.pk for case in cases}:
        refuse(request, Application, min(missing))
    return cases


def carry_out(request: HttpRequest, step: str, form: BulkForm, cases: list[Application]) -> HttpResponse:
    results = decide_several(wanted=form.wanted(cases), decided_by=account(request), decided_at=clock.now())
    request.session[RESULTS] = [[one.application_id, one.is_done, list(one.sentences)] for one in results]
    return redirect("loans:bulk-results", step=step)


def confirm_page(
    request: HttpRequest, step: str, form: BulkForm, cases: list[Application], chosen: set[int]
) -> HttpResponse:
    rows = [
        {"case": case, "fen": to_fen(case.amount_asked or ZERO), "is_chosen": case.pk in chosen} for case in cases
    ]  # fmt: skip
    total = sum((case.amount_asked or ZERO for case in cases if case.pk in chosen), start=ZERO)
    context = {
        "step": StepCode(step),
        "form": form,
        "rows": rows,
        "total": total,
        "number": len(chosen),
        "pots": pots_of(account(request), step, on=clock.today()),
        "queue_url": queue_url(step),
    }
    return render(request, "loans/bulk.html", context)


@require_safe
def results(request: HttpRequest, step: str) -> HttpResponse:
    """What became of each row that was sent last. It stays until the next time or the end of the session."""
    scope = bulk_scope(request, step, on=clock.today())
    kept = [Result(pk, is_done, tuple(said)) for pk, is_done, said in request.session.get(RESULTS, [])]
    numbers = [one.application_id for one in kept]
    cases = {case.pk: case for case in for_rows(Application.objects.for_scope(scope).filter(pk__in=numbers))}
    rows = [(one, cases[one.application_id]) for one in kept if one.application_id in cases]
    done = [case for result, case in rows if result.is_done]
    filed = next((case.filing_number for case in done if case.filing_number), "")
    context = {
        "step": StepCode(step),
        "rows": rows,
        "done": done,
        "failed": len(rows) - len(done),
        "total": sum((case.amount_asked or ZERO for case in done), start=ZERO),
        "outcome": Outcome(FORMS[step].outcome),
        "filing": filing_of(filed) if step == StepCode.COMMITTEE_FILING and filed else None,
        "queue_url": queue_url(step),
    }
    return render(request, "loans/bulk_results.html", context)
