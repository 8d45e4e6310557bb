"""A lock on something that has no row yet."""

from uuid import UUID

from django.db import connection


def hold_request(request_id: UUID) -> None:
    """Let requests of the same id wait for one another until this transaction ends: a double click is one request."""
    hold_name(str(request_id))


def hold_name(name: str) -> None:
    """Let transactions that say the same name wait for one another until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
