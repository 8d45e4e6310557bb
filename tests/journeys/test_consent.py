"""A loan above the limit of the programme waits for the consent of another person of the credit union."""

import pytest

from accounts.choices import Role
from loans.choices import CreditStatus, StepCode
from loans.models import Loan
from tests.factories.accounts import PostFactory
from tests.factories.loans import CaseFactory, helped
from tests.journeys import deeds
from tests.journeys.browser import Browser

pytestmark = pytest.mark.usefixtures("invariants_hold")

PAYMENT = {"outcome": "核发放款", "contract_number": "HT-9", "bank_reference": "FK-9"}


def large_case(office):
    """A case of 250,000 yuan that waits for the credit union: a leading member helps three members in difficulty."""
    village = office.yangcen.village
    tier = CaseFactory(office).version.tiers.get(code="leading")
    others = [member.person for member in village.members[2:5]]
    return CaseFactory(
        office,
        amount="250000",
        person=village.members[0].person,
        tier_id=tier.pk,
        helped=helped(*others, kind="member_in_difficulty"),
    ).at(StepCode.DISBURSEMENT)


def ask(officer, case, **answers):
    form = deeds.take_up(officer, "信用社核发", case.person.name).form(having="contract_number")
    return form.fill(outcome="报审批人同意", **answers).submit()


def test_the_officer_pays_out_only_what_the_manager_consented_to(office, noon):
    case = large_case(office)
    officer, manager = Browser.of(office.yangcen.credit_officer), Browser.of(office.yangcen.credit_manager)
    form = deeds.take_up(officer, "信用社核发", case.person.name).form(having="contract_number")
    assert any("同意" in problem for problem in form.fill(**PAYMENT).submit_in_vain().problems)
    assert case.person.name not in manager.home().menu("信用社核发").text, "nothing waits for him yet"

    ask(officer, case)
    assert case.person.name not in officer.home().menu("信用社核发").text, "now it waits for the manager"
    given = deeds.take_up(manager, "信用社核发", case.person.name).form(having="outcome")
    assert given.options("outcome") == ["同意", "不同意"]
    given.fill(outcome="consent").submit()

    form = deeds.take_up(officer, "信用社核发", case.person.name).form(having="contract_number")
    assert any("同意" in problem for problem in form.fill(**PAYMENT, amount="240000").submit_in_vain().problems)
    form = deeds.take_up(officer, "信用社核发", case.person.name).form(having="contract_number")
    form.fill(**PAYMENT).submit()
    assert str(Loan.objects.get().principal) == "250000.00"
    decided = case.decisions.filter(step=StepCode.DISBURSEMENT).order_by("sequence")
    assert [one.decided_by.username for one in decided] == ["yangcen-officer", "yangcen-manager", "yangcen-officer"]


def test_a_refused_consent_leads_to_a_smaller_loan(office, noon):
    case = large_case(office)
    officer, manager = Browser.of(office.yangcen.credit_officer), Browser.of(office.yangcen.credit_manager)
    ask(officer, case)
    form = deeds.take_up(manager, "信用社核发", case.person.name).form(having="outcome")
    assert form.fill(outcome="refuse_consent").submit_in_vain().problems, "a refusal needs a reason"
    form.fill(reason="担保不足。").submit()
    page = deeds.take_up(officer, "信用社核发", case.person.name)
    assert "担保不足。" in deeds.find_case(officer, case.person.name).text
    page.form(having="contract_number").fill(**PAYMENT, amount="200000").submit()
    assert str(Loan.objects.get().principal) == "200000.00", "equal to the limit is not above it"


def test_nobody_consents_to_his_own_credit_decision(office, noon):
    case = large_case(office)
    PostFactory(user=office.yangcen.credit_officer, role=Role.CREDIT_MANAGER, organization=office.yangcen.outlet)
    officer = Browser.of(office.yangcen.credit_officer)
    ask(officer, case)
    form = officer.open(f"/loans/cases/{case.pk}/disbursement/").form(having="outcome")
    assert form.options("outcome") == ["不予核发", "退回补正"]
    posted = form.data() | {"outcome": ["consent"], "reason": ["同意。"]}
    assert officer.post(form.page_url, posted).problems, "what the page does not offer is not taken by hand either"
    case.refresh_from_db()
    assert case.credit_status == CreditStatus.ASKED
