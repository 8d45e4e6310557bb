"""How long the offices took with a case, in working days. What the applicant needs to correct it does not count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from loans.choices import Outcome, StepCode
from loans.models import Application, ApplicationDecision
from loans.queries.detail import decisions_of
from loans.queries.recalls import effective
from web.clock import day_of
from workflow.deadlines import WorkCalendar


@dataclass(frozen=True)
class Elapsed:
    """Working days from the first submission to the end of the six steps (or today): all, and with the applicant."""

    offices: int
    applicant: int


def elapsed_of(case: Application, *, on: date, calendar: WorkCalendar) -> Elapsed | None:
    """Return how long a submitted case has taken; None for a draft. Needs `queries.detail.cases_in_full`.

    A stretch with the applicant begins with a return to intake and ends when he submits again. The clock ends with
    paying out, or with the decision that ended the case.
    """
    if case.submitted_at is None:
        return None
    decisions = sorted(effective(decisions_of(case)), key=lambda decision: decision.sequence)
    submitted = next((day_of(one.decided_at) for one in decisions if one.outcome == Outcome.SUBMIT), None)
    if submitted is None:
        return None
    end = _end_of(case, decisions, on)
    waits = sum(calendar.workdays_between(*stretch) for stretch in _with_applicant(decisions, end))
    return Elapsed(offices=calendar.workdays_between(submitted, end) - waits, applicant=waits)


def _with_applicant(decisions: list[ApplicationDecision], end: date) -> Iterator[tuple[date, date]]:
    """Return the stretches from a return to the applicant until he submits again, or until the end."""
    since: date | None = None
    for decision in decisions:
        day = day_of(decision.decided_at)
        if decision.outcome == Outcome.RETURN and decision.target == StepCode.INTAKE:
            since = day
        elif since is not None:
            yield since, day
            since = None
    if since is not None:
        yield since, end


def _end_of(case: Application, decisions: list[ApplicationDecision], on: date) -> date:
    """Return the day the clock stopped: paying out, or the last decision of an ended case; else the given day."""
    paid = next((day_of(one.decided_at) for one in decisions if one.outcome == Outcome.DISBURSE), None)
    if paid is not None:
        return paid
    return day_of(decisions[-1].decided_at) if case.is_ended else on
