"""The log of publicity and training: written once, struck out with a reason."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from assessments.models import PublicityEvent, PublicityPhoto
from audit.choices import Action
from audit.operations import record
from files.models import Attachment
from files.operations import Prepared, store
from loans.operations.errors import Blocked, NotAllowed
from loans.steps.facts import Problem
from organizations.models import Division
from organizations.scope import Place
from web.clock import day_of

RECORDING = (Verb.REFER, Verb.REVIEW, Verb.FILE, Verb.ASSESS)
PHOTOS_MAX = 6
NUMBER_MAX = 1_000_000


@dataclass(frozen=True)
class EventReport:
    """What was done. `photos` are checked files, not yet stored."""

    channel: str
    held_on: date
    place: str
    topic: str
    attendance: int
    copies: int = 0
    photos: tuple[Prepared, ...] = ()


@transaction.atomic
def record_event(
    *, division: Division, report: EventReport, request_id: uuid.UUID, recorded_by: User, at: datetime
) -> PublicityEvent:
    """Write an event down; the same `request_id` again returns the first one.

    Raises NotAllowed, Blocked, files.operations.UnableToStore.
    """
    known = PublicityEvent.objects.filter(request_id=request_id, recorded_by=recorded_by).first()
    if known is not None:
        return known
    on = day_of(at)
    recorded_by.forget_posts()
    posts = recorded_by.posts_for(*RECORDING, on=on)
    # Of a branch the division of its organization counts: an event has a place, no case.
    post = next((one for one in posts if division.path.startswith(one.organization.division.path)), None)
    if post is None:
        raise NotAllowed
    problems = _problems(report, on)
    if problems:
        raise Blocked(problems)
    event = PublicityEvent.objects.create(
        request_id=request_id, channel=report.channel, held_on=report.held_on, division=division,
        place=report.place.strip(), topic=report.topic.strip(), attendance=report.attendance, copies=report.copies,
        recorded_by=recorded_by, organization=post.organization, recorded_at=at,
    )  # fmt: skip
    attachments = [store(prepared=photo, by=recorded_by, at=at) for photo in report.photos]
    PublicityPhoto.objects.bulk_create(
        PublicityPhoto(event=event, attachment=one, position=place) for place, one in enumerate(attachments, start=1)
    )
    record(action=Action.CREATED, actor=recorded_by, at=at, subject=event)
    return event


def _problems(report: EventReport, on: date) -> list[Problem]:
    problems = []
    if report.held_on > on:
        problems.append(Problem(_("The day lies in the future."), "held_on"))
    for name, text in (("place", report.place), ("topic", report.topic)):
        if not text.strip():
            problems.append(Problem(_("Please fill this in."), name))
    for name, number in (("attendance", report.attendance), ("copies", report.copies)):
        if not 0 <= number <= NUMBER_MAX:
            problems.append(Problem(_("This number cannot be right."), name))
    if len(report.photos) > PHOTOS_MAX:
        problems.append(Problem(_("Not more than %(number)s photos.") % {"number": PHOTOS_MAX}, "photos"))
    hashes = [photo.sha256 for photo in report.photos]
    used = PublicityPhoto.objects.filter(attachment__in=Attachment.objects.filter(sha256__in=hashes))
    if hashes and (len(set(hashes)) < len(hashes) or used.exists()):
        text = _("One of these photos already belongs to an event. Please take a new one.")
        problems.append(Problem(text, "photos"))
    return problems


@transaction.atomic
def strike_event(*, event_id: int, reason: str, struck_by: User, at: datetime) -> PublicityEvent:
    """Strike out an event that was written down wrongly. Who wrote it, or the county's department. Raises as above."""
    rows = PublicityEvent.objects.select_for_update(of=("self",)).select_related("division")
    event = rows.get(pk=event_id)
    struck_by.forget_posts()
    place = Place(branch_path="", division_path=event.division.path, outlet_path="")
    is_office = struck_by.post_covering(Verb.ASSESS, place, on=day_of(at)) is not None
    is_own = event.recorded_by_id == struck_by.pk and struck_by.may(*RECORDING, on=day_of(at))
    if not (is_office or is_own):
        raise NotAllowed
    if event.struck_at is not None:
        raise Blocked([Problem(_("This event is struck out already."))])
    if not reason.strip():
        raise Blocked([Problem(_("Please give the reason."), "reason")])
    event.struck_by, event.struck_at, event.strike_reason = struck_by, at, reason.strip()
    event.save(update_fields=["struck_by", "struck_at", "strike_reason"])
    record(action=Action.CLOSED, actor=struck_by, at=at, subject=event, reason=event.strike_reason)
    return event
