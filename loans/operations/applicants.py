"""Somebody who is not in the register yet: he is written into it on the way to his application."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from organizations.choices import HouseholdRelation
from organizations.models import Division, Person
from organizations.operations import Refused, create_household, register_person


@transaction.atomic
def register_applicant(
    *,
    id_number: str,
    name: str,
    division: Division,
    registered_by: User,
    registered_at: datetime,
    ethnic_group: str,
    phone: str = "",
    address: str = "",
    housemate: Person | None = None,
    relation: str = HouseholdRelation.HEAD,
) -> Person:
    """Write a person with his household: that of `housemate`, or a new one of which he is the head.

    An application needs a household; registered apart, a person often stays without. All of it happens, or nothing.
    Raises AlreadyRegistered, Refused, and NotAllowed of organizations.
    """
    if housemate is not None and housemate.division_id != division.pk:
        raise Refused(_("The household lies in another village."), "housemate")
    household = housemate.household if housemate else None
    if household is None:
        household = create_household(
            division=division, address=address, created_by=registered_by, created_at=registered_at
        )  # fmt: skip
    return register_person(
        id_number=id_number,
        name=name,
        division=division,
        ethnic_group=ethnic_group,
        phone=phone,
        household=household,
        relation=relation,
        registered_by=registered_by,
        registered_at=registered_at,
    )
