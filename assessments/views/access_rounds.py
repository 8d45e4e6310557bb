"""The doors of the pages of rounds, sheets, schemes and rewards, and how refusals are answered."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.choices import Verb
from assessments.flow import READERS, REWARD_READERS, SHEET_READERS
from assessments.forms.rounds import AssessmentForm
from assessments.models import Campaign, RewardPayee, Scheme, Subject
from assessments.operations.errors import AssessmentMoved, UnableToAssess
from assessments.queries.rewards import payees_in_full
from assessments.queries.rounds import campaigns_in_full, subjects_in_full
from audit.access import get_in_scope, not_allowed, refuse
from files.operations import UnableToStore
from loans.views.access import account
from organizations.choices import DivisionLevel
from organizations.models import Division
from organizations.scope import NotAllowed, Scope
from web import clock, views as web_views
from web.layout import Conflict

# Digits of a county in the path of a division.
COUNTY_DIGITS = 6


def scope_or_404(request: HttpRequest, *verbs: Verb) -> Scope:
    """Return what the account reaches with one of the verbs. Nothing: 404."""
    scope = account(request).scope(*verbs, on=clock.today())
    if not scope:
        refuse(request)
    return scope


def county_path(request: HttpRequest, *verbs: Verb) -> str:
    """Return the path of the county in which the account works by one of the verbs; 404 without such a post."""
    scope_or_404(request, *verbs)
    return account(request).people_scope(*verbs, on=clock.today()).division_paths[0][:COUNTY_DIGITS]


def county_or_404(request: HttpRequest, *verbs: Verb) -> Division:
    """Return the county for which the account acts as one of its offices."""
    path = county_path(request, *verbs)
    county = Division.objects.filter(path=path, level=DivisionLevel.COUNTY).first()
    return county if county is not None else refuse(request)


def acts_for_county(request: HttpRequest, verb: Verb, county: Division) -> bool:
    return account(request).post_covering(verb, county.place, on=clock.today()) is not None


def campaign_or_404(request: HttpRequest, campaign_id: int, *verbs: Verb) -> Campaign:
    path = county_path(request, *(verbs or READERS))
    campaign = campaigns_in_full().filter(pk=campaign_id, county__path__startswith=path).first()
    return campaign if campaign is not None else refuse(request, Campaign, campaign_id)


def scheme_or_404(request: HttpRequest, scheme_id: int, *verbs: Verb) -> Scheme:
    path = county_path(request, *(verbs or READERS))
    schemes = Scheme.objects.filter(county__path__startswith=path).select_related("county", "copied_from")
    scheme = schemes.filter(pk=scheme_id).first()
    return scheme if scheme is not None else refuse(request, Scheme, scheme_id)


def subject_or_404(request: HttpRequest, subject_id: int) -> Subject:
    return get_in_scope(subjects_in_full(), scope_or_404(request, *SHEET_READERS), subject_id, request)


def payee_or_404(request: HttpRequest, payee_id: int) -> RewardPayee:
    path = county_path(request, *REWARD_READERS)
    payee = payees_in_full().filter(pk=payee_id, plan__campaign__county__path__startswith=path).first()
    return payee if payee is not None else refuse(request, RewardPayee, payee_id)


def attempt(
    request: HttpRequest, form: AssessmentForm, act: Callable[[], object], *, url: str
) -> HttpResponse | None:  # fmt: skip
    """Do what a valid form asks for. None: done, or refused with its sentence on the form; else the page to answer."""
    try:
        act()
    except UnableToAssess as error:
        form.blame(error)
    except UnableToStore as error:
        form.add_error(None, str(error))
    except AssessmentMoved as error:
        return moved(request, error, url)
    except NotAllowed as error:
        not_allowed(request, error)
    return None


def moved(request: HttpRequest, error: AssessmentMoved, url: str) -> HttpResponse:
    """Answer a lost race: who did what and when."""
    if not error.by:
        return web_views.conflict(request, Conflict(title=_("Somebody else has changed this meanwhile"), url=url))
    facts = Conflict(decided_by=error.by, outcome=str(error.what), decided_at=error.at, url=url)
    return web_views.conflict(request, facts)
