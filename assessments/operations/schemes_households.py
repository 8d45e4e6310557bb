"""Setting the rules of the honour: a new row from its day on, never a change of what was in force."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from assessments.models import AwardScheme
from audit.choices import Action
from audit.operations import record
from loans.operations.errors import Blocked, NotAllowed
from loans.steps.facts import Problem
from organizations.models import Division
from web.clock import day_of

SETTING = (Verb.MANAGE_PROGRAMMES,)


@dataclass(frozen=True)
class SchemeTerms:
    """The rules: amounts in yuan, points in percent a year, the floor in times the benchmark."""

    name: str
    document_number: str
    effective_from: date
    notice_days: int
    review_months: int
    supported_purposes: tuple[str, ...]
    gives_priority: bool
    limit_uplift: Decimal
    rate_points_off: Decimal
    rate_floor_multiplier: Decimal
    is_example: bool = False


@transaction.atomic
def set_award_scheme(*, division: Division, terms: SchemeTerms, set_by: User, at: datetime) -> AwardScheme:
    """Set the rules from a day on. Raises NotAllowed, Blocked (a day that is past or taken, no industry)."""
    set_by.forget_posts()
    if not any(set_by.post_covering(verb, division.place, on=day_of(at)) for verb in SETTING):
        raise NotAllowed
    problems = []
    if not terms.supported_purposes:
        problems.append(Problem(_("Name at least one supported industry."), "supported_purposes"))
    if terms.effective_from < day_of(at):
        problems.append(Problem(_("Rules do not begin in the past."), "effective_from"))
    if AwardScheme.objects.filter(division=division, effective_from=terms.effective_from).exists():
        problems.append(Problem(_("Rules that begin on this day are set already."), "effective_from"))
    if problems:
        raise Blocked(problems)
    values = {**vars(terms), "supported_purposes": list(terms.supported_purposes)}
    scheme = AwardScheme.objects.create(division=division, **values, created_by=set_by, created_at=at)
    record(action=Action.CREATED, actor=set_by, at=at, subject=scheme)
    return scheme
