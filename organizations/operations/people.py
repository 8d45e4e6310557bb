"""Writing the register of people. The identity number comes first: it tells who somebody is."""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.choices import Action
from audit.models import AuditEvent
from audit.operations import record
from organizations.choices import EthnicGroup, HouseholdRelation
from organizations.models import Division, Household, Person
from organizations.operations.errors import (
    AlreadyRegistered,
    NotAllowed,
    Refused,
    TooManyReveals,
    authorise,
)
from organizations.queries import find_person
from organizations.rules import IdNumber, InvalidIdNumber, parse_id_number
from organizations.scope import KEEPING_VERBS, REVEALING_VERBS, Actor
from web.clock import day_of

REVEALS_PER_HOUR_MAX = 20


def checked_id_number(text: str) -> IdNumber:
    """Return the number as GB 11643 reads it. Raises Refused with a sentence."""
    try:
        return parse_id_number(text)
    except InvalidIdNumber as error:
        sentences = {
            "format": _("An ID number has 18 characters: 17 digits and a check character (a digit or X)."),
            "date": _("The ID number holds a date of birth that does not exist."),
            "check": _(
                "The ID number is not valid: its check character does not fit. Please compare it with the card."
            ),
        }
        raise Refused(sentences[error.code], "id_number") from error


@transaction.atomic
def register_person(
    *,
    id_number: str,
    name: str,
    division: Division,
    registered_by: Actor,
    registered_at: datetime,
    ethnic_group: str = EthnicGroup.BAI,
    phone: str = "",
    household: Household | None = None,
    relation: str = HouseholdRelation.HEAD,
) -> Person:
    """Write a person; birth date and sex come from the number. Raises AlreadyRegistered, Refused, NotAllowed."""
    authorise(registered_by, KEEPING_VERBS, division.path, registered_at)
    number = checked_id_number(id_number)
    if number.birth_date > day_of(registered_at):
        raise Refused(_("The ID number holds a date of birth in the future."), "id_number")
    existing = find_person(number)
    if existing is not None:
        raise already_registered(existing)
    person = Person(name=name, division=division, ethnic_group=ethnic_group, relation=relation)
    person.set_id_number(number)
    person.set_phone(phone)
    _put_into(person, household, relation)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise _save_problem(number) from error
    record(action=Action.CREATED, actor=registered_by, at=registered_at, subject=person)
    return person


def already_registered(person: Person) -> AlreadyRegistered:
    """Return the refusal that names the person who holds the number."""
    return AlreadyRegistered(_("Somebody with this ID number is already in the register."), person)


def _save_problem(number: IdNumber) -> Refused:
    existing = find_person(number)
    if existing is not None:  # somebody else was quicker
        return already_registered(existing)
    return Refused(_("This household already has a head."), "relation")


def _put_into(person: Person, household: Household | None, relation: str) -> None:
    if household is not None and household.division_id != person.division_id:
        raise Refused(_("The household lies in another village."), "household")
    person.household, person.relation = household, relation


@transaction.atomic
def change_person(
    *,
    person: Person,
    name: str,
    ethnic_group: str,
    changed_by: Actor,
    changed_at: datetime,
    phone: str | None = None,
    pinyin: str = "",
) -> Person:
    """Correct what is known of a person. `phone` None keeps the old one; `pinyin` overrides a rare reading.

    The trail keeps old and new name, and of the telephone only that it changed.
    """
    authorise(changed_by, KEEPING_VERBS, person.division.path, changed_at)
    changes: dict[str, list[str]] = {}
    for field, value in (("name", name), ("ethnic_group", ethnic_group)):
        if getattr(person, field) != value:
            changes[field] = [str(getattr(person, field)), str(value)]
            setattr(person, field, value)
    if phone is not None and phone != person.read_phone():
        person.set_phone(phone)
        changes["phone_masked"] = []
    if "name" in changes:
        person.pinyin_is_manual = False
    if pinyin:
        person.set_reading(pinyin)
        changes["pinyin"] = ["", pinyin]
    if changes:
        person.save()
        record(action=Action.CHANGED, actor=changed_by, at=changed_at, subject=person, detail=changes)
    return person


@transaction.atomic
def correct_id_number(
    *, person: Person, id_number: str, reason: str, changed_by: Actor, changed_at: datetime
) -> Person:
    """Replace a number that was typed wrongly. Birth date and sex follow it; the trail keeps the reason."""
    authorise(changed_by, KEEPING_VERBS, person.division.path, changed_at)
    number = checked_id_number(id_number)
    existing = find_person(number)
    if existing is not None and existing.pk != person.pk:
        raise already_registered(existing)
    person.set_id_number(number)
    person.save()
    record(
        action=Action.CHANGED, actor=changed_by, at=changed_at, subject=person, reason=reason,
        detail={"id_number_masked": []},
    )  # fmt: skip
    return person


@transaction.atomic
def move_person(*, person: Person, division: Division, moved_by: Actor, moved_at: datetime) -> Person:
    """Let a person live in another village; the old household is left. Both villages must be in the mover's reach."""
    authorise(moved_by, KEEPING_VERBS, person.division.path, moved_at)
    authorise(moved_by, KEEPING_VERBS, division.path, moved_at)
    before = person.division
    if before == division:
        raise Refused(_("The person already lives there."), "division")
    person.division, person.household = division, None
    person.relation = HouseholdRelation.HEAD
    person.save()
    record(
        action=Action.MOVED, actor=moved_by, at=moved_at, subject=person,
        detail={"division": [before.name, division.name]},
    )  # fmt: skip
    return person


def reveal_id_number(*, person: Person, reason: str, by: Actor, at: datetime, address: str | None = None) -> str:
    """Return the full identity number to somebody whose office covers the person's village, and write it down.

    Raises NotAllowed, TooManyReveals.
    """
    if not by.people_scope(*REVEALING_VERBS, on=day_of(at)).covers_division(person.division.path):
        raise NotAllowed
    return disclose_id_number(person=person, reason=reason, by=by, at=at, address=address)


@transaction.atomic
def disclose_id_number(*, person: Person, reason: str, by: Actor, at: datetime, address: str | None = None) -> str:
    """Write the audit line, then return the full number: no line, no number.

    The caller has checked the right (the person's village, or a case within his scope). Raises TooManyReveals.
    """
    if not reason.strip():
        raise Refused(_("A reason is needed."), "reason")
    # The lock on the account makes the limit hold for two clicks at once.
    get_user_model().objects.select_for_update(of=("self",)).get(pk=by.pk)
    recent = AuditEvent.objects.filter(actor_id=by.pk, action=Action.UNMASKED, at__gt=at - timedelta(hours=1))
    if recent.count() >= REVEALS_PER_HOUR_MAX:
        raise TooManyReveals(
            _("You have seen %(number)s full numbers within an hour. Please wait.") % {"number": REVEALS_PER_HOUR_MAX}
        )
    record(action=Action.UNMASKED, actor=by, at=at, subject=person, reason=reason.strip()[:500], address=address)
    return person.read_id_number()
