"""The doors of this room's pages: who reads what, and how refusals are answered."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import Verb
from audit.access import get_in_scope, refuse
from loans.models import Loan
from loans.views.access import account
from organizations.scope import Scope
from risk.flow import READERS as READERS  # the root's navigation asks the views
from risk.models import RiskFund
from risk.operations.errors import ClaimMoved
from web import views as web_views
from web.layout import Conflict as ConflictFacts

# Who keeps or oversees the fund itself.
FUND_READERS = (Verb.MANAGE_FUND, Verb.APPROVE_CLAIM, Verb.APPROVE_PAYMENT, Verb.ASSESS)
RULE_SETTERS = (Verb.MANAGE_FUND, Verb.APPROVE_CLAIM)


def scope_or_404(request: HttpRequest, *verbs: Verb, on: date) -> Scope:
    """Return what the account reaches with one of the verbs. Nothing: 404."""
    scope = account(request).scope(*verbs, on=on)
    if not scope:
        refuse(request)
    return scope


def fund_or_404(request: HttpRequest, fund_id: int, *verbs: Verb, on: date) -> RiskFund:
    """Return a fund that the account may read (or keep, by other verbs)."""
    funds = RiskFund.objects.select_related("division", "programme")
    scope = scope_or_404(request, *(verbs or FUND_READERS), on=on)
    return get_in_scope(funds, scope, fund_id, request)


def risk_loan_or_404(request: HttpRequest, loan_id: int, *verbs: Verb, on: date) -> Loan:
    """Return a loan in the scope of those who work with its risk."""
    loans = Loan.objects.for_scope(scope_or_404(request, *(verbs or READERS), on=on)).select_related(
        "application__person", "application__entity", "application__introducer__person", "version__programme",
        "division__parent", "outlet", "standing", "category",
    )  # fmt: skip
    loan = loans.filter(pk=loan_id).first()
    return loan if loan is not None else refuse(request, Loan, loan_id)


def county_path(request: HttpRequest, *verbs: Verb, on: date) -> str:
    """Return the path of the county in which the account works; 404 without any such post."""
    scope_or_404(request, *verbs, on=on)
    return account(request).people_scope(*verbs, on=on).division_paths[0][:6]


def claim_moved(request: HttpRequest, error: ClaimMoved) -> HttpResponse:
    """Answer a lost race: who decided what and when."""
    url, decision = reverse("risk:claim", args=[error.claim.pk]), error.last_decision
    if decision is None:
        facts = ConflictFacts(title=_("Somebody else has changed this claim meanwhile"), url=url)
    else:
        facts = ConflictFacts(
            decided_by=decision.decider_name,
            outcome=f"{decision.get_step_display()}：{decision.get_outcome_display()}",
            decided_at=decision.decided_at,
            url=url,
        )
    return web_views.conflict(request, facts)
