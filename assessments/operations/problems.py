"""Problems: registered with owner and deadline; solved, moved, reported upwards, answered from above."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import Post, User
from assessments.choices_inspections import HigherLevel, ProblemOutcome, ProblemState
from assessments.models import InspectionItem, ProblemCategory, ProblemStep, ReportedProblem
from assessments.operations.telling_problems import tell_owner
from loans.operations.errors import Blocked, NotAllowed
from loans.steps.facts import Problem
from loans.steps.numbers import next_number
from organizations.models import Division, Organization
from web.clock import day_of

HANDLING = (Verb.ASSESS, Verb.FILE)
# Only the county's organisation department writes to prefecture and province, and adds a category.
UPWARDS = (Verb.ASSESS,)
NUMBER_DIGITS = 3


class ProblemMoved(Exception):
    """Somebody was quicker: the page showed an older state."""

    def __init__(self, problem: ReportedProblem, last_step: ProblemStep | None) -> None:
        super().__init__(f"{problem} has moved on")
        self.problem = problem
        self.last_step = last_step


@transaction.atomic
def register_problem(
    *,
    category: ProblemCategory,
    text: str,
    division: Division,
    owner: Organization,
    due_date: date,
    request_id: uuid.UUID,
    reported_by: User,
    at: datetime,
    item: InspectionItem | None = None,
) -> ReportedProblem:
    """Register a problem and tell its owner; the same `request_id` again returns the first.

    Raises NotAllowed, Blocked.
    """
    known = ReportedProblem.objects.filter(request_id=request_id, reported_by=reported_by).first()
    if known is not None:
        return known
    on = day_of(at)
    problem = ReportedProblem(
        category=category,
        text=text.strip(),
        division=division,
        division_path=division.path,
        item=item,
        owner=owner,
        due_date=due_date,
        request_id=request_id,
        reported_by=reported_by,
        reported_at=at,
    )
    post = _post(problem, reported_by, HANDLING, on)
    if not problem.text:
        raise Blocked([Problem(_("Please write the problem down."), "text")])
    if due_date < on:
        raise Blocked([Problem(_("The deadline lies in the past."), "due_date")])
    problem.number = next_number(f"WT{on.year}", digits=NUMBER_DIGITS)
    _write(problem, ProblemOutcome.REPORT, post, by=reported_by, at=at, reason=problem.text)
    tell_owner(problem, at=at)
    return problem


@transaction.atomic
def handle_problem(
    *,
    problem_id: int,
    outcome: str,
    revision: int,
    words: str,
    handled_by: User,
    at: datetime,
    due_date: date | None = None,
    level: str = "",
) -> ProblemStep:
    """Solve, move the deadline (`due_date`), report upwards (`level`, with a new deadline), write a reply down.

    Raises ProblemMoved, NotAllowed, Blocked.
    """
    problem = ReportedProblem.objects.select_for_update(of=("self",)).get(pk=problem_id)
    is_possible = problem.state != ProblemState.SOLVED and (
        outcome != ProblemOutcome.REPLY or problem.state == ProblemState.ESCALATED
    )
    if problem.revision != revision or not is_possible:
        raise ProblemMoved(problem, problem.steps.order_by("-sequence").first())
    on = day_of(at)
    upwards = outcome in (ProblemOutcome.ESCALATE, ProblemOutcome.REPLY)
    post = _post(problem, handled_by, UPWARDS if upwards else HANDLING, on)
    problems = _handling_problems(outcome, words, due_date, level, on)
    if problems:
        raise Blocked(problems)
    facts = _apply(problem, outcome, due_date, level, on)
    return _write(problem, outcome, post, by=handled_by, at=at, reason=words, facts=facts)


def _handling_problems(outcome: str, words: str, due_date: date | None, level: str, on: date) -> list[Problem]:
    problems = []
    if not words.strip():
        problems.append(Problem(_("Please write what was done or answered."), "words"))
    if outcome in (ProblemOutcome.EXTEND, ProblemOutcome.ESCALATE) and (due_date is None or due_date < on):
        problems.append(Problem(_("Please give a new deadline that is not past."), "due_date"))
    if outcome == ProblemOutcome.ESCALATE and level not in HigherLevel.values:
        problems.append(Problem(_("Please say to whom it is reported."), "level"))
    return problems


def _apply(problem: ReportedProblem, outcome: str, due_date: date | None, level: str, on: date) -> dict[str, Any]:
    match outcome:
        case ProblemOutcome.SOLVE:
            problem.state, problem.solved_on = ProblemState.SOLVED, on
        case ProblemOutcome.EXTEND | ProblemOutcome.ESCALATE if due_date is not None:
            before, problem.due_date = problem.due_date, due_date
            if outcome == ProblemOutcome.ESCALATE:
                problem.state, problem.escalated_to, problem.has_reply = ProblemState.ESCALATED, level, False
            return {"due_before": before.isoformat(), "due_date": due_date.isoformat(), "level": level}
        case ProblemOutcome.REPLY:
            problem.has_reply = True
    return {}


@transaction.atomic
def add_category(*, name: str, county: Division, added_by: User, at: datetime) -> ProblemCategory:
    """Add a category behind the others; a known name is returned as it is. Raises NotAllowed, Blocked."""
    added_by.forget_posts()
    if added_by.post_covering(Verb.ASSESS, county.place, on=day_of(at)) is None:
        raise NotAllowed
    if not name.strip():
        raise Blocked([Problem(_("Please name the category."), "name")])
    known = ProblemCategory.objects.filter(name=name.strip()).first()
    if known is not None:
        return known
    position = ProblemCategory.objects.count() + 1
    return ProblemCategory.objects.create(code=f"own-{position}", name=name.strip(), position=position)


def _post(problem: ReportedProblem, user: User, verbs: tuple[Verb, ...], on: date) -> Post:
    """Return the post by which an account handles a problem: of its place, or of the office that owns it."""
    user.forget_posts()
    post = post_for(problem, user, verbs, on=on)
    if post is None:
        raise NotAllowed
    return post


def post_for(problem: ReportedProblem, user: User, verbs: tuple[Verb, ...], *, on: date) -> Post | None:
    """Return the post by which an account may act. A problem has a place and no branch: divisions count."""
    for post in user.posts_for(*verbs, on=on):
        if problem.division_path.startswith(post.organization.division.path):
            return post
    if verbs != HANDLING:
        return None
    owning = (post for post in user.posts_in_force(on) if post.organization_id == problem.owner_id and post.verbs)
    return next(owning, None)


def _write(
    problem: ReportedProblem,
    outcome: str,
    post: Post,
    *,
    by: User,
    at: datetime,
    reason: str,
    facts: Mapping[str, Any] | None = None,
) -> ProblemStep:
    problem.sequence += 1
    problem.revision += 1
    problem.save()
    return ProblemStep.objects.create(
        problem=problem,
        step=problem.state,
        outcome=outcome,
        round=1,
        sequence=problem.sequence,
        reason=reason.strip(),
        facts=dict(facts or {}),
        decided_at=at,
        decided_by=by,
        person_key=by.person_key,
        role=post.role,
        organization=post.organization,
    )
