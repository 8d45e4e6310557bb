"""The table of the programme: what each outcome of each step does. Lay it beside the office's flow chart."""

from collections.abc import Sequence

from loans.choices import (
    Outcome as O,  # noqa: N817  # one letter keeps the table readable beside the flow chart
    StepCode as S,
)
from workflow.engine import Effect, Route, State, Workflow

FORWARD, STAY, BACK, REST, RESUME, UNDO = (
    Route(effect) for effect in (Effect.FORWARD, Effect.STAY, Effect.BACK, Effect.REST, Effect.RESUME, Effect.UNDO)
)
REJECTED, DECLINED, WITHDRAWN = (
    Route(Effect.END, end_state=state) for state in (State.REJECTED, State.DECLINED, State.WITHDRAWN)
)

ROUTES: dict[tuple[str, str], Route] = {
    (S.INTAKE, O.SUBMIT): FORWARD,
    (S.INTAKE, O.WITHDRAW): WITHDRAWN,
    (S.REFERRAL, O.PASS): FORWARD,
    (S.REFERRAL, O.RETURN): BACK,
    (S.REFERRAL, O.WITHDRAW): WITHDRAWN,
    # For ten minutes, while nobody has acted on it, a decision of these steps is taken back by who made it.
    (S.REFERRAL, O.RECALL): UNDO,
    (S.BRANCH_REVIEW, O.PASS): FORWARD,
    (S.BRANCH_REVIEW, O.RETURN): BACK,
    (S.BRANCH_REVIEW, O.REJECT): REJECTED,
    (S.BRANCH_REVIEW, O.WITHDRAW): WITHDRAWN,
    (S.BRANCH_REVIEW, O.RECALL): UNDO,
    (S.PUBLIC_NOTICE, O.PUBLISH): STAY,
    (S.PUBLIC_NOTICE, O.STOP): STAY,
    (S.PUBLIC_NOTICE, O.PASS): FORWARD,
    (S.PUBLIC_NOTICE, O.RETURN): BACK,
    (S.PUBLIC_NOTICE, O.REJECT): REJECTED,
    (S.PUBLIC_NOTICE, O.WITHDRAW): WITHDRAWN,
    # Filing is not an approval: the committee files or sends back what is faulty, it does not refuse.
    (S.COMMITTEE_FILING, O.PASS): FORWARD,
    (S.COMMITTEE_FILING, O.RETURN): BACK,
    (S.COMMITTEE_FILING, O.WITHDRAW): WITHDRAWN,
    (S.COMMITTEE_FILING, O.RECALL): UNDO,
    (S.SUBSIDY_CONFIRMATION, O.CONFIRM): FORWARD,
    (S.SUBSIDY_CONFIRMATION, O.CONFIRM_WITHOUT): FORWARD,
    (S.SUBSIDY_CONFIRMATION, O.WITHDRAW): WITHDRAWN,
    (S.SUBSIDY_CONFIRMATION, O.RECALL): UNDO,
    (S.DISBURSEMENT, O.PROPOSE): STAY,
    (S.DISBURSEMENT, O.CONSENT): STAY,
    (S.DISBURSEMENT, O.REFUSE_CONSENT): STAY,
    (S.DISBURSEMENT, O.DISBURSE): REST,
    (S.DISBURSEMENT, O.DECLINE): DECLINED,
    (S.DISBURSEMENT, O.RETURN): BACK,
    (S.DISBURSEMENT, O.WITHDRAW): WITHDRAWN,
    (S.DISBURSEMENT, O.RECALL): UNDO,
    (S.DISBURSEMENT, O.SETTLE): RESUME,
    (S.DISBURSEMENT, O.WRITE_OFF): RESUME,
    (S.DISBURSEMENT, O.DUE): RESUME,
    (S.ASSESSMENT, O.PASS): FORWARD,
}

# Outcomes that send back or end against the applicant: they need a reason in words.
NEEDS_REASON = (O.RETURN, O.REJECT, O.DECLINE, O.REFUSE_CONSENT, O.CONFIRM_WITHOUT)

# What may be taken back. Not: what was published, paid out, settled, assessed, handed in, or done by the calendar.
RECALLABLE: dict[str, tuple[str, ...]] = {
    S.REFERRAL: (O.PASS, O.RETURN),
    S.BRANCH_REVIEW: (O.PASS, O.RETURN, O.REJECT),
    S.COMMITTEE_FILING: (O.PASS, O.RETURN),
    S.SUBSIDY_CONFIRMATION: (O.CONFIRM, O.CONFIRM_WITHOUT),
    S.DISBURSEMENT: (O.PROPOSE, O.CONSENT, O.REFUSE_CONSENT, O.DECLINE, O.RETURN),
}


def workflow_of(steps: Sequence[str]) -> Workflow:
    """Return the machine for a version's ordered step codes."""
    return Workflow(steps=tuple(steps), routes=ROUTES)


def chain_problems(steps: Sequence[str]) -> list[str]:
    """Name what is wrong with the order of a version's steps: whatever a programme leaves out, the rest keeps it."""
    problems = workflow_of(steps).problems()
    known = list(S.values)
    if not steps or steps[0] != S.INTAKE:
        problems.append(f"{S.INTAKE.value} is not the first")
    if S.DISBURSEMENT not in steps:
        problems.append(f"{S.DISBURSEMENT.value} is missing")
    if not set(steps) <= set(known):
        problems.append("there are unknown steps")
    elif list(steps) != sorted(steps, key=known.index):
        problems.append("the steps are out of order")
    return problems
