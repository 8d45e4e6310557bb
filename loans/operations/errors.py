"""What can be expected to go wrong, with a sentence for the person at the screen."""

from loans.models import Application, ApplicationDecision
from loans.steps.facts import Problem


class Blocked(Exception):
    """The operation is not possible as things stand. `problems` says why, each with the input to blame."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class Conflict(Exception):
    """Somebody was quicker: the page showed an older state. `last_decision` says who decided what and when."""

    def __init__(self, application: Application, last_decision: ApplicationDecision | None) -> None:
        super().__init__(f"{application} has moved on")
        self.application = application
        self.last_decision = last_decision


class NotAllowed(Exception):
    """The account holds no post that allows this here, or is the same person as an earlier decider."""
