"""Deciding several cases at once: each by the ordinary decision in its own transaction, each with its answer."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError
from django.utils.translation import gettext as _

from accounts.models import User
from loans.choices import Outcome, StepCode
from loans.models import ApplicationDecision
from loans.operations.decisions import decide
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.steps.facts import NO_FACTS, DisbursementFacts, Facts

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """One decision to be made. Because of the `revision` that the page showed it cannot be carried out twice."""

    application_id: int
    step: str
    outcome: str
    revision: int
    facts: Facts = NO_FACTS
    reason: str = ""
    target: str = ""


@dataclass(frozen=True)
class Result:
    """What became of one: decided (now, or by the same request before), or the sentences that say why not."""

    application_id: int
    is_done: bool
    sentences: Sequence[str] = ()
    decision: ApplicationDecision | None = None


@dataclass(frozen=True)
class Payout:
    """One loan to be paid out."""

    application_id: int
    revision: int
    facts: DisbursementFacts


def decide_several(*, wanted: Iterable[Wanted], decided_by: User, decided_at: datetime) -> list[Result]:
    """Decide each in turn; one that cannot be stops no other. The same request again gives the same answers.

    The caller must not hold a transaction: what is decided stays decided when the machine dies in the middle, and
    sending the page once more finishes the rest.
    """
    return [_decide_one(one, decided_by, decided_at) for one in wanted]


def pay_out_several(*, payouts: Iterable[Payout], decided_by: User, decided_at: datetime) -> list[Result]:
    """Pay each loan out: `decide_several` for the lender's desk."""
    wanted = [
        Wanted(one.application_id, StepCode.DISBURSEMENT, Outcome.DISBURSE, one.revision, facts=one.facts)
        for one in payouts
    ]
    return decide_several(wanted=wanted, decided_by=decided_by, decided_at=decided_at)


def _decide_one(one: Wanted, decided_by: User, decided_at: datetime) -> Result:
    try:
        decision = decide(
            application_id=one.application_id,
            step=one.step,
            outcome=one.outcome,
            decided_by=decided_by,
            decided_at=decided_at,
            revision=one.revision,
            facts=one.facts,
            reason=one.reason,
            target=one.target,
        )
    except Blocked as error:
        return _refused(one, *(problem.message for problem in error.problems))
    except NotAllowed as error:
        return _refused(one, str(error) or _("You hold no post that may decide on this case."))
    except Conflict as error:
        if error.last_decision is not None and is_the_same(error.last_decision, one, decided_by):
            return Result(one.application_id, is_done=True, decision=error.last_decision)
        return _refused(one, _("Somebody else has changed this application meanwhile. Please look at it again."))
    except OperationalError as error:
        logger.warning("decision.busy case=%s error=%s", one.application_id, type(error.__cause__).__name__)
        return _refused(one, _("Somebody else is at work on this application. Please try again."))
    return Result(one.application_id, is_done=True, decision=decision)


def _refused(one: Wanted, *sentences: str) -> Result:
    return Result(one.application_id, is_done=False, sentences=sentences)


def is_the_same(decision: ApplicationDecision, one: Wanted, decided_by: User) -> bool:
    """Whether a case has moved on by this very request: a double click, or a page sent again."""
    if (decision.step, decision.outcome, decision.decided_by_id) != (one.step, one.outcome, decided_by.pk):
        return False
    stated = one.facts.as_json()
    return all(decision.facts.get(name) == stated[name] for name in stated) and decision.reason == one.reason.strip()
