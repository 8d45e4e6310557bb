"""What happens to an objection between its receipt and its answer."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from files.operations import Prepared, store
from loans.choices import ObjectionState, ReplyManner, Side
from loans.models import Objection, ObjectionEvidence, ObjectionExtension, ObjectionReply, PublicNotice
from loans.operations.errors import Blocked, Conflict, NotAllowed
from loans.operations.notices import (
    SETTLEMENT_DAYS,
    after_settlement,
    close_objection,
    committee_post,
    lock_objection,
    move_deadline,
    require_open,
)
from loans.operations.separation import require_another_person
from loans.steps.facts import Problem
from web.clock import day_of
from workflow.queries import work_calendar

EVIDENCE_MAX = 6
# Working days that one extension may add.
EXTENSION_DAYS_MAX = 20
ACCEPTING = ((Verb.FILE, Side.COMMITTEE), (Verb.REVIEW, Side.BRANCH))


@dataclass(frozen=True)
class Reply:
    """What the objector was told, on which day and how."""

    replied_on: date
    manner: ReplyManner
    text: str


@transaction.atomic
def accept_objection(*, objection_id: int, accepted_by: User, accepted_at: datetime) -> Objection:
    """Take an objection of the public page as one to be looked into: by the branch or the committee.

    From now on its five working days run. A second time it changes nothing. Raises NotAllowed, Conflict.
    """
    objection, notice = lock_objection(objection_id)
    _require_accepting_post(notice, accepted_by, at=accepted_at)
    if objection.state == ObjectionState.OPEN and objection.accepted_by_id is not None:
        return objection
    _require_received(objection, notice)
    objection.state = ObjectionState.OPEN
    objection.accepted_by, objection.accepted_at = accepted_by, accepted_at
    objection.due_date = work_calendar().add_workdays(day_of(accepted_at), SETTLEMENT_DAYS)
    objection.save(update_fields=["state", "accepted_by", "accepted_at", "due_date"])
    move_deadline(notice)
    record(action=Action.CHANGED, actor=accepted_by, at=accepted_at, subject=objection, detail={"state": []})
    return objection


def _require_accepting_post(notice: PublicNotice, user: User, *, at: datetime) -> None:
    user.forget_posts()
    for verb, side in ACCEPTING:
        if user.post_covering(verb, notice.application.place, on=day_of(at)) is not None:
            require_another_person(notice.application, side, user)
            return
    raise NotAllowed


def _require_received(objection: Objection, notice: PublicNotice) -> None:
    if objection.state != ObjectionState.RECEIVED:
        raise Conflict(notice.application, notice.application.decisions.order_by("-sequence").first())


@transaction.atomic
def set_objection_aside(*, objection_id: int, reason: str, decided_by: User, decided_at: datetime) -> Objection:
    """Decide that what came by the public page is no objection (advertising, mischief, the wrong house).

    Only the committee may: the branch is the one that is complained about. Raises NotAllowed, Blocked, Conflict.
    """
    objection, notice = lock_objection(objection_id)
    committee_post(notice, decided_by, at=decided_at)
    if objection.state == ObjectionState.ASIDE and objection.settled_by_id == decided_by.pk:
        return objection
    _require_received(objection, notice)
    if not reason.strip():
        raise Blocked([Problem(_("Please give the reason."), "reason")])
    close_objection(objection, ObjectionState.ASIDE, reason, by=decided_by, at=decided_at)
    after_settlement(notice, at=decided_at)
    record(action=Action.CHANGED, actor=decided_by, at=decided_at, subject=objection, detail={"state": []})
    return objection


@transaction.atomic
def extend_objection(
    *, objection_id: int, due_date: date, reason: str, request_id: uuid.UUID, granted_by: User, granted_at: datetime
) -> ObjectionExtension:
    """Give the committee more time to settle an objection; the case's own deadline moves with it.

    The same `request_id` again changes nothing. Raises NotAllowed, Blocked, Conflict.
    """
    objection, notice = lock_objection(objection_id)
    post = committee_post(notice, granted_by, at=granted_at)
    known = objection.extensions.filter(request_id=request_id, granted_by=granted_by).first()
    if known is not None:
        return known
    require_open(objection, notice)
    problems = _extension_problems(objection, due_date, reason)
    if problems:
        raise Blocked(problems)
    extension = ObjectionExtension.objects.create(
        objection=objection,
        request_id=request_id,
        due_before=objection.due_date,
        due_date=due_date,
        reason=reason.strip(),
        granted_by=granted_by,
        organization=post.organization,
        granted_at=granted_at,
    )
    objection.due_date = due_date
    objection.save(update_fields=["due_date"])
    move_deadline(notice)
    detail = {"due_date": [extension.due_before.isoformat(), due_date.isoformat()]}
    record(
        action=Action.CHANGED, actor=granted_by, at=granted_at, subject=objection, reason=reason.strip(), detail=detail
    )
    return extension


def _extension_problems(objection: Objection, due_date: date, reason: str) -> list[Problem]:
    latest = work_calendar().add_workdays(objection.due_date, EXTENSION_DAYS_MAX)
    problems = []
    if due_date <= objection.due_date:
        problems.append(Problem(_("The new day must lie after the present one."), "due_date"))
    if due_date > latest:
        problems.append(
            Problem(_("Not more than %(days)s working days at once.") % {"days": EXTENSION_DAYS_MAX}, "due_date")
        )
    if not reason.strip():
        problems.append(Problem(_("Please give the reason."), "reason"))
    return problems


@transaction.atomic
def add_evidence(
    *,
    objection_id: int,
    files: Sequence[Prepared],
    note: str,
    request_id: uuid.UUID,
    added_by: User,
    added_at: datetime,
) -> list[ObjectionEvidence]:
    """Keep papers or photos of the investigation. The same `request_id` again changes nothing.

    Raises NotAllowed, Blocked, Conflict, files.UnableToStore.
    """
    objection, notice = lock_objection(objection_id)
    committee_post(notice, added_by, at=added_at)
    known = list(objection.evidence.filter(request_id=request_id, added_by=added_by))
    if known:
        return known
    require_open(objection, notice)
    if not files:
        raise Blocked([Problem(_("Please choose at least one file."), "papers")])
    kept = [
        ObjectionEvidence.objects.create(
            objection=objection,
            request_id=request_id,
            position=position,
            attachment=store(prepared=file, by=added_by, at=added_at),
            note=note.strip(),
            added_by=added_by,
            added_at=added_at,
        )
        for position, file in enumerate(files, start=1)
    ]
    record(action=Action.CREATED, actor=added_by, at=added_at, subject=kept[0], label=str(notice))
    return kept


@transaction.atomic
def reply_to_objector(*, objection_id: int, reply: Reply, replied_by: User, recorded_at: datetime) -> ObjectionReply:
    """Write down what the objector was told of the outcome. Sent twice, it is written once.

    Raises NotAllowed, Blocked with sentences.
    """
    objection, notice = lock_objection(objection_id)
    committee_post(notice, replied_by, at=recorded_at)
    known = ObjectionReply.objects.filter(objection=objection).first()
    if known is not None:
        if (known.replied_by_id, known.text) == (replied_by.pk, reply.text.strip()):
            return known
        raise Blocked([Problem(_("The answer has been written down already."))])
    problems = _reply_problems(objection, reply, on=day_of(recorded_at))
    if problems:
        raise Blocked(problems)
    written = ObjectionReply.objects.create(
        objection=objection,
        replied_on=reply.replied_on,
        manner=reply.manner,
        text=reply.text.strip(),
        replied_by=replied_by,
        recorded_at=recorded_at,
    )
    record(action=Action.CREATED, actor=replied_by, at=recorded_at, subject=written, label=str(notice))
    return written


def _reply_problems(objection: Objection, reply: Reply, *, on: date) -> list[Problem]:
    if objection.settled_at is None:
        return [Problem(_("There is nothing to answer before the finding is written."))]
    problems = []
    if reply.replied_on > on:
        problems.append(Problem(_("The day lies in the future."), "replied_on"))
    if reply.replied_on < day_of(objection.settled_at):
        problems.append(Problem(_("The day lies before the finding."), "replied_on"))
    if not reply.text.strip():
        problems.append(Problem(_("Please write what the objector was told."), "text"))
    return problems
