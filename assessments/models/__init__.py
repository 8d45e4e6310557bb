from assessments.models.campaigns import (
    Appeal,
    AppealDecision,
    Campaign,
    CampaignDecision,
    Consequence,
    MeasuredValue,
    Result,
    ScoreRecord,
    ScoreSheet,
    Subject,
)
from assessments.models.rewards import RewardBudget, RewardLine, RewardPayee, RewardPayout, RewardPlan, VillagePost
from assessments.models.schemes import RewardPrize, RewardTier, Scheme, SchemeGroup, SchemeItem

__all__ = [
    "Appeal",
    "AppealDecision",
    "Campaign",
    "CampaignDecision",
    "Consequence",
    "MeasuredValue",
    "Result",
    "RewardBudget",
    "RewardLine",
    "RewardPayee",
    "RewardPayout",
    "RewardPlan",
    "RewardPrize",
    "RewardTier",
    "Scheme",
    "SchemeGroup",
    "SchemeItem",
    "ScoreRecord",
    "ScoreSheet",
    "Subject",
    "VillagePost",
]
