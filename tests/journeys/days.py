"""The days of a story: a clock that stands still until the story turns it."""

from contextlib import ExitStack
from datetime import date, datetime, timedelta

from loans.tasks import run_daily_work
from tests.factories.county import NOON
from web import clock


class Days:
    """Where the story stands in time. It begins at noon of 2014-07-01, a Tuesday."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.turn_to(NOON.replace(month=7, day=1))

    def turn_to(self, moment: datetime) -> None:
        self.moment = moment
        self.stack.enter_context(clock.frozen(moment))

    def go_by(self, days: int = 1) -> None:
        """Let days go by; the daily work of the calendar is done on the last of them, as beat does it."""
        self.turn_to(self.moment + timedelta(days=days))
        run_daily_work()

    @property
    def today(self) -> date:
        return self.moment.date()
