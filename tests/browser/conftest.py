"""A real Chromium in front of a live server. A missing browser is an error where REQUIRE_BROWSER is set."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from time import sleep

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.db import connection
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from accounts.models import User
from tests.browser.desk import CHROMIUM, DESKTOP, LAUNCH_ARGS, NARROWEST, PHONE, Desk, scrolls_sideways, violations_of
from tests.browser.situation import Situation, build_situation
from tests.factories.county import NOON, County, build_county
from tests.factories.files import passing_cupboard
from tests.factories.loans import store_jianchuan
from tests.factories.reference import sow_reference_data
from web import clock

__all__ = ["DESKTOP", "NARROWEST", "PHONE", "Desk", "scrolls_sideways", "violations_of"]

# Playwright's sync interface runs an event loop in this thread; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


ANSWERS_END_TRIES = 200


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM and not os.environ.get("REQUIRE_BROWSER"):
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def desk(browser: Browser, live_server, transactional_db) -> Iterator[Desk]:
    """A desk for one test, on a county of its own that is emptied afterwards."""
    desk = Desk(browser, live_server.url)
    yield desk
    desk.close()
    let_answers_end()
    assert desk.complaints() == []


def let_answers_end() -> None:
    """Wait until the live server's threads are done: a picture still being answered would block the emptying.

    Between two of its statements an answer looks like none: quiet is what is quiet twice.
    """
    quiet = 0
    for _ in range(ANSWERS_END_TRIES):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            quiet = quiet + 1 if cursor.fetchone()[0] == 0 else 0
        if quiet == 2:
            return
        sleep(0.03)


@pytest.fixture
def county(transactional_db) -> County:
    return build_county()


@pytest.fixture
def office(county: County) -> County:
    store_jianchuan()
    return county


@pytest.fixture
def calendar() -> Iterator[Callable[[datetime], None]]:
    """Stop the clock at noon of the demo's day; call it with another moment to turn it forwards."""
    with ExitStack() as stack:
        stack.enter_context(clock.frozen(NOON))

        def turn_to(moment: datetime) -> None:
            stack.enter_context(clock.frozen(moment))

        yield turn_to


@pytest.fixture(scope="module")
def situation(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Situation]:
    """A county with a case in every step, built once for a module whose tests only read. Noon of 2014-08-15.

    The tests must be marked `django_db`, or pytest-django makes no test database for them.
    """
    assert connection.settings_dict["NAME"].startswith("test_"), "only a test's database is emptied"
    with django_db_blocker.unblock(), clock.frozen(NOON), passing_cupboard():
        sow_reference_data()
        try:
            yield build_situation()
        finally:
            call_command("flush", verbosity=0, interactive=False)
            sow_reference_data()


@pytest.fixture(scope="module")
def standing_desk(browser: Browser, situation: Situation) -> Iterator[Desk]:
    """A desk for a whole module. pytest-django's live_server would empty the database after each test."""
    thread = LiveServerThread("localhost", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    desk = Desk(browser, f"http://{thread.host}:{thread.port}")
    # Now, and not in a test: what a test writes stands in its own transaction, where the server does not see it.
    for user in User.objects.filter(is_active=True, is_system=False):
        desk.sign_in(user)
    yield desk
    desk.close()
    thread.terminate()
