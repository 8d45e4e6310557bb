"""What can be expected to go wrong in this room, with a sentence for the person at the screen."""

from risk.models import Claim, ClaimDecision


class UnableToBook(Exception):
    """The fund's rules or books do not allow this; `field` is the input to blame, "" when none is."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class ClaimMoved(Exception):
    """Somebody was quicker: the page showed an older state. `last_decision` says who decided what and when."""

    def __init__(self, claim: Claim, last_decision: ClaimDecision | None) -> None:
        super().__init__(f"{claim} has moved on")
        self.claim = claim
        self.last_decision = last_decision
