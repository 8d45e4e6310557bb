"""One application from draft to closed, by clicks only, with another account at each deciding step."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from loans.models import Application
from loans.operations.daily import run_daily_work
from tests.browser.conftest import Desk
from tests.factories.accounts import PASSWORD
from tests.factories.county import NOON, County, Village
from web import clock
from workflow.engine import State


class Office:
    """The people of the story, each at an own browser, and the calendar on the wall."""

    def __init__(self, desk: Desk, turn_to: Callable[[datetime], None]) -> None:
        self.desk, self.turn_to, self.moment = desk, turn_to, NOON

    def days_pass(self, days: int) -> None:
        """Turn the calendar; what the calendar does by itself each day is done."""
        self.moment += timedelta(days=days)
        self.turn_to(self.moment)
        run_daily_work(at=clock.now())

    def sign_in(self, user: User) -> Page:
        page = self.desk.of()
        page.goto("/login/")
        page.get_by_label("账号", exact=True).fill(user.username)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
        return page

    @property
    def today(self) -> str:
        return f"{self.moment:%Y-%m-%d}"


@pytest.fixture
def team(desk: Desk, calendar) -> Office:
    return Office(desk, calendar)


REVIEWED = ("支部审核", "党委备案", "政府贴息")


def take_first(page: Page, queue: str, button: str = "办理") -> None:
    """Open the first case of a queue from the navigation."""
    # 公示 1 is the queue with its count, 公示管理 another page.
    menu = page.get_by_role("navigation", name="主菜单")
    menu.get_by_role("link", name=re.compile(rf"^{queue}\s*\d*$")).click()
    if queue in REVIEWED:
        page.locator("#review [data-current]").wait_for()  # the first case is open already
        return
    page.locator("main").get_by_role("link", name=button, exact=False).filter(has_text=button).last.click()


def decide(page: Page, label: str | None = None) -> None:
    if label:
        page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="确认办理").click()
    expect(page.locator("#errors")).to_have_count(0)


def test_an_application_goes_from_draft_to_closed_by_clicks(team: Office, office: County):
    village, township = office.yangcen.village, office.yangcen
    register_application(team, township.clerk, village)
    refer(team, township.clerk)
    review_and_publish(team, village.secretary)
    team.days_pass(9)
    assert Application.objects.get().step == "committee_filing"
    file_case(team, township.committee_officer)
    confirm_subsidy(team, office.finance_officer)
    pay_out_and_settle(team, township.credit_officer)
    assess(team, office.organisation_officer)
    case = Application.objects.get()
    assert case.state == State.CLOSED
    assert case.decisions.values("decided_by").distinct().count() == 7  # six people and the calendar


def register_application(team: Office, clerk: User, village: Village) -> None:
    name, branch = village.farmer.name, village.branch
    page = team.sign_in(clerk)
    page.get_by_role("link", name="登记新申请").first.click()
    page.locator("main input[name=text]").fill(name)
    page.locator("main").get_by_role("button", name="查询", exact=True).click()
    page.locator("main .tasks").get_by_role("link", name=name).first.click()
    page.locator("[name=branch]").select_option(str(branch.pk))
    go_on(page)
    go_on(page)  # who introduces him is recorded at the next step
    fill_application(page)
    page.get_by_role("button", name="存草稿离开").click()
    assert Application.objects.get().state == State.DRAFT
    page.locator("section", has=page.get_by_role("heading", name="我的草稿")).get_by_role("link").first.click()
    page.wait_for_url("**/applications/**")
    while not page.url.endswith("/check/"):  # a draft opens at the page that was reached
        here = page.url
        go_on(page)
        page.wait_for_url(lambda url, here=here: url != here)
    for box in page.locator("[name=declarations]").all():
        box.check()
    page.locator("[name=consent_signed_on]").fill(team.today)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/submitted/")
    assert Application.objects.get().step == "referral"


def go_on(page: Page) -> None:
    page.get_by_role("button", name="保存并继续", exact=True).click()
    page.wait_for_load_state()


def fill_application(page: Page) -> None:
    page.locator("[name=tier]").select_option(index=1)
    page.locator("[name=amount_asked]").fill("５0,000")  # a full-width digit and a comma, as people type them
    page.locator("[name=term_months]").fill("12")
    page.locator("[name=repayment_method]").select_option("interest_only_then_principal")
    page.locator("[name=purpose][value=livestock]").check()
    page.locator("[name=project_name]").fill("生猪养殖")
    page.locator("[name=plan]").fill("扩建猪舍，存栏由40头增至120头，用出栏收入还款。")
    page.locator("[name=project_total]").fill("100000")
    page.locator("[name=own_funds]").fill("50000")
    page.locator("[name=annual_income]").fill("36000")
    page.locator("[name=existing_loans]").fill("0")


def refer(team: Office, clerk: User) -> None:
    page = team.sign_in(clerk)
    take_first(page, "党员介绍")
    page.locator("[name=introducer]").first.check()
    page.locator("[name=visited_on]").fill(team.today)
    page.locator("[name=is_no_relative]").check()
    decide(page)
    assert Application.objects.get().step == "branch_review"


def review_and_publish(team: Office, secretary: User) -> None:
    page = team.sign_in(secretary)
    take_first(page, "支部审核")
    page.locator("[name=held_on]").fill(team.today)
    page.locator("input[name=place]").fill("村党员活动室")
    page.locator("[name=chair]").fill("和秀兰")
    page.locator("[name=recorder]").fill("段军")
    for name, count in (("entitled", 9), ("present", 8), ("in_favour", 7), ("against", 0), ("abstained", 1)):
        page.locator(f"[name={name}]").fill(str(count))
    for name in ("plan_is_sound", "prospects_are_good", "credit_is_good", "can_repay"):
        page.locator(f"[name={name}]").check()
    page.locator("[name=reason]").fill("经支部党员大会讨论，同意推荐。")
    decide(page)
    take_first(page, "公示")
    page.locator("input[name=place]").fill("村委会公示栏")
    page.locator("[name=phone]").fill("0872-4520001")
    page.locator("[name=starts_on]").fill(team.today)
    decide(page)
    assert Application.objects.get().notices.count() == 1


def file_case(team: Office, officer: User) -> None:
    page = team.sign_in(officer)
    take_first(page, "党委备案")
    page.locator("[name=received_on]").fill(team.today)
    decide(page)
    assert "党备" in Application.objects.get().filing_number


def confirm_subsidy(team: Office, finance: User) -> None:
    page = team.sign_in(finance)
    take_first(page, "政府贴息")
    decide(page)
    assert Application.objects.get().subsidy_reserved == 1500


def pay_out_and_settle(team: Office, officer: User) -> None:
    page = team.sign_in(officer)
    take_first(page, "信用社核发", "核发")
    page.locator("[name=contract_number]").fill("YC-2014-0001")
    page.locator("[name=bank_reference]").fill("FK20140824001")
    decide(page)
    case = Application.objects.get()
    assert (case.state, case.loan.rate_percent) == (State.LENT, Decimal("6.6"))
    page.goto(f"/loans/loans/{case.loan.pk}/")
    page.locator("[name=principal]").fill("50000")
    page.locator("[name=interest]").fill("0")
    page.locator("[name=value_date]").fill(team.today)
    page.locator("main [name=bank_reference]").fill("HK20140824001")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("#errors")).to_have_count(0)
    assert Application.objects.get().step == "assessment"


def assess(team: Office, officer: User) -> None:
    page = team.sign_in(officer)
    take_first(page, "组织考核")
    page.locator("[name=households_led]").fill("3")
    page.locator("[name=reason]").fill("用途属实，按期归还，带动3户。")
    decide(page)
    expect(page.locator("main")).to_contain_text("532931-2014-00001")
