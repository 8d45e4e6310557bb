"""Every write of this app: atomic, authorised inside, and on the record."""

from organizations.operations.entities import change_entity, dissolve_entity, register_entity
from organizations.operations.errors import AlreadyRegistered, NotAllowed, Refused, TooManyReveals, Unusual
from organizations.operations.households import (
    add_member,
    change_household,
    create_household,
    remove_member,
    set_head,
)
from organizations.operations.members import (
    admit_member,
    end_membership,
    make_full,
    set_standing,
    transfer_member,
)
from organizations.operations.people import (
    change_person,
    checked_id_number,
    correct_id_number,
    disclose_id_number,
    move_person,
    register_person,
    reveal_id_number,
)
from organizations.operations.tree import (
    Move,
    add_division,
    add_organization,
    add_root,
    change_organization,
    close_organization,
    move_organization,
    set_service_areas,
)

__all__ = [
    "AlreadyRegistered",
    "Move",
    "NotAllowed",
    "Refused",
    "TooManyReveals",
    "Unusual",
    "add_division",
    "add_member",
    "add_organization",
    "add_root",
    "admit_member",
    "change_entity",
    "change_household",
    "change_organization",
    "change_person",
    "checked_id_number",
    "close_organization",
    "correct_id_number",
    "create_household",
    "disclose_id_number",
    "dissolve_entity",
    "end_membership",
    "make_full",
    "move_organization",
    "move_person",
    "register_entity",
    "register_person",
    "remove_member",
    "reveal_id_number",
    "set_head",
    "set_service_areas",
    "set_standing",
    "transfer_member",
]
