"""What every test may ask for. Situations are in tests/factories/."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from accounts.models import User
from files.storage import attachments
from redcredit.demo.loading import SMALL, WHOLE
from redcredit.invariants.checking import check
from redcredit.invariants.house import INVARIANTS
from tests.factories.county import NOON, County, build_county
from tests.factories.demo import standing_county
from tests.factories.loans import store_jianchuan
from tests.factories.reference import sow_reference_data
from tests.factories.remembered import Remembered
from web import clock

remembered_county = Remembered(build_county)
remembered_programme = Remembered(store_jianchuan, upon=remembered_county)
TRANSACTIONAL = {"transactional_db", "live_server"}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Sow what a database that is used again may have lost; at the end let go whoever still holds it."""
    with django_db_blocker.unblock():
        sow_reference_data()
    yield
    connection.close()  # the crash harness lets every connection go whose database it copies
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        # A live server's thread may be in the middle of an answer: nobody waits for it any more.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def is_transactional(item: pytest.Item) -> bool:
    """Whether a test works on real transactions, after which every table is emptied."""
    marker = item.get_closest_marker("django_db")
    return bool(TRANSACTIONAL & set(getattr(item, "fixturenames", ()))) or bool(
        marker and marker.kwargs.get("transaction")
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Sow the reference data again when everything else is torn down: the next test of this process expects it.

    After the last one the test database is gone, and the connection leads to another.
    """
    yield
    if nextitem is not None and is_transactional(item):
        with item.config.stash[blocking_manager_key].unblock():
            sow_reference_data()


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def cupboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the attachments of a test a folder of their own; returns it."""
    # The field of the model holds the storage itself, so the storage moves.
    monkeypatch.setattr(attachments(), "location", str(tmp_path))
    return tmp_path


@pytest.fixture
def county(db: None) -> County:
    """A small county with somebody in every office (tests/factories/county.py)."""
    return remembered_county()


@pytest.fixture
def office(county: County) -> County:
    """The county with the programme of the report: versions 2013 and 2014, quotas and budgets."""
    remembered_programme()
    return county


@pytest.fixture
def invariants_hold(db: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """After the test everything that must be true of the money is true, whatever the test did to it.

    A module whose situations are rows written by hand names in HAND_WRITTEN what they cannot meet.
    """
    yield
    hand_written = getattr(request.module, "HAND_WRITTEN", frozenset())
    asked = [one for one in INVARIANTS if one.name not in hand_written]
    broken = {finding.invariant.name: finding.lines for finding in check(asked) if not finding.holds}
    assert not broken, broken


@pytest.fixture
def noon() -> Iterator[datetime]:
    """Stop the clock at noon of 2014-08-15, the demo's day."""
    with clock.frozen(NOON):
        yield NOON


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """Return a function that opens a browser (test client) in which an account is signed in."""

    def open_browser(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_browser


@pytest.fixture(scope="module")
def small_demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """A sample of the demo county for a whole module (`load_demo --small`); what the loader said."""
    with django_db_blocker.unblock(), standing_county(SMALL) as said:
        yield said


@pytest.fixture(scope="module")
def whole_demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """The whole demo county for a module. It takes minutes: only tests/redcredit/test_whole_county.py asks for it."""
    with django_db_blocker.unblock(), standing_county(WHOLE) as said:
        yield said
