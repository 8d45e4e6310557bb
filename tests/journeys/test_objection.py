"""Somebody objects to a notice: nothing goes on until the township committee has settled it."""

import pytest

from loans.models import Application
from tests.journeys import deeds
from tests.journeys.browser import Browser
from workflow.engine import State


@pytest.fixture
def farmer(office, days):
    """The farmer whose case is in notice since today, and to whom a neighbour objects two days later."""
    farmer, secretary = deeds.bring_to_notice(office, days), Browser.of(office.yangcen.village.secretary)
    days.go_by(2)
    form = deeds.find_case(secretary, farmer.name).follow("登记异议").form(having="text")
    recorded = form.fill(channel="电话", objector="赵四全", text="申请人已有外债未还。").submit()
    assert "处理前公示不结束" in recorded.text
    return farmer


def settle(office, farmer, *, result, finding):
    committee = Browser.of(office.yangcen.committee_officer)
    case = deeds.find_case(committee, farmer.name)
    return (
        case.follow("处理异议")
        .form(having="finding")
        .fill(upheld=result, finding=finding, investigators="段军、和丽芳", method="查阅材料")
        .submit()
    )


def test_an_open_objection_holds_the_notice_and_a_dismissed_one_lets_it_go_on(office, days, farmer):
    days.go_by(10)
    case = Application.objects.get()
    assert case.step == "public_notice", "the seven days are over, the objection is not"
    settle(office, farmer, result="异议不成立", finding="经核实，外债已还清，有还款凭证。")
    case.refresh_from_db()
    assert case.step == "committee_filing", "the days were over: the notice ends at once"
    deeds.file(Browser.of(office.yangcen.committee_officer), farmer.name)
    case.refresh_from_db()
    assert case.filing_number == "羊岑党备〔2014〕1号"


def test_a_dismissed_objection_does_not_shorten_the_notice(office, days, farmer):
    settle(office, farmer, result="异议不成立", finding="经核实不属实。")
    case = Application.objects.get()
    days.go_by(4)
    case.refresh_from_db()
    assert case.step == "public_notice"
    days.go_by(1)
    case.refresh_from_db()
    assert case.step == "committee_filing"


def test_an_upheld_objection_ends_with_a_refusal_by_the_committee(office, days, farmer):
    settle(office, farmer, result="异议成立", finding="外债三万元未还，计划不实。")
    days.go_by(10)
    assert Application.objects.get().step == "public_notice", "no calendar closes a notice with an upheld objection"
    committee = Browser.of(office.yangcen.committee_officer)
    form = deeds.take_up(committee, "公示", farmer.name).form(having="outcome")
    assert form.options("outcome") == ["退回补正", "不予通过"]
    refused = form.fill(outcome="不予通过", reason="异议成立，计划不实。").submit()
    assert "异议成立，计划不实。" in refused.text
    assert Application.objects.get().state == State.REJECTED
    seen_by_the_clerk = deeds.find_case(Browser.of(office.yangcen.clerk), farmer.name)
    assert "未通过" in seen_by_the_clerk.text


def test_the_name_of_the_objector_stands_only_on_the_page_that_settles(office, days, farmer):
    case = deeds.find_case(Browser.of(office.yangcen.committee_officer), farmer.name)
    assert "赵四全" in case.follow("处理异议").text
    assert "赵四全" not in case.text
    for user in (office.yangcen.clerk, office.yangcen.village.secretary, office.finance_officer):
        seen = deeds.find_case(Browser.of(user), farmer.name)
        assert "申请人已有外债未还。" in seen.text
        assert "赵四全" not in seen.text
        assert not seen.has_link("处理异议")


def test_a_farmer_refused_may_apply_again(office, days, farmer):
    settle(office, farmer, result="异议成立", finding="外债三万元未还。")
    form = deeds.take_up(Browser.of(office.yangcen.committee_officer), "公示", farmer.name).form(having="outcome")
    form.fill(outcome="不予通过", reason="计划不实。").submit()
    again = deeds.register(Browser.of(office.yangcen.clerk), farmer, on=days.today)
    assert "已提交" in again.text
    assert Application.objects.count() == 2
