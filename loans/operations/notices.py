"""Objections, and the notices that the calendar closes."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from loans.choices import NoticeState, ObjectionState, Outcome, Side, StepCode
from loans.models import Objection, PublicNotice
from loans.operations.decisions import decide_by_calendar, lock_application
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.operations.separation import require_another_person
from loans.steps.branch import is_outdated
from loans.steps.facts import Problem
from web.clock import day_of
from workflow.queries import work_calendar

# Working days a committee has to settle an objection.
SETTLEMENT_DAYS = 5


@transaction.atomic
def record_objection(
    *,
    notice_id: int,
    received_on: date,
    channel: str,
    objector: str,
    text: str,
    recorded_by: User,
    recorded_at: datetime,
) -> Objection:
    """Write an objection down, by branch, clerk or committee. It stops the notice until it is settled.

    The same words of the same day by the same account are the same objection: a double click writes it once.
    """
    notice = _lock_notice(notice_id)
    on = day_of(recorded_at)
    recorded_by.forget_posts()
    if not any(
        recorded_by.post_covering(verb, notice.application.place, on=on)
        for verb in (Verb.REFER, Verb.REVIEW, Verb.FILE)
    ):
        raise NotAllowed
    earlier = notice.objections.filter(received_on=received_on, text=text, recorded_by=recorded_by).first()
    if earlier is not None:
        return earlier
    problems = _objection_problems(notice, received_on, on)
    if problems:
        raise Blocked(problems)
    return Objection.objects.create(
        notice=notice,
        received_on=received_on,
        channel=channel,
        objector=objector,
        text=text,
        due_date=work_calendar().add_workdays(on, SETTLEMENT_DAYS),
        recorded_by=recorded_by,
        recorded_at=recorded_at,
    )


def _objection_problems(notice: PublicNotice, received_on: date, on: date) -> list[Problem]:
    problems = []
    if notice.state != NoticeState.RUNNING:
        problems.append(Problem(_("The notice has ended.")))
    if received_on > on:
        problems.append(Problem(_("The day lies in the future."), "received_on"))
    if received_on < notice.starts_on:
        problems.append(Problem(_("The day lies before the notice began."), "received_on"))
    return problems


@transaction.atomic
def settle_objection(
    *, objection_id: int, upheld: bool, finding: str, settled_by: User, settled_at: datetime
) -> Objection:
    """Write the finding of the township committee. Dismissed and the days over: the notice closes at once.

    Raises NotAllowed, as a decision of the committee would; Conflict when it is settled otherwise; Blocked.
    """
    objection = Objection.objects.select_related("notice").get(pk=objection_id)
    notice = _lock_notice(objection.notice_id)
    objection.refresh_from_db()
    on = day_of(settled_at)
    settled_by.forget_posts()
    if settled_by.post_covering(Verb.FILE, notice.application.place, on=on) is None:
        raise NotAllowed
    require_another_person(notice.application, Side.COMMITTEE, settled_by)
    state = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
    if (objection.settled_by_id, objection.finding, objection.state) == (settled_by.pk, finding.strip(), state):
        return objection
    if objection.state != ObjectionState.OPEN:
        raise Conflict(notice.application, notice.application.decisions.order_by("-sequence").first())
    if not finding.strip():
        raise Blocked([Problem(_("Please write what was found."), "finding")])
    objection.state, objection.finding = state, finding.strip()
    objection.settled_by, objection.settled_at = settled_by, settled_at
    objection.save(update_fields=["state", "finding", "settled_by", "settled_at"])
    if not upheld and notice.is_over(on) and notice.state == NoticeState.RUNNING:
        _close(notice, settled_at)
    return objection


def _lock_notice(notice_id: int) -> PublicNotice:
    """Lock the case first, then read the notice: the same order as a decision, so that nobody waits in a circle."""
    case_id = PublicNotice.objects.values_list("application_id", flat=True).get(pk=notice_id)
    case = lock_application(case_id)
    notice = PublicNotice.objects.get(pk=notice_id)
    notice.application = case
    return notice


def close_due_notices(*, at: datetime) -> int:
    """Close every notice whose days are over and to which no objection is open. Run twice, it does nothing more."""
    due = (
        PublicNotice.objects.filter(state=NoticeState.RUNNING, ends_on__lt=day_of(at))
        .exclude(objections__state__in=[ObjectionState.OPEN, ObjectionState.UPHELD])
        .order_by("ends_on", "pk")
    )
    return sum(_close(notice, at) for notice in due.iterator())


def _close(notice: PublicNotice, at: datetime) -> bool:
    """Close one notice in its own transaction."""
    return decide_by_calendar(
        application_id=notice.application_id, step=StepCode.PUBLIC_NOTICE, outcome=Outcome.PASS, at=at
    )


def stop_outdated_notices(*, at: datetime) -> int:
    """Stop every notice that says what is no longer true; the branch finds its case in the queue again.

    One with an objection waits until the committee has settled it: nobody loses an objection by a changed name.
    """
    running = (
        PublicNotice.objects.filter(state=NoticeState.RUNNING)
        .exclude(objections__state__in=[ObjectionState.OPEN, ObjectionState.UPHELD])
        .select_related("application__person", "application__entity", "application__division", "application__branch")
    )
    return sum(_stop(notice, at) for notice in running.iterator() if is_outdated(notice, notice.application))


def _stop(notice: PublicNotice, at: datetime) -> bool:
    return decide_by_calendar(
        application_id=notice.application_id,
        step=StepCode.PUBLIC_NOTICE,
        outcome=Outcome.STOP,
        at=at,
        reason=_("The case was changed after it was published: a new notice is needed."),
    )
