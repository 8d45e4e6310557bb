"""Where a claim goes: one table. Who decides a move is beside it, so that no page and no operation says it twice."""

from dataclasses import dataclass

from accounts.choices import Verb
from risk.choices import ClaimOutcome, ClaimSide, ClaimState


@dataclass(frozen=True)
class Move:
    """What one outcome does to a claim in a state: the next state, and whose decision it is."""

    target: ClaimState
    verb: Verb
    side: ClaimSide


def _handled(state: ClaimState, target: ClaimState, verb: Verb, side: ClaimSide) -> dict[tuple[str, str], Move]:
    """A step that agrees, sends back, or refuses."""
    return {
        (state, ClaimOutcome.PASS): Move(target, verb, side),
        (state, ClaimOutcome.RETURN): Move(ClaimState.RETURNED, verb, side),
        (state, ClaimOutcome.REJECT): Move(ClaimState.REFUSED, verb, side),
    }


MOVES: dict[tuple[str, str], Move] = {
    (ClaimState.TO_FILE, ClaimOutcome.FILE): Move(ClaimState.TO_CHECK, Verb.DISBURSE, ClaimSide.LENDER),
    (ClaimState.RETURNED, ClaimOutcome.FILE): Move(ClaimState.TO_CHECK, Verb.DISBURSE, ClaimSide.LENDER),
    **_handled(ClaimState.TO_CHECK, ClaimState.TO_VERIFY, Verb.ASSESS, ClaimSide.OFFICE),
    **_handled(ClaimState.TO_VERIFY, ClaimState.TO_APPROVE, Verb.MANAGE_FUND, ClaimSide.FINANCE),
    **_handled(ClaimState.TO_APPROVE, ClaimState.TO_PAY, Verb.APPROVE_CLAIM, ClaimSide.GROUP),
    (ClaimState.TO_PAY, ClaimOutcome.PAY): Move(ClaimState.PAID, Verb.MANAGE_FUND, ClaimSide.FINANCE),
    (ClaimState.TO_PAY, ClaimOutcome.RETURN): Move(ClaimState.RETURNED, Verb.MANAGE_FUND, ClaimSide.FINANCE),
    (ClaimState.PAID, ClaimOutcome.RECOVER): Move(ClaimState.RECOVERING, Verb.MANAGE_FUND, ClaimSide.FINANCE),
    (ClaimState.RECOVERING, ClaimOutcome.RECOVER): Move(ClaimState.RECOVERING, Verb.MANAGE_FUND, ClaimSide.FINANCE),
    # A write-off takes two people: finance proposes it with its paper, the leading group decides.
    **{
        (state, ClaimOutcome.PROPOSE_WRITE_OFF): Move(ClaimState.TO_WRITE_OFF, Verb.MANAGE_FUND, ClaimSide.FINANCE)
        for state in (ClaimState.PAID, ClaimState.RECOVERING)
    },
    (ClaimState.TO_WRITE_OFF, ClaimOutcome.WRITE_OFF): Move(
        ClaimState.WRITTEN_OFF, Verb.APPROVE_CLAIM, ClaimSide.GROUP
    ),
    (ClaimState.TO_WRITE_OFF, ClaimOutcome.KEEP): Move(ClaimState.RECOVERING, Verb.APPROVE_CLAIM, ClaimSide.GROUP),
    (ClaimState.TO_WRITE_OFF, ClaimOutcome.RECOVER): Move(
        ClaimState.TO_WRITE_OFF, Verb.MANAGE_FUND, ClaimSide.FINANCE
    ),
    # 账销案存: what was written off is still owed, and may still come in.
    (ClaimState.WRITTEN_OFF, ClaimOutcome.RECOVER): Move(ClaimState.WRITTEN_OFF, Verb.MANAGE_FUND, ClaimSide.FINANCE),
}

NEEDS_REASON = (
    ClaimOutcome.RETURN,
    ClaimOutcome.REJECT,
    ClaimOutcome.PROPOSE_WRITE_OFF,
    ClaimOutcome.KEEP,
)


# Who works with claims, stops, categories and warnings.
READERS = (Verb.DISBURSE, Verb.CONSENT, Verb.ASSESS, Verb.MANAGE_FUND, Verb.APPROVE_CLAIM)


def outcomes_of(state: str) -> list[tuple[str, Move]]:
    """Return what can happen to a claim in a state, in the order of the table."""
    return [(outcome, move) for (start, outcome), move in MOVES.items() if start == state]
