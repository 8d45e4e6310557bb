"""A situation that thousands of tests begin with is built once in a process; later its rows are copied in.

Building the small county takes thirty statements and the programme as many; copying their rows back takes a few
milliseconds. The rows are the same to the last key, so what was built on them before fits them again.
"""

import io
import pickle
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.db import connection, transaction

Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """Calls `build` the first time and keeps the rows it wrote and what it returned; afterwards puts both back."""

    def __init__(self, build: Callable[[], Made]) -> None:
        self.build = build
        self.returned = b""
        self.rows: dict[str, str] = {}

    def __call__(self) -> Made:
        if self.returned:
            self._put_back()
        else:
            self._remember()
        # Never the first object itself: a test may change what it holds.
        made: Made = pickle.loads(self.returned)  # noqa: S301  # our own bytes of a moment ago
        return made

    def _remember(self) -> None:
        before = {table: _places(table) for table in _tables()}
        returned = self.build()
        for table, old in before.items():
            now = _places(table)
            assert old <= now, f"{self.build.__name__} changed rows of {table} that were there before"
            if now - old:
                self.rows[table] = _copy_out(table, sorted(now - old))
        self.returned = pickle.dumps(returned)

    def _put_back(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            # The guards judged these rows when they were written; copied in another order they would object.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, rows in self.rows.items():
                cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(rows))
            cursor.execute("SET LOCAL session_replication_role = origin")


def _tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy})


def _places(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid::text FROM {table}")  # noqa: S608  # the name of a table of ours
        return {place for (place,) in cursor.fetchall()}


def _copy_out(table: str, places: list[str]) -> str:
    wanted = ", ".join(f"'{place}'::tid" for place in places)
    rows: Any = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY (SELECT * FROM {table} WHERE ctid IN ({wanted})) TO STDOUT", rows)  # noqa: S608
    return str(rows.getvalue())
