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
from subsidies.models.returns import ReturnFile, ReturnLine

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
    "ReturnFile",
    "ReturnLine",
    "SampledLine",
    "SubsidyBatch",
    "SubsidyExclusion",
    "SubsidyLine",
    "YearEndDecision",
]
