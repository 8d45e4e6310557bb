"""The split review in a browser: ten cases by keyboard only, fifty filed together, the telephone, taking back."""

from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from loans.choices import Outcome, StepCode
from loans.models import Application, ApplicationDecision, CommitteeFiling
from tests.browser.desk import DARK, DESKTOP, PHONE, Desk, scrolls_sideways, violations_of
from tests.factories.county import County
from tests.factories.loans import CaseFactory
from tests.factories.organizations import HouseholdFactory, PersonFactory

pytestmark = pytest.mark.slow
REVIEW, FILING = "/loans/queues/branch-review/", "/loans/queues/committee-filing/"
TABS_MAX = 60
COUNT = {"entitled": "9", "present": "8", "in_favour": "7", "against": "0", "abstained": "1"}
CHECKS = ("plan_is_sound", "prospects_are_good", "credit_is_good", "can_repay")


def cases_at(office: County, step: str, number: int) -> list[CaseFactory]:
    """Stories of different people of the first village, each waiting at a step; some have moved there."""
    village = office.yangcen.village
    people = list(village.people[:number])
    while len(people) < number:
        household = HouseholdFactory(division=village.division)
        people.append(PersonFactory(household=household, relation="head"))
    stories = [CaseFactory(office, person=person, amount="10000") for person in people]
    for story in stories:
        story.at(step)
    return stories


@pytest.fixture
def ten(office: County, calendar) -> list[CaseFactory]:
    return cases_at(office, StepCode.BRANCH_REVIEW, 10)


@pytest.fixture
def secretary(desk: Desk, office: County, ten) -> Page:
    page = desk.of(office.yangcen.village.secretary)
    page.goto(REVIEW)
    page.locator("#review [data-current]").wait_for()
    return page


def shown(page: Page) -> str:
    return page.locator("#review [data-current]").get_attribute("data-current")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field of this name has the focus."""
    for _ in range(TABS_MAX):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab")


def type_into(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def type_day(page: Page, name: str) -> None:
    """Type 2014-08-15 in the order in which this browser's language writes a day."""
    tab_to(page, name)
    for keys in (("0815", "2014"), ("2014", "ArrowRight", "0815")):
        for key in keys:
            page.keyboard.press(key) if key.startswith("Arrow") else page.keyboard.type(key)
        if page.evaluate("document.activeElement.value") == "2014-08-15":
            return
        page.evaluate("document.activeElement.value = ''; document.activeElement.blur()")
        page.locator(f"[name={name}]").focus()
    raise AssertionError("this browser takes no day from the keyboard")


def send(page: Page, before: str) -> None:
    """Ctrl+Enter, and the next case is there."""
    page.keyboard.press("Control+Enter")
    page.locator(".recall-offer").wait_for()
    page.wait_for_function(
        "before => document.querySelector('#review [data-current]')?.dataset.current !== before", arg=before
    )


def agree(page: Page, *, is_first: bool) -> None:
    before = shown(page)
    page.keyboard.press("1")
    if is_first:
        type_day(page, "held_on")
        for name, text in (("place", "村党员活动室"), ("chair", "和秀兰"), ("recorder", "段军")):
            type_into(page, name, text)
    for name, text in COUNT.items():
        type_into(page, name, text)
    for name in CHECKS:
        tab_to(page, name)
        page.keyboard.press("Space")
    send(page, before)


def give_back(page: Page) -> None:
    before = shown(page)
    page.keyboard.press("2")
    type_into(page, "reason", "材料不全，请补齐后再报。")
    send(page, before)


def test_a_secretary_decides_ten_cases_by_keyboard_only(secretary, ten):
    for number in range(10):
        if number % 2:
            give_back(secretary)
        else:
            agree(secretary, is_first=number == 0)
    decided = ApplicationDecision.objects.filter(step=StepCode.BRANCH_REVIEW)
    assert Counter(decided.values_list("outcome", flat=True)) == {Outcome.PASS: 5, Outcome.RETURN: 5}
    expect(secretary.locator("#review")).to_contain_text("该环节暂无待办")


def test_j_and_k_go_through_the_list_and_the_address_goes_along(secretary, ten):
    first = shown(secretary)
    secretary.keyboard.press("j")
    secretary.wait_for_url("**/branch-review/")
    expect(secretary.locator(f"#review [data-current='{first}']")).to_have_count(0)
    second = shown(secretary)
    assert f"/cases/{second}/" in secretary.url
    assert secretary.locator(".queue a[aria-current=true]").count() == 1
    secretary.keyboard.press("k")
    expect(secretary.locator(f"#review [data-current='{first}']")).to_have_count(1)
    secretary.reload()
    assert shown(secretary) == first


