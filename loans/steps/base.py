"""What all steps share. A step says only what is particular to it; where a case goes next is the version's chain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from accounts.choices import Verb
from accounts.models import User
from loans.choices import Outcome, Side, StepCode
from loans.models import Application, ProgrammeVersion
from loans.queries.rule_rows import say
from loans.rules import Breach
from loans.steps.facts import Facts, Problem
from workflow.deadlines import WorkCalendar


@dataclass(frozen=True)
class Rule:
    """Who may decide an outcome: the verb (None: only the system), and the side that must be another person."""

    verb: Verb | None
    side: Side
    facts: type[Facts] = Facts


@dataclass(frozen=True)
class Context:
    """The moment of a decision: who, when, under which rules, with which calendar."""

    decided_by: User
    decided_at: datetime
    on: date
    version: ProgrammeVersion
    calendar: WorkCalendar
    # What the blockers read and carrying out needs again.
    read: dict[str, Any] = field(default_factory=dict, compare=False)


class Impossible(Exception):
    """What the blockers could not see: somebody else was quicker. The message is for the person at the screen."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotEnough(Impossible):
    """Quota or budget does not suffice."""


class Step:
    """One step. Subclasses override what they need; `rules` is the table of outcomes and deciders."""

    code: ClassVar[StepCode]
    rules: ClassVar[Mapping[str, Rule]]

    def blockers(self, case: Application, outcome: str, facts: Any, context: Context) -> list[Problem]:
        """Return why this outcome is not possible yet, in sentences for the page."""
        return []

    def apply(self, case: Application, outcome: str, facts: Any, context: Context) -> dict[str, Any]:
        """Change the case as the outcome demands and return what the record keeps besides the facts."""
        return {}


def sentence(breach: Breach) -> Problem:
    """Return the sentence of a broken rule in the language of the moment."""
    return Problem(message=say(breach), field=breach.field)


WITHDRAWAL: Mapping[str, Rule] = {Outcome.WITHDRAW: Rule(Verb.REFER, Side.MAKING)}
