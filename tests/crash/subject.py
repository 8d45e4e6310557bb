"""What the harness kills: a work with what is there before it and what must be true after it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


class Unfinished(Exception):
    """Some of the work is not done: run it again."""


@dataclass(frozen=True)
class Subject:
    """A work that may be killed at any moment and then only has to be run again.

    `run` does all that is not done yet and raises Unfinished when some is left, as a worker that comes too early does;
    it is told the time, the first attempt `begin`, each later one a later time. `violations` says what is not right
    when all is done, besides the invariants of the house and the comparison with an undisturbed run.
    """

    name: str
    build: Callable[[], None]
    run: Callable[[datetime], None]
    begin: datetime
    violations: Callable[[], list[str]] = list


def holder(role: str) -> User:
    """Return the account that holds a post of this role, the first one if there are several."""
    return User.objects.filter(posts__role=role).order_by("pk")[0]
