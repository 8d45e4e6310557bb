"""Yulong's four steps by the same pages: 个人申请 → 组织推荐 → 群众监督 → 农信审批.

No filing, no subsidy, no assessment.
"""

from decimal import Decimal

from loans.choices import StepCode
from loans.models import Application
from tests.factories.loans import store_four_steps
from tests.journeys import deeds
from tests.journeys.browser import Browser
from workflow.engine import State


def test_a_loan_goes_through_yulongs_four_steps(county, days):
    store_four_steps(county)
    village, farmer = county.yangcen.village, county.yangcen.village.farmer
    clerk, secretary = Browser.of(county.yangcen.clerk), Browser.of(village.secretary)
    officer = Browser.of(county.yangcen.credit_officer)

    submitted = deeds.register(clerk, farmer, on=days.today, version="玉龙县", tier="创业致富的群众")
    assert "组织推荐" in submitted.text, "the bar shows the steps by the programme's own names"
    assert "党委备案" not in submitted.text
    deeds.review(secretary, farmer.name, on=days.today)
    deeds.publish(secretary, farmer.name)
    days.go_by(7)
    paid = deeds.disburse(officer, farmer.name, contract="玉信-0001")
    assert "贴息" not in paid.text
    days.go_by(200)
    deeds.repay(officer, "玉信-0001", principal="50000", interest="1800", reference="HK-1")

    case = Application.objects.get()
    assert case.state == State.CLOSED, "the last of four steps is over when the loan is repaid"
    assert (case.quota, case.subsidy_reserved) == (None, Decimal(0))
    assert list(case.decisions.order_by("sequence").values_list("step", flat=True)) == [
        StepCode.INTAKE,
        StepCode.BRANCH_REVIEW,
        StepCode.PUBLIC_NOTICE,
        StepCode.PUBLIC_NOTICE,
        StepCode.DISBURSEMENT,
        StepCode.DISBURSEMENT,
    ]


def test_nobody_finds_a_queue_for_a_step_that_the_programme_lacks(county, days):
    store_four_steps(county)
    farmer = county.yangcen.village.farmer
    deeds.register(Browser.of(county.yangcen.clerk), farmer, on=days.today, version="玉龙县", tier="创业致富的群众")
    case = Application.objects.get()
    for step in ("referral", "committee-filing", "subsidy-confirmation", "assessment"):
        Browser.of(county.yangcen.clerk).open(f"/loans/cases/{case.pk}/{step}/", expecting=404)
