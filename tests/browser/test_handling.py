"""What clerks do with their hands: mistyped forms, questions before danger, two clicks for one, papers."""

import pytest
from playwright.sync_api import expect

from audit.choices import Action
from audit.models import AuditEvent
from tests.browser.desk import PHONE, violations_of
from tests.factories.county import County
from tests.factories.loans import CaseFactory

pytestmark = pytest.mark.slow


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
