"""Reading the audit trail: filters and pages by key, because the trail grows for ever."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEvent

PAGE_SIZE = 50
# Words for what is no column of its own.
OTHER_LABELS = {
    "parent": _("organization above"),
    "branch": _("branch"),
    "head": _("head of household"),
    "service_areas": _("service area"),
    "served_units": _("households served"),
    "commitments": _("people helped"),
    "paper": _("paper"),
    "reasons": _("reasons for soft rules"),
}


@dataclass(frozen=True)
class Cursor:
    """A place in the trail: the time and the key of the event a page ended at."""

    at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """Return the cursor, or None for a text that is none (somebody edited the address)."""
        moment, _, key = text.partition("~")
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            return None
        return cls(at, int(key)) if timezone.is_aware(at) and key.isascii() and key.isdigit() else None


@dataclass(frozen=True)
class EventPage:
    """Events, newest first, and where the pages before (newer) and after (older) begin."""

    events: list[AuditEvent]
    newer: Cursor | None
    older: Cursor | None


def get_events(
    *, account: str = "", action: str = "", subject: str = "", first_day: date | None = None,
    last_day: date | None = None,
) -> "QuerySet[AuditEvent]":  # fmt: skip
    """Return the events that match everything given; both days are included."""
    events = AuditEvent.objects.all()
    if account:
        events = events.filter(Q(actor_name__iexact=account) | Q(actor__name=account))
    if action:
        events = events.filter(action=action)
    if subject:
        events = events.filter(subject_label__icontains=subject)
    if first_day:
        events = events.filter(at__gte=_midnight(first_day))
    if last_day:
        events = events.filter(at__lt=_midnight(last_day + timedelta(days=1)))
    return events


def page_of_events(
    *, events: "QuerySet[AuditEvent]", before: Cursor | None = None, after: Cursor | None = None, size: int = PAGE_SIZE
) -> EventPage:
    """Return the page older than `before`, or the one newer than `after`, or the newest. One query."""
    events = events.select_related("actor")
    if after is not None:
        newer = events.filter(Q(at__gt=after.at) | Q(at=after.at, pk__gt=after.pk)).order_by("at", "pk")
        found = list(newer[: size + 1])
        more, page = len(found) > size, found[:size][::-1]
        return EventPage(page, _cursor(page, 0) if more else None, _cursor(page, -1))
    if before is not None:
        events = events.filter(Q(at__lt=before.at) | Q(at=before.at, pk__lt=before.pk))
    found = list(events.order_by("-at", "-pk")[: size + 1])
    page = found[:size]
    return EventPage(page, _cursor(page, 0) if before else None, _cursor(page, -1) if len(found) > size else None)


def _cursor(page: list[AuditEvent], place: int) -> Cursor | None:
    return Cursor(page[place].at, page[place].pk) if page else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def kind_of_subject(event: AuditEvent) -> str:
    """Return what kind of thing the event was about, in the reader's language; "" for none."""
    if not event.subject_type:
        return ""
    try:
        return str(apps.get_model(event.subject_type)._meta.verbose_name)
    except LookupError:
        return event.subject_type


def changed_fields(event: AuditEvent) -> list[tuple[str, str]]:
    """Return the label of each field that changed with `old → new`, or with "" where no value was kept."""
    return [_changed_field(_field(event.subject_type, key), key, value) for key, value in event.detail.items()]


def _field(subject_type: str, name: str) -> Any:
    try:
        return apps.get_model(subject_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _changed_field(field: Any, name: str, value: object) -> tuple[str, str]:
    label = str(getattr(field, "verbose_name", OTHER_LABELS.get(name, name)))
    words = dict(getattr(field, "flatchoices", ()))
    parts = value if isinstance(value, list) else [value]
    return label, " → ".join("--" if part in (None, "") else str(words.get(part, part)) for part in parts)
