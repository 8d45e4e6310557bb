"""The door: demo accounts, the lock, the language and the colours, and the demo's notice on every page."""

import re

import pytest
from django.conf import settings as house
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Page, expect

from accounts.demo import demo_accounts
from tests.browser.desk import DARK, NARROWEST, Desk, focused_id, scrolls_sideways, violations_of
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.county import County
from web import clock

pytestmark = pytest.mark.slow


@pytest.fixture
def demo(settings):
    """As `./run demo` sets it. The shift of the clock is forgotten afterwards."""
    settings.DEMO = True
    yield
    clock.forget_shift()


@pytest.fixture
def door(desk: Desk) -> Page:
    page = desk.of()
    page.goto("/login/")
    return page


def try_to_enter(page: Page, username: str, password: str) -> None:
    page.get_by_label("账号", exact=True).fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()


def test_a_click_on_a_demo_account_and_one_more_opens_the_house(demo, desk):
    account = demo_accounts()[0]
    UserFactory(username=account.username, name="李文亮", password=make_password(account.password))
    page = desk.of()
    page.goto("/login/")
    page.get_by_role("button", name=re.compile(f"填入.*{account.role_label}")).click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="我的待办")).to_be_visible()


def test_the_login_page_of_the_demo_is_accessible_and_narrow(demo, desk):
    page = desk.of(scheme=DARK)
    page.goto("/login/")
    assert violations_of(page) == ""
    page.set_viewport_size(NARROWEST)
    assert violations_of(page) == ""
    assert not scrolls_sideways(page)


def test_the_notice_of_the_demo_is_accessible_on_a_page_of_the_house(demo, desk, county: County):
    page = desk.of(county.yangcen.clerk)
    page.goto("/")
    expect(page.locator(".demo-bar")).to_contain_text("演示县")
    assert violations_of(page) == ""


def test_the_fifth_wrong_password_locks_the_account_even_for_the_right_one(door, county: County):
    name = county.yangcen.clerk.username
    for _attempt in range(house.AXES_FAILURE_LIMIT - 1):
        try_to_enter(door, name, "wrong-password")
        expect(door.locator("#errors")).to_contain_text("账号或密码错误")
        assert focused_id(door) == "errors"
    try_to_enter(door, name, "wrong-password")
    expect(door.get_by_role("heading", name="账号已锁定")).to_be_visible()
    assert violations_of(door) == ""
    door.get_by_role("link", name="返回登录").click()
    try_to_enter(door, name, PASSWORD)
    expect(door.get_by_role("heading", name="账号已锁定")).to_be_visible()


def test_the_language_changes_at_the_door_and_stays_inside(door, county: County):
    door.get_by_role("button", name="English").click()
    expect(door.locator("html")).to_have_attribute("lang", "en")
    door.get_by_label("Account", exact=True).fill(county.yangcen.clerk.username)
    door.get_by_label("Password", exact=True).fill(PASSWORD)
    door.get_by_role("button", name="Sign in").click()
    expect(door.get_by_role("heading", name="My work")).to_be_visible()
    door.locator(".topbar details.menu summary").click()
    door.get_by_role("button", name="简体中文").click()
    expect(door.get_by_role("heading", name="我的待办")).to_be_visible()
    expect(door.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_chosen_colours_come_back_at_another_browser(desk, county: County):
    page = desk.of(county.yangcen.clerk)
    page.goto("/preferences/")
    page.locator("main").get_by_label(re.compile("颜色")).select_option("dark")
    page.locator("main").get_by_role("button", name="保存").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    elsewhere = desk.of()
    elsewhere.goto("/login/")
    try_to_enter(elsewhere, county.yangcen.clerk.username, PASSWORD)
    expect(elsewhere.locator("html")).to_have_attribute("data-theme", "dark")


def test_slash_finds_people_from_any_page(desk, county: County):
    page = desk.of(county.yangcen.clerk)
    page.goto("/help/")
    page.keyboard.press("/")
    page.keyboard.type(county.yangcen.village.farmer.name)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(county.yangcen.village.farmer.id_number_masked)
