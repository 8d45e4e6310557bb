"""One claim over HTTP, from the loan's page to a partial recovery; and what the other pages show and refuse."""

import pytest

from audit.models import AuditEvent
from jobs.models import Job
from risk.choices import ClaimPaper, ClaimState
from risk.models import Claim, EarlyWarning, FundTransfer
from risk.operations.daily import run_daily_risk
from risk.queries.claims import claims_waiting
from tests.factories.county import NOON, TODAY
from tests.factories.files import pdf, upload
from tests.factories.risk import late_loan
from tests.journeys.browser import Browser

pytestmark = pytest.mark.usefixtures("noon")


def handle(user, claim):
    page = Browser.of(user).open(f"/risk/claims/{claim.pk}/")
    return page.form(having="outcome").submit()


def file_with_scans(client, claim) -> None:
    scans = {f"file_{code}": upload(pdf(), f"{code}.pdf") for code in ClaimPaper.values}
    posted = {"action": "file", "revision": claim.revision, "copies": "3", **scans}
    assert client.post(f"/risk/claims/{claim.pk}/", posted).status_code == 302


def test_a_claim_goes_from_the_loans_page_to_a_partial_recovery(story, office, sign_in):
    loan = late_loan(office.yangcen.village)
    officer = Browser.of(story.officer)
    page = officer.open(f"/risk/loans/{loan.pk}/").form(button="发起代偿申请").submit()
    assert "待申请" in page.text
    claim = Claim.objects.get()
    file_with_scans(sign_in(story.officer), claim)
    assert "待初审" in officer.open(f"/risk/claims/{claim.pk}/").text
    for user, state in (
        (office.organisation_officer, "待财政审核"),
        (story.finance, "待审批"),
        (story.group, "待拨付"),
    ):
        assert state in handle(user, claim).text
    finance = Browser.of(story.finance)
    page = finance.open(f"/risk/claims/{claim.pk}/").form(having="bank_reference")
    page = page.fill(value_date="2014-08-15", bank_reference="DC-1").submit()
    assert "已代偿" in page.text
    form = page.form(having="costs")
    page = form.fill(amount="10000", costs="1200", value_date="2014-08-15", bank_reference="ZC-1").submit()
    assert "6,160.00" in page.text
    assert "2,640.00" in page.text
    claim.refresh_from_db()
    assert claim.state == ClaimState.RECOVERING
    fund = finance.open("/risk/funds/").follow(story.fund.name)
    assert "追偿返还" in fund.text
    assert FundTransfer.objects.count() == 3


def test_missing_papers_are_named_on_the_page(story, office):
    claim = story.prepared(late_loan(office.yangcen.village))
    page = Browser.of(story.officer).open(f"/risk/claims/{claim.pk}/").form(having="copies").submit_in_vain()
    assert any("借款合同、借据" in problem for problem in page.problems)


def test_an_old_page_meets_the_conflict_page(story, office, sign_in):
    claim = story.filed(late_loan(office.yangcen.village))
    data = {"action": "handle", "revision": claim.revision - 1, "outcome": "pass"}
    answer = sign_in(office.organisation_officer).post(f"/risk/claims/{claim.pk}/", data)
    assert answer.status_code == 409
    assert "已申请" in answer.content.decode()


def test_a_person_who_decided_before_reads_why_he_may_not(story, office):
    office.organisation_officer.person = office.yangcen.village.people[0]
    office.organisation_officer.save()
    story.officer.person = office.yangcen.village.people[0]
    story.officer.save()
    claim = story.filed(late_loan(office.yangcen.village))
    page = Browser.of(office.organisation_officer).open(f"/risk/claims/{claim.pk}/")
    assert "须由他人办理" in page.text


def test_the_fund_is_shown_as_of_a_day(story):
    browser = Browser.of(story.finance)
    assert "1,000,000.00" in browser.open(f"/risk/funds/{story.fund.pk}/").text
    before = browser.open(f"/risk/funds/{story.fund.pk}/?as_of=2013-07-15")
    assert "截至2013-07-15" in before.text
    assert "专户余额 0.00" in before.text


def test_shares_and_rules_are_set_in_the_browser(story):
    browser = Browser.of(story.finance)
    page = browser.open(f"/risk/funds/{story.fund.pk}/shares/").form()
    page = page.fill(
        effective_from="2014-08-01", document_number="剑财8号", name_1="县财政", kind_1="government", weight_1="8",
        name_2="县农村信用合作联社", kind_2="lender", weight_2="2",
    ).submit()  # fmt: skip
    assert "8:2" in page.text
    form = browser.open(f"/risk/funds/{story.fund.pk}/rule/").form()
    form.fill(effective_from="2014-08-01", document_number="剑财8号", trigger_days=90, percent_1="75", to_1="125000")
    page = form.fill(from_2="125000", percent_2="15").submit()
    assert "125,000.00" in page.text


def test_a_fund_begins_in_the_browser(story):
    form = Browser.of(story.finance).open("/risk/funds/new/").form()
    page = form.fill(name="县扶贫风险补偿金", opened_on="2014-08-01").submit()
    assert "不能申请代偿" in page.text


