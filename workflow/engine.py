"""The step machine: where a case goes next. Pure: no Django, no database, no clock.

A programme version is an ordered chain of steps. What an outcome does is one table, the same for every programme:
it moves a case forward, keeps it, sends it back, ends it, or lets it rest until the loan is settled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Effect(StrEnum):
    FORWARD = "forward"
    STAY = "stay"
    BACK = "back"
    REST = "rest"  # paid out: the case waits for its loan
    RESUME = "resume"  # the loan is settled: the case goes on
    UNDO = "undo"  # the decision before is taken back
    END = "end"


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    RETURNED = "returned"
    LENT = "lent"
    CLOSED = "closed"
    REJECTED = "rejected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


END_STATES = (State.CLOSED, State.REJECTED, State.DECLINED, State.WITHDRAWN)


class IllegalMove(Exception):
    """This outcome is not possible at this place of the chain."""


@dataclass(frozen=True)
class Route:
    """What an outcome of a step does. `end_state` belongs to END only."""

    effect: Effect
    end_state: State | None = None


@dataclass(frozen=True)
class Position:
    """Where a case stands: its step, its state and its round (each return begins a new one).

    An ended case keeps the step at which it ended; a paid-out case rests at the step that paid it.
    """

    step: str
    state: State
    round: int = 1


@dataclass(frozen=True)
class Move:
    """One decision as the machine sees it."""

    step: str
    outcome: str
    target: str = ""


@dataclass(frozen=True)
class Workflow:
    """A chain of steps and the table of routes. The first step is the one where a case is written down."""

    steps: tuple[str, ...]
    routes: Mapping[tuple[str, str], Route]

    def start(self) -> Position:
        return Position(step=self.steps[0], state=State.DRAFT)

    def outcomes(self, step: str) -> tuple[str, ...]:
        """Return what may be decided at a step, in the order of the table (the order of the buttons)."""
        return tuple(outcome for (at, outcome) in self.routes if at == step)

    def next_step(self, step: str) -> str | None:
        index = self.steps.index(step) + 1
        return self.steps[index] if index < len(self.steps) else None

    def earlier_steps(self, step: str) -> tuple[str, ...]:
        """Return the steps to which a case may be sent back."""
        return self.steps[: self.steps.index(step)]

    def advance(self, position: Position, move: Move, *, before: Position | None = None) -> Position:
        """Return where the case stands after a decision. Raises IllegalMove and changes nothing.

        `before` is where the case stood before the last decision, if that one may be taken back: an UNDO at the same
        step leads there, whatever the decision had done. Without it nothing is undone.
        """
        route = self.routes.get((move.step, move.outcome))
        if route is not None and route.effect is Effect.UNDO and before is not None and before.step == move.step:
            return before
        if route is None or move.step != position.step or position.state in END_STATES:
            raise IllegalMove(f"{move.outcome} at {move.step} while {position.state}")
        # While the loan lives only its settlement moves the case; and only a paid-out case can be settled.
        if (position.state is State.LENT) != (route.effect is Effect.RESUME):
            raise IllegalMove(f"{move.outcome} at {move.step} while {position.state}")
        return self._apply(position, route, move)

    def _apply(self, position: Position, route: Route, move: Move) -> Position:
        match route.effect:
            case Effect.STAY:
                return replace(position, state=State.OPEN)
            case Effect.FORWARD | Effect.RESUME:
                return self._after(position)
            case Effect.REST:
                return replace(position, state=State.LENT)
            case Effect.END if route.end_state is not None:
                return replace(position, state=route.end_state)
            case Effect.BACK if move.target in self.earlier_steps(move.step):
                state = State.RETURNED if move.target == self.steps[0] else State.OPEN
                return Position(step=move.target, state=state, round=position.round + 1)
        raise IllegalMove(f"{move.outcome} from {move.step} to {move.target or 'nowhere'}")

    def _after(self, position: Position) -> Position:
        following = self.next_step(position.step)
        if following is None:
            return replace(position, state=State.CLOSED)
        return replace(position, step=following, state=State.OPEN)

    def problems(self) -> list[str]:
        """Name what is wrong with the table: a test asserts that nothing is."""
        found = [f"{step} is there twice" for step in set(self.steps) if self.steps.count(step) > 1]
        for step in self.steps:
            effects = {route.effect for (at, _), route in self.routes.items() if at == step}
            if not effects & {Effect.FORWARD, Effect.RESUME}:
                found.append(f"{step} has no way forward")
            if step == self.steps[0] and Effect.BACK in effects:
                found.append(f"{step} has nothing to go back to")
        found += [f"{at}/{outcome} ends nowhere" for (at, outcome), r in self.routes.items() if r == Route(Effect.END)]
        return sorted(found)


def replay(workflow: Workflow, moves: Iterable[Move]) -> Position:
    """Return the position that a history leads to. Raises IllegalMove at the first impossible one.

    What was undone cannot be undone once more, and an undoing is not undone.
    """
    position, before = workflow.start(), None
    for move in moves:
        following = workflow.advance(position, move, before=before)
        is_undone = workflow.routes[move.step, move.outcome].effect is Effect.UNDO
        position, before = following, None if is_undone else position
    return position
