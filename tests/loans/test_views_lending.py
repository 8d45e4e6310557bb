"""Loans: the list, the ledger, repayments until nothing is owed, the trial."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from loans.choices import EntryKind, LoanState, StepCode
from loans.models import Loan, LoanEntry
from loans.operations.daily import run_daily_work
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory
from tests.loans.pages import text_of
from web import clock
from workflow.engine import State

LIST = reverse("loans:loans")
TRIAL = reverse("loans:trial")


@pytest.fixture
def loan(office):
    return CaseFactory(office).lent().loan


def url_of(loan):
    return reverse("loans:loan", args=[loan.pk])


def payment(**fields):
    return {
        "principal": "20,000",
        "interest": "330",
        "value_date": TODAY.isoformat(),
        "bank_reference": "HK-2014-0001",
        **fields,
    }


def test_the_officer_books_a_repayment(office, loan, sign_in, noon):
    client = sign_in(office.yangcen.credit_officer)
    assert client.get(url_of(loan)).context["form"] is not None
    assert client.post(url_of(loan), payment()).status_code == 302
    page = client.get(url_of(loan))
    assert page.context["account"].outstanding == Decimal(30000)
    assert "HK-2014-0001" in text_of(page)


def test_a_second_click_books_once(office, loan, sign_in, noon):
    client = sign_in(office.yangcen.credit_officer)
    assert [client.post(url_of(loan), payment()).status_code for _ in range(2)] == [302, 302]
    assert loan.entries.filter(kind=EntryKind.PRINCIPAL).count() == 1


def test_the_last_repayment_settles_the_loan_and_opens_the_assessment(office, loan, sign_in, noon):
    client = sign_in(office.yangcen.credit_officer)
    posted = payment(principal="50000")
    assert [client.post(url_of(loan), posted).status_code for _ in range(2)] == [302, 302]
    loan.refresh_from_db()
    case = loan.application
    case.refresh_from_db()
    assert (loan.state, loan.settled_on) == (LoanState.SETTLED, TODAY)
    assert (case.step, case.state) == (StepCode.ASSESSMENT, State.OPEN)
    assert client.get(url_of(loan)).context["form"] is None


@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"principal": "50000.01"}, "principal"),
        ({"principal": "0", "interest": "0"}, "principal"),
        ({"value_date": (TODAY + timedelta(days=1)).isoformat()}, "value_date"),
        ({"value_date": "2013-01-01"}, "value_date"),
    ],
)
def test_a_repayment_that_cannot_be_right_is_refused(office, loan, sign_in, noon, fields, blamed):
    page = sign_in(office.yangcen.credit_officer).post(url_of(loan), payment(**fields))
    assert blamed in page.context["form"].errors
    assert LoanEntry.objects.count() == 1


def test_a_reference_books_only_one_payment(office, loan, sign_in, noon):
    client = sign_in(office.yangcen.credit_officer)
    client.post(url_of(loan), payment())
    page = client.post(url_of(loan), payment(principal="10000"))
    assert "该流水号已登记。" in page.context["form"].errors["bank_reference"]


def test_a_settled_loan_takes_no_more(office, loan, sign_in, noon):
    client = sign_in(office.yangcen.credit_officer)
    client.post(url_of(loan), payment(principal="50000"))
    page = client.post(url_of(loan), payment(bank_reference="HK-2"))
    assert "该贷款已结清。" in text_of(page)


def test_others_may_look_but_not_book(office, loan, sign_in, noon):
    for user in (office.yangcen.clerk, office.finance_officer, office.yangcen.credit_manager):
        client = sign_in(user)
        page = client.get(url_of(loan))
        assert (page.status_code, page.context["form"]) == (200, None)
        assert client.post(url_of(loan), payment()).status_code == 404
    assert LoanEntry.objects.count() == 1


def test_a_loan_of_another_outlet_does_not_exist(office, loan, sign_in, noon):
    for user in (office.shaxi.credit_officer, office.shaxi.clerk, office.outsider, office.leader):
        assert sign_in(user).get(url_of(loan)).status_code == 404
        assert sign_in(user).post(url_of(loan), payment()).status_code == 404


def test_the_list_shows_what_is_owed_in_the_area(office, loan, sign_in, noon):
    client = sign_in(office.yangcen.credit_officer)
    client.post(url_of(loan), payment())
    rows = list(client.get(LIST).context["table"].data)
    assert [(row.pk, row.owed) for row in rows] == [(loan.pk, Decimal(30000))]
    assert list(sign_in(office.shaxi.credit_officer).get(LIST).context["table"].data) == []
    assert sign_in(office.outsider).get(LIST).status_code == 404


def test_overdue_loans_can_be_listed(office, loan, sign_in, at):
    with at(days=400):
        run_daily_work(at=clock.now())
        page = sign_in(office.yangcen.credit_officer).get(LIST, {"state": "overdue"})
    assert [row.pk for row in page.context["table"].data] == [loan.pk]
    assert "逾期" in text_of(page)


@pytest.mark.parametrize("number", [1, 4])
def test_the_list_asks_at_most_five_questions(office, sign_in, noon, questions, number):
    for n in range(number):
        CaseFactory(office, person=office.yangcen.village.people[2 * n], begin=NOON - timedelta(days=40)).lent()
    client = sign_in(office.yangcen.credit_officer)
    client.get(LIST)
    with questions() as asked:
        assert len(client.get(LIST).context["table"].data) == number
    assert len(asked) <= 5, asked


@pytest.mark.parametrize("payments", [0, 6])
def test_the_page_of_a_loan_asks_a_constant_number_of_questions(office, sign_in, noon, questions, payments):
    story = CaseFactory(office)
    story.lent()
    for _payment in range(payments):
        story.repay(Decimal(1000))
    client = sign_in(office.yangcen.credit_officer)
    client.get(url_of(Loan.objects.get()))
    with questions() as asked:
        client.get(url_of(Loan.objects.get()))
    assert len(asked) <= 12, asked


def terms(rules, **fields):
    return {
        "version": rules.pk,
        "amount": "50000",
        "term_months": "12",
        "repayment_method": "lump_sum",
        "start_date": TODAY.isoformat(),
        **fields,
    }


def test_the_trial_shows_rate_interest_and_capital_form(office, sign_in, noon):
    version = CaseFactory(office).version
    page = text_of(sign_in(office.yangcen.credit_officer).get(TRIAL, terms(version)))
    for words in ("6.60%", "3,300.00 元", "人民币伍万元整", "2015-08-15"):
        assert words in page


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": ""},
        {"amount": "x"},
        {"amount": "1e12"},
        {"term_months": "0"},
        {"term_months": "9999"},
        {"version": "x"},
        {"version": "9" * 30},
        {"version": ""},
        {"start_date": "1950-01-01"},
        {"start_date": "x"},
        {"repayment_method": "never"},
    ],
)
def test_a_trial_on_strange_terms_shows_nothing(office, sign_in, noon, fields):
    version = CaseFactory(office).version
    page = sign_in(office.yangcen.credit_officer).get(TRIAL, terms(version, **fields))
    assert (page.status_code, page.context["quotation"]) == (200, None)


def test_the_trial_is_for_those_who_make_or_grant_loans(office, sign_in, noon):
    version = CaseFactory(office).version
    assert sign_in(office.yangcen.clerk).get(TRIAL, terms(version)).status_code == 200
    assert sign_in(office.finance_officer).get(TRIAL, terms(version)).status_code == 404
