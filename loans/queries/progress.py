"""How cases get on: how many pass each step, how many working days a step takes, what is decided in time.

One statement, set-based, from the decisions that count (none that was taken back) and the calendar of holidays. The
time at a step begins with the decision that brought the case there and ends with the one that moves it on, sends it
back or ends it. What a borrower needs to correct his application is time at intake, which is no office's.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from loans.choices import Outcome, StepCode
from loans.flow import ROUTES
from loans.models import Application
from workflow.engine import Effect


class ProgressBy(StrEnum):
    """By what the rows are keyed, and of which type the key is."""

    WHOLE = "whole"  # the one key ""
    TOWNSHIP = "township"  # nine digits of the division's path
    OUTLET = "outlet"  # the outlet's primary key
    BRANCH = "branch"  # the reviewing branch's primary key
    VERSION = "version"  # the version's primary key


KEYS: dict[ProgressBy, str] = {
    ProgressBy.WHOLE: "''",
    ProgressBy.TOWNSHIP: "left(a.division_path, 9)",
    ProgressBy.OUTLET: "a.outlet_id",
    ProgressBy.BRANCH: "a.branch_id",
    ProgressBy.VERSION: "a.version_id",
}
ENDING = (Effect.FORWARD, Effect.BACK, Effect.END, Effect.REST, Effect.RESUME)
# The length of a notice is the rules' and not an office's diligence; intake waits for the applicant.
WITHOUT_DEADLINE = (StepCode.INTAKE, StepCode.PUBLIC_NOTICE)


@dataclass
class StepWork:
    """One step. `passed` cases went on from here (once each, however often); `days` counts the decisions of its
    office by the working days each took; of `timed` decisions with a time limit, `in_time` kept it."""

    passed: int = 0
    days: Counter[int] = field(default_factory=Counter)
    timed: int = 0
    in_time: int = 0

    def __add__(self, other: "StepWork") -> "StepWork":
        return StepWork(
            self.passed + other.passed, self.days + other.days, self.timed + other.timed, self.in_time + other.in_time
        )

    @property
    def median_days(self) -> int | None:
        """The median of the working days (the lower one of two in the middle); None without decisions."""
        middle, seen = (self.days.total() + 1) // 2, 0
        for days in sorted(self.days):
            seen += self.days[days]
            if seen >= middle:
                return days
        return None


@dataclass
class Progress:
    """The cases of one key: how many were submitted, and the work at each step by its code."""

    submitted: int = 0
    steps: dict[str, StepWork] = field(default_factory=lambda: defaultdict(StepWork))

    def __add__(self, other: "Progress") -> "Progress":
        whole = Progress(self.submitted + other.submitted)
        for step in {*self.steps, *other.steps}:
            whole.steps[step] = self.steps.get(step, StepWork()) + other.steps.get(step, StepWork())
        return whole

    @property
    def timed(self) -> int:
        return sum(work.timed for work in self.steps.values())

    @property
    def in_time(self) -> int:
        return sum(work.in_time for work in self.steps.values())


STATEMENT = """
WITH chosen AS (SELECT a.id, {key} AS key, a.version_id FROM loans_application a
                WHERE a.submitted_at IS NOT NULL AND a.id IN ({cases})),
decision AS (
    SELECT d.application_id, d.step, d.outcome, d.sequence, (d.decided_at AT TIME ZONE %s)::date AS day
    FROM loans_applicationdecision d
    WHERE d.recalls_id IS NULL AND d.decided_at < (%s::date + 1)::timestamp AT TIME ZONE %s
      AND (d.step, d.outcome) IN %s
      AND NOT EXISTS (SELECT FROM loans_applicationdecision r WHERE r.recalls_id = d.id)
),
move AS (
    SELECT c.key, c.version_id, d.*, lag(d.day) OVER (PARTITION BY d.application_id ORDER BY d.sequence) AS since
    FROM decision d JOIN chosen c ON c.id = d.application_id
),
calendar AS (
    SELECT g.day::date AS day,
           sum(coalesce(h.is_workday, extract(isodow FROM g.day) < 6)::int) OVER (ORDER BY g.day) AS number
    FROM generate_series((SELECT min(day) FROM move), (SELECT max(day) FROM move), '1 day') AS g (day)
    LEFT JOIN workflow_holiday h ON h.day = g.day::date
),
spent AS (
    SELECT m.key, m.step, (b.number - a.number)::int AS days, s.deadline_days
    FROM move m
    JOIN calendar a ON a.day = m.since
    JOIN calendar b ON b.day = m.day
    JOIN loans_versionstep s ON s.version_id = m.version_id AND s.code = m.step
    WHERE (m.step, m.outcome) IN %s
)
SELECT 'submitted' AS what, key, '' AS step, 0 AS days, count(*) AS number, 0 AS in_time FROM chosen GROUP BY key
UNION ALL
SELECT 'passed', key, step, 0, count(DISTINCT application_id), 0 FROM move
WHERE (step, outcome) IN %s GROUP BY key, step
UNION ALL
SELECT 'days', key, step, days, count(*), count(*) FILTER (WHERE days <= deadline_days) FROM spent
GROUP BY key, step, days
"""


def read_progress(
    cases: "QuerySet[Application, Any]", on: date, by: ProgressBy = ProgressBy.WHOLE
) -> dict[str | int, Progress]:
    """Return how the submitted ones of the cases had got on by the end of a day, by key. One query."""
    chosen, values = cases.order_by().values("pk").query.sql_with_params()
    zone = settings.TIME_ZONE
    moving, judged, passing = _routes(*ENDING), _decided_by_office(), _routes(Effect.FORWARD, Effect.REST)
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT.format(key=KEYS[by], cases=chosen), [*values, zone, on, zone, moving, judged, passing]
        )
        rows = cursor.fetchall()
    found: dict[str | int, Progress] = defaultdict(Progress)
    for what, key, step, days, number, in_time in rows:
        _add(found[key], what, step, days, number, in_time)
    return dict(found)


def sum_up(rows: Mapping[Any, Progress]) -> Progress:
    """Return the rows of a dimension added up."""
    return sum(rows.values(), start=Progress())


def passing(step: str) -> tuple[str, ...]:
    """Return the outcomes by which a case goes on from a step."""
    return tuple(outcome for at, outcome in _routes(Effect.FORWARD, Effect.REST) if at == step)


def _add(progress: Progress, what: str, step: str, days: int, number: int, in_time: int) -> None:
    match what:
        case "submitted":
            progress.submitted = number
        case "passed":
            progress.steps[step].passed = number
        case "days":
            work = progress.steps[step]
            work.days[days] += number
            if step not in WITHOUT_DEADLINE:
                work.timed += number
                work.in_time += in_time


def _routes(*effects: Effect) -> tuple[tuple[str, str], ...]:
    return tuple(place for place, route in ROUTES.items() if route.effect in effects)


def _decided_by_office() -> tuple[tuple[str, str], ...]:
    """Decisions of an office that end its work on a case: not the applicant's, not the calendar's."""
    return tuple(
        (step, outcome)
        for step, outcome in _routes(Effect.FORWARD, Effect.BACK, Effect.END, Effect.REST)
        if step != StepCode.INTAKE and outcome != Outcome.WITHDRAW
    )
