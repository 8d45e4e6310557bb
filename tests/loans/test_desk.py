"""The lender's desk: the list and its counters, its file, several loans paid out at once, their contracts."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pypdf
import pytest
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEvent
from jobs.models import Job
from loans.choices import AccountKind, CreditStatus, Outcome, StepCode
from loans.documents import NotReadable
from loans.documents_contract import LOAN_CONTRACTS, NotAgreed, print_contracts
from loans.models import Application, LendingStop, Loan, PayoutAccount, Quota
from loans.operations.bulk import pay_out_several
from loans.tasks import loan_contracts
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory
from tests.loans.pages import payouts, text_of
from web.text import harmless

DESK, BULK, RESULTS = reverse("loans:desk"), reverse("loans:desk-bulk"), reverse("loans:desk-results")
CHOSEN, EXPORT = reverse("loans:desk-chosen"), reverse("loans:desk-export")
QUEUE = reverse("loans:queue", args=[StepCode.DISBURSEMENT])
QUESTIONS_MAX = 5


@pytest.fixture
def waiting(office):
    """Three cases of 50,000, 30,000 and 20,000 yuan that wait to be paid out in the first village."""
    people = office.yangcen.village.people
    amounts = ("50000", "30000", "20000")
    return [
        CaseFactory(office, amount=amount, person=people[place * 2]).at(StepCode.DISBURSEMENT)
        for place, amount in enumerate(amounts)
    ]


@pytest.fixture
def officer(office, sign_in, noon):
    return sign_in(office.yangcen.credit_officer)


def rows_of(client, **query):
    return list(client.get(DESK, query).context["table"].data)


def asked_for_consent(office):
    """A case whose credit decision waits for the manager, whatever its amount."""
    case = CaseFactory(office, person=office.yangcen.village.people[8]).at(StepCode.DISBURSEMENT)
    case.credit_status, case.amount_granted, case.term_granted = CreditStatus.ASKED, case.amount_asked, 12
    case.save()
    return case


# --- the list


def test_the_desk_lists_what_waits_with_its_sum(waiting, officer):
    page = text_of(officer.get(DESK))
    assert all(case.number in page and case.borrower_name in page for case in waiting)
    assert "本页合计" in page
    assert "100,000.00" in page


def test_the_head_names_the_outlet_and_what_is_left_of_the_quota(waiting, officer, office):
    left = sum(quota.left for quota in Quota.objects.filter(year=2014, township=office.yangcen.division))
    page = text_of(officer.get(DESK))
    assert left == Decimal("4900000.00")
    assert "羊岑信用社 · 剩余额度 490.0 万元" in page


def test_the_counters_lead_to_their_rows(waiting, officer, office):
    asked_for_consent(office)
    Application.objects.update(due_date=TODAY)
    Application.objects.filter(pk=waiting[0].pk).update(due_date=TODAY - timedelta(days=1))
    CaseFactory(office, person=office.yangcen.village.people[6], begin=NOON - timedelta(days=31)).lent()
    Loan.objects.update(start_date=TODAY)
    figures = officer.get(DESK).context["figures"]
    assert [(figure.label, figure.value) for figure in figures] == [
        ("待核发", "3"),
        ("待批准", "1"),
        ("今日已放款", "1"),
        ("回执不符", "0"),
        ("超期", "1"),
    ]
    assert (figures[0].note, figures[2].note) == ("10.0 万元", "5.0 万元")
    for figure in figures[:3] + figures[4:]:
        assert len(officer.get(figure.url).context["table"].data) == int(figure.value)


def test_the_counters_stand_over_an_empty_list_as_well(waiting, officer):
    figures = officer.get(DESK, {"amount_from": "1000000"}).context["figures"]
    assert figures[0].value == "3"


def test_the_list_is_narrowed_by_village_and_amount(waiting, officer):
    assert rows_of(officer, amount_from="20000.01", amount_to="３００００") == [waiting[1]]
    assert len(rows_of(officer, place=waiting[0].division_path)) == 3
    assert rows_of(officer, place="532931104") == rows_of(officer)


@pytest.mark.parametrize(
    "query", [{"state": "gold"}, {"amount_from": "一万"}, {"amount_to": "-1"}, {"place": "9" * 40}, {"after": "x~y"}]
)
def test_a_tampered_filter_is_no_error(waiting, officer, query):
    assert officer.get(DESK, query).status_code == 200


def test_a_case_that_waits_for_the_manager_has_no_box(office, officer, sign_in):
    case = asked_for_consent(office)
    page = text_of(officer.get(DESK, {"state": "asked"}))
    assert case.number in page
    assert 'type="checkbox" name="case"' not in page
    manager = sign_in(office.yangcen.credit_manager).get(DESK)
    assert list(manager.context["table"].data) == [case]
    assert "data-picks" not in text_of(manager)


def test_the_account_is_shown_by_its_last_digits(waiting, officer):
    account = PayoutAccount(
        person=waiting[0].person, kind=AccountKind.values[0], bank_name="羊岑信用社",
        holder_name=waiting[0].borrower_name, valid_from=TODAY,
    )  # fmt: skip
    account.seal("6223690012341208")
    account.save()
    page = text_of(officer.get(DESK))
    assert "****1208" in page
    assert "6223690012341208" not in page


def test_another_outlet_sees_nothing_of_it_and_other_offices_no_desk(waiting, office, sign_in, noon):
    page = text_of(sign_in(office.shaxi.credit_officer).get(DESK))
    assert not any(case.number in page for case in waiting)
    assert sign_in(office.yangcen.clerk).get(DESK).status_code == 404
    assert sign_in(office.finance_officer).get(DESK).status_code == 404


def test_the_desk_asks_at_most_five_questions(waiting, officer, questions):
    officer.get(DESK)
    with questions() as asked:
        assert officer.get(DESK).status_code == 200
    assert len(asked) <= QUESTIONS_MAX, asked


@pytest.mark.parametrize(
    ("query", "end"),
    [
        ("", ""),
        ("?due=overdue", "?state=overdue"),
        ("?due=today&place=5329", "?state=due_today&place=5329"),
    ],
)
def test_the_old_queue_leads_to_the_desk(officer, query, end):
    assert officer.get(QUEUE + query).headers["Location"] == DESK + end


def test_the_navigation_leads_to_the_desk(officer):
    assert f'href="{DESK}" aria-current="page"' in text_of(officer.get(DESK))


# --- the file


def test_the_list_is_taken_away_as_a_file_and_that_is_written_down(waiting, officer):
    answer = officer.post(f"{EXPORT}?amount_from=25000")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:-1]] == [waiting[0].number, waiting[1].number]
    assert rows[-1][5] == "80000.00"
    assert AuditEvent.objects.filter(action="exported", subject_label__contains="核发清单").count() == 1


def test_no_cell_of_the_file_begins_a_formula(waiting, officer):
    person = waiting[0].person
    person.name = "=HYPERLINK(1)"
    person.save()
    assert "'=HYPERLINK(1)" in officer.post(EXPORT).content.decode("utf-8-sig")
    assert [harmless(text) for text in ("@a", "+1", "a=b", "")] == ["'@a", "'+1", "a=b", ""]


# --- several at once


def test_ticked_rows_lead_to_the_page_that_asks(waiting, officer):
    answer = officer.post(CHOSEN, {"case": [case.pk for case in waiting[:2]], "action": "bulk"})
    page = text_of(officer.get(answer.headers["Location"]))
    assert "80,000.00" in page
    assert "人民币捌万元整" in page
    assert "6.60%" in page
    assert f"HT-{waiting[0].number}" in page
    assert waiting[2].number not in page


def test_nothing_ticked_is_said(waiting, officer):
    answer = officer.post(CHOSEN, {"action": "bulk"}, follow=True)
    assert "请先勾选" in text_of(answer)
    assert "目前都不能核发" in text_of(officer.get(BULK, follow=True))


def test_each_row_becomes_a_loan_and_the_results_say_so(waiting, officer):
    answer = officer.post(BULK, payouts(*waiting), follow=True)
    assert Loan.objects.count() == 3
    page = text_of(answer)
    assert "已核发 3 笔，合计 100,000.00 元" in page
    assert all(f"HT-{case.number}" in page for case in waiting)


def test_a_wrong_password_pays_nothing_and_is_written_down(waiting, officer):
    page = text_of(officer.post(BULK, payouts(*waiting, password="wrong")))
    assert "密码不正确" in page
    assert not Loan.objects.exists()
    assert AuditEvent.objects.filter(action="sign_in_failed").count() == 1


def test_the_fifth_wrong_password_locks_the_account(waiting, officer):
    answers = [officer.post(BULK, payouts(waiting[0], password=f"wrong-{n}")).status_code for n in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert officer.post(BULK, payouts(waiting[0])).status_code == 429
    assert not Loan.objects.exists()


def test_the_password_is_not_asked_about_before_the_rows_are_right(waiting, officer):
    page = officer.post(BULK, payouts(*waiting, password="wrong", bank_reference=""))
    assert "请填写" in text_of(page)
    assert not AuditEvent.objects.filter(action="sign_in_failed").exists()


def test_the_same_number_in_two_rows_is_refused_before_anything_is_paid(waiting, officer):
    page = text_of(officer.post(BULK, payouts(*waiting, bank_reference="FK-1")))
    assert "与另一行的编号重复" in page
    assert not Loan.objects.exists()


def test_a_row_that_cannot_be_paid_stops_no_other(waiting, office, officer):
    used = CaseFactory(office, person=office.yangcen.village.people[9]).lent().loan.contract_number
    posted = payouts(*waiting)
    posted[f"case-{waiting[1].pk}-contract_number"] = used
    page = text_of(officer.post(BULK, posted, follow=True))
    assert Loan.objects.filter(application__in=waiting).count() == 2
    assert "合同编号已被使用" in page or "已使用" in page
    assert "有 1 笔未核发" in page


def test_a_place_that_is_stopped_is_told_in_its_row(waiting, office, officer):
    LendingStop.objects.create(
        outlet=office.yangcen.outlet, measure="decision", reason="逾期率过高。", imposed_on=TODAY, imposed_at=NOON,
        imposed_by=office.leading_group_officer,
    )  # fmt: skip
    page = text_of(officer.post(BULK, payouts(*waiting), follow=True))
    assert "逾期率过高。" in page
    assert not Loan.objects.exists()


def test_the_page_sent_again_pays_nothing_twice_and_answers_the_same(waiting, officer):
    posted = payouts(*waiting)
    first, second = (text_of(officer.post(BULK, posted, follow=True)) for _time in range(2))
    assert Loan.objects.count() == 3
    assert "已核发 3 笔" in first
    assert "已核发 3 笔" in second


def test_a_case_that_somebody_else_paid_out_is_not_claimed(waiting, office, officer):
    posted = payouts(waiting[0])
    story = CaseFactory(office)
    story.case, story.moment = waiting[0], NOON - timedelta(days=1)
    story.disburse()
    page = text_of(officer.post(BULK, posted | {f"case-{waiting[0].pk}-contract_number": "HT-9"}, follow=True))
    assert "已被他人处理或修改" in page
    assert Loan.objects.count() == 1


def test_what_the_machine_left_undone_is_finished_by_sending_it_again(waiting, office):
    officer = User.objects.get(pk=office.yangcen.credit_officer.pk)
    batch = [payout_of(case) for case in waiting]
    pay_out_several(payouts=batch[:1], decided_by=officer, decided_at=NOON)
    results = pay_out_several(payouts=batch, decided_by=officer, decided_at=NOON)
    assert [one.is_done for one in results] == [True, True, True]
    assert Loan.objects.count() == 3


def payout_of(case):
    from_page = payouts(case)
    fields = {name.rsplit("-", 1)[-1]: value for name, value in from_page.items() if name.startswith("case-")}
    return SimpleNamespace(application_id=case.pk, revision=fields["revision"], facts=facts_of(case, fields))


def facts_of(case, fields):
    story = SimpleNamespace(case=case, day=TODAY - timedelta(days=1))
    return CaseFactory.payout(story, case.amount_asked, bank_reference=fields["bank_reference"])


def test_a_case_of_another_outlet_is_not_there(waiting, office, sign_in, noon):
    stranger = sign_in(office.shaxi.credit_officer)
    assert stranger.get(BULK, {"case": waiting[0].pk}).status_code == 404
    assert stranger.post(BULK, payouts(waiting[0])).status_code == 404
    assert stranger.post(CHOSEN, {"case": waiting[0].pk, "action": "contracts"}).status_code == 404
    assert not Loan.objects.exists()


def test_the_manager_pays_nothing_out(waiting, office, sign_in, noon):
    manager = sign_in(office.yangcen.credit_manager)
    assert manager.get(BULK, {"case": waiting[0].pk}).status_code == 404
    assert manager.post(BULK, payouts(waiting[0])).status_code == 404


def test_results_without_a_request_are_an_empty_page(officer):
    assert "还没有批量核发记录" in text_of(officer.get(RESULTS))


# --- contracts


def printed(cases, reader):
    paper = print_contracts(application_ids=[case.pk for case in cases], reader=reader, on=TODAY)
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(paper.content)).pages]


def test_a_signed_contract_says_its_terms_and_its_note_the_payment(office, noon):
    case = CaseFactory(office).lent()
    text = "".join(printed([case], office.yangcen.credit_officer))
    for expected in [
        "借款合同",
        f"合同编号：HT-{case.number}",
        "贷款人羊岑信用社",
        "50,000.00元（大写：人民币伍万元整）",
        "执行年利率6.60%（基准利率6.00%×1.10）",
        "附表：还款计划",
        "今借到羊岑信用社人民币（大写）伍万元整",
        f"FK-{case.number}",
        "第1页共",
    ]:
        assert expected in text
    assert case.person.id_number_masked in text
    assert case.person.read_id_number() not in text


def test_a_contract_to_be_signed_leaves_number_and_days_to_the_pen(waiting, office, noon):
    text = "".join(printed(waiting[:1], office.yangcen.credit_officer))
    assert "按2014年8月15日发放试算" in text
    assert "HT-" not in text


def test_several_contracts_are_one_paper_and_every_page_names_its_case(waiting, office, noon):
    pages = printed(waiting, office.yangcen.credit_officer)
    for case in waiting:
        assert sum(f"申请编号：{case.number}" in page for page in pages) >= 2
    assert all(f"共{len(pages)}页" in page for page in pages)


def test_the_same_contracts_are_the_same_bytes(waiting, office):
    keys = [case.pk for case in waiting[:1]]
    first, second = (
        print_contracts(application_ids=keys, reader=office.yangcen.credit_officer, on=TODAY).content for _ in "12"
    )
    assert first == second


def test_terms_that_are_not_agreed_are_not_printed(office):
    with pytest.raises(NotAgreed):
        printed([asked_for_consent(office)], office.yangcen.credit_officer)
    earlier = CaseFactory(office).at(StepCode.COMMITTEE_FILING)
    with pytest.raises(NotAgreed):
        printed([earlier], office.yangcen.credit_officer)


@pytest.mark.parametrize("who", [lambda o: o.shaxi.credit_officer, lambda o: o.yangcen.clerk, lambda o: o.outsider])
def test_only_the_officer_of_the_outlet_prints(waiting, office, who):
    with pytest.raises(NotReadable):
        print_contracts(application_ids=[waiting[0].pk], reader=who(office), on=TODAY)


def test_the_button_starts_the_job_and_the_job_leaves_a_trace(waiting, officer):
    answer = officer.post(CHOSEN, {"case": [case.pk for case in waiting], "action": "contracts"})
    job = Job.objects.get()
    assert (answer.headers["Location"], job.kind) == (reverse("jobs:detail", args=[job.pk]), LOAN_CONTRACTS)
    result = loan_contracts(job, lambda done, total: None)
    assert result.content.startswith(b"%PDF")
    assert AuditEvent.objects.get(action="exported").detail["cases"] == sorted(case.number for case in waiting)


def test_a_paid_out_row_of_today_can_be_printed_from_the_desk(office, officer):
    case = CaseFactory(office).lent()
    Loan.objects.update(start_date=TODAY)
    assert case.decisions.filter(outcome=Outcome.DISBURSE).exists()
    page = text_of(officer.get(DESK, {"state": "paid_today"}))
    assert f'name="case" value="{case.pk}"' in page
