from datetime import datetime
from typing import Any

from django.db.models import Model

from audit.choices import Action
from audit.models import AuditEvent

LABEL_LENGTH_MAX = 200


def record(
    *,
    action: Action,
    actor: Any,
    at: datetime,
    subject: Model | None = None,
    label: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
    address: str | None = None,
) -> AuditEvent:
    """Write one line of the audit trail, in the caller's transaction.

    `actor` is a user or None (nobody signed in, or the system). `label` must not hold an identity number. `detail`
    names the fields that changed: `{"name": ["old", "new"]}`, or an empty list where the values are nobody's business.
    """
    return AuditEvent.objects.create(
        at=at,
        actor=actor,
        actor_name=actor.get_username() if actor else "",
        action=action,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        subject_label=(label or (str(subject) if subject else ""))[:LABEL_LENGTH_MAX],
        reason=reason,
        detail=detail or {},
        address=address,
    )


def record_sign_in_attempt(*, action: Action, username: str, at: datetime, address: str | None) -> AuditEvent:
    """Write down a failed sign-in or a lock: nobody is signed in yet, so the typed name stands for the account."""
    return AuditEvent.objects.create(at=at, actor_name=username, action=action, address=address)


def record_denied(
    *, actor: Any, at: datetime, subject_type: str, subject_id: str, label: str, address: str | None
) -> AuditEvent:
    """Write down that an account asked for a page or row it may not see."""
    return AuditEvent.objects.create(
        at=at,
        actor=actor,
        actor_name=actor.get_username() if actor else "",
        action=Action.DENIED,
        subject_type=subject_type,
        subject_id=subject_id[:60],
        subject_label=label[:LABEL_LENGTH_MAX],
        address=address,
    )
