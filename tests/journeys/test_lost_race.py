"""Two people open the same case. The first decides; the second is told who decided what and when."""

import pytest

from loans.models import Application
from tests.journeys import deeds
from tests.journeys.browser import Browser


@pytest.fixture
def case(office, days):
    """A case that waits for the branch review: the secretary's or the general branch's."""
    village, clerk = office.yangcen.village, Browser.of(office.yangcen.clerk)
    deeds.register(clerk, village.farmer, on=days.today)
    deeds.introduce(clerk, village.farmer.name, village.members[0].person.name, on=days.today)
    return Application.objects.get()


def meeting(page, days, **answers):
    return page.form(having="entitled").fill(**{**deeds.MEETING, "held_on": days.today, **answers})


def test_the_second_secretary_is_told_who_decided_what_and_when(office, days, case):
    village = office.yangcen.village
    first = deeds.take_up(Browser.of(village.secretary), "支部审核", village.farmer.name)
    second = deeds.take_up(Browser.of(village.general_secretary), "支部审核", village.farmer.name)
    meeting(first, days, reason="同意推荐。").submit()
    late = meeting(second, days, outcome="不予通过", reason="材料不全。", in_favour="2", against="6", abstained="0")
    answer = late.submit(expecting=409)
    assert village.secretary.name in answer.text
    assert "支部审核：通过" in answer.text
    assert "2014-07-01 12:00" in answer.text
    assert village.farmer.name in answer.follow("查看").text
    case.refresh_from_db()
    assert (case.step, case.decisions.filter(step="branch_review").count()) == ("public_notice", 1)


def test_who_decides_on_what_was_withdrawn_meanwhile_is_told(office, days, case):
    village = office.yangcen.village
    opened = deeds.take_up(Browser.of(village.secretary), "支部审核", village.farmer.name)
    withdrawal = deeds.find_case(Browser.of(office.yangcen.clerk), village.farmer.name).follow("撤回")
    withdrawal.form(having="reason").fill(reason="申请人另有安排。").submit()
    answer = meeting(opened, days, reason="同意推荐。").submit(expecting=409)
    assert "撤回" in answer.text
    assert office.yangcen.clerk.name in answer.text


def test_a_second_press_of_the_button_is_no_lost_race(office, days, case):
    village = office.yangcen.village
    form = meeting(deeds.take_up(Browser.of(village.secretary), "支部审核", village.farmer.name), days)
    first, second = form.submit(), form.submit()
    assert first.url == second.url
    assert case.decisions.filter(step="branch_review").count() == 1


def test_two_clerks_do_not_overwrite_each_other(office, days):
    village = office.yangcen.village
    clerk, colleague = Browser.of(office.yangcen.clerk), Browser.of(village.clerk)
    deeds.write_down(clerk, village.farmer).submit("存草稿离开")
    project = f"/loans/applications/{Application.objects.get().pk}/project/"
    mine, theirs = clerk.open(project).form(having="plan"), colleague.open(project).form(having="plan")
    mine.fill(plan="改养蜂。").submit("存草稿离开")
    both = theirs.fill(plan="改种白芸豆。").submit("保存并继续", expecting=409)
    assert "他人已修改本页" in both.text
    assert {"改养蜂。", "改种白芸豆。"} <= {
        words.split("：")[1].strip() for words in both.form(having="plan").options("plan")
    }
    assert Application.objects.get().plan == "改养蜂。"
    both.form(having="plan").submit("保存所选内容")
    assert Application.objects.get().plan == "改种白芸豆。"
