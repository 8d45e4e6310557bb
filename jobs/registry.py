"""What jobs can do. The rooms above register their functions here: this room imports none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from jobs.models import Job


class JobFailed(Exception):
    """The job cannot be done. The text is a sentence for the person who waits; it holds no personal data."""


@dataclass(frozen=True)
class Result:
    """The file a job leaves behind. `name` is what the browser saves it as."""

    content: bytes
    name: str
    content_type: str


# progress(done, total): called as often as you like, written at most once a second. It is the heartbeat too: a job
# that is silent for five minutes is taken for dead and given to another worker.
Progress = Callable[[int, int], None]
JobFunction = Callable[[Job, Progress], Result | None]
F = TypeVar("F", bound=JobFunction)

_functions: dict[str, JobFunction] = {}


def register(kind: str) -> Callable[[F], F]:
    """Make a function the work of a kind of job; put it into an app's `tasks.py`, which is read at start.

    The function may be called twice for one job (a worker can die at any moment), so it must be idempotent. It raises
    JobFailed with a sentence for what can be expected; anything else is logged and shown as a fault of the program.
    """

    def keep(function: F) -> F:
        if _functions.get(kind, function) is not function:
            raise ValueError(f"two functions for jobs of kind {kind}")
        _functions[kind] = function
        return function

    return keep


def function_of(kind: str) -> JobFunction:
    """Raises KeyError for a kind that nobody registered."""
    return _functions[kind]


def is_registered(kind: str) -> bool:
    return kind in _functions
