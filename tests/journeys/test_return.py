"""What is faulty goes back with a reason, is corrected by the clerk and goes the whole way again in a second round."""

from decimal import Decimal

from loans.choices import NoticeState, Outcome
from loans.models import Application
from tests.journeys import deeds
from tests.journeys.browser import Browser
from workflow.engine import State


def send_back(officer, applicant, *, reason):
    form = deeds.take_up(officer, "党委备案", applicant).form(having="target")
    form.fill(outcome="退回补正", target="登记申请")
    assert form.submit_in_vain().problems, "a return needs a reason"
    return form.fill(reason=reason).submit()


def test_a_returned_case_is_corrected_and_goes_a_second_round(office, days):
    village, township = office.yangcen.village, office.yangcen
    farmer, member = village.farmer, village.members[0].person
    clerk, secretary = Browser.of(township.clerk), Browser.of(village.secretary)
    committee = Browser.of(township.committee_officer)

    def go_to_filing():
        deeds.introduce(clerk, farmer.name, member.name, on=days.today)
        deeds.review(secretary, farmer.name, on=days.today)
        deeds.publish(secretary, farmer.name)
        days.go_by(7)

    deeds.register(clerk, farmer, on=days.today)
    go_to_filing()
    send_back(committee, farmer.name, reason="项目总投资与自有资金不符。")

    corrected = clerk.home().menu("退回补正件").follow_in_row(farmer.name, "办理")
    assert "项目总投资与自有资金不符。" in corrected.text
    project = corrected.follow("更改 项目与金额")
    assert "项目总投资与自有资金不符。" in project.text
    form = project.form(having="amount_asked")
    assert (form.value("amount_asked"), form.value("project_name")) == ("50000.00", "生猪养殖")
    check = form.fill(amount_asked="40000", project_total="90000").submit("保存并返回")
    deeds.hand_in(check, on=days.today)
    go_to_filing()
    deeds.file(committee, farmer.name)
    filed = deeds.find_case(committee, farmer.name)
    assert "40,000.00 元" in filed.text
    assert "项目总投资与自有资金不符。" in filed.text, "the first round stays in the history"

    case = Application.objects.get()
    assert (case.round, case.state, case.quota_amount) == (2, State.OPEN, Decimal("40000.00"))
    assert case.quota.used == Decimal("40000.00")
    assert [notice.state for notice in case.notices.order_by("pk")] == [NoticeState.PASSED, NoticeState.PASSED]
    assert case.decisions.filter(outcome=Outcome.SUBMIT).count() == 2


def test_what_changed_after_the_filing_frees_the_quota(office, days):
    """The credit union sends a filed case back: quota and budget are free until it comes again."""
    farmer = deeds.bring_to_lender(office, days)
    case = Application.objects.get()
    quota, budget = case.quota, case.budget
    assert (quota.used, budget.reserved) == (Decimal("50000.00"), Decimal("1500.00"))

    form = deeds.take_up(Browser.of(office.yangcen.credit_officer), "信用社核发", farmer.name).form(having="target")
    form.fill(outcome="退回补正", target="支部审核", reason="征信报告已过期。").submit()
    quota.refresh_from_db()
    budget.refresh_from_db()
    assert (quota.used, budget.reserved) == (Decimal(0), Decimal(0))
    assert (
        "征信报告已过期。" in deeds.take_up(Browser.of(office.yangcen.village.secretary), "支部审核", farmer.name).text
    )
