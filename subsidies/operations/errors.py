"""What can be expected to go wrong with a batch or its payments, with a sentence for the person at the screen."""

from loans.operations.errors import Blocked
from loans.steps.facts import Problem
from subsidies.models import BatchDecision, SubsidyBatch

__all__ = ["BatchMoved", "Blocked", "blocked"]


class BatchMoved(Exception):
    """Somebody was quicker: the page showed an older state. `last_decision` says who decided what and when."""

    def __init__(self, batch: SubsidyBatch, last_decision: BatchDecision | None) -> None:
        super().__init__(f"{batch.pk} has moved on")
        self.batch = batch
        self.last_decision = last_decision


def blocked(message: str, field: str = "") -> Blocked:
    return Blocked([Problem(message, field)])
