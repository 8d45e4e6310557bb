"""Step 5 on its page: the lender's own decision, the manager's consent, paying out."""

from datetime import timedelta
from decimal import Decimal

import pytest

from loans.choices import CreditStatus, HelpedKind, Outcome, StepCode
from loans.models import Loan
from tests.factories.county import TODAY
from tests.factories.loans import CaseFactory, helped
from tests.loans.pages import case_at, decide_url, decision, payout, text_of


@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"amount": "50000.01"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1e12"}, "amount"),
        ({"amount": "1000000000000"}, "amount"),
        ({"amount": "1.234"}, "amount"),
        ({"amount": "五万"}, "amount"),
        ({"term_months": "0"}, "term_months"),
        ({"term_months": "37"}, "term_months"),
        ({"term_months": "999999"}, "term_months"),
        ({"start_date": (TODAY + timedelta(days=1)).isoformat()}, "start_date"),
        ({"start_date": "2014-01-01"}, "start_date"),
        ({"contract_number": ""}, "contract_number"),
        ({"contract_number": "合同😀"}, "contract_number"),
        ({"contract_number": "x" * 41}, "contract_number"),
        ({"bank_reference": "a\x00b"}, "bank_reference"),
    ],
)
def test_a_payment_that_cannot_be_right_is_refused(office, sign_in, noon, fields, blamed):
    case = case_at(office, StepCode.DISBURSEMENT)
    posted = decision(case, Outcome.DISBURSE, **payout(**fields))
    page = sign_in(office.yangcen.credit_officer).post(decide_url(case), posted)
    assert blamed in page.context["form"].errors
    assert not Loan.objects.exists()


def test_the_lender_may_grant_less(office, sign_in, noon):
    case = case_at(office, StepCode.DISBURSEMENT)
    posted = decision(case, Outcome.DISBURSE, **payout(amount="３０，０００元"))
    assert sign_in(office.yangcen.credit_officer).post(decide_url(case), posted).status_code == 302
    loan = Loan.objects.get()
    assert (loan.principal, loan.contract_number) == (Decimal("30000.00"), "剑信(2014)农贷-0087号")


def test_a_used_contract_number_is_refused(office, sign_in, noon):
    CaseFactory(office).lent()
    case = case_at(office, StepCode.DISBURSEMENT, person=office.yangcen.village.people[2])
    used = Loan.objects.get().contract_number
    posted = decision(case, Outcome.DISBURSE, **payout(contract_number=used))
    page = sign_in(office.yangcen.credit_officer).post(decide_url(case), posted)
    assert "contract_number" in page.context["form"].errors


def test_a_large_loan_waits_for_the_manager(office, sign_in, noon):
    member = office.yangcen.village.members[0]
    tier = CaseFactory(office).version.tiers.get(code="leading")
    story = CaseFactory(
        office,
        amount="250000",
        person=member.person,
        tier_id=tier.pk,
        helped=low_income(office),
    )
    case = story.at(StepCode.DISBURSEMENT)
    officer, manager = sign_in(office.yangcen.credit_officer), sign_in(office.yangcen.credit_manager)
    assert manager.get(decide_url(case)).status_code == 404
    refused = officer.post(decide_url(case), decision(case, Outcome.DISBURSE, **payout(amount="250000")))
    assert "amount" in refused.context["form"].errors
    proposal = decision(case, Outcome.PROPOSE, amount="250000", term_months="12")
    assert officer.post(decide_url(case), proposal).status_code == 302
    case.refresh_from_db()
    assert case.credit_status == CreditStatus.ASKED
    assert "outcome" in officer.post(decide_url(case), decision(case, Outcome.DISBURSE)).context["form"].errors
    assert manager.post(decide_url(case), decision(case, Outcome.CONSENT)).status_code == 302
    paid = officer.post(decide_url(case), decision(case, Outcome.DISBURSE, **payout(amount="250000")))
    assert paid.status_code == 302
    assert Loan.objects.get().principal == 250000


def low_income(office):
    return helped(*office.yangcen.village.people[4:7], kind=HelpedKind.LOW_INCOME_MEMBER)


def test_the_page_of_paying_out_shows_rate_and_interest(office, sign_in, noon):
    case = case_at(office, StepCode.DISBURSEMENT)
    page = text_of(sign_in(office.yangcen.credit_officer).get(decide_url(case)))
    assert "6.60%" in page
    assert "基准利率 6.00% × 1.1" in page
