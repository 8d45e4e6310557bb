"""Maker is never checker: why a person may not act on a case though a post of his would allow it."""

from collections.abc import Collection
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.utils.translation import gettext as _

from accounts.models import User
from audit.queries import changes_of
from loans.choices import Side
from loans.models import Application, Objection
from loans.operations.errors import NotAllowed

# What `ties_to` returns besides sides: the loan would serve the person's own household.
SERVED = "served"


def require_another_person(case: Application, side: str, user: User) -> None:
    """Go on unless the person behind the account is too close to the case. Raises NotAllowed with a sentence."""
    sentence = reason_against(case, side, user, ties=ties_to(case, user))
    if sentence:
        raise NotAllowed(sentence)


def reason_against(case: Application, side: str, user: User, *, ties: Collection[str]) -> str:
    """Return why this person may not act on a side of a case though the post would allow it; "" when he may.

    `ties` is what `ties_to` found for the same case and account.
    """
    person = user.person
    if person is not None and person.pk in (case.person_id, case.entity.representative_id if case.entity else None):
        return _("Nobody decides on his own application.")
    if SERVED in ties or (person is not None and case.household_id and person.household_id == case.household_id):
        return _("Nobody decides on an application of his own household.")
    if person is not None and case.introducer and person.pk == case.introducer.person_id:
        return _("The introducer does not decide on the case he introduced.")
    if any(other not in (side, SERVED) for other in ties):
        return _("You have already decided on this case at another step; somebody else must do this one.")
    return ""


def ties_to(case: Application, user: User) -> set[str]:
    """Return the sides on which this person has acted, through whichever of his accounts, and SERVED. One query.

    To write an application down, to change it, and to settle an objection are acts of a side, too.
    """
    own = Q(pk=user.pk) | Q(person=user.person_id) if user.person_id else Q(pk=user.pk)
    accounts = User.objects.filter(own).values("pk")
    written = Application.objects.filter(pk=case.pk, created_by__in=accounts)
    changed = changes_of(case).filter(actor__in=accounts)
    settled = Objection.objects.filter(notice__application=case, settled_by__in=accounts)
    found = case.decisions.filter(Q(decided_by__in=accounts) | Q(person_key=user.person_key)).values_list(
        F("side"), flat=True
    )
    arms = [_as(written, Side.MAKING), _as(changed, Side.MAKING), _as(settled, Side.COMMITTEE)]
    if user.person is not None and user.person.household_id:
        arms.append(_as(case.served_units.filter(household=user.person.household_id), SERVED))
    return set(found.union(*arms))


def _as(rows: "QuerySet[Any]", tie: str) -> "QuerySet[Any]":
    return rows.annotate(tie=Value(str(tie), output_field=CharField())).values_list("tie", flat=True)
