"""The lender's desk in a browser: rows are ticked, paid out together, and each one's result is read."""

import pytest
from playwright.sync_api import Page, expect

from loans.choices import StepCode
from loans.models import Application, Loan
from tests.browser.desk import NARROWEST, PHONE, Desk, scrolls_sideways, violations_of
from tests.factories.accounts import PASSWORD
from tests.factories.county import County
from tests.factories.loans import CaseFactory

pytestmark = pytest.mark.slow


@pytest.fixture
def cases(office: County, calendar) -> list[Application]:
    people = office.yangcen.village.people
    return [
        CaseFactory(office, amount=amount, person=person).at(StepCode.DISBURSEMENT)
        for amount, person in zip(("50000", "30000", "20000"), people[::2], strict=False)
    ]


@pytest.fixture
def page(desk: Desk, office: County, cases) -> Page:
    """The desk in front of the officer."""
    page = desk.of(office.yangcen.credit_officer)
    page.goto("/loans/desk/")
    return page


def tick(page: Page, *cases: Application) -> None:
    for case in cases:
        page.get_by_label(f"选择{case.borrower_name}", exact=True).check()


def test_the_bar_counts_what_is_ticked_and_goes_with_the_last_tick(page, cases):
    bar = page.locator(".bulkbar")
    expect(bar).to_be_hidden()
    tick(page, cases[0], cases[1])
    expect(bar).to_contain_text("已选 2 件，合计 80,000.00 元")
    assert page.locator("tr.is-picked").count() == 2
    assert violations_of(page) == ""
    page.get_by_role("button", name="取消选择").click()
    expect(bar).to_be_hidden()
    assert page.locator("tr.is-picked").count() == 0


def test_one_tick_takes_the_whole_page(page):
    page.get_by_label("全选本页").check()
    expect(page.locator(".bulkbar")).to_contain_text("已选 3 件，合计 100,000.00 元")


def test_two_ticked_rows_are_paid_out_together(page, cases):
    tick(page, cases[0], cases[1])
    page.get_by_role("button", name="批量核发").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("批量核发")
    expect(page.locator("tfoot")).to_contain_text("人民币捌万元整")
    for number, case in enumerate(cases[:2], start=1):
        page.get_by_label(f"{case.borrower_name} 放款流水号").fill(f"FK-2014-{number}")
    page.get_by_label("登录密码").fill(PASSWORD)
    assert violations_of(page) == ""
    page.get_by_role("button", name="确认核发 80,000.00 元").click()
    page.wait_for_url("**/loans/desk/results/")
    expect(page.locator("main")).to_contain_text("已核发 2 笔，合计 80,000.00 元")
    assert violations_of(page) == ""
    assert set(Loan.objects.values_list("application", flat=True)) == {case.pk for case in cases[:2]}


@pytest.mark.parametrize("size", [PHONE, NARROWEST], ids=["390", "360"])
def test_everything_fits_a_telephone(page, cases, size):
    page.set_viewport_size(size)
    tick(page, cases[0])
    assert (violations_of(page), scrolls_sideways(page)) == ("", False)
    page.get_by_role("button", name="批量核发").click()
    page.get_by_role("button", name="确认核发").click()
    expect(page.locator("#errors")).to_be_focused()
    assert (violations_of(page), scrolls_sideways(page)) == ("", False)


def test_without_a_script_the_buttons_are_there_from_the_start(desk, office, cases):
    user = office.yangcen.credit_officer
    desk.sign_in(user)
    context = desk.browser.new_context(java_script_enabled=False, base_url=desk.address)
    desk.contexts.append(context)
    context.add_cookies([{"name": "sessionid", "value": desk.sessions[user.pk], "url": desk.address}])
    page = context.new_page()
    page.goto("/loans/desk/")
    tick(page, cases[2])
    page.get_by_role("button", name="批量核发").click()
    expect(page.locator("tfoot")).to_contain_text("20,000.00")
