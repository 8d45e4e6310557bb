"""The doors of this room's pages, and how refusals of an operation are answered."""

from datetime import date
from typing import NoReturn

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.access import get_in_scope, not_allowed as answer_refusal, refuse
from loans.models import Application, ApplicationDecision, Loan
from loans.operations import Conflict, NotAllowed
from loans.queries.detail import cases_in_full, loans_in_full
from loans.queries.history import decider_of
from loans.queries.versions import published_version
from organizations.scope import Scope
from web import views as web_views
from web.layout import Conflict as ConflictFacts
from web.text import number_in


def account(request: HttpRequest) -> User:
    """Return the signed-in account; LoginRequiredMiddleware let nobody else through."""
    user = request.user
    assert isinstance(user, User)
    return user


def posted_number(request: HttpRequest, name: str) -> int | None:
    """Return a number that a hidden input posted, or None for anything else."""
    return number_in(request.POST.get(name, ""))


def view_scope(request: HttpRequest, *, on: date) -> Scope:
    """Return the cases the account may see. Without any post for it: 404."""
    scope = account(request).scope(Verb.VIEW_CASES, on=on)
    if not scope:
        refuse(request)
    return scope


def case_or_404(request: HttpRequest, case_id: int, *, on: date) -> Application:
    """Return a case of the account's scope with all that its page shows."""
    case = get_in_scope(cases_in_full(), view_scope(request, on=on), case_id, request)
    case.version = published_version(case.version_id)
    return case


def loan_or_404(request: HttpRequest, loan_id: int, *, on: date) -> Loan:
    """Return a loan of the account's scope with its entries."""
    return get_in_scope(loans_in_full(), view_scope(request, on=on), loan_id, request)


def not_allowed(request: HttpRequest, error: NotAllowed, *, case_id: int | None = None) -> NoReturn:
    """Answer a refusal: 403 with its sentence where the same person decided before, else there is nothing here."""
    answer_refusal(request, error, Application, case_id or "")


def conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    """Answer a lost race: who decided what and when."""
    return conflict_page(request, error.application, error.last_decision)


def conflict_page(
    request: HttpRequest, case: Application, decision: ApplicationDecision | None
) -> HttpResponse:  # fmt: skip
    url = reverse("loans:case", args=[case.pk])
    if decision is None:
        facts = ConflictFacts(title=_("Somebody else has changed this application meanwhile"), url=url)
    else:
        facts = ConflictFacts(
            decided_by=decider_of(decision),
            outcome=_("%(step)s: %(outcome)s")
            % {"step": decision.get_step_display(), "outcome": decision.get_outcome_display()},
            decided_at=decision.decided_at,
            url=url,
        )
    return web_views.conflict(request, facts)
