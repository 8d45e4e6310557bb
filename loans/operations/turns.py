"""Whose turn it is on one case: what an account may decide now, or why it may not."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from loans.choices import CreditStatus, Outcome, StepCode
from loans.models import Application
from loans.operations.decisions import outcomes_open_to
from loans.operations.separation import reason_against
from loans.queries.detail import is_objected, open_objections, running_notice_of
from loans.queries.ties import ties_to
from loans.steps import STEPS
from workflow.engine import State

# Withdrawing has a page of its own; a loan is settled by its last repayment, written off by a proposal.
ELSEWHERE = (Outcome.WITHDRAW, Outcome.SETTLE, Outcome.WRITE_OFF)


@dataclass(frozen=True)
class Turn:
    """The outcomes an account may choose at the present step. Without any, `reason` may say why."""

    outcomes: tuple[str, ...] = ()
    reason: str = ""
    may_withdraw: bool = False

    def __bool__(self) -> bool:
        return bool(self.outcomes)


def turn_of(case: Application, user: User, *, on: date) -> Turn:
    """Return what an account may decide on a case now. Needs `queries.detail.cases_in_full`; one more query."""
    allowed = outcomes_open_to(case, user, on)
    ties = ties_to(case, user) if allowed else set()
    rules = STEPS[case.step].rules
    reasons = {code: reason_against(case, rules[code].side, user, ties=ties) for code in allowed}
    possible = [code for code in allowed if code not in ELSEWHERE and is_sensible(case, code)]
    return Turn(
        outcomes=tuple(code for code in possible if not reasons[code]),
        reason=next((reasons[code] for code in possible if reasons[code]), ""),
        may_withdraw=reasons.get(Outcome.WITHDRAW) == "" and case.state != State.LENT,
    )


def is_sensible(case: Application, outcome: str) -> bool:
    """Whether the case is ready for an outcome; the operation has the last word, this decides what a page offers."""
    match (case.step, outcome):
        case (StepCode.INTAKE, _):
            return False  # the application page submits
        case (StepCode.PUBLIC_NOTICE, Outcome.PUBLISH):
            return running_notice_of(case) is None
        case (StepCode.PUBLIC_NOTICE, _):
            return is_objected(running_notice_of(case)) and not open_objections(case)
        case (StepCode.DISBURSEMENT, Outcome.CONSENT | Outcome.REFUSE_CONSENT):
            return case.credit_status == CreditStatus.ASKED
        case (StepCode.DISBURSEMENT, Outcome.PROPOSE):
            return case.credit_status != CreditStatus.ASKED and may_need_consent(case)
        case (StepCode.DISBURSEMENT, Outcome.DISBURSE):
            return case.credit_status != CreditStatus.ASKED
    return True


def may_need_consent(case: Application) -> bool:
    limit, asked = case.version.consent_above, case.amount_asked
    return limit is not None and asked is not None and asked > limit
