"""What the calendar does each day. Run twice or after a pause, it leads to the same state."""

from datetime import datetime

from accounts.operations import system_user
from loans.choices import Outcome, StepCode
from loans.operations.decisions import decide
from loans.operations.errors import Blocked, Conflict
from loans.operations.notices import close_due_notices
from loans.queries.lending import loans_due_for_assessment
from web.clock import day_of


def run_daily_work(*, at: datetime) -> dict[str, int]:
    """Close the notices whose days are over and open the assessments whose day has come. Returns the counts."""
    return {"notices_closed": close_due_notices(at=at), "assessments_opened": _open_assessments(at)}


def _open_assessments(at: datetime) -> int:
    opened = 0
    for case_id in loans_due_for_assessment(day_of(at)):
        try:
            decide(
                application_id=case_id,
                step=StepCode.DISBURSEMENT,
                outcome=Outcome.DUE,
                decided_by=system_user(),
                decided_at=at,
                revision=None,
            )
        except (Blocked, Conflict):
            continue
        opened += 1
    return opened
