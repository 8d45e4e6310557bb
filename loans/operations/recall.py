"""Taking back one's own decision within ten minutes, while nobody has acted on it: another decision says so."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from loans.choices import Outcome
from loans.flow import RECALLABLE
from loans.models import Application, ApplicationDecision
from loans.operations.decisions import context_of, entitled_post, lock_application
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.operations.holdings import give_back, position_before
from loans.steps import STEPS, Context, Impossible
from loans.steps.facts import Problem
from loans.steps.help import hold_promises
from workflow.engine import IllegalMove, Move

RECALL_TIME = timedelta(minutes=10)
BY_MEETING = "meeting"


@transaction.atomic
def recall_decision(*, decision_id: int, recalled_by: User, recalled_at: datetime) -> ApplicationDecision:
    """Take a decision back: the case stands where it stood, and holds what it held. A second click changes nothing.

    Raises NotAllowed (not his own, or no post any more), Conflict (somebody has acted on it since), Blocked (too late,
    or what it had freed is with another case), ApplicationDecision.DoesNotExist.
    """
    decision = ApplicationDecision.objects.select_related("decided_by").get(pk=decision_id)
    case = lock_application(decision.application_id)
    if decision.decided_by_id != recalled_by.pk or not is_recallable(decision):
        raise NotAllowed
    last = case.decisions.order_by("-sequence").first()
    if last is not None and last.recalls_id == decision.pk:
        return last
    if last != decision or case.revision != decision.before["revision"] + 1:
        raise Conflict(case, last)
    context = context_of(case, decided_by=recalled_by, decided_at=recalled_at)
    post = entitled_post(case, STEPS[decision.step].rules[decision.outcome], context)
    if not is_in_time(decision, recalled_at):
        raise Blocked([Problem(_("A decision can be taken back for ten minutes only."))])
    facts = _restore(case, decision, context)
    return ApplicationDecision.objects.create(
        application=case,
        step=decision.step,
        outcome=Outcome.RECALL,
        round=decision.round,
        sequence=case.sequence,
        facts=facts,
        recalls=decision,
        decided_at=recalled_at,
        decided_by=recalled_by,
        person_key=recalled_by.person_key,
        role=post.role if post else "",
        organization=post.organization if post else case.branch,
        side=decision.side,
    )


def is_recallable(decision: ApplicationDecision) -> bool:
    """Whether a decision is of a kind that is taken back at all: what a meeting resolved is not one person's."""
    of_kind = decision.outcome in RECALLABLE.get(decision.step, ()) and bool(decision.before)
    return of_kind and not decision.facts.get(BY_MEETING)


def is_in_time(decision: ApplicationDecision, at: datetime) -> bool:
    return decision.decided_at <= at <= decision.decided_at + RECALL_TIME


def recallable_by(case: Application, last: ApplicationDecision | None, user: User, at: datetime) -> bool:
    """Whether a page offers an account to take back the last decision on a case; the operation has the last word."""
    return (
        last is not None
        and last.decided_by_id == user.pk
        and is_recallable(last)
        and is_in_time(last, at)
        and case.revision == last.before["revision"] + 1
    )


def decision_to_recall(case: Application, user: User, *, at: datetime) -> ApplicationDecision | None:
    """Return the account's own last decision if it can still be taken back. Needs the decisions, newest first."""
    last = next(iter(case.decisions.all()), None)
    return last if recallable_by(case, last, user, at) else None


def _restore(case: Application, decision: ApplicationDecision, context: Context) -> dict[str, str]:
    before = position_before(decision.step, decision.round, decision.before)
    try:
        position = context.version.workflow.advance(case.position, Move(decision.step, Outcome.RECALL), before=before)
        facts = give_back(case, decision.before)
        hold_promises(case, context)
    except IllegalMove as error:
        raise Blocked([Problem(_("This is not possible at this step."))]) from error
    except Impossible as error:
        raise Blocked([Problem(str(error))]) from error
    case.step, case.state, case.round = position.step, position.state, position.round
    case.sequence += 1
    case.revision += 1
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        if "person_has_one_case_under_way" not in str(error):
            raise
        raise Blocked([Problem(_("This applicant already has an application under way."))]) from error
    return facts
