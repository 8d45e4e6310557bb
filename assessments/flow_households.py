"""Where a model household goes: one table, with whose decision each move is."""

from dataclasses import dataclass

from accounts.choices import Verb
from assessments.choices_households import HonourOutcome as Outcome, HonourSide as Side, HonourState as State


@dataclass(frozen=True)
class HonourMove:
    """What one outcome does: the next state, and by which posts, on which side, it is decided."""

    target: State
    verbs: tuple[Verb, ...]
    side: Side


RECOMMENDING = (Verb.REVIEW, Verb.REFER)
RATING = (Verb.CONSENT, Verb.DISBURSE)
REVIEWING = (Verb.ASSESS,)
AWARDING = (Verb.APPROVE_CLAIM,)
# Who sees the honours of his area.
READERS = (Verb.REFER, Verb.REVIEW, Verb.FILE, Verb.DISBURSE, Verb.CONSENT, Verb.ASSESS, Verb.APPROVE_CLAIM)

MOVES: dict[tuple[str, str], HonourMove] = {
    (State.RETURNED, Outcome.RECOMMEND): HonourMove(State.TO_RATE, RECOMMENDING, Side.BRANCH),
    (State.TO_RATE, Outcome.PASS): HonourMove(State.TO_REVIEW, RATING, Side.LENDER),
    (State.TO_RATE, Outcome.RETURN): HonourMove(State.RETURNED, RATING, Side.LENDER),
    (State.TO_RATE, Outcome.REJECT): HonourMove(State.REFUSED, RATING, Side.LENDER),
    (State.TO_REVIEW, Outcome.PASS): HonourMove(State.IN_NOTICE, REVIEWING, Side.DEPARTMENT),
    (State.TO_REVIEW, Outcome.RETURN): HonourMove(State.RETURNED, REVIEWING, Side.DEPARTMENT),
    (State.TO_REVIEW, Outcome.REJECT): HonourMove(State.REFUSED, REVIEWING, Side.DEPARTMENT),
    (State.IN_NOTICE, Outcome.AWARD): HonourMove(State.AWARDED, AWARDING, Side.GROUP),
    (State.IN_NOTICE, Outcome.REJECT): HonourMove(State.REFUSED, AWARDING, Side.GROUP),
    (State.AWARDED, Outcome.RENEW): HonourMove(State.AWARDED, AWARDING, Side.GROUP),
    (State.AWARDED, Outcome.WITHDRAW): HonourMove(State.WITHDRAWN, REVIEWING, Side.DEPARTMENT),
}
NEEDS_REASON = (Outcome.RETURN, Outcome.REJECT, Outcome.RENEW, Outcome.WITHDRAW)


def moves_from(state: str) -> list[tuple[str, HonourMove]]:
    """Return what can happen in a state, in the order of the table."""
    return [(outcome, move) for (start, outcome), move in MOVES.items() if start == state]
