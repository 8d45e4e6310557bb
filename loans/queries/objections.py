"""Objections: what waits for the township, what was settled, and one of them with its investigation."""

import uuid
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.choices import Verb
from accounts.models import User
from files.models import Attachment
from loans.choices import PENDING_OBJECTIONS, ObjectionState
from loans.models import NoticePhoto, Objection, ObjectionEvidence, ObjectionExtension
from loans.queries.paging import Keyset
from loans.queries.tags import Tag
from organizations.scope import Scope
from web.layout import Tone

BY_DUE_DAY = Keyset("due_date", date.fromisoformat)
NEWEST_RECEIVED = Keyset("received_on", date.fromisoformat, descending=True)
# Who reads objections: those who settle or accept them, and the county's office that sees what is late.
READERS = (Verb.FILE, Verb.REVIEW, Verb.ASSESS)
TONES: dict[str, Tone] = {
    ObjectionState.RECEIVED: Tone.WARN,
    ObjectionState.OPEN: Tone.INFO,
    ObjectionState.DISMISSED: Tone.OK,
    ObjectionState.UPHELD: Tone.BAD,
    ObjectionState.ASIDE: Tone.NEUTRAL,
}


def readers_scope(user: User, *, on: date) -> Scope:
    """Return the cases whose objections an account may read."""
    scope = Scope()
    for verb in READERS:
        scope |= user.scope(verb, on=on)
    return scope


def objection_rows(
    *, scope: Scope, text: str = "", place: str = "", state: str = "", late: bool = False, on: date
) -> QuerySet[Any]:
    """Return the objections of a scope: without a `state` those that wait, the most urgent first."""
    rows = Objection.objects.for_scope(scope).select_related(
        "notice__application__person", "notice__application__entity", "notice__application__division__parent"
    )
    rows = rows.annotate(has_photo=Exists(NoticePhoto.objects.filter(roster=OuterRef("notice__roster"))))
    if state == "":
        rows = rows.filter(state__in=PENDING_OBJECTIONS)
    elif state != "all":
        rows = rows.filter(state=state)
    if place:
        rows = rows.filter(notice__application__division_path__startswith=place)
    if text:
        rows = rows.filter(notice__number__contains=text) | rows.filter(
            notice__application__person__name__contains=text
        )
    if late:
        rows = rows.filter(state__in=PENDING_OBJECTIONS, due_date__lt=on)
    return rows


def objections_in_full() -> QuerySet[Objection]:
    """Return the objections with all that the page of one shows: three queries."""
    evidence = ObjectionEvidence.objects.select_related("attachment", "added_by").order_by("pk")
    extensions = ObjectionExtension.objects.select_related("granted_by", "organization").order_by("pk")
    return Objection.objects.select_related(
        "notice__roster__organization",
        "notice__application__person",
        "notice__application__entity",
        "notice__application__division",
        "recorded_by",
        "accepted_by",
        "settled_by",
        "reply__replied_by",
    ).prefetch_related(Prefetch("evidence", queryset=evidence), Prefetch("extensions", queryset=extensions))


def objection_tag(objection: Objection) -> Tag:
    return Tag(objection.get_state_display(), TONES[objection.state])


def get_evidence(objection: Objection, paper: uuid.UUID) -> Attachment | None:
    """Return a paper of this objection's investigation, or None."""
    return Attachment.objects.filter(uuid=paper, objection_evidence__objection=objection).first()
