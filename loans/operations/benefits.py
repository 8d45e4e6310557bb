"""Granting and ending the benefits of a borrower. The room that honours him decides; the steps only read."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from finance.money import to_fen
from loans.choices import BenefitKind
from loans.models import BorrowerBenefit
from loans.operations.errors import Blocked, NotAllowed
from loans.steps.facts import Problem
from organizations.models import Entity, Household
from organizations.scope import Place
from web.clock import day_of

# The leading group grants; the organisation department ends what it withdraws.
GRANTING, ENDING = (Verb.APPROVE_CLAIM,), (Verb.APPROVE_CLAIM, Verb.ASSESS)


@dataclass(frozen=True)
class BenefitTerms:
    """What is granted, and from where it comes. `amount` is yuan, `points` percentage points a year."""

    kind: str
    source: str
    document_number: str
    valid_from: date
    valid_to: date | None = None
    amount: Decimal | None = None
    points: Decimal | None = None
    floor_multiplier: Decimal | None = None


@transaction.atomic
def grant_benefit(
    *, owner: Household | Entity, terms: BenefitTerms, granted_by: User, at: datetime
) -> BorrowerBenefit:
    """Grant a benefit; the same kind from the same day again returns the first one. Raises NotAllowed, Blocked."""
    _require_post(owner, granted_by, GRANTING, at)
    problems = _problems(terms)
    if problems:
        raise Blocked(problems)
    whose = (
        {"household": owner, "entity": None} if isinstance(owner, Household) else {"household": None, "entity": owner}
    )
    known = BorrowerBenefit.objects.filter(**whose, kind=terms.kind, valid_from=terms.valid_from, ended_on=None)
    if (found := known.first()) is not None:
        return found
    try:
        with transaction.atomic():
            benefit = BorrowerBenefit.objects.create(**whose, **vars(terms), granted_by=granted_by, granted_at=at)
    except IntegrityError:
        return known.get()
    record(action=Action.CREATED, actor=granted_by, at=at, subject=benefit, reason=terms.source)
    return benefit


@transaction.atomic
def end_benefit(*, benefit_id: int, reason: str, ended_by: User, at: datetime) -> BorrowerBenefit:
    """End a benefit from today on. Cases submitted before keep it. Raises NotAllowed, Blocked (no reason).

    Ending it again changes nothing.
    """
    rows = BorrowerBenefit.objects.select_for_update(of=("self",)).select_related(
        "household__division", "entity__division"
    )
    benefit = rows.get(pk=benefit_id)
    owner = benefit.household or benefit.entity
    assert owner is not None  # the table's constraint
    _require_post(owner, ended_by, ENDING, at)
    if not reason.strip():
        raise Blocked([Problem(_("Please give the reason."), "reason")])
    if benefit.ended_on is not None:
        return benefit
    benefit.ended_on, benefit.ended_by, benefit.end_reason = day_of(at), ended_by, reason.strip()
    benefit.save(update_fields=["ended_on", "ended_by", "end_reason"])
    record(action=Action.CLOSED, actor=ended_by, at=at, subject=benefit, reason=benefit.end_reason)
    return benefit


def _require_post(owner: Household | Entity, user: User, verbs: tuple[Verb, ...], at: datetime) -> None:
    place = Place(branch_path="", division_path=owner.division.path, outlet_path="")
    user.forget_posts()
    if not any(user.post_covering(verb, place, on=day_of(at)) for verb in verbs):
        raise NotAllowed


def _problems(terms: BenefitTerms) -> list[Problem]:
    problems = []
    if not terms.source.strip() or not terms.document_number.strip():
        problems.append(Problem(_("A benefit names its source and the number of the document."), "document_number"))
    if terms.kind == BenefitKind.LIMIT_UPLIFT:
        if terms.amount is None or terms.amount <= 0:
            problems.append(Problem(_("The amount must be above zero."), "amount"))
        else:
            to_fen(terms.amount)
    if terms.kind == BenefitKind.RATE_REDUCTION and (not terms.points or not terms.floor_multiplier):
        problems.append(Problem(_("A lower rate names its percentage points and its floor."), "points"))
    return problems
