"""What clerks do with their hands: mistyped forms, questions before danger, two clicks for one, papers."""

import re

import pytest
from playwright.sync_api import Page, expect

from audit.choices import Action
from audit.models import AuditEvent
from loans.models import Application
from tests.browser.desk import NARROWEST, PHONE, Desk, focused_id, scrolls_sideways, violations_of
from tests.factories.county import TODAY, County
from tests.factories.loans import CaseFactory

pytestmark = pytest.mark.slow


@pytest.fixture
def form(desk: Desk, office: County, calendar) -> Page:
    """The empty application of the first village's farmer, in front of the clerk."""
    page = desk.of(office.yangcen.clerk)
    page.goto(f"/loans/applications/new/?person={office.yangcen.village.farmer.pk}")
    return page


def fill_in(page: Page) -> None:
    page.get_by_label("类别", exact=True).select_option(index=1)
    page.get_by_label("申请金额").fill("50000")
    page.get_by_label("期限（月）").fill("12")
    page.get_by_label("养殖", exact=True).check()
    page.get_by_label("项目名称").fill("生猪养殖")
    page.get_by_label("创业致富计划").fill("扩建猪舍，存栏由40头增至120头。")
    for label, yuan in (("项目总投资", 100000), ("自有资金", 50000), ("家庭年收入", 36000), ("现有其他贷款余额", 0)):
        page.get_by_label(label).fill(str(yuan))
    page.get_by_label("授权书签署日期").fill(TODAY.isoformat())


def test_the_summary_of_mistakes_takes_the_focus_and_leads_to_each_field(form):
    form.get_by_label("申请金额").fill("0")
    form.get_by_role("button", name="提交").click()
    expect(form.locator("#errors")).to_be_focused()
    assert violations_of(form) == ""
    form.locator("#errors").get_by_role("link", name=re.compile("^申请金额")).click()
    assert focused_id(form) == "id_amount_asked"
    assert not Application.objects.exists()


def test_mistakes_are_readable_on_the_smallest_telephone(form):
    form.get_by_role("button", name="提交").click()
    form.set_viewport_size(NARROWEST)
    assert (violations_of(form), scrolls_sideways(form)) == ("", False)


def test_two_clicks_on_submit_hand_in_one_application(form):
    fill_in(form)
    form.get_by_role("button", name="提交").dblclick()
    form.wait_for_url("**/loans/cases/*/")
    case = Application.objects.get()
    assert [decision.outcome for decision in case.decisions.all()] == ["submit"]


def test_an_application_sent_again_from_the_page_before_is_the_same_one(form):
    fill_in(form)
    form.get_by_role("button", name="暂存").click()
    form.wait_for_url(re.compile(r"/loans/(applications|cases)/\d+/"))
    form.go_back()
    form.get_by_role("button", name="提交").click()
    form.wait_for_url(re.compile(r"/loans/(applications|cases)/"))
    assert Application.objects.count() == 1


def test_the_trial_sum_follows_what_is_typed(form):
    fill_in(form)
    form.get_by_label("期限（月）").press("Tab")
    expect(form.locator("aside")).to_contain_text("50,000.00 元")


def test_an_account_is_closed_only_after_a_question(desk, county: County):
    page = desk.of(county.system_administrator)
    page.goto(f"/accounts/{county.outsider.pk}/")
    page.get_by_role("button", name="停用账号").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations_of(page) == ""
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    county.outsider.refresh_from_db()
    assert county.outsider.is_active
    page.get_by_role("button", name="停用账号").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="确认").click()
    county.outsider.refresh_from_db()
    assert not county.outsider.is_active


def test_a_new_first_password_is_shown_once_on_an_accessible_page(desk, county: County):
    page = desk.of(county.system_administrator)
    page.goto(f"/accounts/{county.outsider.pk}/")
    page.get_by_role("button", name="重置密码").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="确认").click()
    expect(page.locator("main .mono").first).to_be_visible()
    assert violations_of(page) == ""


def test_an_identity_number_is_shown_once_for_a_reason_and_written_down(desk, county: County):
    farmer = county.yangcen.village.farmer
    number = farmer.read_id_number()
    page = desk.of(county.yangcen.clerk, viewport=PHONE)
    page.goto(f"/organizations/people/{farmer.pk}/")
    page.locator("#id-number summary").click()
    page.get_by_label("查看理由").fill("核对身份证原件")
    page.locator("#id-number").get_by_role("button").click()
    expect(page.locator("#id-number")).to_contain_text(number)
    assert violations_of(page) == ""
    event = AuditEvent.objects.get(action=Action.UNMASKED)
    assert (event.actor, event.subject_id, event.reason) == (county.yangcen.clerk, str(farmer.pk), "核对身份证原件")
    page.reload()
    expect(page.locator("#id-number")).not_to_contain_text(number)


def test_a_case_on_paper_has_neither_menus_nor_buttons(desk, office: County, calendar):
    case = CaseFactory(office).lent()
    page = desk.of(office.yangcen.credit_officer)
    page.goto(f"/loans/cases/{case.pk}/")
    page.emulate_media(media="print")
    for hidden in (".topbar", ".side", ".tabbar", ".page-head .actions"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("办理过程")).to_be_visible()


def test_the_application_form_is_made_as_a_file_to_take_away(desk, office: County, calendar, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case = CaseFactory(office).at("branch_review")
    page = desk.of(office.yangcen.clerk)
    page.goto(f"/loans/cases/{case.pk}/")
    page.get_by_text("打印", exact=True).click()
    page.get_by_role("button", name="申请审批表").click()
    page.wait_for_url("**/jobs/*/")
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载").click()
    assert taken.value.suggested_filename.endswith(".pdf")
    assert case.number in taken.value.suggested_filename
