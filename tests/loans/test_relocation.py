import pytest
from django.urls import reverse

from loans import operations
from loans.choices import StepCode
from loans.models import Application, Loan
from organizations.models import Organization
from organizations.operations import Refused
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory, store_jianchuan


@pytest.fixture
def office(county):
    store_jianchuan()
    return county


def move(office, organization, parent):
    return operations.relocate(
        organization=organization, parent=parent, moved_by=office.organisation_officer, moved_at=NOON, confirmed=True
    )


def sees(user, case):
    user.forget_posts()
    return Application.objects.for_scope(user.scope("view_cases", on=TODAY)).filter(pk=case.pk).exists()


def test_a_moved_branch_takes_its_cases_into_the_new_queue_at_once(office):
    case = CaseFactory(office).at(StepCode.COMMITTEE_FILING)
    old, new = office.yangcen.committee_officer, office.shaxi.committee_officer
    assert (sees(old, case), sees(new, case)) == (True, False)
    branch = Organization.objects.get(pk=case.branch_id)
    move(office, branch, office.shaxi.village.general_branch)
    assert (sees(old, case), sees(new, case)) == (False, True)
    case.refresh_from_db()
    assert case.branch_path == Organization.objects.get(pk=branch.pk).path


def test_a_moved_general_branch_takes_the_cases_of_its_branches_along(office):
    case = CaseFactory(office).at(StepCode.COMMITTEE_FILING)
    move(office, office.yangcen.village.general_branch, office.shaxi.committee)
    case.refresh_from_db()
    assert case.branch_path == Organization.objects.get(pk=case.branch_id).path
    assert sees(office.shaxi.committee_officer, case)


def test_an_organization_that_takes_the_old_place_does_not_inherit_the_cases(office):
    story = CaseFactory(office)
    loan = story.lent().loan
    branch = Organization.objects.get(pk=loan.branch_id)
    change = move(office, branch, office.shaxi.village.general_branch)
    assert not Loan.objects.filter(branch_path__startswith=change.old_path).exists()
    assert not Application.objects.filter(branch_path__startswith=change.old_path).exists()


def test_a_loan_keeps_the_township_of_its_disbursement(office):
    loan = CaseFactory(office).lent().loan
    move(office, Organization.objects.get(pk=loan.branch_id), office.shaxi.village.general_branch)
    loan.refresh_from_db()
    assert loan.division_path == office.yangcen.village.division.path


def close(office, organization):
    return operations.close_organization(
        organization=organization, last_day=TODAY, closed_by=office.organisation_officer, closed_at=NOON
    )


def test_an_office_with_a_post_or_an_open_case_does_not_end(office):
    CaseFactory(office).at(StepCode.COMMITTEE_FILING)
    outlet = office.yangcen.outlet
    with pytest.raises(Refused, match="任职"):
        close(office, outlet)
    outlet.posts.update(valid_to=TODAY)
    with pytest.raises(Refused, match="未办结"):
        close(office, outlet)
    office.shaxi.outlet.posts.update(valid_to=TODAY)
    assert close(office, office.shaxi.outlet).valid_to == TODAY


def test_moving_and_closing_go_through_their_pages(office, sign_in, noon):
    browser, branch = sign_in(office.organisation_officer), office.yangcen.village.branches[1]
    page = reverse("organization-move", args=[branch.pk])
    found = browser.get(page, {"q": "寺登村党总支"}).context["found"]
    target = f"{page}?parent={found[0].pk}"
    asked = browser.post(target, {})
    assert "区划" in asked.content.decode()
    assert browser.post(target, {"confirmed": "on"}).status_code == 302
    assert (
        Organization.objects.get_parent(Organization.objects.get(pk=branch.pk)) == office.shaxi.village.general_branch
    )
    ring = browser.post(f"{reverse('organization-move', args=[found[0].pk])}?parent={branch.pk}", {"confirmed": "on"})
    assert "自己" in ring.content.decode()
    close_page = reverse("organization-close", args=[branch.pk])
    assert "任职" in browser.post(close_page, {"last_day": "2014-08-15"}).content.decode()
    branch.posts.update(valid_to=TODAY)
    branch.memberships.update(valid_to=TODAY)
    assert browser.post(close_page, {"last_day": "2014-08-15"}).status_code == 302
    branch.refresh_from_db()
    assert branch.valid_to == TODAY