def test_no_shortcut_works_while_somebody_types_or_composes(secretary):
    first = shown(secretary)
    opinion = secretary.locator("[name=reason]")
    opinion.focus()
    secretary.keyboard.type("jk1?")
    assert opinion.input_value() == "jk1?"
    secretary.locator("#review h2").first.focus()
    pinyin = "new KeyboardEvent('keydown', {key: 'j', isComposing: true, bubbles: true})"
    secretary.evaluate(f"document.activeElement.dispatchEvent({pinyin})")
    secretary.wait_for_timeout(300)
    assert shown(secretary) == first


def test_the_question_mark_shows_the_keys(secretary):
    secretary.keyboard.press("?")
    expect(secretary.locator(".keys")).to_be_visible()
    secretary.keyboard.press("Escape")
    expect(secretary.locator(".keys")).to_be_hidden()


def test_a_phrase_of_the_chosen_decision_is_put_into_the_opinion(secretary, office):
    secretary.goto("/loans/phrases/")
    secretary.get_by_label("环节和结论").select_option("branch_review/return")
    secretary.get_by_label("意见内容").fill("请补充养殖场照片。")
    secretary.locator("main form button").last.click()
    expect(secretary.locator("main table")).to_contain_text("请补充养殖场照片。")
    secretary.goto(REVIEW)
    secretary.locator("#review [data-current]").wait_for()
    secretary.keyboard.press("2")
    secretary.get_by_label("常用意见", exact=True).select_option(label="请补充养殖场照片。")
    assert secretary.locator("[name=reason]").input_value() == "请补充养殖场照片。"


def test_what_was_just_sent_is_taken_back_with_one_click(secretary, ten):
    first = shown(secretary)
    give_back(secretary)
    secretary.locator(".recall-offer").get_by_role("button", name="撤回").click()
    expect(secretary.locator(".messages")).to_contain_text("决定已撤回")
    assert shown(secretary) == first
    case = Application.objects.get(pk=first)
    assert (case.step, case.state) == (StepCode.BRANCH_REVIEW, "open")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", DARK])
def test_the_review_is_accessible_and_fits(desk: Desk, office: County, ten, viewport, scheme):
    page = desk.of(office.yangcen.village.secretary, viewport=viewport, scheme=scheme)
    for address in (REVIEW, f"/loans/cases/{ten[0].case.pk}/branch-review/", "/loans/phrases/"):
        page.goto(address)
        page.wait_for_timeout(400)
        assert (address, violations_of(page), scrolls_sideways(page)) == (address, "", False)


def test_on_a_telephone_list_case_and_decision_follow_one_another(desk: Desk, office: County, ten):
    page = desk.of(office.yangcen.village.secretary, viewport=PHONE)
    page.goto(REVIEW)
    expect(page.locator("#review")).to_be_hidden()
    page.locator(".queue a").first.click()
    expect(page.locator("#review .split-middle")).to_be_visible()
    expect(page.locator(".split-list")).to_be_hidden()
    page.get_by_role("link", name="填写意见").click()
    expect(page.locator("#decision")).to_be_in_viewport()
    page.get_by_label("退回补正").check()
    page.locator("[name=reason]").fill("缺少照片。")
    page.get_by_role("button", name="提交并看下一件").click()
    expect(page.locator(".recall-offer")).to_contain_text("退回补正")
    assert ApplicationDecision.objects.filter(outcome=Outcome.RETURN).count() == 1


def test_fifty_cases_are_filed_with_three_failing(desk: Desk, office: County, calendar):
    stories = cases_at(office, StepCode.COMMITTEE_FILING, 50)
    page = desk.of(office.yangcen.committee_officer)
    page.goto(FILING)
    page.get_by_label("全选本页").check()
    expect(page.locator(".bulkbar")).to_contain_text("已选 50 件，合计 500,000.00 元")
    page.get_by_role("button", name="批量备案").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("批量备案")
    expect(page.locator("tfoot")).to_contain_text("人民币伍拾万元整")
    assert (violations_of(page), scrolls_sideways(page)) == ("", False)
    for story in stories[7:10]:
        story.decide(Outcome.WITHDRAW, office.yangcen.clerk, reason="申请人改做他用。", days=0)
    page.get_by_label("支部决议").check()
    page.get_by_label("统一意见").fill("材料齐全，予以备案。")
    page.get_by_role("button", name="备案所选申请").click()
    expect(page.locator(".page-head")).to_contain_text("已办理 47 件，合计 470,000.00 元")
    expect(page.locator(".alert-warn")).to_contain_text("3 件未办理")
    assert violations_of(page) == ""
    filing = CommitteeFiling.objects.get()
    assert (filing.items.count(), filing.has_resolution) == (47, True)
    page.get_by_role("link", name=filing.number).click()
    assert (violations_of(page), scrolls_sideways(page)) == ("", False)
