"""Lets the acts of all stories happen in the order of time, with the calendar's own work in each night between."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time

from loans.operations.daily import run_daily_work
from redcredit.demo.stories import Act, Dated
from redcredit.demo.timeline import HERE
from workflow.deadlines import ONE_DAY

# The beat runs the daily work every ten minutes; the first run of a day is this one.
NIGHT = time(0, 10)


class History:
    """Collects dated acts and lets them happen once, in order."""

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, int, Act]] = []

    def __len__(self) -> int:
        return len(self._acts)

    def add(self, acts: Iterable[Dated]) -> None:
        """Plan acts. Equal moments keep the order in which they were added."""
        self._acts += [(at, len(self._acts) + place, act) for place, (at, act) in enumerate(acts)]

    def happen(self, *, until: datetime, on_progress: Callable[[int, int], None]) -> None:
        """Do every act up to a moment, and each night's work up to its day. Later acts stay undone."""
        acts = sorted(item for item in self._acts if item[0] <= until)
        day = acts[0][0].date() if acts else until.date()
        for done, (at, _, act) in enumerate(acts):
            day = _nights(day, at.date())
            act(at)
            on_progress(done + 1, len(acts))
        _nights(day, until.date())


def _nights(day: date, upto: date) -> date:
    """Run the work of every night after `day` up to the one that begins `upto`."""
    while day < upto:
        day += ONE_DAY
        run_daily_work(at=datetime.combine(day, NIGHT, tzinfo=HERE))
    return day
