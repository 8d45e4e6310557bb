"""What the pages read: tags, the register as an application names it, schedules."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.choices import Verb
from loans.choices import LoanState, RepaymentMethod, StepCode
from loans.models import Application, Loan, LoanStanding
from loans.queries.programmes import versions_for_new_cases
from loans.queries.register import branches_for, find_exactly, find_people, introducers, label_of, outlets_for
from loans.queries.schedules import SETTLED, quote, schedule_of, total_interest
from loans.queries.tags import WAITING, deadline_tag, loan_tag, status_tag
from organizations.choices import MemberStanding
from organizations.models import PartyMember
from organizations.scope import Scope
from tests.factories.county import TODAY
from tests.factories.loans import CaseFactory, store_four_steps
from workflow.choices import CaseState
from workflow.deadlines import WorkCalendar

WEEKS = WorkCalendar(exceptions={date(2014, 9, 8): False, date(2014, 9, 28): True}, known_years=frozenset({2014}))


@pytest.mark.parametrize(
    ("due", "label", "tone"),
    [
        (date(2014, 9, 5), "今天到期", "warn"),
        (date(2014, 9, 9), "剩 1 个工作日", "info"),
        (date(2014, 9, 3), "超期 2 个工作日", "bad"),
        (date(2014, 8, 30), "超期 5 个工作日", "bad"),
    ],
    ids=["today", "over a weekend and a holiday", "late", "late since a Saturday"],
)
def test_a_deadline_counts_working_days(due, label, tone):
    tag = deadline_tag(due, on=date(2014, 9, 5), calendar=WEEKS)
    assert (tag.label, str(tag.tone)) == (label, tone)


def test_what_has_no_deadline_has_no_tag():
    assert deadline_tag(None, on=TODAY, calendar=WEEKS) is None


def test_a_deadline_missed_over_the_weekend_is_late():
    assert deadline_tag(date(2014, 8, 15), on=date(2014, 8, 16), calendar=WEEKS).label == "超期 1 个工作日"


@pytest.mark.parametrize("step", StepCode.values)
@pytest.mark.parametrize("state", CaseState.values)
def test_every_place_of_a_case_has_a_word(step, state):
    assert status_tag(Application(step=step, state=state)).label


def test_a_case_in_notice_says_whether_somebody_objected():
    case = Application(step=StepCode.PUBLIC_NOTICE, state="open")
    assert status_tag(case).label == str(WAITING[StepCode.PUBLIC_NOTICE])
    assert status_tag(case, in_notice=True).label == "公示中"
    assert status_tag(case, in_notice=True, is_objected=True).label == "公示有异议"


def test_a_live_loan_with_arrears_is_overdue():
    late = Loan(state=LoanState.LIVE)
    assert loan_tag(late).label == "正常"
    late.standing = LoanStanding(overdue_since=TODAY)
    assert loan_tag(late).label == "逾期"
    assert loan_tag(Loan(state=LoanState.SETTLED)).label == "已结清"
    assert loan_tag(Loan(state=LoanState.WRITTEN_OFF)).label == "已核销"


@pytest.mark.parametrize("method", RepaymentMethod.values)
def test_every_way_of_repayment_repays_the_principal(office, method):
    version = CaseFactory(office).version
    quotation = quote(
        version=version, amount=Decimal(50000), term_months=12, repayment_method=method, start_date=TODAY
    )
    assert sum(one.principal for one in quotation.instalments) == 50000
    assert quotation.instalments[-1].due_date == quotation.due_date == date(2015, 8, 15)
    assert set(SETTLED) == set(RepaymentMethod.values)


def test_the_schedule_of_a_loan_is_the_one_quoted_before(office):
    loan = CaseFactory(office).lent().loan
    quotation = quote(
        version=loan.version,
        amount=loan.principal,
        term_months=12,
        repayment_method=loan.repayment_method,
        start_date=loan.start_date,
    )
    assert schedule_of(loan) == quotation.instalments
    assert total_interest(schedule_of(loan)) == quotation.interest


def test_only_the_newest_rules_in_force_are_offered(office):
    versions = versions_for_new_cases(county_path="532931", on=TODAY)
    assert [version.code for version in versions] == ["2014"]
    assert [version.code for version in versions_for_new_cases(county_path="532931", on=date(2013, 6, 1))] == ["2013"]
    assert versions_for_new_cases(county_path="532932", on=TODAY) == []


def test_each_programme_of_the_county_is_offered(office):
    store_four_steps(office)
    assert len(versions_for_new_cases(county_path="532931", on=TODAY)) == 2


def test_a_chosen_person_is_found_again_by_his_label(county):
    scope = Scope(division_paths=("532931",))
    for person in county.yangcen.village.people:
        assert find_exactly(scope=scope, text=label_of(person)) == [person]


def test_the_register_of_another_area_stays_shut(county):
    scope = Scope(division_paths=(county.yangcen.division.path,))
    stranger = county.shaxi.village.farmer
    for text in (stranger.name, label_of(stranger), stranger.read_id_number()):
        assert stranger not in find_exactly(scope=scope, text=text)
        assert stranger not in find_people(scope=scope, text=text)
    assert find_people(scope=Scope(), text=stranger.name) == []


def test_the_branch_of_a_member_stands_first(county):
    village = county.yangcen.village
    scope = county.yangcen.clerk.scope(Verb.REFER, on=TODAY)
    choices = branches_for(person=village.members[-1].person, scope=scope, on=TODAY)
    assert choices.first == village.branches[1].pk
    assert {option.pk for option in choices.near} == {village.general_branch.pk, *(b.pk for b in village.branches)}
    assert len(choices.others) == 3


def test_a_farmer_is_reviewed_by_the_general_branch_of_his_village(county):
    scope = county.yangcen.clerk.scope(Verb.REFER, on=TODAY)
    choices = branches_for(person=county.yangcen.village.farmer, scope=scope, on=TODAY)
    assert choices.first == county.yangcen.village.general_branch.pk


def test_a_village_clerk_refers_only_to_his_own_branches(county):
    village = county.yangcen.village
    scope = village.clerk.scope(Verb.REFER, on=TODAY)
    choices = branches_for(person=village.farmer, scope=scope, on=TODAY)
    assert choices.others == []


def test_the_outlet_that_serves_the_village_stands_first(county):
    choices = outlets_for(division=county.shaxi.village.division, on=TODAY)
    assert choices.first == county.shaxi.outlet.pk
    assert [option.pk for option in choices.others] == [county.yangcen.outlet.pk]


def test_members_who_left_or_are_not_in_good_standing_introduce_nobody(county):
    village = county.yangcen.village
    township = county.yangcen.division.path
    everybody = dict(introducers(township_path=township, branch_path=village.branch.path))
    gone, suspended = village.members[0], village.members[1]
    PartyMember.objects.filter(pk=gone.pk).update(left_on=TODAY)
    PartyMember.objects.filter(pk=suspended.pk).update(standing=MemberStanding.ON_PROBATION)
    left = dict(introducers(township_path=township, branch_path=village.branch.path))
    assert set(everybody) - set(left) == {gone.pk, suspended.pk}


def test_neither_the_applicant_nor_his_household_is_offered_as_introducer(county):
    village = county.yangcen.village
    asked = {"township_path": county.yangcen.division.path, "branch_path": village.branch.path}
    applicant, spouse = village.members[0], village.members[1]
    offered = introducers(**asked, applicant_id=applicant.person_id, household_id=applicant.person.household_id)
    assert set(dict(introducers(**asked))) - set(dict(offered)) == {applicant.pk, spouse.pk}
