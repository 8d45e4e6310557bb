"""Databases to crash in: copied from a template in a moment, compared by what is in them, dropped afterwards."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from django.conf import settings
from psycopg2 import sql

# No connection may be open to a template while it is copied: our own questions go to this database.
ELSEWHERE = "postgres"
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
# Times differ between two runs of the same work, and so do serial numbers where a sequence has gaps.
_COLUMNS = """
SELECT a.attrelid::regclass::text, a.attname, a.atttypid IN ('timestamptz'::regtype, 'uuid'::regtype),
       coalesce(i.indisprimary, false) AND a.attidentity <> '', f.confrelid::regclass::text
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY(i.indkey)
LEFT JOIN pg_constraint f ON f.conrelid = a.attrelid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]
WHERE a.attnum > 0 AND NOT a.attisdropped
"""
# References without a foreign key, how often a job was tried, and the bell: it tells an owner of a job that took long.
INCIDENTAL = {
    ("audit_auditevent", "subject_id"),
    ("jobs_job", "arguments"),
    ("jobs_job", "attempts"),
    ("accounts_user", "unread_count"),
}
LEFT_OUT = {"inbox_message"}

Counts = dict[str, int]
Contents = dict[str, list[str]]


def _connect(name: str) -> Any:
    database = settings.DATABASES["default"]
    connection = psycopg2.connect(
        dbname=name,
        user=database["USER"] or None,
        password=database["PASSWORD"] or None,
        host=database["HOST"] or None,
        port=database["PORT"] or None,
    )
    connection.autocommit = True
    return connection


def ask(name: str, statement: Any, *parameters: Any) -> list[tuple[Any, ...]]:
    """Return the rows that a database answers, over a connection of its own."""
    with closing(_connect(name)) as connection, connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []


def copy(template: str, name: str) -> None:
    """Make the database `name` (dropped first) as a copy of another, whoever is connected to that is let go."""
    drop(name)
    ask(
        ELSEWHERE,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
        template,
    )
    ask(
        ELSEWHERE,
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(name), sql.Identifier(template)
        ),
    )


def drop(name: str) -> None:
    ask(ELSEWHERE, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def copied(template: str, name: str) -> Iterator[str]:
    """A copy for as long as the block lasts."""
    copy(template, name)
    try:
        yield name
    finally:
        drop(name)


def counts(name: str) -> Counts:
    """Return how many rows each table has."""
    tables = [table for (table,) in ask(name, _TABLES)]
    parts = [
        sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(table), sql.Identifier(table)) for table in tables
    ]
    return dict(ask(name, sql.SQL(" UNION ALL ").join(parts)))


def contents(name: str, *, renumbered: frozenset[str]) -> Contents:
    """Return every table's rows as sorted text.

    Left out are messages, times, UUIDs, numbers the database gave, and references to the rows of `renumbered` tables.
    """
    left_out: dict[str, list[str]] = {}
    for table, column, is_incidental, is_serial, target in ask(name, _COLUMNS):
        if table in LEFT_OUT:
            continue
        left_out.setdefault(table, [])
        if is_incidental or is_serial or target in renumbered or (table, column) in INCIDENTAL:
            left_out[table].append(column)
    rows: Contents = {}
    with closing(_connect(name)) as connection, connection.cursor() as cursor:
        for table, columns in left_out.items():
            cursor.execute(
                sql.SQL("SELECT (to_jsonb(t) - %s::text[])::text FROM {} AS t ORDER BY 1").format(
                    sql.Identifier(table)
                ),
                [columns],
            )
            rows[table] = [text for (text,) in cursor.fetchall()]
    return rows


def differences(found: Contents, wanted: Contents) -> list[str]:
    """Say table by table what one database has too much or too little compared with another."""
    said = []
    for table in sorted(found.keys() | wanted.keys()):
        ours, theirs = found.get(table, []), wanted.get(table, [])
        if ours != theirs:
            said.append(f"{table}: {len(ours)} rows instead of {len(theirs)}, or other values")
    return said
