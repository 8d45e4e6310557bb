"""What a batch comes to, and how far it is."""

from decimal import Decimal

from django.db.models import Sum

from finance.money import ZERO
from subsidies.choices import BatchOutcome, BatchStep
from subsidies.models import BatchDecision, SubsidyBatch


def total_of(batch: SubsidyBatch) -> Decimal:
    """Return the sum of all lines in yuan, differences included."""
    return batch.lines.aggregate(total=Sum("amount"))["total"] or ZERO


def decisions_of_round(batch: SubsidyBatch) -> list[BatchDecision]:
    """Return the decisions since the batch was last sent back, oldest first."""
    decisions = list(batch.decisions.select_related("decided_by", "organization").order_by("sequence"))
    returned = [place for place, decision in enumerate(decisions) if decision.outcome == BatchOutcome.RETURN]
    return decisions[returned[-1] + 1 :] if returned else decisions


def is_notice_closed(batch: SubsidyBatch) -> bool:
    """Whether the notice of this round was closed after its days."""
    return _has(batch, BatchStep.NOTICE, BatchOutcome.PASS)


def is_approved_once(batch: SubsidyBatch) -> bool:
    """Whether the finance bureau has approved in this round; the batch may still wait for the second approval."""
    return _has(batch, BatchStep.APPROVAL, BatchOutcome.APPROVE)


def _has(batch: SubsidyBatch, step: str, outcome: str) -> bool:
    return any(decision.step == step and decision.outcome == outcome for decision in decisions_of_round(batch))
