"""Printing from the page of a case, and the page that a code on a paper leads to."""

import re

import pytest
from playwright.sync_api import expect

from loans.models import Application, IssuedPaper
from tests.browser.desk import DARK, NARROWEST, PHONE, scrolls_sideways, violations_of
from tests.factories.county import County
from tests.factories.issued import letter_issued
from tests.factories.loans import CaseFactory

pytestmark = pytest.mark.slow


def test_a_secretary_prints_the_letter_and_the_dossier_of_a_case(desk, office: County, calendar, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case = CaseFactory(office).at("committee_filing")
    page = desk.of(office.yangcen.village.secretary)
    for paper in ("推荐函", "贷款档案"):
        page.goto(f"/loans/cases/{case.pk}/")
        page.locator("summary", has_text="打印").click()
        assert violations_of(page) == ""
        page.get_by_role("button", name=paper, exact=True).click()
        page.wait_for_url("**/jobs/*/")
        with page.expect_download() as taken:
            page.get_by_role("link", name="下载").click()
        assert taken.value.suggested_filename == f"{paper} {case.number}.pdf"
    assert IssuedPaper.objects.count() == 2


def test_two_clicks_on_a_paper_print_it_once(desk, office: County, calendar, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case = CaseFactory(office).at("committee_filing")
    user = office.yangcen.clerk
    page = desk.of(user)
    page.goto(f"/loans/cases/{case.pk}/")
    page.locator("summary", has_text="打印").click()
    page.get_by_role("button", name="申请审批表").dblclick()
    page.wait_for_url("**/jobs/*/")
    assert user.jobs.count() == 1


def test_the_menu_is_worked_by_keyboard_and_fits_a_telephone(desk, office: County, calendar):
    case = CaseFactory(office).at("committee_filing")
    page = desk.of(office.yangcen.village.secretary, viewport=NARROWEST)
    page.goto(f"/loans/cases/{case.pk}/")
    page.locator("summary", has_text="打印").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="推荐函")).to_be_in_viewport(ratio=1)
    assert not scrolls_sideways(page)


def test_anybody_reads_on_a_telephone_whether_a_paper_holds(desk, office: County, calendar):
    case = CaseFactory(office).at("committee_filing")
    code = letter_issued(case)
    page = desk.of(None, viewport=PHONE)
    page.goto(f"/public/papers/{code}/")
    expect(page.get_by_role("status")).to_contain_text("有效")
    expect(page.get_by_text("罗*芳")).to_be_visible()
    assert (violations_of(page), scrolls_sideways(page)) == ("", False)
    letter_issued(case, content="另一份推荐函")
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("已有新版本")
    page.emulate_media(color_scheme=DARK)
    page.goto(f"/public/papers/{code[::-1]}/")
    expect(page.get_by_role("status")).to_contain_text(re.compile("未查到"))
    assert (violations_of(page), scrolls_sideways(page)) == ("", False)
    assert page.context.cookies() == []
    assert Application.objects.get().number not in page.content()
