"""Crash points: the moments before and after each SQL statement and each commit, counted; at one of them the kill."""

import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

# Never a point: the count of a run that is to come through.
NEVER = 0


class Points:
    """Counts the points of this process from here on, and kills it (SIGKILL) at point `crash_at`, the first being 1.

    After a commit the row is in the database while the program never hears of it: that moment is a point as well.
    """

    def __init__(self, crash_at: int) -> None:
        self.crash_at = crash_at
        self.count = 0

    def tick(self) -> None:
        self.count += 1
        if self.count == self.crash_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        """Count on Django's connection. There is no way back: meant for a process of its own."""
        connection.ensure_connection()
        connection.execute_wrappers.append(self._around_statement)
        commit = BaseDatabaseWrapper._commit

        def counted_commit(database: BaseDatabaseWrapper) -> Any:
            self.tick()
            result = commit(database)
            self.tick()
            return result

        BaseDatabaseWrapper._commit = counted_commit

    def _around_statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        self.tick()
        result = execute(sql, params, many, context)
        self.tick()
        return result
