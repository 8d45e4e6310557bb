"""Every list can be taken away as Excel by whoever may read it, and the trail knows who did."""

import io

import openpyxl
import pytest
from django.urls import reverse

from audit.models import AuditEvent
from loans.choices import StepCode
from tests.factories.loans import CaseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
LISTS = ("loans:cases", "loans:loans", "loans:arrears", "loans:visits")


def sheet(response):
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_taken_away_as_a_workbook(office, sign_in, name):
    CaseFactory(office).lent()
    rows = sheet(sign_in(office.yangcen.committee_officer).post(reverse(name)))
    assert all(rows[0])


def test_the_file_holds_the_filtered_rows_of_ones_own_area(office, sign_in):
    own = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    other = CaseFactory(office, township=office.shaxi).at(StepCode.BRANCH_REVIEW)
    browser = sign_in(office.yangcen.committee_officer)
    text = str(sheet(browser.post(reverse("loans:cases"))))
    assert own.number in text
    assert other.number not in text
    assert len(sheet(browser.post(reverse("loans:cases") + "?state=closed"))) == 1


def test_the_trail_keeps_who_took_which_list_and_not_the_name_he_searched(office, sign_in):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    sign_in(office.yangcen.clerk).post(f"{reverse('loans:cases')}?text={case.borrower_name}")
    event = AuditEvent.objects.get(action="exported")
    assert event.actor == office.yangcen.clerk
    assert event.detail == {"rows": ["", "1"], "filters": ["", "text"]}
    assert case.borrower_name not in f"{event.subject_label}{event.detail}"


def test_no_identity_number_leaves_in_a_list(office, sign_in):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    rows = sheet(sign_in(office.yangcen.clerk).post(reverse("loans:cases")))
    assert case.person.read_id_number() not in str(rows)


@pytest.mark.parametrize("name", LISTS)
def test_whoever_may_not_read_a_list_may_not_take_it_away(office, sign_in, name):
    assert sign_in(office.auditor).post(reverse(name)).status_code == 404
    assert not AuditEvent.objects.filter(action="exported").exists()


def test_a_link_takes_nothing_away(office, sign_in):
    sign_in(office.yangcen.clerk).get(reverse("loans:cases") + "?export=1")
    assert not AuditEvent.objects.filter(action="exported").exists()


def test_a_list_asks_the_same_number_of_queries_however_long(office, sign_in, django_assert_max_num_queries):
    for person in office.yangcen.village.people[2:8:2]:
        CaseFactory(office, person=person).draft()
    browser = sign_in(office.yangcen.clerk)
    with django_assert_max_num_queries(10):
        assert len(sheet(browser.post(reverse("loans:cases")))) >= 3
