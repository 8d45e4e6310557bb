"""From the clerk's form to the closed case: every step by the account whose work it is, each another person."""

from decimal import Decimal

import pytest

from loans.choices import LoanState
from loans.models import Application, Loan
from tests.journeys import deeds
from tests.journeys.browser import Browser
from workflow.engine import State

pytestmark = pytest.mark.usefixtures("invariants_hold")


def signed_in(user):
    browser = Browser()
    assert "我的待办" in browser.sign_in(user.username).root.text
    return browser


def test_a_loan_goes_through_all_six_steps(office, days):
    village, township = office.yangcen.village, office.yangcen
    farmer, introducer = village.farmer, village.members[0].person
    clerk, secretary = signed_in(township.clerk), signed_in(village.secretary)

    submitted = deeds.register(clerk, farmer, on=days.today)
    assert "已提交" in submitted.text
    case = Application.objects.get()

    days.go_by(1)
    deeds.introduce(clerk, farmer.name, introducer.name, on=days.today)
    days.go_by(2)
    deeds.review(secretary, farmer.name, on=days.today)
    deeds.publish(secretary, farmer.name)
    days.go_by(6)
    case.refresh_from_db()
    assert case.step == "public_notice", "the seventh day of the notice counts"
    days.go_by(1)

    filed = deeds.file(signed_in(township.committee_officer), farmer.name)
    assert "羊岑党备〔2014〕1号" in filed.text
    days.go_by(1)
    deeds.confirm(signed_in(office.finance_officer), farmer.name)
    days.go_by(1)
    officer = signed_in(township.credit_officer)
    paid = deeds.disburse(officer, farmer.name, contract="剑信(2014)农贷-0087号")
    assert "剑信(2014)农贷-0087号" in paid.text

    days.go_by(30)
    deeds.repay(officer, "剑信(2014)农贷-0087号", principal="20000", interest="300", reference="HK-1")
    days.go_by(330)
    settled = deeds.repay(officer, "剑信(2014)农贷-0087号", principal="30000", interest="2000", reference="HK-2")
    assert "已结清" in settled.text

    days.go_by(3)
    closed = deeds.assess(signed_in(office.organisation_officer), farmer.name)
    assert "已办结" in closed.text
    case.refresh_from_db()
    assert case.state == State.CLOSED
    deciders = [decision.decided_by for decision in case.decisions.order_by("sequence")]
    assert [user.username for user in dict.fromkeys(deciders)] == [
        "yangcen-clerk",
        "yangcen1-secretary",
        "system",
        "yangcen-committee",
        "finance",
        "yangcen-officer",
        "organisation",
    ]
    loan = Loan.objects.get()
    assert (loan.state, loan.principal) == (LoanState.SETTLED, Decimal("50000.00"))
