"""What the calendar does in this room each day, after the day's work on loans. Twice or late is the same."""

from datetime import datetime

from loans.operations.standings import refresh_due_standings
from risk.operations.breakers import run_breakers
from risk.operations.classes import classify_loans
from risk.operations.warnings import open_warnings
from web.clock import day_of


def run_daily_risk(*, at: datetime) -> dict[str, int]:
    """Bring standings up to date, classify, measure the breakers, open warnings. Returns the counts."""
    refresh_due_standings(on=day_of(at))
    return {
        "categories_changed": classify_loans(at=at),
        "stops_imposed": run_breakers(at=at),
        "warnings_opened": open_warnings(at=at),
    }