def test_a_stop_is_imposed_and_lifted_in_the_browser(story, office):
    browser = Browser.of(story.group)
    form = browser.open("/risk/stops/new/").form()
    page = form.fill(division=office.yangcen.village.division.pk, reason="清收期间暂停。").submit()
    assert "中羊村" in page.text
    page = page.follow_in_row("中羊村", "恢复发放").form().fill(reason="清收完成。").submit()
    assert "没有暂停发放的地方" in page.text
    assert "清收完成。" in page.text


def test_a_warning_is_handled_from_its_list(story, office):
    late_loan(office.yangcen.village)
    run_daily_risk(at=NOON)
    EarlyWarning.objects.exclude(kind="overdue").delete()
    page = Browser.of(story.officer).open("/risk/warnings/").follow("办理")
    page = page.form(having="note").fill(outcome="reminded", note="已电话催收。").submit()
    assert "暂无数据" in page.text


def test_categories_add_up_to_all_that_is_owed(story, office):
    late_loan(office.yangcen.village)
    run_daily_risk(at=NOON)
    page = Browser.of(story.finance).open("/risk/categories/?category=3")
    assert page.text.count("50,000.00") == 2


def test_an_insurance_is_recorded_on_the_loans_page(story, office):
    loan = late_loan(office.yangcen.village)
    form = Browser.of(story.officer).open(f"/risk/loans/{loan.pk}/insurance/").form()
    page = form.fill(
        insurer="某寿险公司", policy_number="RS-1", cover="100000", valid_from="2014-08-15", valid_to="2015-08-14"
    ).submit()
    assert "RS-1" in page.text


def test_the_diligence_page_names_what_is_missing_and_refuses_to_exempt(story, office):
    loan = late_loan(office.yangcen.village)
    page = Browser.of(story.group).open(f"/risk/loans/{loan.pk}/diligence/")
    assert "缺" in page.text
    form = page.form(having="staff").fill(outcome="grant", staff="信贷员", reason="程序合规。")
    assert any("贷后走访" in problem for problem in form.submit_in_vain().problems)


def test_whose_office_is_next_on_a_claim_finds_it_at_home(story, office):
    claim = story.filed(late_loan(office.yangcen.village))
    assert claims_waiting(office.organisation_officer, on=TODAY) == 1
    assert claims_waiting(story.group, on=TODAY) == 0
    story.decide(claim, office.organisation_officer)
    story.decide(claim, story.finance)
    assert "待办代偿" in Browser.of(story.group).open("/").text
    assert claims_waiting(office.yangcen.clerk, on=TODAY) == 0


def test_those_who_decide_open_the_scans_and_nobody_else(story, office, sign_in):
    claim = story.filed(late_loan(office.yangcen.village))
    file = claim.files.first()
    url = f"/risk/claims/{claim.pk}/papers/{file.pk}/"
    for user in (office.organisation_officer, story.finance, story.group, story.officer):
        assert b"".join(sign_in(user).get(url)) == pdf()
    for user in (office.shaxi.credit_officer, office.yangcen.clerk, office.leader):
        assert sign_in(user).get(url).status_code == 404
    other = story.filed(late_loan(office.yangcen.village))
    assert sign_in(story.finance).get(f"/risk/claims/{other.pk}/papers/{file.pk}/").status_code == 404
    assert AuditEvent.objects.filter(action="opened", subject_id=str(file.attachment.pk)).count() == 4


def test_a_filing_without_a_scan_stays_on_its_page(story, office, sign_in):
    claim = story.prepared(late_loan(office.yangcen.village))
    posted = {"action": "file", "revision": claim.revision, "copies": "3"}
    page = sign_in(story.officer).post(f"/risk/claims/{claim.pk}/", posted)
    assert page.status_code == 200
    assert f"file_{ClaimPaper.OPINION.value}" in page.context["forms"][0].errors


def test_the_claim_form_is_printed_by_a_job_inside_the_readers_area(story, office, sign_in):
    claim = story.filed(late_loan(office.yangcen.village))
    answer = sign_in(story.finance).post(f"/risk/claims/{claim.pk}/form/")
    assert answer.status_code == 302
    assert Job.objects.get().kind == "claim_form"
    assert sign_in(office.shaxi.credit_officer).post(f"/risk/claims/{claim.pk}/form/").status_code == 404


def test_a_write_off_is_proposed_and_decided_on_the_claims_page(story, office, sign_in):
    claim = story.paid(late_loan(office.yangcen.village))
    posted = {
        "action": "propose_write_off", "revision": claim.revision, "document_number": "剑财9号", "reason": "死亡。",
        "paper": upload(pdf(), "认定书.pdf"),
    }  # fmt: skip
    assert sign_in(story.finance).post(f"/risk/claims/{claim.pk}/", posted).status_code == 302
    page = Browser.of(story.group).open(f"/risk/claims/{claim.pk}/")
    assert "剑财9号" in page.text
    page = page.form(having="outcome").fill(outcome="write_off").submit()
    assert "已核销" in page.text
