"""Paying out several loans at once: each by the ordinary decision in its own transaction, each with its answer."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError
from django.utils.translation import gettext as _

from accounts.models import User
from loans.choices import Outcome, StepCode
from loans.models import ApplicationDecision
from loans.operations.decisions import decide
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.steps.facts import DisbursementFacts

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Payout:
    """One loan to be paid out. Because of the `revision` that the page showed it cannot be carried out twice."""

    application_id: int
    revision: int
    facts: DisbursementFacts


@dataclass(frozen=True)
class PayoutResult:
    """What became of one: paid out, or the sentences that say why not."""

    application_id: int
    is_paid: bool
    sentences: tuple[str, ...] = ()


def pay_out_several(*, payouts: Iterable[Payout], decided_by: User, decided_at: datetime) -> list[PayoutResult]:
    """Pay each loan out; one that cannot be stops no other. The same request again gives the same answers.

    The caller must not hold a transaction: what is paid stays paid when the machine dies in the middle, and sending
    the page once more finishes the rest.
    """
    return [_pay_out(payout, decided_by, decided_at) for payout in payouts]


def _pay_out(payout: Payout, decided_by: User, decided_at: datetime) -> PayoutResult:
    try:
        decide(
            application_id=payout.application_id,
            step=StepCode.DISBURSEMENT,
            outcome=Outcome.DISBURSE,
            decided_by=decided_by,
            decided_at=decided_at,
            revision=payout.revision,
            facts=payout.facts,
        )
    except Blocked as error:
        return _refused(payout, *(problem.message for problem in error.problems))
    except NotAllowed as error:
        return _refused(payout, str(error) or _("You hold no post that may pay this loan out."))
    except Conflict as error:
        if _is_this_payout(error.last_decision, payout, decided_by):
            return PayoutResult(payout.application_id, is_paid=True)
        return _refused(payout, _("Somebody else has changed this application meanwhile. Please look at it again."))
    except OperationalError as error:
        logger.warning("payout.busy case=%s error=%s", payout.application_id, type(error.__cause__).__name__)
        return _refused(payout, _("Somebody else is at work on this application. Please try again."))
    return PayoutResult(payout.application_id, is_paid=True)


def _refused(payout: Payout, *sentences: str) -> PayoutResult:
    return PayoutResult(payout.application_id, is_paid=False, sentences=sentences)


def _is_this_payout(decision: ApplicationDecision | None, payout: Payout, decided_by: User) -> bool:
    """Whether the case has moved on by this very request: a double click, or a page sent again."""
    if decision is None or (decision.outcome, decision.decided_by_id) != (Outcome.DISBURSE, decided_by.pk):
        return False
    kept = ("contract_number", "bank_reference", "start_date", "amount")
    wanted = payout.facts.as_json()
    return all(decision.facts.get(name) == wanted[name] for name in kept)
