"""What can be expected to go wrong, each with a sentence for the person at the screen."""

from datetime import datetime

from organizations.models import Person
from organizations.scope import Actor, NotAllowed
from web.clock import day_of


class Refused(Exception):
    """It cannot be done; the message says why. `field` names the input to blame, "" for none."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Unusual(Exception):
    """It can be done, but a person must confirm it first: call again with `confirmed=True`."""


class AlreadyRegistered(Refused):
    """The identity number belongs to somebody in the register."""

    def __init__(self, message: str, person: Person) -> None:
        super().__init__(message, "id_number")
        self.person = person


class TooManyReveals(Exception):
    """The account has looked at so many full numbers that it must wait."""


def authorise(actor: Actor, verbs: tuple[str, ...], division_path: str, at: datetime) -> None:
    """Go on only if a post in force allows one of the verbs in this division. Raises NotAllowed."""
    if not actor.people_scope(*verbs, on=day_of(at)).covers_division(division_path):
        raise NotAllowed


__all__ = ["AlreadyRegistered", "NotAllowed", "Refused", "TooManyReveals", "Unusual", "authorise"]
