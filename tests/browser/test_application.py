"""The clerk's five pages: every kind of mistake, saving by itself, two people at one page, no network, a telephone."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from loans.choices import Declaration, DraftPage
from loans.models import Application
from loans.operations import ApplicationData
from loans.operations.drafts import PageInput, begin_draft, save_page
from tests.browser.desk import NARROWEST, PHONE, Desk, focused_id, scrolls_sideways, violations_of
from tests.factories.county import NOON, TODAY, County
from tests.factories.loans import CaseFactory
from workflow.engine import State

pytestmark = pytest.mark.slow

PROJECT = {
    "项目名称": "生猪养殖",
    "项目规模": "120头",
    "创业致富计划": "扩建猪舍，存栏由40头增至120头。",
    "项目总投资": "100000",
    "自有资金": "50000",
    "申请金额": "５0,000",
    "期限（月）": "12",
    "家庭年收入": "36000",
    "现有其他贷款余额": "0",
    "劳动力人数": "2",
}


@pytest.fixture
def draft(office: County) -> Application:
    """A draft after its first page: the farmer of the first village."""
    village = office.yangcen.village
    data = ApplicationData(
        version_id=CaseFactory(office).version.pk,
        borrower_kind="household",
        person_id=village.farmer.pk,
        branch_id=village.branch.pk,
        outlet_id=office.yangcen.outlet.pk,
    )
    return begin_draft(data=data, request_id=uuid4(), begun_by=office.yangcen.clerk, begun_at=NOON)


@pytest.fixture
def open_page(desk: Desk, office: County, draft: Application, calendar):
    """Open one page of the draft as the clerk."""

    def go_to(name: str, **how: object) -> Page:
        page = desk.of(office.yangcen.clerk, **how)
        page.goto(f"/loans/applications/{draft.pk}/{name}/")
        return page

    return go_to


def fill_project(page: Page) -> None:
    page.get_by_label("养殖", exact=True).check()
    for label, text in PROJECT.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("类别", exact=True).select_option(index=1)
    if page.get_by_label("还款方式").input_value() == "":
        page.get_by_label("还款方式").select_option(index=1)


def leave(page: Page, label: str) -> None:
    """Leave a field and wait until the page has saved itself."""
    with page.expect_response("**/autosave/"):
        page.get_by_label(label).press("Tab")


def go_on(page: Page, button: str = "保存并继续") -> None:
    page.get_by_role("button", name=button, exact=True).click()


def save_as_colleague(office: County, draft: Application, **answers: object) -> None:
    draft.refresh_from_db()
    save_page(
        application_id=draft.pk,
        typed=PageInput(DraftPage.PROJECT, answers),
        revision=draft.revision,
        saved_by=office.yangcen.village.clerk,
        saved_at=NOON,
    )


# --- from the number to the receipt ----------------------------------------------------------------------------------


def test_an_application_is_written_and_submitted_by_keyboard(desk: Desk, office: County, calendar):
    village = office.yangcen.village
    page = desk.of(office.yangcen.clerk)
    page.goto("/loans/applications/")
    page.locator("#id_text").fill(village.farmer.read_id_number())
    page.keyboard.press("Enter")
    page.locator("main .tasks").get_by_role("link", name=village.farmer.name).first.press("Enter")
    page.wait_for_url("**/applications/new/**")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/referral/")
    page.locator("[name=introducer]").first.press("Space")
    page.locator("[name=visited_on]").fill(TODAY.isoformat())
    page.locator("[name=is_no_relative]").press("Space")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/project/")
    fill_project(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/papers/")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/check/")
    for value in Declaration.values:
        page.locator(f"[name=declarations][value={value}]").press("Space")
    page.get_by_label("授权书签署日期").fill(TODAY.isoformat())
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/submitted/")
    case = Application.objects.get()
    expect(page.locator("main")).to_contain_text(case.number)
    expect(page.locator("main svg.qr")).to_be_visible()
    assert (case.step, case.state) == ("branch_review", State.OPEN)
    assert violations_of(page) == ""


def test_who_is_not_in_the_register_is_registered_on_the_way(desk: Desk, office: County, calendar):
    page = desk.of(office.yangcen.clerk)
    page.goto("/loans/applications/")
    page.locator("#id_text").press_sequentially("532931199001011230")
    expect(page.locator("#number-note .error")).to_be_visible()
    number = "53293119900101000"
    weights, characters = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
    number += characters[sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11]
    page.locator("#id_text").fill(number)
    expect(page.locator("#number-note .note-ok")).to_be_visible()
    page.get_by_role("button", name="查询", exact=True).click()
    page.get_by_label("姓名", exact=True).fill("施金凤")
    page.get_by_label("所在村").select_option(index=1)
    assert violations_of(page) == ""
    go_on(page, "登记并继续")
    page.wait_for_url("**/applications/new/**")
    expect(page.locator("main")).to_contain_text("施金凤")
    expect(page.locator("main")).to_contain_text("本户没有其他在办申请")


# --- mistakes --------------------------------------------------------------------------------------------------------


def test_the_summary_of_mistakes_takes_the_focus_and_leads_to_each_field(open_page):
    page = open_page("project")
    page.get_by_label("申请金额").fill("0")
    go_on(page)
    expect(page.locator("#errors")).to_be_focused()
    assert violations_of(page) == ""
    page.locator("#errors").get_by_role("link", name=re.compile("^申请金额")).click()
    assert focused_id(page) == "id_amount_asked"
    page.set_viewport_size(NARROWEST)
    assert scrolls_sideways(page) is False


def test_a_mistake_is_told_on_leaving_the_field_and_goes_when_it_is_mended(open_page):
    page = open_page("project")
    amount = page.get_by_label("申请金额")
    amount.fill("五万")
    amount.press("Tab")
    expect(page.locator("#id_amount_asked_error")).to_be_visible()
    expect(amount).to_have_attribute("aria-invalid", "true")
    assert violations_of(page) == ""
    amount.fill("50000")
    amount.press("Tab")
    expect(page.locator("#id_amount_asked_error")).to_have_count(0)


def test_what_is_missing_is_listed_on_the_check_page_with_the_way_to_it(open_page):
    page = open_page("check")
    assert violations_of(page) == ""
    page.locator(".alert-warn").get_by_role("link", name=re.compile("^申请金额")).click()
    page.wait_for_url("**/project/?back=check#id_amount_asked")
    fill_project(page)
    go_on(page, "保存并返回")
    page.wait_for_url("**/check/*")  # a browser carries the mark in the address along
    expect(page.locator("main")).to_contain_text("50,000.00 元")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("#errors")).to_be_focused()


# --- saving by itself ------------------------------------------------------------------------------------------------


def test_a_page_saves_itself_and_opens_again_on_another_computer(desk: Desk, office: County, open_page, draft):
    page = open_page("project")
    page.get_by_label("申请金额").fill("40000")
    page.get_by_label("项目名称").fill("养蜂")
    leave(page, "项目名称")
    expect(page.locator("[name=revision]")).to_have_value(re.compile("[2-9]"))
    expect(page.locator("[data-saved-text]")).to_have_text("已保存 12:00")
    elsewhere = desk.of(office.yangcen.clerk)
    elsewhere.goto("/")
    elsewhere.locator("section", has=elsewhere.get_by_role("heading", name="我的草稿")).get_by_role(
        "link"
    ).first.click()
    elsewhere.wait_for_url("**/project/")
    expect(elsewhere.get_by_label("申请金额")).to_have_value("40000.00")
    expect(elsewhere.get_by_label("项目名称")).to_have_value("养蜂")


def test_a_page_that_is_saved_is_left_without_a_question(open_page, draft):
    page = open_page("project")
    asked = []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    page.get_by_label("项目名称").fill("养蜂")
    leave(page, "项目名称")
    expect(page.locator("form[data-changed]")).to_have_count(0)
    page.goto("/")
    assert asked == []


def test_nothing_is_sent_while_pinyin_is_being_composed(open_page, draft):
    page = open_page("project")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "autosave" in request.url else None)
    field = page.get_by_label("项目名称")
    field.focus()
    field.dispatch_event("compositionstart")
    field.evaluate("(one) => { one.value = 'yang'; one.dispatchEvent(new Event('change', {bubbles: true})); }")
    page.wait_for_timeout(1500)
    assert sent == []
    field.evaluate("(one) => { one.value = '养蜂'; }")
    with page.expect_response("**/autosave/"):
        field.dispatch_event("compositionend")
    draft.refresh_from_db()
    assert draft.project_name == "养蜂"


def test_control_s_saves_and_stays(open_page, draft):
    page = open_page("project")
    page.get_by_label("自有资金").fill("1000")
    with page.expect_response("**/autosave/"):
        page.keyboard.press("Control+S")
    assert page.url.endswith("/project/")


def test_without_network_input_waits_in_the_browser_and_is_sent_later(desk: Desk, open_page, draft):
    page = open_page("project")
    page.context.set_offline(True)
    page.get_by_label("项目名称").fill("养蜂")
    page.get_by_label("项目名称").press("Tab")
    expect(page.locator("#draft-banner")).to_contain_text("网络中断")
    assert violations_of(page) == ""
    assert "养蜂" in page.evaluate("Object.values(localStorage).join()")
    with page.expect_response("**/autosave/"):
        page.context.set_offline(False)
    expect(page.locator("#draft-banner")).to_be_hidden()
    assert page.evaluate("localStorage.length") == 0
    draft.refresh_from_db()
    assert draft.project_name == "养蜂"
    # The browser and the panel beside the form said that the network was away.
    desk.heard = [words for words in desk.heard if "ERR_INTERNET_DISCONNECTED" not in words and "htmx:" not in words]


# --- two people at one page ------------------------------------------------------------------------------------------


def test_somebody_elses_change_shows_both_versions(office: County, open_page, draft):
    page = open_page("project")
    save_as_colleague(office, draft, amount_asked=40000, project_name="种植白芸豆")
    page.get_by_label("项目名称").fill("养蜂")
    page.get_by_label("项目名称").press("Tab")
    expect(page.locator("#draft-banner")).to_contain_text(office.yangcen.village.clerk.name)
    assert violations_of(page) == ""
    page.get_by_role("button", name="查看两个版本").click()
    expect(page.get_by_role("heading", name="他人已修改本页")).to_be_visible()
    assert violations_of(page) == ""
    page.set_viewport_size(PHONE)
    assert scrolls_sideways(page) is False
    page.locator("#mine-project_name").check()
    page.locator("#theirs-amount_asked").check()
    go_on(page, "保存所选内容")
    page.wait_for_url("**/project/")
    draft.refresh_from_db()
    assert (draft.project_name, draft.amount_asked) == ("养蜂", 40000)


# --- people, telephone, no script ------------------------------------------------------------------------------------


def test_people_are_searched_added_and_taken_away(office: County, open_page, draft):
    page = open_page("project")
    page.get_by_label("项目名称").fill("养蜂")
    person = office.yangcen.village.people[6]
    page.get_by_label("在名册中查找").fill(person.name)
    page.keyboard.press("Enter")
    page.locator("#people-found").get_by_role("button", name="加为帮扶对象").first.click()
    expect(page.locator("#people [name=helped]")).to_have_value(str(person.pk))
    expect(page.locator("#people .rows").first).to_contain_text(person.id_number_masked)
    expect(page.get_by_label("项目名称")).to_have_value("养蜂")
    assert violations_of(page) == ""
    page.get_by_role("button", name=re.compile(f"^移除 {person.name}")).click()
    expect(page.get_by_role("button", name=re.compile("^移除"))).to_have_count(0)
    assert not draft.commitments.exists()


def test_introducers_are_found_by_branch_and_name(office: County, open_page):
    page = open_page("referral")
    other = office.yangcen.village.branches[1]
    page.get_by_label("所在支部").select_option(other.name)
    expect(page.locator("#introducers")).to_contain_text(other.short_name)
    assert violations_of(page) == ""


@pytest.mark.parametrize("name", ["applicant", "referral", "project", "papers", "check"])
def test_a_page_is_at_home_on_a_telephone(open_page, name):
    page = open_page(name, viewport=PHONE)
    assert (violations_of(page), scrolls_sideways(page)) == ("", False)
    assert page.locator("details[data-fold][open]").count() == 0
    page.set_viewport_size(NARROWEST)
    assert scrolls_sideways(page) is False


def test_without_script_the_buttons_do_it_all(desk: Desk, office: County, draft, calendar):
    clerk = office.yangcen.clerk
    desk.sign_in(clerk)
    context = desk.browser.new_context(java_script_enabled=False, base_url=desk.address, locale="zh-CN")
    desk.contexts.append(context)
    context.add_cookies([{"name": "sessionid", "value": desk.sessions[clerk.pk], "url": desk.address}])
    page = context.new_page()
    page.goto(f"/loans/applications/{draft.pk}/project/")
    fill_project(page)
    page.get_by_label("在名册中查找").fill(office.yangcen.village.people[6].name)
    go_on(page, "查询")
    page.locator("#people-found").get_by_role("button", name="加为帮扶对象").first.click()
    expect(page.locator("#people [name=helped]")).to_have_count(1)
    go_on(page)
    page.wait_for_url("**/papers/*")
    draft.refresh_from_db()
    assert (draft.amount_asked, draft.commitments.count()) == (50000, 1)


def test_two_clicks_on_submit_hand_in_one_application(open_page, draft):
    page = open_page("project")
    fill_project(page)
    go_on(page)
    page.wait_for_url("**/papers/")
    go_on(page)
    for value in Declaration.values:
        page.locator(f"[name=declarations][value={value}]").check()
    page.get_by_label("授权书签署日期").fill(TODAY.isoformat())
    page.get_by_role("button", name="提交", exact=True).dblclick()
    page.wait_for_url("**/submitted/")
    assert [decision.outcome for decision in draft.decisions.all()] == ["submit"]
