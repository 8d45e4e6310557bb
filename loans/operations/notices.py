"""Objections written down and settled, and the notices that the calendar closes."""

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import Post, User
from loans.choices import HOLDING_OBJECTIONS, NoticeState, ObjectionState, Outcome, Side, StepCode
from loans.models import Objection, PublicNotice
from loans.operations.decisions import decide_by_calendar, lock_application
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.operations.separation import require_another_person
from loans.queries.published import is_outdated
from loans.steps.facts import Problem
from web.clock import day_of
from workflow.queries import work_calendar

# Working days a committee has to settle an objection.
SETTLEMENT_DAYS = 5
ONE_DAY = timedelta(days=1)


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
    objector_phone: str = "",
    request_id: uuid.UUID | None = None,
) -> Objection:
    """Write an objection down, by branch, clerk or committee. It stops the notice until it is settled.

    The same request, or the same words of the same day by the same account, are the same objection: a double click
    writes it once.
    """
    notice = lock_notice(notice_id)
    on = day_of(recorded_at)
    recorded_by.forget_posts()
    if not any(
        recorded_by.post_covering(verb, notice.application.place, on=on)
        for verb in (Verb.REFER, Verb.REVIEW, Verb.FILE)
    ):
        raise NotAllowed
    own = notice.objections.filter(recorded_by=recorded_by)
    earlier = own.filter(request_id=request_id).first() if request_id else None
    earlier = earlier or own.filter(received_on=received_on, text=text).first()
    if earlier is not None:
        return earlier
    problems = _objection_problems(notice, received_on, on)
    if problems:
        raise Blocked(problems)
    objection = Objection.objects.create(
        notice=notice,
        request_id=request_id or uuid.uuid4(),
        received_on=received_on,
        channel=channel,
        objector=objector,
        objector_phone=objector_phone,
        text=text,
        due_date=work_calendar().add_workdays(on, SETTLEMENT_DAYS),
        recorded_by=recorded_by,
        recorded_at=recorded_at,
    )
    move_deadline(notice)
    return objection


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
    *,
    objection_id: int,
    upheld: bool,
    finding: str,
    settled_by: User,
    settled_at: datetime,
    investigators: str = "",
    method: str = "",
) -> Objection:
    """Write the finding of the township committee, who looked into it and how (an InquiryMethod).

    Dismissed and the days over: the notice closes at once. Raises NotAllowed, as a decision of the committee would;
    Conflict when it is settled otherwise; Blocked, also for one that nobody has accepted yet.
    """
    objection, notice = lock_objection(objection_id)
    committee_post(notice, settled_by, at=settled_at)
    state = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
    if (objection.settled_by_id, objection.finding, objection.state) == (settled_by.pk, finding.strip(), state):
        return objection
    require_open(objection, notice)
    if not finding.strip():
        raise Blocked([Problem(_("Please write what was found."), "finding")])
    objection.investigators, objection.method = investigators.strip(), method
    close_objection(objection, state, finding, by=settled_by, at=settled_at)
    after_settlement(notice, at=settled_at)
    return objection


def close_objection(objection: Objection, state: ObjectionState, finding: str, *, by: User, at: datetime) -> None:
    """Write the end of an objection, under the lock of its case."""
    objection.state, objection.finding = state, finding.strip()
    objection.settled_by, objection.settled_at = by, at
    objection.save(update_fields=["state", "finding", "investigators", "method", "settled_by", "settled_at"])


def after_settlement(notice: PublicNotice, *, at: datetime) -> None:
    """Close a notice whose days are over and to which nothing is open any more; else move the case's deadline."""
    is_held = notice.objections.filter(state__in=HOLDING_OBJECTIONS).exists()
    if not is_held and notice.is_over(day_of(at)) and notice.state == NoticeState.RUNNING and _close(notice, at):
        return
    move_deadline(notice)


def committee_post(notice: PublicNotice, user: User, *, at: datetime) -> Post:
    """Return the post by which the township committee settles objections here. Raises NotAllowed."""
    user.forget_posts()
    post = user.post_covering(Verb.FILE, notice.application.place, on=day_of(at))
    if post is None:
        raise NotAllowed
    require_another_person(notice.application, Side.COMMITTEE, user)
    return post


def require_open(objection: Objection, notice: PublicNotice) -> None:
    """Go on only while the committee looks into an objection. Raises Conflict, Blocked with a sentence."""
    if objection.state == ObjectionState.RECEIVED:
        raise Blocked([Problem(_("Please accept the objection first, or set it aside with a reason."))])
    if objection.state != ObjectionState.OPEN:
        raise Conflict(notice.application, notice.application.decisions.order_by("-sequence").first())


def lock_objection(objection_id: int) -> tuple[Objection, PublicNotice]:
    """Lock the case of an objection, then read both. Raises Objection.DoesNotExist."""
    notice = lock_notice(Objection.objects.values_list("notice_id", flat=True).get(pk=objection_id))
    objection = Objection.objects.get(pk=objection_id)
    objection.notice = notice
    return objection, notice


def lock_notice(notice_id: int) -> PublicNotice:
    """Lock the case first, then read the notice: the same order as a decision, so that nobody waits in a circle."""
    case_id = PublicNotice.objects.values_list("application_id", flat=True).get(pk=notice_id)
    case = lock_application(case_id)
    notice = PublicNotice.objects.get(pk=notice_id)
    notice.application = case
    return notice


def move_deadline(notice: PublicNotice) -> None:
    """Let the case's deadline follow its objections: the day after the notice, or the last day to settle one.

    Not a decision, so the revision stays: whoever has the page of the case open loses nothing.
    """
    if notice.state != NoticeState.RUNNING:
        return
    days = notice.objections.filter(state__in=HOLDING_OBJECTIONS).values_list("due_date", flat=True)
    due_date = max([notice.ends_on + ONE_DAY, *days])
    case = notice.application
    if case.due_date != due_date:
        case.due_date = due_date
        case.save(update_fields=["due_date"])


def close_due_notices(*, at: datetime) -> int:
    """Close every notice whose days are over and that no objection holds. Run twice, it does nothing more."""
    due = (
        PublicNotice.objects.filter(state=NoticeState.RUNNING, ends_on__lt=day_of(at))
        .exclude(objections__state__in=HOLDING_OBJECTIONS)
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
        .exclude(objections__state__in=HOLDING_OBJECTIONS)
        .select_related("application__person", "application__entity", "application__division", "application__branch")
    )
    return sum(stop_notice(notice, at=at) for notice in running.iterator() if is_outdated(notice, notice.application))


def stop_notice(notice: PublicNotice, *, at: datetime) -> bool:
    """Stop one notice that says what is no longer true; False where it does, or where an objection holds it."""
    return decide_by_calendar(
        application_id=notice.application_id,
        step=StepCode.PUBLIC_NOTICE,
        outcome=Outcome.STOP,
        at=at,
        reason=_("The case was changed after it was published: a new notice is needed."),
    )
