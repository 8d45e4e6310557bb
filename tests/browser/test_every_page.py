"""Every page in Chromium: accessible, silent, at home on this machine, and no wider than a telephone."""

import os
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, get_resolver
from playwright.sync_api import Locator, Page

from accounts.models import User
from tests.browser.desk import DARK, DESKTOP, LIGHT, NARROWEST, PHONE, Desk, scrolls_sideways, violations_of
from tests.browser.pages import NO_PAGES, PAGES, PageOf
from tests.browser.situation import Situation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

IS_SOAK = bool(os.environ.get("SOAK"))
every_page = pytest.mark.parametrize("page_of", PAGES, ids=lambda page_of: page_of.label)


class Browsers:
    """One browser per account for the whole module: pages are turned, not opened anew."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.pages = desk, {}

    def of(self, user: User | None) -> Page:
        key = user and user.pk
        if key not in self.pages:
            self.pages[key] = self.desk.of(user)
        return self.pages[key]


@pytest.fixture(scope="module")
def browsers(standing_desk: Desk) -> Browsers:
    return Browsers(standing_desk)


@pytest.fixture
def show(browsers: Browsers, situation: Situation):
    """Open a page of the table; afterwards nothing may have been said in the console or asked of another machine."""

    def go_to(page_of: PageOf) -> Page:
        page = browsers.of(page_of.opener(situation))
        on_desk_by_day(page)
        response = page.goto(page_of.url(situation))
        assert response.status == 200
        # What is folded counts as well. A menu lies over the page, so each is opened alone: see below.
        page.evaluate("document.querySelectorAll('main details:not(.menu)').forEach((one) => { one.open = true; })")
        return page

    yield go_to
    assert browsers.desk.complaints() == []


def on_desk_by_day(page: Page) -> None:
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme=LIGHT)


def on_telephone_by_night(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=DARK)


@every_page
def test_every_page_is_accessible_by_day_or_by_night_and_fits_a_telephone(show, page_of):
    """Every second page at a desk by day, the others on a telephone by night; `./run soak` tries each in both."""
    page = show(page_of)
    is_by_day = PAGES.index(page_of) % 2 == 0
    by_day = violations_of(page) if is_by_day or IS_SOAK else ""
    on_telephone_by_night(page)
    by_night = violations_of(page) if not is_by_day or IS_SOAK else ""
    page.set_viewport_size(NARROWEST)
    assert (by_day, by_night, scrolls_sideways(page)) == ("", "", False)
    assert not any(scrolls_sideways_with(page, menu) for menu in page.locator("main details.menu").all())


def scrolls_sideways_with(page: Page, menu: Locator) -> bool:
    """Whether the page is too wide for a telephone while a menu is open."""
    menu.evaluate("(one) => { one.open = true; }")
    is_too_wide = scrolls_sideways(page)
    menu.evaluate("(one) => { one.open = false; }")
    return is_too_wide


@pytest.mark.parametrize(
    "page_of", [page for page in PAGES if page.name == "loans:decide"], ids=lambda page_of: page_of.label
)
def test_every_outcome_of_a_decision_shows_an_accessible_form(show, page_of):
    page = show(page_of)
    on_telephone_by_night(page)
    for choice in page.locator("[name=outcome]").all():
        choice.check()
        # Checking scrolls; whatever lies half under the bar at the foot then would count as too small a target.
        page.evaluate("scrollTo(0, 0)")
        assert violations_of(page) == "", choice.get_attribute("value")


def test_the_table_names_every_address_of_the_house():
    named = {page_of.name for page_of in PAGES} | NO_PAGES.keys()
    assert set(_names(get_resolver().url_patterns)) == named


def _names(patterns, namespace: str = "") -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _names(entry.url_patterns, inner)
