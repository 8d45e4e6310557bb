"""The demo county, by its sample: offices, accounts, registers, histories, and work for everybody."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings

from accounts.choices import Role, Verb
from accounts.models import OrganizationPermission, Post, User
from accounts.operations import appoint
from audit.models import AuditEvent
from finance.money import ZERO
from loans.choices import EntryKind, NoticeState, ObjectionState, StepCode
from loans.models import (
    Application,
    ApplicationDecision,
    ArrearsSpell,
    LendingStop,
    Loan,
    LoanEntry,
    LoanStanding,
    PayoutAccount,
    PublicNotice,
    Quota,
    SubsidyBudget,
)
from loans.operations.standings import refresh_due_standings
from loans.queries.ledger import ledger_of
from organizations.choices import (
    BRANCH_KINDS,
    COMMITTEE_KINDS,
    REVIEWING_KINDS,
    DivisionLevel,
    OrganizationKind as Kind,
    VillageKind,
)
from organizations.models import (
    BranchMembership,
    Division,
    Organization,
    OrganizationPlacement,
    PartyMember,
    Person,
    ServiceArea,
)
from organizations.rules import containment, parse_id_number
from organizations.scope import scope_of
from redcredit.demo.loading import LOAD_DAY, MORNING, OWN_VILLAGE
from redcredit.invariants.checking import check
from redcredit.invariants.house import INVARIANTS
from redcredit.reference import load_reference, read_json
from risk.choices import ClaimState
from risk.models import Claim
from subsidies.choices import PaymentState
from subsidies.models import BatchDecision, Payment, SubsidyBatch
from tests.factories.demo import PASSWORD
from web import clock
from web.fields import NameField
from workflow.engine import Move, replay
from workflow.queries import work_calendar

pytestmark = pytest.mark.usefixtures("small_demo", "db")

DEMO_ACCOUNTS = read_json("demo", "accounts.json")["accounts"]


def account(username: str) -> User:
    return User.objects.get(username=username)


# ---- offices


def test_the_divisions_are_those_of_the_county():
    assert Division.objects.filter(level=DivisionLevel.TOWNSHIP).count() == 8
    assert Division.objects.filter(kind=VillageKind.VILLAGE).count() == 88
    assert Division.objects.filter(kind=VillageKind.COMMUNITY).count() == 5


def test_committees_and_branches_are_as_many_as_printed():
    in_force = Organization.objects.in_force(LOAD_DAY)
    assert in_force.of_kind(*COMMITTEE_KINDS).count() == 14
    assert in_force.of_kind(Kind.GENERAL_PARTY_BRANCH).count() == 93
    assert in_force.of_kind(*BRANCH_KINDS).count() == 586


def test_every_village_has_its_leading_group_and_the_county_has_one():
    groups = Organization.objects.of_kind(Kind.RED_CREDIT_LEADING_GROUP)
    assert groups.filter(division__kind=VillageKind.VILLAGE).count() == 88
    assert groups.filter(division__level=DivisionLevel.COUNTY).count() == 1
    assert groups.count() == 89


def test_the_party_has_its_printed_number_of_members():
    memberships = BranchMembership.objects.filter(valid_to=None, branch__kind__in=BRANCH_KINDS)
    assert memberships.values("member").distinct().count() == PartyMember.objects.count() == 8_085


def test_the_tree_is_sound_and_breaks_no_rule():
    parents = parents_by_path()
    for organization, parent in parents.items():
        assert organization.depth == (parent.depth + 1 if parent else 1)
        assert organization.numchild == sum(other == organization for other in parents.values())
        judged = containment(organization.kind, parent.kind if parent else None)
        assert (judged.refused, judged.unusual) == ("", False)


def test_every_organization_has_a_placement_under_its_parent():
    placements = dict(OrganizationPlacement.objects.filter(valid_to=None).values_list("organization", "parent"))
    assert placements == {child.pk: parent and parent.pk for child, parent in parents_by_path().items()}


def parents_by_path() -> dict[Organization, Organization | None]:
    by_path = {organization.path: organization for organization in Organization.objects.all()}
    return {child: by_path.get(path[: -Organization.steplen]) for path, child in by_path.items()}


def test_every_township_has_a_counter_and_the_county_town_has_more():
    outlets = Organization.objects.of_kind(Kind.OUTLET)
    assert outlets.values("division").distinct().count() == 8
    assert outlets.filter(division__code="532931101000").count() == 3


def test_every_village_is_served_by_exactly_one_outlet():
    areas = list(ServiceArea.objects.select_related("division"))
    for village in Division.objects.filter(level=DivisionLevel.VILLAGE):
        assert sum(village.path.startswith(area.division.path) for area in areas) == 1


# ---- accounts


def test_every_office_that_decides_has_an_officer():
    holders = defaultdict(set)
    for post in Post.objects.in_force(LOAD_DAY):
        holders[post.organization_id].add(post.role)
    wanted = {
        Role.BRANCH_SECRETARY: REVIEWING_KINDS,
        Role.VILLAGE_CLERK: (Kind.GENERAL_PARTY_BRANCH,),
        Role.TOWNSHIP_CLERK: (Kind.TOWNSHIP_PARTY_COMMITTEE,),
        Role.COMMITTEE_OFFICER: (Kind.TOWNSHIP_PARTY_COMMITTEE,),
        Role.FINANCE_OFFICER: (Kind.FINANCE_BUREAU,),
        Role.CREDIT_OFFICER: (Kind.OUTLET,),
        Role.CREDIT_MANAGER: (Kind.OUTLET, Kind.COUNTY_UNION),
        Role.ORGANISATION_OFFICER: (Kind.ORGANISATION_DEPARTMENT,),
    }
    for role, kinds in wanted.items():
        offices = Organization.objects.of_kind(*kinds).values_list("pk", flat=True)
        assert all(role in holders[office] for office in offices), role


def test_only_the_demo_accounts_can_sign_in():
    usable = {user.username for user in User.objects.all() if user.has_usable_password()}
    assert usable == {line["username"] for line in DEMO_ACCOUNTS}
    assert all(account(name).check_password(PASSWORD) for name in usable)


def test_the_demo_accounts_hold_the_posts_of_their_list():
    for line in DEMO_ACCOUNTS:
        (post,) = account(line["username"]).posts.all()
        assert (post.role, post.organization.short_name) == (line["role"], line["organization"])
        assert post.user.name == post.user.person.name == line["name"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SECURITY_ADMINISTRATOR])
def test_a_loaded_post_is_what_appointing_writes(role):
    loaded = Post.objects.filter(role=role).select_related("user", "organization", "appointed_by").first()
    newcomer = User.objects.create_user("newcomer", name="新来")
    appointed = appoint(
        user=newcomer,
        organization=loaded.organization,
        role=role,
        valid_from=loaded.valid_from,
        appointed_by=account("secadmin"),
        appointed_at=datetime.combine(loaded.valid_from, MORNING.timetz()),
    )
    assert written(appointed) == written(loaded)


def written(post: Post) -> tuple[object, ...]:
    """What a post leaves in the database, but for whom it is."""
    grants = OrganizationPermission.objects.filter(user=post.user, content_object=post.organization)
    event = AuditEvent.objects.get(subject_type="accounts.post", subject_id=str(post.pk))
    return (
        sorted(grants.values_list("permission__codename", flat=True)),
        (post.role, post.organization, post.valid_from, post.valid_to, post.appointed_by, post.dismissed_by),
        (event.action, event.actor, event.actor_name, event.subject_label.split(" · ")[1:], event.reason),
    )


# ---- people


def test_every_number_is_well_formed_and_of_no_division():
    numbers = [person.read_id_number() for person in Person.objects.all()[:400]]
    assert all(parse_id_number(number).number.startswith("532999") for number in numbers)
    assert not Division.objects.filter(code__startswith="532999").exists()


def test_sex_and_birthday_agree_with_the_number():
    for person in Person.objects.all()[:200]:
        number = parse_id_number(person.read_id_number())
        assert (person.birth_date, person.sex == "male") == (number.birth_date, number.is_male)


def test_every_name_passes_the_form_and_some_are_long_or_rare():
    names = set(Person.objects.values_list("name", flat=True))
    assert all(NameField().clean(name) == name for name in names)
    assert any("·" in name for name in names)
    assert any(ord(character) > 0xFFFF for name in names for character in name)


def test_members_were_grown_up_when_they_joined():
    assert all(
        member.joined_on >= member.person.birth_date.replace(year=member.person.birth_date.year + 18, day=1)
        for member in PartyMember.objects.select_related("person")
    )


# ---- histories


def test_every_case_stands_where_its_history_leads():
    cases = Application.objects.select_related("version").prefetch_related("version__steps", "decisions")
    for case in cases:
        decisions = sorted(case.decisions.all(), key=lambda decision: decision.sequence)
        moves = [Move(step=one.step, outcome=one.outcome, target=one.target) for one in decisions]
        assert replay(case.version.workflow, moves) == case.position


def test_no_case_is_decided_by_an_office_that_is_not_responsible_for_it():
    decisions = ApplicationDecision.objects.select_related("application", "organization__division", "decided_by")
    assert all(
        scope_of(decision.organization).covers(decision.application.place)
        for decision in decisions
        if not decision.decided_by.is_system
    )


def test_no_person_decides_on_two_sides_of_a_case():
    sides = defaultdict(set)
    for decision in ApplicationDecision.objects.all():
        sides[decision.application_id, decision.person_key].add(decision.side)
    assert max(len(found) for found in sides.values()) == 1


def test_decisions_follow_one_another_and_never_lie_ahead():
    for case in Application.objects.prefetch_related("decisions"):
        times = [d.decided_at for d in sorted(case.decisions.all(), key=lambda d: d.sequence)]
        assert times == sorted(times)
        assert all(case.created_at < time <= MORNING for time in times)


def test_people_decide_on_working_days():
    calendar = work_calendar()
    decisions = ApplicationDecision.objects.filter(decided_by__is_system=False)
    assert all(calendar.is_workday(clock.day_of(decision.decided_at)) for decision in decisions)


def test_every_ended_notice_ran_its_days_and_was_closed_by_the_calendar():
    for notice in PublicNotice.objects.filter(state=NoticeState.PASSED):
        assert notice.ends_on - notice.starts_on == timedelta(days=6)
        assert clock.day_of(notice.closed_at) == notice.ends_on + timedelta(days=1)
    closing = ApplicationDecision.objects.filter(step=StepCode.PUBLIC_NOTICE, outcome="pass")
    assert all(decision.decided_by.is_system for decision in closing.select_related("decided_by"))


def test_numbers_of_cases_run_in_the_order_of_time():
    cases = Application.objects.order_by("created_at")
    for year in (2013, 2014):
        numbers = [case.number for case in cases if case.created_at.year == year]
        assert numbers == sorted(numbers)


def test_quota_and_budget_hold_what_the_cases_hold():
    for quota in Quota.objects.prefetch_related("applications"):
        assert quota.used == sum(case.quota_amount for case in quota.applications.all())
    for budget in SubsidyBudget.objects.prefetch_related("applications"):
        assert budget.reserved == sum(case.subsidy_reserved for case in budget.applications.all())


def test_above_the_limit_another_person_consented_before_the_money_moved():
    large = Loan.objects.filter(principal__gt=200_000).select_related("application")
    assert large
    for loan in large:
        consent = loan.application.decisions.get(outcome="consent")
        payout = loan.application.decisions.get(outcome="disburse")
        assert consent.decided_at < payout.decided_at
        assert consent.person_key != payout.person_key


def test_loans_of_2013_that_fell_due_were_repaid_in_time():
    due = Loan.objects.filter(start_date__year=2013, due_date__lt=LOAD_DAY)
    assert all(loan.settled_on == loan.due_date for loan in due)


def test_whoever_is_not_in_arrears_paid_his_interest_each_quarter():
    loans = Loan.objects.filter(start_date__lt="2014-06-20", due_date__gt="2014-06-20", standing__overdue_since=None)
    assert loans.values("outlet").distinct().count() > 1
    for loan in loans.prefetch_related("entries"):
        days = {entry.value_date for entry in loan.entries.all() if entry.kind == EntryKind.INTEREST}
        quarters = {date(2013, 9, 20), date(2013, 12, 20), date(2014, 3, 20), date(2014, 6, 20)}
        assert {day for day in quarters if day > loan.start_date} <= days


def test_everything_that_must_be_true_of_the_money_is_true():
    assert [finding.lines for finding in check(INVARIANTS) if not finding.holds] == []


# ---- the money


def test_some_of_the_second_year_are_in_arrears_and_nobody_of_the_first():
    late = Loan.objects.filter(standing__overdue_since__isnull=False)
    assert set(late.values_list("start_date__year", flat=True)) == {2014}
    assert not late.filter(division__code=OWN_VILLAGE).exists()


def test_something_was_done_about_every_loan_that_missed_the_summer():
    late = Loan.objects.filter(standing__overdue_since__gt="2014-06-01", standing__overdue_since__lt="2014-07-01")
    assert late
    assert all(loan.collection_acts.exists() for loan in late)


def test_four_quarters_are_closed_and_one_waits():
    batches = SubsidyBatch.objects.order_by("last_day")
    assert [batch.last_day.isoformat() for batch in batches] == [
        "2013-09-20", "2013-12-20", "2014-03-20", "2014-06-20", "2014-09-20",
    ]  # fmt: skip
    assert [batch.state for batch in batches] == ["reconciled"] * 3 + ["paying", "computed"]
    assert [batch.is_estimate for batch in batches] == [False] * 4 + [True]


def test_batches_were_decided_on_working_days_after_their_period():
    calendar = work_calendar()
    for decision in BatchDecision.objects.select_related("batch"):
        assert calendar.is_workday(clock.day_of(decision.decided_at))
        assert clock.day_of(decision.decided_at) > decision.batch.last_day


def test_one_payment_of_the_second_year_came_back_and_waits():
    (payment,) = Payment.objects.filter(state=PaymentState.RETURNED)
    assert payment.loan.start_date.year == 2014
    assert payment.batch.last_day == date(2014, 6, 20)
    assert not Payment.objects.filter(reissues=payment).exists()


def test_every_payee_has_a_passbook_of_no_bank():
    accounts = PayoutAccount.objects.all()
    assert accounts.count() >= Payment.objects.values("loan__application__person").distinct().count()
    assert all(account.number().startswith("0000") and account.kind == "passbook" for account in accounts)


def test_one_claim_was_paid_and_partly_recovered():
    (claim,) = Claim.objects.all()
    assert claim.state == ClaimState.RECOVERING
    assert 0 < claim.recovered < claim.fund_part


def test_one_village_is_stopped_and_the_demos_own_is_not():
    (stop,) = LendingStop.objects.filter(lifted_at=None)
    assert stop.division.level == DivisionLevel.VILLAGE
    assert stop.division.code != OWN_VILLAGE
    assert stop.division == Claim.objects.get().loan.division


# ---- the day of loading


@pytest.mark.parametrize(
    ("username", "verb", "step"),
    [
        ("clerk", Verb.REFER, StepCode.INTAKE),
        ("clerk", Verb.REFER, StepCode.REFERRAL),
        ("secretary", Verb.REVIEW, StepCode.BRANCH_REVIEW),
        ("secretary", Verb.REVIEW, StepCode.PUBLIC_NOTICE),
        ("committee", Verb.FILE, StepCode.COMMITTEE_FILING),
        ("finance", Verb.CONFIRM_SUBSIDY, StepCode.SUBSIDY_CONFIRMATION),
        ("officer", Verb.DISBURSE, StepCode.DISBURSEMENT),
        ("organisation", Verb.ASSESS, StepCode.ASSESSMENT),
    ],
)
def test_a_demo_account_finds_work_waiting(username, verb, step):
    scope = account(username).scope(verb, on=LOAD_DAY)
    assert Application.objects.for_scope(scope).waiting_at(step).exists()


def test_the_manager_finds_a_credit_decision_that_waits_for_consent():
    scope = account("manager").scope(Verb.CONSENT, on=LOAD_DAY)
    assert (
        Application.objects.for_scope(scope).waiting_at(StepCode.DISBURSEMENT).filter(credit_status="asked").exists()
    )


def test_leader_and_auditor_find_their_pages_filled():
    assert account("leader").may(Verb.VIEW_FIGURES, on=LOAD_DAY)
    assert account("auditor").may(Verb.VIEW_AUDIT, on=LOAD_DAY)
    assert AuditEvent.objects.exists()


def test_cases_stand_in_every_state_and_some_are_overdue():
    states = set(Application.objects.values_list("state", flat=True))
    assert states == {"draft", "open", "returned", "lent", "closed", "rejected", "declined", "withdrawn"}
    waiting = Application.objects.filter(state__in=["open", "returned"])
    assert waiting.filter(due_date__lt=LOAD_DAY).exists()
    assert waiting.filter(due_date__gte=LOAD_DAY).exists()


def test_one_notice_of_the_demo_village_has_an_open_objection():
    (notice,) = PublicNotice.objects.filter(objections__state=ObjectionState.OPEN)
    assert notice.application.division.code == OWN_VILLAGE
    assert notice.application.purpose == "livestock"


def test_a_second_loading_changes_nothing():
    before = (Loan.objects.count(), User.objects.count(), AuditEvent.objects.count())
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert "already" in out.getvalue()
    assert (Loan.objects.count(), User.objects.count(), AuditEvent.objects.count()) == before


def test_loading_the_reference_data_again_finds_nothing_new():
    loaded = load_reference(county="jianchuan", at=MORNING)
    assert (loaded.divisions, loaded.versions) == (0, ())


def test_the_demo_accounts_are_listed_only_in_the_demo():
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    assert out.getvalue() == ""
    with override_settings(DEMO=True):
        call_command("demo_accounts", stdout=out)
    lines = [line.split("\t") for line in out.getvalue().splitlines()]
    assert [line[0] for line in lines] == [line["username"] for line in DEMO_ACCOUNTS]
    assert {line[2] for line in lines} == {PASSWORD}
    assert lines[0][1] == "乡镇经办员"


# ---- what is kept of each loan is what its account says


def test_every_standing_of_the_demo_is_what_the_account_of_its_loan_says():
    refresh_due_standings(on=LOAD_DAY)
    assert refresh_due_standings(on=LOAD_DAY) == 0
    assert LoanStanding.objects.count() == Loan.objects.count() > 0
    for loan in Loan.objects.select_related("standing"):
        account = ledger_of(loan).account(LOAD_DAY)
        standing, spells = loan.standing, ArrearsSpell.objects.filter(loan=loan).values_list("since", "until")
        assert (standing.maturity, standing.overdue_since) == (account.maturity, account.overdue_since)
        assert list(spells) == [(spell.since, spell.until) for spell in account.spells]
        if standing.overdue_since:
            assert (standing.overdue_principal, standing.overdue_interest) == (
                account.overdue_principal,
                account.overdue_interest,
            )


def test_no_loan_of_the_demo_was_ever_repaid_beyond_what_was_owed():
    for loan in Loan.objects.all():
        ledger = ledger_of(loan)
        days = LoanEntry.objects.filter(loan=loan).values_list("value_date", flat=True)
        assert min(ledger.outstanding(day) for day in days) >= ZERO
