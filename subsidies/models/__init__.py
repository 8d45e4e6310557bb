from subsidies.models.batches import (
    ApprovalRule,
    BatchChunk,
    BatchDecision,
    InputSegment,
    SampledLine,
    SubsidyBatch,
    SubsidyExclusion,
    SubsidyLine,
)
from subsidies.models.payments import (
    Clawback,
    ClawbackEntry,
    Payment,
    PaymentFile,
    PaymentResult,
    YearEndDecision,
)

__all__ = [
    "ApprovalRule",
    "BatchChunk",
    "BatchDecision",
    "Clawback",
    "ClawbackEntry",
    "InputSegment",
    "Payment",
    "PaymentFile",
    "PaymentResult",
    "SampledLine",
    "SubsidyBatch",
    "SubsidyExclusion",
    "SubsidyLine",
    "YearEndDecision",
]
