"""A household's way to the title: recommended, rated, reviewed, shown, awarded; reviewed again, or withdrawn."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Post, User
from assessments.choices_households import (
    Grade,
    HonourObjectionState,
    HonourOutcome,
    HonourSide,
    HonourState,
    HonourTitle,
)
from assessments.flow_households import MOVES, NEEDS_REASON, RECOMMENDING, HonourMove
from assessments.models import AwardScheme, HonourDecision, HouseholdHonour
from assessments.operations.benefits_households import grant_benefits, withdraw_benefits
from assessments.queries.households import Record, party_member_of, record_of, scheme_on
from finance.daycount import add_months
from loans.operations.errors import Blocked, NotAllowed
from loans.steps.facts import Problem
from loans.steps.numbers import next_number
from organizations.models import Household
from web.clock import day_of

NUMBER_DIGITS = 3


class HonourMoved(Exception):
    """Somebody was quicker: the page showed an older state."""

    def __init__(self, honour: HouseholdHonour, last_decision: HonourDecision | None) -> None:
        super().__init__(f"{honour} has moved on")
        self.honour = honour
        self.last_decision = last_decision


@transaction.atomic
def recommend_household(
    *, household_id: int, title: str, reason: str, request_id: uuid.UUID, recommended_by: User, at: datetime
) -> HouseholdHonour:
    """Recommend a borrower's household. The same `request_id` again returns the first one.

    Raises NotAllowed, Blocked: without rules in force, a loan, a supported industry; in arrears; the Party title
    without a member of the household on the day; a second title.
    """
    known = HouseholdHonour.objects.filter(request_id=request_id, created_by=recommended_by).first()
    if known is not None:
        return known
    on = day_of(at)
    household = (
        Household.objects.select_related("division").select_for_update(of=("self",), no_key=True).get(pk=household_id)
    )
    record = record_of(household, on=on)
    if record.newest is None:
        raise Blocked([Problem(_("This household has no loan of the programme."), "household")])
    recommended_by.forget_posts()
    post = _post(recommended_by, RECOMMENDING, record, on)
    scheme = scheme_on(household.division.path, on)
    problems = _problems(household, scheme, record, title, reason, on)
    if problems:
        raise Blocked(problems)
    assert scheme is not None
    honour = _new(household, scheme, record, title, request_id, recommended_by, at)
    _refuse_own(honour, recommended_by)
    _write(
        honour, HonourState.RETURNED, HonourOutcome.RECOMMEND, HonourSide.BRANCH, post, by=recommended_by, at=at,
        reason=reason, facts=record.as_facts(),
    )  # fmt: skip
    return honour


def _post(user: User, verbs: tuple[str, ...], record: Record, on: date) -> Post:
    assert record.newest is not None
    posts = (user.post_covering(verb, record.newest.place, on=on) for verb in verbs)
    post = next((one for one in posts if one is not None), None)
    if post is None:
        raise NotAllowed
    return post


def _problems(
    household: Household, scheme: AwardScheme | None, record: Record, title: str, reason: str, on: date
) -> list[Problem]:
    if scheme is None:
        return [Problem(_("No rules of the honour are in force today."))]
    assert record.newest is not None
    problems = []
    if not reason.strip():
        problems.append(Problem(_("Please say why this household is recommended."), "reason"))
    if record.newest.purpose not in scheme.supported_purposes:
        text = _("The project is of no supported industry: %(industry)s.")
        problems.append(Problem(text % {"industry": record.newest.get_purpose_display()}, "household"))
    if record.overdue or record.written_off or record.misused:
        problems.append(Problem(_("A loan of this household is in arrears, written off or misused."), "household"))
    if title == HonourTitle.PARTY and party_member_of(household.pk, on=on) is None:
        problems.append(Problem(_("No Party member lives in this household."), "title"))
    if HouseholdHonour.objects.filter(household=household).exclude(
        state__in=(HonourState.REFUSED, HonourState.WITHDRAWN)
    ).exists():  # fmt: skip
        problems.append(Problem(_("This household holds a title already or is on the way to one."), "household"))
    return problems


def _new(
    household: Household,
    scheme: AwardScheme,
    record: Record,
    title: str,
    request_id: uuid.UUID,
    by: User,
    at: datetime,
) -> HouseholdHonour:
    loan, on = record.newest, day_of(at)
    assert loan is not None
    try:
        with transaction.atomic():
            return HouseholdHonour.objects.create(
                number=next_number(f"TJ{on.year}", digits=NUMBER_DIGITS),
                request_id=request_id,
                scheme=scheme,
                year=on.year,
                title=title,
                household=household,
                person=loan.application.person,
                purpose=loan.purpose,
                division=household.division,
                branch=loan.branch,
                outlet=loan.outlet,
                branch_path=loan.branch_path,
                division_path=household.division.path,
                outlet_path=loan.outlet_path,
                created_by=by,
                created_at=at,
            )
    except IntegrityError as error:
        text = _("This household holds a title already or is on the way to one.")
        raise Blocked([Problem(text, "household")]) from error


@transaction.atomic
def decide_honour(
    *,
    honour_id: int,
    outcome: str,
    revision: int,
    decided_by: User,
    at: datetime,
    reason: str = "",
    grades: Mapping[str, str] | None = None,
) -> HonourDecision:
    """Decide what waits: recommend again, rate (`grades` of `repayment`, `industry`, `leading`), review, award,
    keep at the yearly review, withdraw.

    Raises HonourMoved, NotAllowed (no post, same person on another side, own household), Blocked.
    """
    honours = HouseholdHonour.objects.select_for_update(of=("self",)).select_related(
        "household__division", "scheme", "person", "division"
    )
    honour = honours.get(pk=honour_id)
    move = MOVES.get((honour.state, outcome))
    if move is None or honour.revision != revision:
        raise HonourMoved(honour, honour.decisions.order_by("-sequence").first())
    on = day_of(at)
    post = entitled_post(honour, move, decided_by, on=on)
    _require(honour, outcome, reason, grades, on)
    step, facts = honour.state, {**(grades or {})}
    honour.state = move.target
    facts |= _apply(honour, outcome, reason, by=decided_by, at=at)
    return _write(honour, step, outcome, move.side, post, by=decided_by, at=at, reason=reason, facts=facts)


def entitled_post(honour: HouseholdHonour, move: HonourMove, user: User, *, on: date) -> Post:
    """Return the post by which a person decides. Raises NotAllowed, with a sentence where only the person is wrong."""
    user.forget_posts()
    posts = (user.post_covering(verb, honour.place, on=on) for verb in move.verbs)
    post = next((one for one in posts if one is not None), None)
    if post is None:
        raise NotAllowed
    sentence = reason_against(honour, move, user)
    if sentence:
        raise NotAllowed(sentence)
    return post


def reason_against(honour: HouseholdHonour, move: HonourMove, user: User) -> str:
    """Return why this person may not act though his post would allow it; "" when he may."""
    if user.person is not None and user.person.household_id == honour.household_id:
        return _("Nobody decides on a title for his own household.")
    if honour.decisions.filter(person_key=user.person_key).exclude(side=move.side).exists():
        return _("You have already decided on this title at another step; somebody else must do this one.")
    return ""


def _refuse_own(honour: HouseholdHonour, user: User) -> None:
    if user.person is not None and user.person.household_id == honour.household_id:
        raise NotAllowed(_("Nobody decides on a title for his own household."))


def _require(honour: HouseholdHonour, outcome: str, reason: str, grades: Mapping[str, str] | None, on: date) -> None:
    problems = []
    if outcome in NEEDS_REASON and not reason.strip():
        problems.append(Problem(_("Please give the reason."), "reason"))
    if honour.state == HonourState.TO_RATE and outcome == HonourOutcome.PASS:
        problems += _grade_problems(grades or {})
    if outcome == HonourOutcome.AWARD:
        problems += _award_problems(honour, on)
    if outcome == HonourOutcome.RENEW:
        problems += _renewal_problems(honour, on)
    if problems:
        raise Blocked(problems)


CRITERIA = ("repayment", "industry", "leading")


def _grade_problems(grades: Mapping[str, str]) -> list[Problem]:
    missing = [name for name in CRITERIA if grades.get(name) not in Grade.values]
    if missing:
        return [Problem(_("Please rate this."), name) for name in missing]
    if Grade.POOR in grades.values():
        return [Problem(_("Who is rated poor in one of the three is not honoured: send it back or refuse it."))]
    return []


def _award_problems(honour: HouseholdHonour, on: date) -> list[Problem]:
    problems = []
    if honour.notice_to is None or on <= honour.notice_to:
        problems.append(Problem(_("The notice is not over yet.")))
    states = set(honour.objections.values_list("state", flat=True))
    if HonourObjectionState.OPEN in states:
        problems.append(Problem(_("An objection is still being examined.")))
    if HonourObjectionState.UPHELD in states:
        problems.append(Problem(_("An objection was upheld: the title cannot be awarded.")))
    if honour.title == HonourTitle.PARTY and party_member_of(honour.household_id, on=on) is None:
        problems.append(Problem(_("No Party member lives in this household.")))
    return problems


def _renewal_problems(honour: HouseholdHonour, on: date) -> list[Problem]:
    record = record_of(honour.household, on=on)
    if record.overdue or record.written_off or record.misused:
        return [Problem(_("A loan of this household is in arrears, written off or misused."))]
    assert honour.review_due is not None
    if on < honour.review_due - timedelta(days=REVIEW_AHEAD_DAYS):
        return [Problem(_("The yearly review is not due yet."))]
    return []


REVIEW_AHEAD_DAYS = 60


def _apply(honour: HouseholdHonour, outcome: str, reason: str, *, by: User, at: datetime) -> dict[str, Any]:
    """Change what the move changes besides the state, and return what the record says of it."""
    on = day_of(at)
    match outcome:
        case HonourOutcome.RECOMMEND:
            honour.round += 1
        case HonourOutcome.PASS if honour.state == HonourState.IN_NOTICE:
            honour.notice_from, honour.notice_to = on, on + timedelta(days=honour.scheme.notice_days - 1)
            return {"notice_to": honour.notice_to.isoformat()}
        case HonourOutcome.AWARD:
            honour.award_number = next_number(f"SFH{on.year}", digits=NUMBER_DIGITS)
            honour.awarded_on = on
            honour.review_due = add_months(on, honour.scheme.review_months)
            return {"award_number": honour.award_number, "benefits": grant_benefits(honour, start=on, by=by, at=at)}
        case HonourOutcome.RENEW:
            assert honour.review_due is not None
            start = max(on, honour.review_due + timedelta(days=1))
            honour.review_due = add_months(honour.review_due, honour.scheme.review_months)
            return {"benefits": grant_benefits(honour, start=start, by=by, at=at)}
        case HonourOutcome.WITHDRAW:
            honour.withdrawn_on = on
            return {"benefits_ended": withdraw_benefits(honour, reason=reason, by=by, at=at)}
    return {}


def _write(
    honour: HouseholdHonour,
    step: str,
    outcome: str,
    side: str,
    post: Post,
    *,
    by: User,
    at: datetime,
    reason: str,
    facts: Mapping[str, Any],
) -> HonourDecision:
    honour.sequence += 1
    honour.revision += 1
    honour.save()
    return HonourDecision.objects.create(
        honour=honour,
        step=step,
        outcome=outcome,
        round=honour.round,
        sequence=honour.sequence,
        reason=reason.strip(),
        facts=dict(facts),
        decided_at=at,
        decided_by=by,
        person_key=by.person_key,
        role=post.role,
        organization=post.organization,
        side=side,
    )
