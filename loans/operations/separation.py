"""Maker is never checker: why a person may not act on a case though a post of his would allow it."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.models import User
from loans.models import Application
from loans.operations.errors import NotAllowed
from loans.queries.ties import SERVED, ties_to


def require_another_person(case: Application, side: str, user: User, *, of_the_principal: bool = False) -> None:
    """Go on unless the person behind the account is too close to the case. Raises NotAllowed with a sentence.

    With `of_the_principal` the person is the one in whose place somebody else acts.
    """
    sentence = reason_against(case, side, user, ties=ties_to(case, user))
    if sentence and of_the_principal:
        raise NotAllowed(_("%(name)s, for whom you stand in, may not act on this case either.") % {"name": user.name})
    if sentence:
        raise NotAllowed(sentence)


def reason_against(case: Application, side: str, user: User, *, ties: Collection[str]) -> str:
    """Return why this person may not act on a side of a case though the post would allow it; "" when he may.

    `ties` is what `queries.ties.ties_to` found for the same case and account.
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
