"""What a benchmark looks at: seconds by statement, and the memory of the program and of its database process.

Seconds are those that the database's process worked, so that other programs on the machine do not count; where that
cannot be read (the database is on another machine), they are those that passed.
"""

import os
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.db import connection

KIB_PER_MIB = 1024
LOOK_EVERY_SECONDS = 0.02
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
# In /proc/PID/stat, counted behind the program's name.
USER_TICKS, SYSTEM_TICKS = 11, 12


@dataclass
class Measured:
    """Seconds that passed, seconds of work in all and by statement, the highest private memory of the database."""

    passed: float = 0.0
    seconds: float = 0.0
    by_statement: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    backend_mib: float | None = None

    @property
    def outside_statements(self) -> float:
        """The rest: commits, at which the database checks the foreign keys."""
        return self.seconds - sum(self.by_statement.values())


def backend() -> Path:
    """Where this machine shows the database process of Django's connection, if it runs here."""
    connection.ensure_connection()
    return Path(f"/proc/{connection.connection.info.backend_pid}")


def worked() -> float:
    """The seconds that the database's process has worked so far."""
    try:
        fields = (backend() / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.perf_counter()
    return (int(fields[USER_TICKS]) + int(fields[SYSTEM_TICKS])) / TICKS_A_SECOND


@contextmanager
def measured(names: dict[str, str]) -> Iterator[Measured]:
    """Measure the block. `names` gives statements a name: text of the statement → name; others are "other"."""
    result = Measured()

    def clocked(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        began = worked()
        try:
            return execute(sql, params, many, context)
        finally:
            result.by_statement[names.get(sql, "other")] += worked() - began

    with _memory_of_backend(result), connection.execute_wrapper(clocked):
        began, began_work = time.perf_counter(), worked()
        yield result
        result.passed, result.seconds = time.perf_counter() - began, worked() - began_work


@contextmanager
def _memory_of_backend(result: Measured) -> Iterator[None]:
    """Keep the highest private memory of our database process; None where this machine does not show it."""
    rollup = backend() / "smaps_rollup"
    done = Event()

    def watch() -> None:
        while not done.wait(LOOK_EVERY_SECONDS):
            if (now := _private_mib(rollup)) is not None:
                result.backend_mib = max(result.backend_mib or 0.0, now)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _private_mib(rollup: Path) -> float | None:
    try:
        lines = rollup.read_text().splitlines()
    except OSError:
        return None
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / KIB_PER_MIB


def own_peak_mib() -> float:
    """The highest memory this program ever had, in MiB (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB
