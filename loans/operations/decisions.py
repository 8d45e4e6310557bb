"""Deciding: lock, right post, distinct people, blockers, apply, write down, move on. One transaction, one winner."""

import logging
from datetime import datetime
from typing import Any

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.models import Post, User
from accounts.operations import system_user
from loans.choices import CreditStatus, Outcome, StepCode
from loans.flow import NEEDS_REASON
from loans.models import Application, ApplicationDecision
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.operations.holdings import held_before
from loans.operations.separation import require_another_person
from loans.operations.standings import refresh_standings
from loans.queries.versions import published_version
from loans.steps import STEPS, Context, Impossible, Rule
from loans.steps.facts import NO_FACTS, Facts, Problem
from loans.steps.help import free_promises
from loans.steps.money import free_quota, free_reservation
from web.clock import day_of
from workflow.engine import Effect, IllegalMove, Move, Position, State
from workflow.queries import work_calendar

logger = logging.getLogger(__name__)


@transaction.atomic
def decide(
    *,
    application_id: int,
    step: str,
    outcome: str,
    decided_by: User,
    decided_at: datetime,
    revision: int | None,
    facts: Facts = NO_FACTS,
    reason: str = "",
    target: str = "",
) -> ApplicationDecision:
    """Write one decision and move the case. `revision` is what the decider saw; None only where nobody looked.

    Raises Conflict (somebody was quicker), NotAllowed (no post, or not another person), Blocked (with sentences).
    """
    case = lock_application(application_id)
    if (revision is not None and case.revision != revision) or case.step != step or case.is_ended:
        raise Conflict(case, case.decisions.order_by("-sequence").first())
    context = context_of(case, decided_by=decided_by, decided_at=decided_at)
    rule = STEPS[step].rules.get(outcome)
    if rule is None:
        raise NotAllowed
    if not isinstance(facts, rule.facts):
        raise TypeError(f"{outcome} at {step} states {rule.facts.__name__}")
    post = entitled_post(case, rule, context)
    position = _next_position(case, context, Move(step=step, outcome=outcome, target=target))
    _check(case, step, outcome, facts, reason, context)
    before = held_before(case, step, outcome)
    kept = _apply(case, step, outcome, facts, context)
    if outcome == Outcome.DISBURSE:
        refresh_standings([case.loan], on=context.on)
    stated = {**facts.as_json(), **kept}
    return _write(case, context, rule, post, position, outcome, target, reason, stated, before)


def decide_by_calendar(*, application_id: int, step: str, outcome: str, at: datetime, reason: str = "") -> bool:
    """Let the calendar decide. False where that is not possible now: one such case must not stop the others.

    A case that somebody holds longer than the lock timeout is left for the next time.
    """
    try:
        decide(
            application_id=application_id,
            step=step,
            outcome=outcome,
            decided_by=system_user(),
            decided_at=at,
            revision=None,
            reason=reason,
        )
    except (Blocked, Conflict):
        return False
    except OperationalError as error:
        logger.warning("case.busy case=%s step=%s error=%s", application_id, step, type(error.__cause__).__name__)
        return False
    return True


def lock_application(application_id: int) -> Application:
    """Return the case under a row lock, with its rules. Raises Application.DoesNotExist."""
    case = Application.objects.select_for_update().with_benefit_mark().get(pk=application_id)
    case.version = published_version(case.version_id)
    return case


def context_of(case: Application, *, decided_by: User, decided_at: datetime) -> Context:
    return Context(
        decided_by=decided_by,
        decided_at=decided_at,
        on=day_of(decided_at),
        version=case.version,
        calendar=work_calendar(),
    )


def entitled_post(case: Application, rule: Rule, context: Context) -> Post | None:
    """Return the post by which the account decides, read under the lock; None for the calendar's own decisions.

    Raises NotAllowed without such a post, and with a sentence where the same person decided on another side.
    """
    user = context.decided_by
    if rule.verb is None:
        if not user.is_system:
            raise NotAllowed
        return None
    user.forget_posts()
    post = user.post_covering(rule.verb, case.place, on=context.on)
    if post is None:
        raise NotAllowed
    require_another_person(case, rule.side, user)
    if post.principal is not None:  # nobody has done by another what he may not do himself
        require_another_person(case, rule.side, post.principal, of_the_principal=True)
    return post


