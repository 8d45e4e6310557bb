"""What a household or body owes and asks for together: every case counts once, whoever borrows and wherever."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import OperationalError, transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from loans import operations
from loans.choices import Outcome, StepCode
from loans.models import Application, Loan, ServedUnit
from loans.queries.exposure import Kind, exposures_of, parts_of
from organizations.choices import HouseholdRelation
from organizations.models import Household, Person
from tests.factories.county import TODAY, County, build_county
from tests.factories.lending import Order, lend
from tests.factories.loans import CaseFactory, read_yulong, store_four_steps, store_jianchuan
from tests.factories.organizations import EntityFactory
from tests.races import race

D = Decimal


def spouse_of(person: Person) -> Person:
    return Person.objects.get(household=person.household, relation=HouseholdRelation.SPOUSE)


def of_household(household: Household, **terms) -> Decimal:
    return exposures_of(household_ids=[household.pk], **terms).of_household(household.pk).total


def limited(county: County, limit: str = "60000.00"):
    """A programme of four steps under which a household borrows up to a limit in all."""
    tiers = [tier | {"members_only": False} for tier in read_yulong()["versions"][0]["tiers"]]
    return store_four_steps(county, household_exposure_max=limit, tiers=tiers)


# --- what counts -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_loans_and_cases_of_all_members_add_up_across_programmes(office):
    farmer = office.yangcen.village.farmer
    CaseFactory(office, amount="50000").lent()
    other_programme = limited(office, "90000.00")
    CaseFactory(office, amount="30000", person=spouse_of(farmer), version=other_programme).at(StepCode.BRANCH_REVIEW)
    found = exposures_of(household_ids=[farmer.household_id]).of_household(farmer.household_id)
    assert (found.owed, found.under_way, found.total) == (D("50000.00"), D("30000.00"), D("80000.00"))


@pytest.mark.django_db
def test_a_draft_and_what_has_ended_count_nothing(office):
    village = office.yangcen.village
    CaseFactory(office).draft()
    rejected = CaseFactory(office, person=spouse_of(village.farmer))
    rejected.at(StepCode.BRANCH_REVIEW)
    rejected.decide(Outcome.WITHDRAW, office.yangcen.clerk, reason="另有资金。")
    assert of_household(village.farmer.household) == 0


@pytest.mark.django_db
def test_repaid_principal_counts_no_more_and_a_reversed_payment_counts_again(office):
    story = CaseFactory(office, amount="50000")
    household = story.lent().household
    story.repay(D(20000), reference="HK-1")
    assert of_household(household) == D("30000.00")
    entry = story.case.loan.entries.get(kind="principal")
    operations.reverse(
        entry_id=entry.pk, reason="记错", reversed_by=office.yangcen.credit_officer, reversed_at=story.moment
    )
    assert of_household(household) == D("50000.00")
    story.repay(D(50000), reference="HK-2")
    assert of_household(household) == 0


@pytest.mark.django_db
def test_what_is_granted_and_not_drawn_yet_counts(office):
    story = CaseFactory(office, amount="50000")
    story.at(StepCode.DISBURSEMENT)
    story.decide(Outcome.DISBURSE, office.yangcen.credit_officer, story.payout(D(50000), first_part=D(10000)))
    assert of_household(story.case.household) == D("50000.00")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["extension", "renewal"])
def test_an_extension_or_renewal_does_not_count_twice(office, kind):
    story = CaseFactory(office, amount="50000")
    loan = story.lent().loan
    loan.entries.create(
        kind=kind,
        amount=0,
        value_date=loan.due_date,
        new_due_date=loan.due_date + timedelta(days=180),
        recorded_by=office.yangcen.credit_officer,
        recorded_at=story.moment,
    )
    assert of_household(story.case.household) == D("50000.00")


@pytest.mark.django_db
def test_a_granted_amount_takes_the_place_of_the_amount_asked(office):
    story = CaseFactory(office, amount="90000")
    story.at(StepCode.DISBURSEMENT)
    Application.objects.filter(pk=story.case.pk).update(amount_granted=D(70000))
    assert of_household(story.case.household) == D("70000.00")


@pytest.mark.django_db
def test_the_case_looked_at_is_left_out(office):
    case = CaseFactory(office, amount="50000").at(StepCode.BRANCH_REVIEW)
    assert of_household(case.household, without=case.pk) == 0
    assert of_household(case.household, with_cases=False) == 0


# --- for whom it counts ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_joint_loan_counts_for_each_household_with_its_share(office):
    village = office.yangcen.village
    homes = [village.farmer.household, village.households[0], village.households[1]]
    CaseFactory(
        office, amount="50000", borrower_kind="household", served_household_ids=tuple(home.pk for home in homes)
    ).at(StepCode.BRANCH_REVIEW)
    found = exposures_of(household_ids=[home.pk for home in homes])
    shares = [found.of_household(home.pk).total for home in homes]
    assert sum(shares) == D("50000.00")
    assert sorted(shares) == [D("16666.66"), D("16666.67"), D("16666.67")]


@pytest.mark.django_db
def test_a_bodys_loan_counts_for_the_body_and_not_for_the_member_in_whose_name_it_runs(office):
    village = office.yangcen.village
    member = village.members[0]
    body = EntityFactory(name="中羊村股份经济合作社", kind="collective", division=village.division)
    tier = CaseFactory(office).version.tiers.get(code="collective")
    CaseFactory(
        office, amount="80000", borrower_kind="collective", person=member.person, entity_id=body.pk, tier_id=tier.pk
    ).at(StepCode.BRANCH_REVIEW)
    home = member.person.household_id
    found = exposures_of(household_ids=[home], body_ids=[body.pk])
    assert (found.of_body(body.pk).total, found.of_household(home).total) == (D("80000.00"), D(0))
    with_nominal = exposures_of(household_ids=[home], body_ids=[body.pk], with_nominal=True)
    assert with_nominal.of_household(home).total == D("80000.00")


@pytest.mark.django_db
def test_his_own_share_follows_a_borrower_into_another_household(office):
    village = office.yangcen.village
    before, after = village.farmer.household, village.households[0]
    CaseFactory(office, amount="50000").lent()
    Person.objects.filter(pk=village.farmer.pk).update(household=after, relation=HouseholdRelation.CHILD)
    assert (of_household(before), of_household(after)) == (D(0), D("50000.00"))


@pytest.mark.django_db
def test_many_households_are_asked_about_in_one_statement(office, django_assert_num_queries):
    CaseFactory(office).lent()
    everybody = list(Household.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        found = exposures_of(household_ids=everybody)
    assert [line.kind for one in found.households.values() for line in one.lines] == [Kind.OWED]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    lent=st.lists(
        st.tuples(
            st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True), st.integers(1, 9_999_999)
        ),
        min_size=1,
        max_size=4,
    )
)  # fmt: skip
@pytest.mark.django_db
def test_exposure_never_counts_twice(office, lent):
    """Whatever is lent jointly to whomever: over all households it comes to what is owed, and no line is doubled."""
    village = office.yangcen.village
    homes = village.households
    with transaction.atomic():
        total = D(0)
        for served, fen in lent:
            amount = D(fen) / 100
            households = [homes[place] for place in served]
            loan = lend(Order(village, str(amount), TODAY, households=households))[0]
            ServedUnit.objects.bulk_create(
                ServedUnit(application_id=loan.application_id, household=home) for home in households
            )
            total += amount
        found = exposures_of(household_ids=[home.pk for home in homes])
        lines = [(key, line.case_id) for key, one in found.households.items() for line in one.lines]
        assert len(lines) == len(set(lines))
        assert sum((one.total for one in found.households.values()), D(0)) == total
        transaction.set_rollback(True)


@given(fen=st.integers(0, 10**12), parts=st.integers(1, 40))
def test_shares_add_up_and_differ_by_a_fen_at_most(fen, parts):
    shares = parts_of(D(fen) / 100, parts)
    assert sum(shares) == D(fen) / 100
    assert max(shares) - min(shares) <= D("0.01")


# --- the limit -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_submitting_above_the_households_limit_is_refused_with_the_sum(office):
    version = limited(office)
    CaseFactory(office, amount="40000", version=version).at(StepCode.BRANCH_REVIEW)
    second = CaseFactory(office, amount="30000", version=version, person=spouse_of(office.yangcen.village.farmer))
    with pytest.raises(operations.Blocked) as blocked:
        second.at(StepCode.REFERRAL)
    assert [problem.message for problem in blocked.value.problems] == [
        "户内贷款合计将达70,000.00元，超过60,000.00元的上限。"
    ]


@pytest.mark.django_db
def test_up_to_the_limit_several_members_may_apply_at_once(office):
    version = limited(office)
    CaseFactory(office, amount="30000", version=version).at(StepCode.BRANCH_REVIEW)
    second = CaseFactory(office, amount="30000", version=version, person=spouse_of(office.yangcen.village.farmer))
    assert second.at(StepCode.BRANCH_REVIEW).step == StepCode.BRANCH_REVIEW


@pytest.mark.django_db
def test_who_is_paid_first_has_the_room(office):
    version = limited(office)
    first = CaseFactory(office, amount="30000", version=version)
    second = CaseFactory(office, amount="30000", version=version, person=spouse_of(office.yangcen.village.farmer))
    for story in (first, second):
        story.at(StepCode.DISBURSEMENT)
    # What was submitted under the limit and grew afterwards is seen when it is paid out.
    Application.objects.filter(pk=second.case.pk).update(amount_asked=D(40000))
    first.disburse()
    second.case.refresh_from_db()
    with pytest.raises(operations.Blocked) as blocked:
        second.disburse()
    assert [problem.field for problem in blocked.value.problems] == ["amount"]
    second.disburse(D(30000))
    assert second.case.loan.principal == D("30000.00")


# --- races -----------------------------------------------------------------------------------------------------------

REFUSALS = (operations.Blocked, operations.Conflict, operations.NotAllowed, OperationalError)
at_once = partial(race, REFUSALS)


@pytest.fixture
def real_office(transactional_db: None) -> County:
    county = build_county()
    store_jianchuan()
    return county


def two_members(county: County, amount: str) -> list[CaseFactory]:
    """Two members of one household, each with a case at another outlet."""
    version = limited(county, "100000.00")
    farmer = county.yangcen.village.farmer
    other = county.shaxi.outlet
    return [
        CaseFactory(county, amount=amount, version=version),
        CaseFactory(county, amount=amount, version=version, person=spouse_of(farmer), outlet_id=other.pk),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_of_two_members_who_submit_at_once_one_fits_under_the_limit(real_office, turn):
    stories = two_members(real_office, "60000")
    cases = [story.draft() for story in stories]
    results = at_once(
        *(
            partial(
                operations.decide, application_id=case.pk, step=StepCode.INTAKE, outcome=Outcome.SUBMIT,
                decided_by=real_office.yangcen.clerk, decided_at=stories[0].moment, revision=case.revision,
            )
            for case in cases
        )
    )  # fmt: skip
    assert [type(result).__name__ for result in results].count("Blocked") == 1
    assert of_household(cases[0].household) == D("60000.00")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_of_two_members_paid_at_two_outlets_at_once_one_fits_under_the_limit(real_office, turn):
    stories = two_members(real_office, "50000")
    for story in stories:
        story.at(StepCode.DISBURSEMENT)
    Application.objects.filter(pk__in=[story.case.pk for story in stories]).update(amount_asked=D(60000))
    officers = [real_office.yangcen.credit_officer, real_office.shaxi.credit_officer]
    results = at_once(
        *(
            partial(
                operations.decide, application_id=story.case.pk, step=StepCode.DISBURSEMENT,
                outcome=Outcome.DISBURSE, decided_by=officer, decided_at=story.moment + timedelta(days=2),
                revision=None, facts=story.payout(D(60000)),
            )
            for story, officer in zip(stories, officers, strict=True)
        )
    )  # fmt: skip
    assert [type(result).__name__ for result in results].count("Blocked") == 1
    assert Loan.objects.count() == 1
    assert of_household(stories[0].case.household, with_cases=False) == D("60000.00")
