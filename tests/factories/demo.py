"""The demo county inside a transaction that is rolled back: loaded once, read by every test of a module."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from redcredit.demo.loading import Size, load_county

PASSWORD = "jianchuan-2014"


class _Over(Exception):
    """Ends the transaction without keeping anything."""


@contextmanager
def standing_county(size: Size) -> Iterator[list[str]]:
    """Load the county and yield what the loader said. Afterwards the database is as it was."""
    said: list[str] = []
    try:
        with transaction.atomic():
            load_county(password=PASSWORD, size=size, say=said.append)
            # Once here, or every test would check all the references of the loader anew at its end.
            connection.check_constraints()
            yield said
            raise _Over
    except _Over:
        pass
