"""What the calendar does each day. Run twice or after a pause, it leads to the same state."""

from datetime import datetime

from loans.choices import Outcome, StepCode
from loans.operations.decisions import decide_by_calendar
from loans.operations.notices import close_due_notices, stop_outdated_notices
from loans.operations.standings import refresh_due_standings
from loans.operations.telling import escalate_late_cases, tell_of_cases
from loans.queries.lending import loans_due_for_assessment
from web.clock import day_of


def run_daily_work(*, at: datetime) -> dict[str, int]:
    """Close the notices whose days are over, stop those that are no longer true, open the assessments whose day has
    come, show late cases to the level above, tell people what became of their cases, see which loans have fallen into
    arrears. Returns the counts.
    """
    return {
        "notices_closed": close_due_notices(at=at),
        "notices_stopped": stop_outdated_notices(at=at),
        "assessments_opened": _open_assessments(at),
        "escalated": escalate_late_cases(at=at),
        "people_told": tell_of_cases(at=at),
        "standings_refreshed": refresh_due_standings(on=day_of(at)),
    }


def _open_assessments(at: datetime) -> int:
    return sum(
        decide_by_calendar(application_id=case_id, step=StepCode.DISBURSEMENT, outcome=Outcome.DUE, at=at)
        for case_id in loans_due_for_assessment(day_of(at))
    )
