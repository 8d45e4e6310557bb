from typing import Any

from django.db.models import F

from inbox.models import Message, MessageQuerySet


def messages_of(*, recipient: Any) -> MessageQuerySet:
    """Return a person's notices: the unread first, then the latest."""
    return Message.objects.of_recipient(recipient).order_by(
        F("read_at").asc(nulls_first=True), "-created_at", "-pk"
    )  # fmt: skip


def get_message(*, recipient: Any, message_id: int) -> Message:
    """Return one of a person's own notices. Raises Message.DoesNotExist for everybody else's."""
    return Message.objects.of_recipient(recipient).get(pk=message_id)
