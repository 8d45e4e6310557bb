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
from assessments.models.households import AwardScheme, HonourDecision, HonourObjection, HouseholdHonour
from assessments.models.inspections import (
    Inspection,
    InspectionAnswer,
    InspectionItem,
    InspectionPhoto,
    QuestionSheet,
)
from assessments.models.problems import ProblemCategory, ProblemStep, ReportedProblem
from assessments.models.publicity import PublicityEvent, PublicityPhoto
from assessments.models.rewards import RewardBudget, RewardLine, RewardPayee, RewardPayout, RewardPlan, VillagePost
from assessments.models.schemes import RewardPrize, RewardTier, Scheme, SchemeGroup, SchemeItem

__all__ = [
    "Appeal",
    "AppealDecision",
    "AwardScheme",
    "Campaign",
    "CampaignDecision",
    "Consequence",
    "HonourDecision",
    "HonourObjection",
    "HouseholdHonour",
    "Inspection",
    "InspectionAnswer",
    "InspectionItem",
    "InspectionPhoto",
    "MeasuredValue",
    "ProblemCategory",
    "ProblemStep",
    "PublicityEvent",
    "PublicityPhoto",
    "QuestionSheet",
    "ReportedProblem",
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
