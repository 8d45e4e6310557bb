"""The frame and the style guide in Chromium: what only a browser can tell."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from tests.browser.desk import (
    DARK,
    DESKTOP,
    LIGHT,
    NARROWEST,
    PHONE,
    Desk,
    focused_id,
    scrolls_sideways,
    violations_of,
)  # fmt: skip
from tests.web.samples import only_this_room

PATHS = ["/styleguide/?state=late&page=1", "/nowhere/", "/conflict/"]


@pytest.fixture(autouse=True)
def _room_of_its_own(settings):
    only_this_room(settings)


@pytest.fixture
def open_page(desk: Desk) -> Callable[..., Page]:
    """Open the style guide as somebody signed in."""
    reader = get_user_model().objects.create_user("reader", name="读者")

    def opened(path: str = "/styleguide/", **look: object) -> Page:
        page = desk.of(reader, **look)
        page.goto(path)
        return page

    return opened


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_an_accessibility_violation(open_page, path, viewport, scheme):
    assert violations_of(open_page(path, viewport=viewport, scheme=scheme)) == ""


@pytest.mark.parametrize("path", PATHS)
def test_nothing_scrolls_sideways_on_the_smallest_phone(open_page, path):
    assert not scrolls_sideways(open_page(path, viewport=NARROWEST))


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(open_page):
    page = open_page()
    assert focused_id(page) == "errors"
    page.get_by_role("link", name=re.compile("^姓名：")).click()
    assert focused_id(page) == "id_name"
    page.get_by_role("link", name=re.compile("^结论：")).click()
    assert focused_id(page) == "id_outcome_0"


def test_slash_goes_to_the_search_and_is_not_typed(open_page):
    page = open_page()
    page.keyboard.press("/")
    assert focused_id(page) == "search"
    page.keyboard.type("a/b")
    assert page.locator("#search").input_value() == "a/b"


def test_a_key_pressed_while_pinyin_is_composed_is_left_alone(open_page):
    page = open_page()
    page.evaluate(
        """document.dispatchEvent(new KeyboardEvent("keydown", {key: "/", isComposing: true, bubbles: true}))"""
    )
    assert focused_id(page) == "errors"


def test_a_dangerous_action_asks_first(open_page):
    page = open_page()
    page.get_by_role("button", name="需确认的操作").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("确定要作废吗？")
    dialog.get_by_role("button", name="取消").click()
    expect(page).to_have_url(re.compile(r"/styleguide/$"))
    page.get_by_role("button", name="需确认的操作").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="确认").click()
    expect(page).to_have_url(re.compile(r"/styleguide/\?$"))


def test_a_posted_form_cannot_be_pressed_twice(open_page):
    page = open_page()
    held = page.evaluate(
        """async () => {
            const form = document.querySelector("#form-fresh");
            form.method = "post";
            const button = form.appendChild(document.createElement("button"));
            document.addEventListener("submit", (event) => event.preventDefault());
            button.click();
            await new Promise((done) => setTimeout(done, 30));
            return button.disabled;
        }"""
    )
    assert held


def test_the_colours_chosen_here_stay_on_the_next_page(open_page):
    page = open_page()
    page.locator(".topbar details.menu summary").click()
    page.get_by_label("界面颜色").select_option("dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator(".topbar details.menu summary").click()
    expect(page.get_by_label("界面颜色")).to_have_value("dark")
    page.get_by_label("界面颜色").select_option("")
    page.reload()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_escape_closes_the_person_s_menu(open_page):
    page = open_page()
    page.locator(".topbar details.menu summary").click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="退出登录")).to_be_hidden()


def test_a_phone_reaches_the_whole_menu_without_script(open_page):
    page = open_page(viewport=PHONE)
    expect(page.locator("#side")).to_be_hidden()
    page.get_by_role("navigation", name="底部菜单").get_by_role("link", name="菜单").click()
    expect(page.locator("#side").get_by_role("link", name="支部审核")).to_be_visible()
    page.get_by_role("link", name="关闭菜单").click()
    expect(page.locator("#side")).to_be_hidden()


def test_a_table_is_cards_on_a_phone_and_says_each_label(open_page):
    page = open_page(viewport=PHONE)
    assert page.locator("#tables thead").is_hidden()
    cell = page.locator("#tables tbody td[data-label='金额（元）']").first
    assert "金额（元）" in cell.evaluate("cell => getComputedStyle(cell, '::before').content")


def test_a_phone_folds_all_filters_but_the_first(open_page):
    page = open_page(viewport=PHONE)
    fields = page.locator(".filters .field")
    expect(fields.nth(0)).to_be_visible()
    expect(fields.nth(1)).to_be_hidden()
    page.get_by_text("更多条件").click()
    expect(fields.nth(1)).to_be_visible()


def test_paper_is_white_and_without_menus_even_in_the_dark(open_page):
    page = open_page(scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for hidden in [".topbar", ".side", ".tabbar", ".actions", ".filters", ".pager"]:
        expect(page.locator(hidden).first).to_be_hidden()


def test_controls_are_large_enough_for_a_finger(open_page):
    page = open_page(viewport=PHONE)
    heights = page.eval_on_selector_all(
        ".btn, .tabbar a, .chip, .side a", "all => all.map(e => e.getBoundingClientRect().height).filter(h => h > 0)"
    )
    assert min(heights) >= 24


def test_a_demo_account_is_filled_in_by_one_click(open_page):
    page = open_page("/scripted/")
    page.get_by_role("button", name="Fill in").click()
    expect(page.locator("#u")).to_have_value("clerk")
    expect(page.locator("#p")).to_have_value("jianchuan-2014")
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()


def test_changed_text_is_not_lost_without_a_warning(open_page):
    page = open_page("/scripted/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Note").press_sequentially("情况属实")
    page.get_by_role("link", name="Leave").click()
    page.wait_for_url("**/styleguide/")
    assert asked == ["beforeunload"]


def test_a_sent_form_asks_nothing(open_page):
    page = open_page("/scripted/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Note").press_sequentially("情况属实")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/scripted/?note=*")
    assert asked == []


def test_a_select_may_send_its_form(open_page):
    page = open_page("/scripted/")
    page.get_by_label("State").select_option("b")
    page.wait_for_url("**/scripted/?state=b")


def test_keys_choose_and_move_unless_somebody_types(open_page):
    page = open_page("/scripted/")
    page.keyboard.press("2")
    expect(page.get_by_label("Return")).to_be_checked()
    page.keyboard.press("1")
    expect(page.get_by_label("Agree")).to_be_checked()
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile("#next-case$"))
    page.get_by_label("Note").press_sequentially("2")
    expect(page.get_by_label("Agree")).to_be_checked()
