"""The doors of model households, inspections, problems, publicity and accountability."""

from datetime import date

from django.http import HttpRequest, HttpResponse

from accounts.choices import Verb
from accounts.models import User
from audit.access import refuse
from loans.views.access import account
from organizations.models import Division
from organizations.scope import Scope
from web import views as web_views
from web.layout import Conflict as ConflictFacts
from workflow.models import Decision

# Whoever may be asked to solve a problem finds the register; its rows are those of his area or of his office.
PROBLEM_READERS = (
    Verb.REVIEW, Verb.FILE, Verb.ASSESS, Verb.APPROVE_CLAIM, Verb.DISBURSE, Verb.CONSENT, Verb.CONFIRM_SUBSIDY,
)  # fmt: skip
PUBLICITY_READERS = (Verb.REFER, Verb.REVIEW, Verb.FILE, Verb.ASSESS, Verb.APPROVE_CLAIM, Verb.VIEW_FIGURES)
ANSWER_READERS = (Verb.REVIEW, Verb.FILE, Verb.ASSESS)
COUNTY_DIGITS = 6


def demand(request: HttpRequest, *verbs: str, on: date) -> User:
    """Return the account, if a post of the day allows one of the verbs; else 404."""
    user = account(request)
    if not user.may(*verbs, on=on):
        refuse(request)
    return user


def scope_or_404(request: HttpRequest, *verbs: str, on: date) -> Scope:
    scope = account(request).scope(*verbs, on=on)
    if not scope:
        refuse(request)
    return scope


def county_of(user: User, *verbs: str, on: date) -> Division:
    """Return the county in which the account works. The caller has made sure that it works somewhere."""
    path = user.people_scope(*verbs, on=on).division_paths[0][:COUNTY_DIGITS]
    return Division.objects.get(path=path)


def county_scope(user: User, *verbs: str, on: date) -> Scope:
    """Return the counties in which the account works: what holds nothing of a person is read all over them."""
    paths = user.people_scope(*verbs, on=on).division_paths
    return Scope(division_paths=tuple(sorted({path[:COUNTY_DIGITS] for path in paths})))


def moved(request: HttpRequest, decision: Decision | None, outcome: str, url: str) -> HttpResponse:
    """Answer a lost race: who decided what and when."""
    if decision is None:
        return web_views.conflict(request, ConflictFacts(url=url))
    facts = ConflictFacts(
        decided_by=decision.decided_by.name, outcome=outcome, decided_at=decision.decided_at, url=url
    )
    return web_views.conflict(request, facts)
