"""Who reaches what of this room: the county's offices everything, a township or an outlet its own lines."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import Verb
from audit.access import get_in_scope, not_allowed, refuse
from loans.models import Loan
from loans.views.access import account
from organizations.scope import NotAllowed, Scope
from subsidies.models import BatchDecision, SubsidyBatch
from subsidies.operations.batches import UnableToCompute
from subsidies.operations.entitled import NAME_READERS, county_post
from subsidies.operations.errors import BatchMoved, Blocked, blocked
from subsidies.queries.batches import batches_in
from web import clock, views as web_views
from web.layout import Conflict

OFFICE_VERBS = (Verb.ASSESS, Verb.CONFIRM_SUBSIDY, Verb.APPROVE_PAYMENT, Verb.VIEW_AUDIT)
READERS = (*NAME_READERS, Verb.VIEW_AUDIT)


def read_scope(request: HttpRequest) -> Scope:
    """Return the rows whose subsidies the account may see. Without any post for it: 404."""
    scope = account(request).scope(*READERS, on=clock.today())
    if not scope:
        refuse(request)
    return scope


def sees_names(request: HttpRequest) -> bool:
    """An auditor looks at sums and states; names are masked for him."""
    return account(request).may(Verb.VIEW_CASES, on=clock.today())


def batches_for(request: HttpRequest, *verbs: Verb) -> Any:
    """Return the batches of the counties in which the account holds a post with one of the verbs."""
    paths = account(request).people_scope(*(verbs or READERS), on=clock.today()).division_paths
    return batches_in(division_paths=paths)


def batch_or_404(request: HttpRequest, batch_id: int, *verbs: Verb) -> SubsidyBatch:
    batch: SubsidyBatch | None = batches_for(request, *verbs).filter(pk=batch_id).first()
    return batch if batch is not None else refuse(request, SubsidyBatch, batch_id)


def office_batch_or_404(
    request: HttpRequest, batch_id: int, *verbs: Verb, kinds: Sequence[str] = ()
) -> SubsidyBatch:  # fmt: skip
    """Return a batch for an account whose post covers the whole county; with `verbs`, one of these.

    With `kinds` the post must be one of such an organization.
    """
    batch = batch_or_404(request, batch_id)
    on = clock.today()
    if not any(
        county_post(account(request), verb, batch.programme, on=on, kinds=kinds) for verb in verbs or OFFICE_VERBS
    ):
        refuse(request, SubsidyBatch, batch_id)
    return batch


def loan_or_404(request: HttpRequest, loan_id: int, *verbs: Verb) -> Loan:
    """Return a loan inside the scope of the account's posts with one of the verbs."""
    scope = account(request).scope(*(verbs or NAME_READERS), on=clock.today())
    loans = Loan.objects.for_scope(scope).select_related(
        "application__person", "application__entity", "division__parent", "version__programme"
    )
    loan = loans.filter(pk=loan_id).first()
    return loan if loan is not None else refuse(request, Loan, loan_id)


def row_or_404(request: HttpRequest, queryset: Any, pk: int) -> Any:
    """Return a row of a model with `for_scope` inside the scope of a reader who sees names."""
    scope = account(request).scope(*NAME_READERS, on=clock.today())
    return get_in_scope(queryset, scope, pk, request)


def moved(request: HttpRequest, error: BatchMoved) -> HttpResponse:
    """Answer a lost race: who decided what and when."""
    url = reverse("subsidies:batch", args=[error.batch.pk])
    decision: BatchDecision | None = error.last_decision
    if decision is None:
        return web_views.conflict(
            request, Conflict(title=_("Somebody else has changed this batch meanwhile"), url=url)
        )
    facts = Conflict(
        decided_by=str(decision.decided_by),
        organization=str(decision.organization or ""),
        outcome=_("%(step)s: %(outcome)s")
        % {"step": decision.get_step_display(), "outcome": decision.get_outcome_display()},
        decided_at=decision.decided_at,
        url=url,
    )
    return web_views.conflict(request, facts)


def answer_form(
    request: HttpRequest,
    form: Any,
    act: Callable[[], HttpResponse],
    *,
    template: str = "subsidies/form.html",
    context: dict[str, Any],
) -> HttpResponse:
    """Show a form, or do what it asks: `act` calls one operation and returns where to go on.

    What the operation refuses stands at the inputs to blame; a lost race is a page of its own.
    """
    if request.method == "POST" and form.is_valid():
        try:
            return act()
        except UnableToCompute as error:
            form.add_problems(blocked(str(error)).problems)
        except Blocked as error:
            form.add_problems(error.problems)
        except BatchMoved as error:
            return moved(request, error)
        except NotAllowed as error:
            not_allowed(request, error)
    return render(request, template, {"form": form, **context})
