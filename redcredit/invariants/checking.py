"""Asking for violations: one statement per invariant, the first rows of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.db import connection, transaction

from web.layout import Text

ROWS_MAX = 20


@dataclass(frozen=True)
class Invariant:
    """`sql` selects the rows that break the sentence, without LIMIT; each names itself in its first columns."""

    name: str
    sentence: Text
    sql: str


@dataclass(frozen=True)
class Finding:
    """What came of asking one invariant: the rows that break it (at most ROWS_MAX), and how long it took."""

    invariant: Invariant
    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]
    seconds: float

    @property
    def holds(self) -> bool:
        return not self.rows

    @property
    def lines(self) -> list[str]:
        """Each row as `column=value` in words."""
        return [
            " ".join(f"{column}={value}" for column, value in zip(self.columns, row, strict=True)) for row in self.rows
        ]


def check(invariants: Sequence[Invariant]) -> Iterator[Finding]:
    """Ask each invariant in turn. Reads only; each sees the database as it is at its own moment."""
    for invariant in invariants:
        began = monotonic()
        with transaction.atomic(), connection.cursor() as cursor:
            # A page may not ask for so long; this is asked by night.
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL work_mem = '256MB'")
            cursor.execute("SET LOCAL jit = off")
            cursor.execute(f"SELECT * FROM ({invariant.sql}) AS found LIMIT {ROWS_MAX}")
            columns = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall()
        yield Finding(invariant, columns, rows, monotonic() - began)