def _next_position(case: Application, context: Context, move: Move) -> Position:
    try:
        return context.version.workflow.advance(case.position, move)
    except IllegalMove as error:
        raise Blocked([Problem(_("This is not possible at this step."))]) from error


def _check(case: Application, step: str, outcome: str, facts: Facts, reason: str, context: Context) -> None:
    problems = []
    if outcome in NEEDS_REASON and not reason.strip():
        problems.append(Problem(_("Please give the reason."), "reason"))
    problems += STEPS[step].blockers(case, outcome, facts, context)
    if problems:
        raise Blocked(problems)


def _apply(case: Application, step: str, outcome: str, facts: Facts, context: Context) -> dict[str, Any]:
    try:
        return STEPS[step].apply(case, outcome, facts, context)
    except Impossible as error:
        raise Blocked([Problem(str(error), error.field)]) from error


def _write(
    case: Application,
    context: Context,
    rule: Rule,
    post: Post | None,
    position: Position,
    outcome: str,
    target: str,
    reason: str,
    facts: dict[str, Any],
    before: dict[str, Any],
) -> ApplicationDecision:
    decided_step, decided_round = case.step, case.round
    if position.round > case.round or position.state in (State.WITHDRAWN, State.REJECTED, State.DECLINED):
        facts = {**facts, **_give_back(case, position, context)}
    _move(case, position, context)
    case.sequence += 1
    case.revision += 1
    case.save()
    return ApplicationDecision.objects.create(
        application=case,
        step=decided_step,
        outcome=outcome,
        round=decided_round,
        sequence=case.sequence,
        target=target if position.round > decided_round else "",
        reason=reason.strip(),
        facts=facts,
        before=before,
        decided_at=context.decided_at,
        decided_by=context.decided_by,
        person_key=context.decided_by.person_key,
        role=post.role if post else "",
        organization=post.organization if post else case.branch,
        side=rule.side,
    )


def _move(case: Application, position: Position, context: Context) -> None:
    """Set the new place and, where the case waits for somebody, his deadline in working days."""
    stays = (position.step, position.state) == (case.step, case.state)
    case.step, case.state, case.round = position.step, position.state, position.round
    if stays:
        return
    case.state_since = context.on
    waits = position.state in (State.OPEN, State.RETURNED)
    days = context.version.step(position.step).deadline_days
    case.due_date = context.calendar.add_workdays(context.on, days) if waits else None


def _give_back(case: Application, position: Position, context: Context) -> dict[str, str]:
    """Free what the steps after the new place had taken, forget a credit decision; return what was freed."""
    steps = context.version.step_codes
    kept = steps[: steps.index(position.step)] if position.state in (State.OPEN, State.RETURNED) else ()
    freed = {}
    if position.state not in (State.OPEN, State.RETURNED):
        free_promises(case, context.version)
    if StepCode.COMMITTEE_FILING not in kept:
        freed["quota_freed"] = free_quota(case)
        case.quota, case.filing_number = None, ""
    if StepCode.SUBSIDY_CONFIRMATION not in kept:
        freed["subsidy_freed"] = free_reservation(case)
        case.budget = None
    if StepCode.DISBURSEMENT not in kept:
        case.credit_status = CreditStatus.NONE
        case.amount_granted = case.term_granted = None
    return {name: str(amount) for name, amount in freed.items() if amount}


def outcomes_open_to(case: Application, user: User, on: Any) -> list[str]:
    """Return what an account may decide on a case now, in the order of the buttons (blockers are not asked)."""
    workflow = case.version.workflow
    found = []
    for outcome in workflow.outcomes(case.step):
        rule = STEPS[case.step].rules.get(outcome)
        resumes = workflow.routes[(case.step, outcome)].effect is Effect.RESUME
        if rule is None or rule.verb is None or case.is_ended or resumes != (case.state == State.LENT):
            continue
        if user.post_covering(rule.verb, case.place, on=on):
            found.append(outcome)
    return found
