"""Signed-in clients for the pages of this room, and a count of questions to the database without savepoints."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.factories.county import NOON
from web import clock

SAVEPOINTS = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """Return a client of an account."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def at() -> Callable[..., AbstractContextManager[None]]:
    """Stop the clock so many days after noon of 2014-08-15."""

    def stop(days: int = 0, moment: datetime = NOON) -> AbstractContextManager[None]:
        return clock.frozen(moment + timedelta(days=days))

    return stop


@pytest.fixture
def questions() -> Callable[[], AbstractContextManager[list[str]]]:
    """Collect the statements that a page sends; those of transactions are not questions."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        found: list[str] = []
        with CaptureQueriesContext(connection) as captured:
            yield found
        found += [query["sql"] for query in captured if not query["sql"].startswith(SAVEPOINTS)]

    return count
