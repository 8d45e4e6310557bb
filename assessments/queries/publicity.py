"""The log of publicity as pages and figures ask for it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Sum
from django.db.models.functions import Substr

from assessments.choices_inspections import Channel
from assessments.models import PublicityEvent, PublicityPhoto
from assessments.models.publicity import PublicityEventQuerySet
from loans.queries.paging import Keyset
from organizations.models import Division
from organizations.scope import Scope

TOWNSHIP_DIGITS = 9
BY_DAY = Keyset("held_on", date.fromisoformat, descending=True)


@dataclass(frozen=True)
class PublicityTotal:
    """How much was done: events, people reached, copies handed out. `name` is a township or a channel."""

    name: str
    events: int = 0
    attendance: int = 0
    copies: int = 0


def event_rows(*, scope: Scope, place: str = "", channel: str = "", year: int | None = None) -> PublicityEventQuerySet:
    """Return the events of a scope, without an order (see BY_DAY). Those struck out are among them."""
    rows = PublicityEvent.objects.for_scope(scope)
    if place:
        rows = rows.filter(division__path__startswith=place)
    if channel:
        rows = rows.filter(channel=channel)
    if year:
        rows = rows.filter(held_on__year=year)
    return rows.select_related("division__parent", "recorded_by").annotate(photo_count=Count("shots"))


SUMS = {"events": Count("pk"), "attendance": Sum("attendance", default=0), "copies": Sum("copies", default=0)}


def totals_of(rows: PublicityEventQuerySet) -> PublicityTotal:
    """Return the total of what is not struck out."""
    return PublicityTotal("", **_plain(rows).aggregate(**SUMS))


def totals_by_channel(rows: PublicityEventQuerySet) -> list[PublicityTotal]:
    """Return a line for every channel, those without an event too."""
    found = {row["channel"]: row for row in _plain(rows).values("channel").annotate(**SUMS)}
    return [_total(str(label), found.get(code)) for code, label in Channel.choices]


def totals_by_township(rows: PublicityEventQuerySet) -> list[PublicityTotal]:
    """Return a line for every township with an event; what is the whole county's stands under its name."""
    plain = _plain(rows).annotate(township=Substr("division__path", 1, TOWNSHIP_DIGITS))
    found = {row["township"]: row for row in plain.values("township").annotate(**SUMS)}
    names = dict(Division.objects.filter(path__in=list(found)).values_list("path", "short_name"))
    return [_total(names.get(path, path), found[path]) for path in sorted(found)]


def _plain(rows: PublicityEventQuerySet) -> PublicityEventQuerySet:
    keys = rows.valid().order_by().values("pk")
    return PublicityEvent.objects.filter(pk__in=keys).order_by()


def _total(name: str, row: Any) -> PublicityTotal:
    return PublicityTotal(name, **{key: row[key] for key in SUMS}) if row else PublicityTotal(name)


def publicity_totals(*, division: Division, on: date, since: date | None = None) -> PublicityTotal:
    """Return what was done below a division up to the end of a day (`since`: from that day on)."""
    rows = PublicityEvent.objects.filter(division__path__startswith=division.path, held_on__lte=on)
    if since is not None:
        rows = rows.filter(held_on__gte=since)
    return totals_of(rows)


def years_of(scope: Scope) -> list[int]:
    days = PublicityEvent.objects.for_scope(scope).order_by().dates("held_on", "year", order="DESC")
    return [day.year for day in days]


def event_in_full(scope: Scope) -> PublicityEventQuerySet:
    """Return events of a scope with their photos."""
    shots = PublicityPhoto.objects.select_related("attachment").order_by("position")
    return (
        PublicityEvent.objects.for_scope(scope)
        .select_related("division__parent", "recorded_by", "organization", "struck_by")
        .prefetch_related(Prefetch("shots", queryset=shots))
    )
