"""Telling people, and what they do with it. Each person's count of unread notices stands on his account: no page
asks for it (ADR 0030)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from inbox.models import Message
from inbox.registry import is_registered

DAYS_KEPT = 180


@dataclass(frozen=True)
class News:
    """One thing to tell one person. `url` is an address of this house, "" where there is nothing to open."""

    recipient_id: int
    key: str
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)
    url: str = ""


@transaction.atomic
def tell(news: Iterable[News], *, at: datetime) -> int:
    """Tell each person what he was not told yet; return how many notices were new. Asked again, it tells nothing.

    Raises LookupError for a kind that nobody registered.
    """
    wanted = {(one.recipient_id, one.key): one for one in news}
    if unknown := {one.kind for one in wanted.values() if not is_registered(one.kind)}:
        raise LookupError(f"unknown kinds of notice: {sorted(unknown)}")
    recipients = _hold({recipient for recipient, _ in wanted})
    told = set(
        Message.objects.filter(recipient__in=recipients, key__in={key for _, key in wanted}).values_list(
            "recipient_id", "key"
        )
    )
    new = [one for pair, one in wanted.items() if pair not in told and one.recipient_id in recipients]
    Message.objects.bulk_create(
        Message(recipient_id=one.recipient_id, key=one.key, kind=one.kind, facts=one.facts, url=one.url, created_at=at)
        for one in new
    )
    _count_again({one.recipient_id for one in new})
    return len(new)


@transaction.atomic
def read_message(*, message: Message, at: datetime) -> None:
    """Note that the person has seen it; a second time changes nothing."""
    _hold({message.recipient_id})
    if Message.objects.unread().filter(pk=message.pk).update(read_at=at):
        _count_again({message.recipient_id})


@transaction.atomic
def read_all(*, recipient: Any, up_to: int, at: datetime) -> int:
    """Note that a person has seen all notices up to the one he saw last: what came in meanwhile stays unread."""
    _hold({recipient.pk})
    seen = Message.objects.of_recipient(recipient).unread().filter(pk__lte=up_to).update(read_at=at)
    _count_again({recipient.pk})
    return seen


@transaction.atomic
def forget_old(*, at: datetime) -> int:
    """Delete notices that were read and are older than half a year: the trail and the cases keep what happened."""
    old = Message.objects.filter(created_at__lt=at - timedelta(days=DAYS_KEPT), read_at__isnull=False)
    return old.delete()[0]


def _hold(recipients: set[int]) -> set[int]:
    """Lock the accounts, always in the same order, and return those that exist: counter and rows change as one."""
    locked = _users().select_for_update(no_key=True).filter(pk__in=recipients).order_by("pk")
    return set(locked.values_list("pk", flat=True))


def _count_again(recipients: set[int]) -> None:
    """Write the number of unread notices on accounts that are held: nobody adds one meanwhile."""
    unread = Message.objects.unread().filter(recipient=OuterRef("pk")).order_by().values("recipient")
    number = Coalesce(Subquery(unread.annotate(number=Count("pk")).values("number")), 0)
    _users().filter(pk__in=recipients).update(unread_count=number)


def _users() -> Any:
    return get_user_model()._base_manager
