"""A branch meeting in a meeting room: ten cases, one telephone, one member who has to leave for one of them."""

import pytest

from loans.choices import Outcome, StepCode
from loans.models import ApplicationDecision, Meeting
from tests.browser.conftest import PHONE, Desk, scrolls_sideways, violations_of
from tests.factories.loans import CaseFactory
from tests.factories.meetings import members_of

pytestmark = [pytest.mark.slow]


@pytest.fixture
def village(office):
    return office.yangcen.village


@pytest.fixture
def cases(office, village):
    """Three cases of the branch; the second borrower's household is served by the first loan."""
    return [CaseFactory(office, person=village.people[place]).at(StepCode.BRANCH_REVIEW) for place in (-2, -4, -6)]


def test_a_meeting_is_held_by_telephone(desk: Desk, village, cases, calendar):
    page = desk.of(village.secretary, viewport=PHONE)
    page.goto("/loans/meetings/")
    page.get_by_role("link", name="新会议").click()
    page.fill("#id_place", "村党员活动室")
    page.get_by_role("button", name="建立会议").click()
    page.get_by_text("已建立").wait_for()

    members = members_of(village)
    for member in members[:3]:
        page.check(f"#id_present_{member.pk}")
    page.fill(f"#id_reason_{members[3].pk}", "外出务工")
    page.select_option("#id_chair", str(members[2].pk))
    page.select_option("#id_recorder", str(members[1].pk))
    page.fill("#id_discussion", "逐户介绍情况，到会党员发表意见。")
    assert (violations_of(page), scrolls_sideways(page)) == ("", False)
    page.get_by_role("button", name="保存，下一步表决").click()
    page.get_by_text("应到（有表决权）3 人，实到 3 人").wait_for()
    assert (violations_of(page), scrolls_sideways(page)) == ("", False)

    cards = page.locator("[data-vote]")
    for place in range(3):
        card = cards.nth(place)
        assert card.get_by_text("介绍人").is_visible()
        card.get_by_role("button", name="全票赞成").click()
        card.get_by_text("超过应到人数的半数，通过").wait_for()
        for check in card.locator("fieldset").first.locator("input[type=checkbox]").all():
            check.check()
    second = cards.nth(1)
    second.get_by_label("赞成").fill("0")
    second.get_by_label("反对").fill("2")
    second.get_by_text("未通过").wait_for()
    cards.nth(2).get_by_label("本件缓议").check()
    page.get_by_role("button", name="保存，核对结果").click()
    page.get_by_text("会议还不能结束").wait_for()
    assert page.get_by_text("本件未获同意，请写明理由").is_visible()

    page.get_by_role("link", name="返回表决").click()
    page.locator("[data-vote]").nth(1).get_by_label("对本件的意见").fill("外债较多，还贷能力不足。")
    page.get_by_role("button", name="保存，核对结果").click()
    assert (violations_of(page), scrolls_sideways(page)) == ("", False)
    page.get_by_role("button", name="结束会议并逐件办理").click()
    page.get_by_text("2 件中已办结 2 件").wait_for()
    assert (violations_of(page), scrolls_sideways(page)) == ("", False)

    number = Meeting.objects.get().number
    decisions = ApplicationDecision.objects.filter(step=StepCode.BRANCH_REVIEW, facts__meeting=number)
    assert sorted(decisions.values_list("outcome", flat=True)) == [Outcome.PASS, Outcome.REJECT]
    cases[2].refresh_from_db()
    assert cases[2].step == StepCode.BRANCH_REVIEW
