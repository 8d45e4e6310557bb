"""The steps a programme can be made of. A seventh step is one class here and one row of loans.flow."""

from loans.steps.base import Context, Impossible, NotEnough, Rule, Step
from loans.steps.branch import BranchReview, PublicNoticeStep
from loans.steps.county import Assessment, CommitteeFiling, SubsidyConfirmation
from loans.steps.lender import Disbursement
from loans.steps.making import Intake, Referral

STEPS: dict[str, Step] = {
    step.code: step
    for step in (
        Intake(),
        Referral(),
        BranchReview(),
        PublicNoticeStep(),
        CommitteeFiling(),
        SubsidyConfirmation(),
        Disbursement(),
        Assessment(),
    )
}

__all__ = ["STEPS", "Context", "Impossible", "NotEnough", "Rule", "Step"]
