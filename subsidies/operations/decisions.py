"""Deciding on a batch: lock, right post, another person, blockers, apply, write down. One transaction, one winner."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import Post, User
from subsidies.choices import OPEN_STATES, BatchOutcome, BatchState, BatchStep
from subsidies.models import BatchDecision, InputSegment, SubsidyBatch, SubsidyLine
from subsidies.operations.entitled import (
    FINANCE_KINDS,
    LEADING_KINDS,
    SIDES,
    require_another_person,
    require_county_post,
)
from subsidies.operations.errors import BatchMoved, blocked
from subsidies.operations.orders import order_payments
from subsidies.operations.samples import seed_of
from subsidies.queries.batches import is_approved_once, is_notice_closed, total_of
from subsidies.queries.rules import approval_rule
from web.clock import day_of


@dataclass(frozen=True)
class Deed:
    """Who decides what on which batch, and the revision that he saw (None only where nobody looked)."""

    batch_id: int
    revision: int | None
    by: User
    at: datetime
    reason: str = ""

    @property
    def on(self) -> date:
        return day_of(self.at)


@dataclass
class _Case:
    """A batch under its lock with the post of the decider."""

    batch: SubsidyBatch
    post: Post
    deed: Deed
    facts: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def review(deed: Deed) -> BatchDecision:
    """Pass a computed batch whose whole sample is in order. By the organisation department (ASSESS).

    Raises BatchMoved, NotAllowed, Blocked.
    """
    case = _open(deed, BatchStep.REVIEW, Verb.ASSESS, (BatchState.COMPUTED,))
    sample = list(case.batch.sample.all())
    if not sample and case.batch.lines.exists():
        raise blocked(_("Please draw the sample first."))
    if any(line.is_right is None for line in sample):
        raise blocked(_("Some lines of the sample have not been looked at yet."))
    wrong = [str(line.place) for line in sample if not line.is_right]
    if wrong:
        raise blocked(
            _("Lines %(places)s of the sample are not in order: the batch can only be sent back.")
            % {"places": "、".join(wrong)}
        )
    case.facts = {"seed": seed_of(case.batch), "sample": len(sample), "inputs_sha256": case.batch.inputs_sha256}
    return _move(case, BatchStep.REVIEW, BatchOutcome.PASS, BatchState.REVIEWED)


@transaction.atomic
def send_back(deed: Deed) -> BatchDecision:
    """Send a batch back to be computed again, with a reason: by whoever has to decide on it next.

    Its lines stay until it is computed again; its sample and notice go. Raises BatchMoved, NotAllowed, Blocked.
    """
    batch = _lock(deed, (BatchState.COMPUTED, BatchState.REVIEWED, BatchState.ON_NOTICE))
    kinds: tuple[Any, ...] = ()
    step, verb = BatchStep.REVIEW, Verb.ASSESS
    if batch.state != BatchState.COMPUTED:
        step, verb, kinds = BatchStep.APPROVAL, Verb.APPROVE_PAYMENT, FINANCE_KINDS
    if is_approved_once(batch):
        step, kinds = BatchStep.SECOND_APPROVAL, LEADING_KINDS
    case = _Case(batch, _entitled(deed, batch, step, verb, kinds), deed)
    _require_reason(deed)
    batch.sample.all().delete()
    batch.notice_place, batch.notice_from, batch.notice_to = "", None, None
    return _move(case, step, BatchOutcome.RETURN, BatchState.DRAFT)


@transaction.atomic
def publish(deed: Deed, *, place: str, starts_on: date) -> BatchDecision:
    """Publish the list of a reviewed batch, by the finance bureau. The first and the last day of notice both count.

    Raises BatchMoved, NotAllowed, Blocked.
    """
    case = _open(deed, BatchStep.NOTICE, Verb.CONFIRM_SUBSIDY, (BatchState.REVIEWED,))
    if not place.strip():
        raise blocked(_("Please say where the notice hangs."), "place")
    if starts_on < deed.on:
        raise blocked(_("The notice cannot begin in the past."), "starts_on")
    batch = case.batch
    days = approval_rule(programme=batch.programme, on=deed.on).notice_days
    batch.notice_place, batch.notice_from = place.strip(), starts_on
    batch.notice_to = starts_on + timedelta(days=days - 1)
    case.facts = {"place": batch.notice_place, "from": starts_on.isoformat(), "to": batch.notice_to.isoformat()}
    return _move(case, BatchStep.NOTICE, BatchOutcome.PUBLISH, BatchState.ON_NOTICE)


@transaction.atomic
def close_notice(deed: Deed) -> BatchDecision:
    """Write down that the days of notice are over, with what was heard. Not before the last day is over.

    Raises BatchMoved, NotAllowed, Blocked.
    """
    case = _open(deed, BatchStep.NOTICE, Verb.CONFIRM_SUBSIDY, (BatchState.ON_NOTICE,))
    if is_notice_closed(case.batch):
        raise BatchMoved(case.batch, _last_decision(case.batch))
    assert case.batch.notice_to is not None  # set with the state
    if deed.on <= case.batch.notice_to:
        raise blocked(
            _("The notice hangs until %(day)s; it can be closed on the next day.")
            % {"day": case.batch.notice_to.isoformat()}
        )
    return _move(case, BatchStep.NOTICE, BatchOutcome.PASS, BatchState.ON_NOTICE)


@transaction.atomic
def approve(deed: Deed) -> BatchDecision:
    """Approve a batch for payment: the head of the finance bureau, above the rule's amount the leading group too.

    The last approval takes the money from the budgets and orders the payments, all or nothing. Raises BatchMoved,
    NotAllowed, Blocked.
    """
    batch = _lock(deed, (BatchState.ON_NOTICE,))
    is_second = is_approved_once(batch)
    step = BatchStep.SECOND_APPROVAL if is_second else BatchStep.APPROVAL
    kinds = LEADING_KINDS if is_second else FINANCE_KINDS
    case = _Case(batch, _entitled(deed, batch, step, Verb.APPROVE_PAYMENT, kinds), deed)
    _refuse_approval(batch)
    total = total_of(batch)
    rule = approval_rule(programme=batch.programme, on=deed.on)
    case.facts = {"total": str(total), "second_above": str(rule.second_above)}
    if not is_second and total > rule.second_above:
        return _move(case, step, BatchOutcome.APPROVE, BatchState.ON_NOTICE)
    order_payments(batch)
    return _move(case, step, BatchOutcome.APPROVE, BatchState.APPROVED)


@transaction.atomic
def void(deed: Deed) -> BatchDecision:
    """Give a batch up before its approval, with a reason: its lines and its snapshot go, its decisions stay.

    By the finance bureau. Raises BatchMoved, NotAllowed, Blocked.
    """
    case = _open(deed, BatchStep.COMPUTATION, Verb.CONFIRM_SUBSIDY, OPEN_STATES)
    _require_reason(deed)
    batch = case.batch
    if SubsidyBatch.objects.counting().filter(programme=batch.programme, first_day__gt=batch.last_day).exists():
        raise blocked(_("A later period has its batch already: give that one up first."))
    # The ranges go first: a worker that is writing one is waited for.
    batch.chunks.all().delete()
    batch.sample.all().delete()
    SubsidyLine.objects.filter(batch=batch, corrects__isnull=False).delete()
    SubsidyLine.objects.filter(batch=batch).delete()
    InputSegment.objects.filter(batch=batch).delete()
    return _move(case, BatchStep.COMPUTATION, BatchOutcome.VOID, BatchState.VOID)


def _refuse_approval(batch: SubsidyBatch) -> None:
    if batch.is_estimate:
        raise blocked(_("This batch is an estimate: it is never paid. Compute it again after its period."))
    if not is_notice_closed(batch):
        raise blocked(_("The notice has not been closed yet."))
    earlier = SubsidyBatch.objects.filter(
        programme=batch.programme, last_day__lt=batch.first_day, state__in=OPEN_STATES
    )
    if earlier.exists():
        raise blocked(_("The batch of an earlier period is not approved yet; it goes first."))


def _open(deed: Deed, step: BatchStep, verb: Verb, states: tuple[BatchState, ...]) -> _Case:
    batch = _lock(deed, states)
    return _Case(batch, _entitled(deed, batch, step, verb, ()), deed)


def _lock(deed: Deed, states: tuple[BatchState, ...]) -> SubsidyBatch:
    batch = (
        SubsidyBatch.objects.select_for_update(of=("self",))
        .select_related("programme__division", "created_by")
        .get(pk=deed.batch_id)
    )
    if batch.state not in states or (deed.revision is not None and batch.revision != deed.revision):
        raise BatchMoved(batch, _last_decision(batch))
    return batch


def _entitled(deed: Deed, batch: SubsidyBatch, step: BatchStep, verb: Verb, kinds: tuple[Any, ...]) -> Post:
    post = require_county_post(deed.by, verb, batch.programme, on=deed.on, kinds=kinds)
    require_another_person(batch, deed.by, side=SIDES[step])
    return post


def _require_reason(deed: Deed) -> None:
    if not deed.reason.strip():
        raise blocked(_("Please give the reason."), "reason")


def _last_decision(batch: SubsidyBatch) -> BatchDecision | None:
    return batch.decisions.order_by("-sequence").first()


def _move(case: _Case, step: BatchStep, outcome: BatchOutcome, state: BatchState) -> BatchDecision:
    batch, deed = case.batch, case.deed
    last = _last_decision(batch)
    round_ = last.round + (last.outcome == BatchOutcome.RETURN) if last else 1
    batch.state = state
    batch.revision += 1
    batch.save()
    return BatchDecision.objects.create(
        batch=batch,
        step=step,
        outcome=outcome,
        round=round_,
        sequence=last.sequence + 1 if last else 1,
        reason=deed.reason.strip(),
        facts=case.facts,
        decided_at=deed.at,
        decided_by=deed.by,
        person_key=deed.by.person_key,
        role=case.post.role,
        organization=case.post.organization,
    )
