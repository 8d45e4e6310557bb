"""The register of who holds the three posts of a village: kept by the township and by the county."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from assessments.choices import VillageRole
from assessments.models import VillagePost
from assessments.operations.errors import UnableToAssess
from audit.choices import Action
from audit.operations import record
from organizations.models import Organization, Person
from organizations.scope import NotAllowed, Place
from web.clock import day_of

KEEPERS = (Verb.FILE, Verb.ASSESS)


@transaction.atomic
def take_office(
    *, organization: Organization, person: Person, role: str, valid_from: date, recorded_by: User, at: datetime
) -> VillagePost:
    """Record who takes a village post; who held it before leaves the day before. Saying it again changes nothing.

    Raises NotAllowed, UnableToAssess (the post was taken later than that by somebody else).
    """
    _require_keeper(organization, recorded_by, day_of(at))
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    before = VillagePost.objects.filter(organization=organization, role=role, valid_to=None).first()
    if before is not None:
        if (before.person_id, before.valid_from) == (person.pk, valid_from):
            return before
        if before.valid_from >= valid_from:
            raise UnableToAssess(_("The present holder took the post on that day or later."), "valid_from")
        before.valid_to = valid_from - timedelta(days=1)
        before.save(update_fields=["valid_to"])
        record(action=Action.DISMISSED, actor=recorded_by, at=at, subject=before)
    _require_free(organization, role, valid_from)
    post = VillagePost.objects.create(
        organization=organization, person=person, role=VillageRole(role), valid_from=valid_from,
        recorded_by=recorded_by, recorded_at=at,
    )  # fmt: skip
    record(action=Action.APPOINTED, actor=recorded_by, at=at, subject=post)
    return post


@transaction.atomic
def leave_office(*, post_id: int, last_day: date, recorded_by: User, at: datetime) -> VillagePost:
    """Record the last day of a holder. Raises NotAllowed, UnableToAssess."""
    post = VillagePost.objects.select_for_update(of=("self",)).select_related("organization__division").get(pk=post_id)
    _require_keeper(post.organization, recorded_by, day_of(at))
    if post.valid_to == last_day:
        return post
    if post.valid_to is not None:
        raise UnableToAssess(_("The last day is recorded already."), "last_day")
    if last_day < post.valid_from:
        raise UnableToAssess(_("The last day lies before the first."), "last_day")
    post.valid_to = last_day
    post.save(update_fields=["valid_to"])
    record(action=Action.DISMISSED, actor=recorded_by, at=at, subject=post)
    return post


def place_of(organization: Organization) -> Place:
    return Place(branch_path=organization.path, division_path=organization.division.path, outlet_path="")


def _require_keeper(organization: Organization, user: User, on: date) -> None:
    user.forget_posts()
    if not any(user.post_covering(verb, place_of(organization), on=on) for verb in KEEPERS):
        raise NotAllowed


def _require_free(organization: Organization, role: str, valid_from: date) -> None:
    """Somebody who held the post until a later day already is in the way."""
    if VillagePost.objects.filter(organization=organization, role=role, valid_to__gte=valid_from).exists():
        raise UnableToAssess(_("Somebody else held the post on that day."), "valid_from")
