"""The page of late cases, and the button that reminds."""

import pytest
from django.urls import reverse

from inbox.models import Message
from loans.choices import StepCode
from loans.operations.telling import escalate_late_cases
from tests.factories.county import NOON
from tests.factories.loans import CaseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def late(office):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    escalate_late_cases(at=NOON)
    return case


def text(response):
    return response.content.decode()


def test_the_committee_sees_how_late_a_case_is_and_where_it_lies(office, late, sign_in):
    page = text(sign_in(office.yangcen.committee_officer).get(reverse("loans:late")))
    assert late.borrower_name in page
    assert late.branch.name in page
    assert "超期" in page


def test_the_committee_of_another_township_sees_an_empty_list(office, late, sign_in):
    page = text(sign_in(office.shaxi.committee_officer).get(reverse("loans:late")))
    assert late.borrower_name not in page
    assert "您辖区内没有超期的案件。" in page


def test_who_stands_above_nobody_has_no_such_page(office, late, sign_in):
    assert sign_in(office.yangcen.clerk).get(reverse("loans:late")).status_code == 404


def test_the_button_reminds_and_says_how_many_people(office, late, sign_in):
    browser = sign_in(office.yangcen.committee_officer)
    page = text(browser.post(reverse("loans:urge", args=[late.pk]), follow=True))
    assert "已提醒 2 人。" in page
    assert Message.objects.of_recipient(office.yangcen.village.secretary).count() == 1
    assert "今天已经提醒过。" in text(browser.post(reverse("loans:urge", args=[late.pk]), follow=True))


def test_a_case_of_another_township_is_not_there_to_be_urged(office, late, sign_in):
    assert sign_in(office.shaxi.committee_officer).post(reverse("loans:urge", args=[late.pk])).status_code == 404


def test_the_list_asks_the_same_number_of_queries_for_any_number_of_cases(
    office, late, sign_in, django_assert_max_num_queries
):
    for farmer in office.yangcen.village.people[2:8:2]:
        CaseFactory(office, person=farmer).at(StepCode.REFERRAL)
    escalate_late_cases(at=NOON)
    browser = sign_in(office.yangcen.committee_officer)
    with django_assert_max_num_queries(7):  # five, and the transaction
        assert text(browser.get(reverse("loans:late"))).count("催办") >= 2
