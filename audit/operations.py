from datetime import datetime
from typing import Any

from django.db.models import Model

from audit.choices import Action
from audit.models import AuditEvent


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

    `actor` is a user or None (nobody signed in, or the system). `label` must not hold an identity number.
    """
    return AuditEvent.objects.create(
        at=at,
        actor=actor,
        actor_name=actor.get_username() if actor else "",
        action=action,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        subject_label=(label or (str(subject) if subject else ""))[:200],
        reason=reason,
        detail=detail or {},
        address=address,
    )
