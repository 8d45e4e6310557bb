"""The buttons of a batch: what an account may do by its post, and why a button does not work yet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from accounts.choices import Verb
from accounts.models import User
from subsidies.choices import BatchState, BatchStep
from subsidies.models import SubsidyBatch
from subsidies.operations.entitled import FINANCE_KINDS, LEADING_KINDS, MAKING, county_post, reason_against
from subsidies.queries.batches import is_approved_once, is_notice_closed
from web.layout import Text

ORDER = (
    BatchState.DRAFT,
    BatchState.COMPUTING,
    BatchState.COMPUTED,
    BatchState.REVIEWED,
    BatchState.ON_NOTICE,
    BatchState.APPROVED,
    BatchState.PAYING,
    BatchState.RECONCILED,
)


@dataclass(frozen=True)
class Action:
    """One button. `obstacle` says why it does not work now; "" when it does."""

    name: str
    label: Text
    url: str
    obstacle: Text = ""
    is_post: bool = False
    is_main: bool = False
    is_danger: bool = False


@dataclass(frozen=True)
class _Deed:
    """A deed with its place in the chain."""

    name: str
    label: Text
    verb: Verb
    states: tuple[str, ...]
    side: str
    too_early: Text = ""
    kinds: tuple[str, ...] = ()
    is_danger: bool = False
    check: Callable[[SubsidyBatch, date], str] | None = None


def _may_close(batch: SubsidyBatch, on: date) -> str:
    if is_notice_closed(batch):
        return _("The notice is closed.")
    if batch.notice_to is not None and on <= batch.notice_to:
        return _("The notice hangs until %(day)s.") % {"day": batch.notice_to.isoformat()}
    return ""


def _may_approve(batch: SubsidyBatch, on: date) -> str:
    if batch.is_estimate:
        return _("An estimate is never paid.")
    if is_approved_once(batch):
        return _("Approved; the leading group approves next.")
    return "" if is_notice_closed(batch) else _("The notice has to be closed first.")


def _may_approve_second(batch: SubsidyBatch, on: date) -> str:
    return "" if is_approved_once(batch) else _("The finance bureau approves first.")


DEEDS = (
    _Deed(
        "review", gettext_lazy("Review with a sample"), Verb.ASSESS, (BatchState.COMPUTED,), BatchStep.REVIEW,
        gettext_lazy("Possible when the batch is computed."),
    ),
    _Deed(
        "publish", gettext_lazy("Publish the notice"), Verb.CONFIRM_SUBSIDY, (BatchState.REVIEWED,), MAKING,
        gettext_lazy("Possible after the review."),
    ),
    _Deed(
        "close-notice", gettext_lazy("Close the notice"), Verb.CONFIRM_SUBSIDY, (BatchState.ON_NOTICE,), MAKING,
        check=_may_close,
    ),
    _Deed(
        "approve", gettext_lazy("Approve for payment"), Verb.APPROVE_PAYMENT, (BatchState.ON_NOTICE,),
        BatchStep.APPROVAL, gettext_lazy("Possible after the notice."), FINANCE_KINDS, check=_may_approve,
    ),
    _Deed(
        "approve", gettext_lazy("Approve for payment"), Verb.APPROVE_PAYMENT, (BatchState.ON_NOTICE,),
        BatchStep.SECOND_APPROVAL, gettext_lazy("Possible after the notice."), LEADING_KINDS,
        check=_may_approve_second,
    ),
    _Deed("send-back", gettext_lazy("Send back"), Verb.ASSESS, (BatchState.COMPUTED,), BatchStep.REVIEW),
    _Deed(
        "send-back", gettext_lazy("Send back"), Verb.APPROVE_PAYMENT, (BatchState.REVIEWED, BatchState.ON_NOTICE),
        BatchStep.APPROVAL, kinds=FINANCE_KINDS, check=lambda batch, on: "" if not is_approved_once(batch) else " ",
    ),
    _Deed(
        "send-back", gettext_lazy("Send back"), Verb.APPROVE_PAYMENT, (BatchState.ON_NOTICE,),
        BatchStep.SECOND_APPROVAL, kinds=LEADING_KINDS, check=lambda batch, on: _may_approve_second(batch, on) and " ",
    ),
    _Deed(
        "void", gettext_lazy("Give up the batch"), Verb.CONFIRM_SUBSIDY,
        (BatchState.DRAFT, BatchState.COMPUTED, BatchState.REVIEWED, BatchState.ON_NOTICE), MAKING, is_danger=True,
    ),
)  # fmt: skip


def actions_of(batch: SubsidyBatch, user: User, *, on: date) -> list[Action]:
    """Return the buttons of an account on a batch. What its posts do not allow is not there at all."""
    found = [_compute(batch)] if _may_compute(batch, user, on) else []
    for deed in DEEDS:
        if county_post(user, deed.verb, batch.programme, on=on, kinds=deed.kinds) is None:
            continue
        obstacle = _obstacle(deed, batch, user, on)
        if obstacle is None or not str(obstacle).strip() and obstacle:
            continue
        is_forward = deed.name not in ("send-back", "void")
        if obstacle and not is_forward:
            continue
        found.append(
            Action(
                deed.name, deed.label, url_of(batch, deed.name), obstacle,
                is_main=is_forward and not obstacle, is_danger=deed.is_danger,
            )
        )  # fmt: skip
    return found


def _obstacle(deed: _Deed, batch: SubsidyBatch, user: User, on: date) -> Text | None:
    """Why the button does not work, "" when it does, None when its time is over."""
    if batch.state not in deed.states:
        is_early = batch.state in ORDER and ORDER.index(BatchState(batch.state)) < ORDER.index(
            BatchState(deed.states[0])
        )
        return deed.too_early or None if is_early else None
    if deed.check is not None:
        obstacle = deed.check(batch, on)
        if obstacle:
            return obstacle
    return reason_against(batch, user, side=deed.side)


def _may_compute(batch: SubsidyBatch, user: User, on: date) -> bool:
    is_open = batch.state in (BatchState.DRAFT, BatchState.COMPUTING, BatchState.COMPUTED)
    return is_open and county_post(user, Verb.CONFIRM_SUBSIDY, batch.programme, on=on) is not None


def _compute(batch: SubsidyBatch) -> Action:
    label = {
        BatchState.DRAFT: _("Compute"),
        BatchState.COMPUTING: _("Go on computing"),
    }.get(BatchState(batch.state), _("Compute again"))
    url = reverse("subsidies:compute", args=[batch.pk])
    return Action("compute", label, url, is_post=True, is_main=batch.state == BatchState.DRAFT)


def url_of(batch: SubsidyBatch, name: str) -> str:
    if name == "review":
        return reverse("subsidies:review", args=[batch.pk])
    if name == "publish":
        return reverse("subsidies:publish", args=[batch.pk])
    return reverse("subsidies:decide", args=[batch.pk, name])
