"""A secretary leaves: the security administrator hands his post over, and the work lies on the next one's desk."""

import pytest
from playwright.sync_api import expect

from loans.choices import StepCode
from tests.browser.desk import NARROWEST, scrolls_sideways, violations_of
from tests.factories.accounts import UserFactory
from tests.factories.county import County
from tests.factories.loans import CaseFactory

pytestmark = pytest.mark.slow


def test_a_secretary_hands_over_and_his_successor_finds_the_open_case(desk, office: County, noon):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    secretary = office.yangcen.village.secretary
    successor = UserFactory(username="hexinlai", name="和新来")

    page = desk.of(office.security_administrator)
    page.goto(f"/posts/?q={secretary.username}")
    page.get_by_role("link", name="岗位交接").first.click()
    page.get_by_label("账号或姓名").fill("hexinlai")
    page.get_by_role("search").last.get_by_role("button").click()
    page.get_by_role("link", name="和新来").click()
    assert violations_of(page) == ""
    page.set_viewport_size(NARROWEST)
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="岗位交接").click()
    expect(page.get_by_text("岗位已交接")).to_be_visible()

    page = desk.of(successor)
    page.goto(f"/loans/cases/{case.pk}/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/messages/")
    expect(page.get_by_text("接替").first).to_contain_text(secretary.name)
    page = desk.of(secretary)
    answer = page.goto(f"/loans/cases/{case.pk}/")
    assert answer is not None
    assert answer.status == 404
