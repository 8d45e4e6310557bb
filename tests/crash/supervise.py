"""Kill a money batch at its crash points, run it again, and compare with a twin that nobody killed.

    python -m tests.crash.supervise subsidy_batch --source DATABASE --points 12 --seed 7

`--points 0` takes every point. DATABASE is a migrated database with the reference data in it; it is only copied. The
report goes to standard output as JSON: how many points there are, which were tried, how often the kill hit, and what
was wrong after which. Each run is a process of its own, forked from this one before it has any connection.
"""

import argparse
import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import partial

import django
from django.db import connection

from tests.crash.databases import Contents, contents, copied, counts, differences
from tests.crash.points import NEVER, Points

EXIT_DONE, EXIT_FAILED, EXIT_UNFINISHED = 0, 1, 75
ATTEMPTS_MAX = 20
PAUSE = timedelta(minutes=10)


@dataclass
class Report:
    """What came out. `violations` by point; `kills` counts the runs that died of the kill, of those tried."""

    subject: str
    seed: int
    points: int = 0
    tried: list[int] = field(default_factory=list)
    kills: int = 0
    reruns: int = 0
    violations: dict[int, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Twin:
    """The undisturbed run: the database as it was left, and the tables in which rows came to be.

    `broken` are the invariants that the situation itself does not hold: factories write loans without their steps.
    """

    contents: Contents
    renumbered: frozenset[str]
    broken: frozenset[str]


def in_process(database: str, work: Callable[[], int | None]) -> int:
    """Do the work on a database in a process of its own; return its exit code, or minus the signal that ended it."""
    child = os.fork()
    if child == 0:
        code = EXIT_FAILED
        try:
            connection.settings_dict["NAME"] = database
            code = work() or EXIT_DONE
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Harness:
    """One subject over one situation."""

    def __init__(self, name: str, *, seed: int) -> None:
        # Models can be imported only when Django is set up, which this program does itself.
        from redcredit.invariants.checking import check  # noqa: PLC0415
        from redcredit.invariants.house import INVARIANTS  # noqa: PLC0415
        from tests.crash.subject import Unfinished  # noqa: PLC0415
        from tests.crash.subjects import SUBJECTS  # noqa: PLC0415

        self.subject, self.unfinished = SUBJECTS[name], Unfinished
        self.broken = lambda: [one.invariant.name for one in check(INVARIANTS) if not one.holds]
        self.report = Report(subject=name, seed=seed)

    def run(self, *, source: str, points: int) -> Report:
        """Build the situation in a copy of `source`, count the points, and try so many of them (0: all)."""
        with copied(source, f"{source}_crash") as situation:
            if in_process(situation, self.subject.build) != EXIT_DONE:
                raise SystemExit("the situation could not be built")
            twin = self._run_twin(situation)
            for point in self._choose(points):
                with copied(situation, f"{source}_crashed") as database:
                    self._try(point, database, twin)
        return self.report

    def _choose(self, points: int) -> list[int]:
        total = self.report.points
        if not points or points >= total:
            return list(range(1, total + 1))
        offset = random.Random(self.report.seed).randrange(total)
        return sorted(1 + (offset + total * number // points) % total for number in range(points))

    def _run_twin(self, situation: str) -> Twin:
        """Let one run come through, count its points; a second run after it must find nothing to do."""
        with copied(situation, f"{situation}_twin") as database, pipe() as (send, received):
            before, broken = counts(database), frozenset(self._ask(database, self.broken))
            code = in_process(database, lambda: send(self._attempt(NEVER, 0)))
            if code != EXIT_DONE:
                raise SystemExit(f"the undisturbed run ended with {code}")
            self.report.points = received()
            after = counts(database)
            renumbered = frozenset(table for table in after if after[table] != before.get(table))
            twin = Twin(contents(database, renumbered=renumbered), renumbered, broken)
            in_process(database, partial(self._finish, 1))
            self._note(0, self._look(database, twin))
        return twin

    def _try(self, point: int, database: str, twin: Twin) -> None:
        self.report.tried.append(point)
        code = in_process(database, lambda: self._attempt(point, 0) and EXIT_DONE)
        self.report.kills += code == -signal.SIGKILL
        for attempt in range(1, ATTEMPTS_MAX):
            self.report.reruns += 1
            code = in_process(database, partial(self._finish, attempt))
            if code != EXIT_UNFINISHED:
                break
        found = [] if code == EXIT_DONE else [f"the run after the kill ended with {code}"]
        self._note(point, found + self._look(database, twin))

    def _attempt(self, crash_at: int, attempt: int) -> int:
        """Run with the kill armed; return how many points there were."""
        points = Points(crash_at)
        points.install()
        self.subject.run(self._moment(attempt))
        return points.count

    def _finish(self, attempt: int) -> int:
        try:
            self.subject.run(self._moment(attempt))
        except self.unfinished:
            return EXIT_UNFINISHED
        return EXIT_DONE

    def _moment(self, attempt: int) -> datetime:
        return self.subject.begin + attempt * PAUSE

    def _look(self, database: str, twin: Twin) -> list[str]:
        """Everything that is not as it should be: differences to the twin, and what must be true and is not."""
        found = differences(contents(database, renumbered=twin.renumbered), twin.contents)
        broken = [f"{name} does not hold" for name in self._ask(database, self.broken) if name not in twin.broken]
        return found + broken + self._ask(database, self.subject.violations)

    def _ask(self, database: str, question: Callable[[], list[str]]) -> list[str]:
        with pipe() as (send, received):
            code = in_process(database, lambda: send(question()))
            return received() if code == EXIT_DONE else [f"{question} cannot be asked"]

    def _note(self, point: int, found: list[str]) -> None:
        if found:
            self.report.violations[point] = found


@contextmanager
def pipe() -> Iterator[tuple[Callable[[object], int], Callable[[], object]]]:
    """Two functions: one sends a value out of a child process, the other reads it in the parent."""
    reading, writing = os.pipe()

    def send(value: object) -> int:
        os.write(writing, json.dumps(value).encode())
        return EXIT_DONE

    def received() -> object:
        return json.loads(os.read(reading, 65_536))

    try:
        yield send, received
    finally:
        os.close(reading)
        os.close(writing)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subject")
    parser.add_argument("--source", required=True, help="a migrated database; it is only copied")
    parser.add_argument("--points", type=int, default=0, help="how many crash points to try; 0 tries all")
    parser.add_argument("--seed", type=int, default=0, help="where the sample begins")
    arguments = parser.parse_args()
    if not arguments.source.startswith("test_"):
        parser.error("the source must be a test database: whoever is connected to it is let go")
    django.setup()
    harness = Harness(arguments.subject, seed=arguments.seed)
    report = harness.run(source=arguments.source, points=arguments.points)
    print(json.dumps(asdict(report), ensure_ascii=False))  # noqa: T201 - the report is this program's product


if __name__ == "__main__":
    main()
