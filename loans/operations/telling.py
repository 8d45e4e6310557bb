"""Telling people what became of their cases and what is late.

The calendar's work finds it in the tables themselves, so that no decision waits for it and none is forgotten. Run
again, it tells nothing twice: each event has its key.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import VERBS_OF_ROLE, Verb
from accounts.models import Post, User
from accounts.queries import holders_of
from audit.choices import Action
from audit.operations import record
from inbox.models import Message
from inbox.operations import News, tell
from loans.choices import PENDING_OBJECTIONS, ObjectionState, Outcome, StepCode
from loans.messages import DECIDED, LATE, OBJECTED, RECEIVED, URGED
from loans.models import Application, ApplicationDecision, Escalation, Objection
from loans.operations.decisions import lock_application
from loans.operations.errors import Blocked, NotAllowed
from loans.queries.late import LEVELS_ABOVE, late_cases, late_for
from loans.queries.recalls import effective_rows
from loans.queries.work import TURN
from loans.steps.facts import Problem
from web.clock import day_of
from web.display import show_day
from web.masking import masked_name
from workflow.queries import work_calendar

LOOK_BACK = timedelta(days=3)
AT_ONCE = 1000
# The second level above is told when the first had this many times as long.
PATIENCE = 5


def tell_of_cases(*, at: datetime) -> int:
    """Tell of the decisions and objections of the last days whoever has to know of them; return how many notices."""
    return tell([*_news_of_decisions(at - LOOK_BACK), *_news_of_objections(at)], at=at)


def _news_of_decisions(since: datetime) -> Iterator[News]:
    decisions = (
        effective_rows(ApplicationDecision.objects.filter(decided_at__gte=since, outcome__in=list(DECIDED)))
        .select_related("application__person", "application__entity", "application__created_by")
        .order_by("-decided_at")[:AT_ONCE]
    )
    for decision in decisions:
        for recipient in _concerned(decision) - {decision.decided_by_id}:
            yield _news(decision.application, recipient, f"decision:{decision.pk}", DECIDED[decision.outcome].code)


def _concerned(decision: ApplicationDecision) -> set[int]:
    """Return whoever registered the case, and whoever decided the step that a return leads back to."""
    concerned = {decision.application.created_by_id}
    step = decision.target if decision.outcome == Outcome.RETURN else decision.step
    if decision.outcome in (Outcome.RETURN, Outcome.STOP) and step != StepCode.INTAKE:
        earlier = decision.application.decisions.filter(step=step, sequence__lt=decision.sequence)
        concerned |= set(earlier.exclude(decided_by__is_system=True).values_list("decided_by", flat=True))
    return concerned


def _news_of_objections(at: datetime) -> Iterator[News]:
    """An objection waits for the township committee, and the branch must know of it."""
    objections = (
        Objection.objects.filter(recorded_at__gte=at - LOOK_BACK, state__in=PENDING_OBJECTIONS)
        .select_related("notice__application__person", "notice__application__entity")
        .order_by("-pk")[:AT_ONCE]
    )
    for objection in objections:
        case = objection.notice.application
        # One of the public page is told twice: when it waits to be accepted, and when it waits to be settled.
        is_received = objection.state == ObjectionState.RECEIVED
        key, kind = (f"received:{objection.pk}", RECEIVED) if is_received else (f"objection:{objection.pk}", OBJECTED)
        for verb in (Verb.FILE, Verb.REVIEW):
            for user in holders_of(verb, case.place, on=day_of(at)):
                if user.pk != objection.recorded_by_id:
                    day = {"day": show_day(objection.due_date)}
                    yield _news(case, user.pk, key, kind.code, **day)


def _news(case: Application, recipient: int, key: str, kind: str, **facts: str) -> News:
    """Name the case by its number and the masked name: the notice may outlive the post by which it is read."""
    name = case.entity.name if case.entity else masked_name(case.person.name)
    return News(
        recipient_id=recipient,
        key=key,
        kind=kind,
        facts={"number": case.number, "name": name, **facts},
        url=reverse("loans:case", args=[case.pk]),
    )


def escalate_late_cases(*, at: datetime) -> int:
    """Write down which cases are late and shown to a level above, and tell those there once a day how many.

    Returns the number of new escalations. Run twice on a day, or after days without a run, it leads to the same rows
    but for the day they were written.
    """
    on = day_of(at)
    rows = [row for case in late_cases(on=on).iterator(chunk_size=AT_ONCE) for row in _escalations(case, on)]
    known = Escalation.objects.count()
    Escalation.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
    if work_calendar().is_workday(on):
        tell(_late_news(on), at=at)
    return Escalation.objects.count() - known


def _escalations(case: Application, on: date) -> Iterator[Escalation]:
    """Return the rows that a late case should have by a day: a level for each stretch of patience that is over."""
    patience = case.version.escalation_days
    assert case.due_date is not None  # only such cases are late
    late_by = work_calendar().workdays_between(case.due_date, on)
    if not patience:
        return
    for level, _verb in enumerate(LEVELS_ABOVE[case.step], start=1):
        if late_by >= patience * PATIENCE ** (level - 1):
            yield Escalation(
                application=case,
                step=case.step,
                sequence=case.sequence,
                level=level,
                due_date=case.due_date,
                escalated_on=on,
            )


def _late_news(on: date) -> Iterable[News]:
    """One notice for each account that has escalated cases below it, and none while the last one lies unread."""
    verbs = {verb for levels in LEVELS_ABOVE.values() for verb in levels}
    waiting = Message.objects.unread().filter(kind=LATE.code).values("recipient")
    holders = User.objects.filter(is_active=True, posts__in=_posts_with(verbs, on)).exclude(pk__in=waiting).distinct()
    for user in holders:
        found = late_for(user, on=on).aggregate(cases=Count("pk"), since=Min("due_date"))
        if found["cases"]:
            yield News(
                recipient_id=user.pk,
                key=f"late:{on}",
                kind=LATE.code,
                facts={"cases": found["cases"], "day": show_day(found["since"])},
                url=reverse("loans:late"),
            )


def _posts_with(verbs: set[Verb], on: date) -> "QuerySet[Post]":
    roles = [role for role, allowed in VERBS_OF_ROLE.items() if verbs & set(allowed)]
    return Post.objects.in_force(on).filter(role__in=roles)


@transaction.atomic
def urge_case(*, application_id: int, urged_by: User, urged_at: datetime) -> int:
    """Remind whoever holds a late case (催办); return how many people were told. Once a day and office, for each case.

    Raises NotAllowed unless the case was escalated to the account's level, Blocked where it is not late any more.
    """
    on = day_of(urged_at)
    case = lock_application(application_id)
    urged_by.forget_posts()
    if not late_for(urged_by, on=on).filter(pk=case.pk).exists():
        if not any(urged_by.post_covering(verb, case.place, on=on) for verb in LEVELS_ABOVE[case.step]):
            raise NotAllowed
        raise Blocked([Problem(_("This case is not late any more."))])
    office = next(iter(urged_by.posts_in_force(on))).organization.name
    holders = {user.pk for verb in TURN[case.step] for user in holders_of(verb, case.place, on=on)}
    news = [
        _news(case, holder, f"urged:{case.pk}:{case.sequence}:{on}", URGED.code, office=office)
        for holder in holders - {urged_by.pk}
    ]
    told = tell(news, at=urged_at)
    if told:
        record(action=Action.URGED, actor=urged_by, at=urged_at, subject=case, detail={"people": ["", str(told)]})
    return told
