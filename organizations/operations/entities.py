"""Writing cooperatives, collectives, family farms and enterprises."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.choices import Action
from audit.operations import record
from organizations.models import Division, Entity, Person
from organizations.operations.errors import Refused, Unusual, authorise
from organizations.rules import registration_code_problem
from organizations.scope import KEEPING_VERBS, Actor


@transaction.atomic
def register_entity(
    *,
    name: str,
    kind: str,
    division: Division,
    registered_by: Actor,
    registered_at: datetime,
    registration_code: str = "",
    representative: Person | None = None,
    valid_from: date | None = None,
    confirmed: bool = False,
) -> Entity:
    """Write a body that can borrow. Raises Refused, Unusual (a code that fails its check), NotAllowed."""
    authorise(registered_by, KEEPING_VERBS, division.path, registered_at)
    check_code(registration_code, confirmed)
    entity = Entity(
        name=name, kind=kind, division=division, registration_code=registration_code, representative=representative,
        valid_from=valid_from,
    )  # fmt: skip
    _save(entity)
    record(action=Action.CREATED, actor=registered_by, at=registered_at, subject=entity)
    return entity


@transaction.atomic
def change_entity(
    *,
    entity: Entity,
    name: str,
    registration_code: str,
    representative: Person | None,
    changed_by: Actor,
    changed_at: datetime,
    confirmed: bool = False,
) -> Entity:
    """Correct name, code and representative. Raises Refused, Unusual, NotAllowed."""
    authorise(changed_by, KEEPING_VERBS, entity.division.path, changed_at)
    if registration_code != entity.registration_code:
        check_code(registration_code, confirmed)
    new = {"name": name, "registration_code": registration_code, "representative": representative}
    changes = {
        key: [str(getattr(entity, key) or ""), str(value or "")]
        for key, value in new.items()
        if getattr(entity, key) != value
    }
    for key, value in new.items():
        setattr(entity, key, value)
    _save(entity)
    if changes:
        record(action=Action.CHANGED, actor=changed_by, at=changed_at, subject=entity, detail=changes)
    return entity


@transaction.atomic
def dissolve_entity(*, entity: Entity, last_day: date, changed_by: Actor, changed_at: datetime) -> None:
    """Write the last day of a body. Its loans stay what they are."""
    authorise(changed_by, KEEPING_VERBS, entity.division.path, changed_at)
    if entity.valid_to is not None:
        raise Refused(_("It ended on %(day)s already.") % {"day": entity.valid_to})
    if entity.valid_from is not None and last_day < entity.valid_from:
        raise Refused(_("The last day lies before the first."), "last_day")
    entity.valid_to = last_day
    entity.save(update_fields=["valid_to"])
    record(
        action=Action.CLOSED, actor=changed_by, at=changed_at, subject=entity,
        detail={"valid_to": ["", last_day.isoformat()]},
    )  # fmt: skip


def check_code(code: str, confirmed: bool) -> None:
    """Refuse what cannot be a code; ask about one whose check character fails: published codes do so, too."""
    match registration_code_problem(code):
        case "length" | "characters":
            raise Refused(
                _("A code has 18 characters, or 9 before 2015: digits and capital letters without I, O, S, V, Z."),
                "registration_code",
            )
        case "check" if not confirmed:
            raise Unusual(_("The check character of the registration code does not fit. Please compare it."))


def _save(entity: Entity) -> None:
    try:
        with transaction.atomic():
            entity.save()
    except IntegrityError as error:
        raise Refused(_("This registration code is already in the register."), "registration_code") from error
