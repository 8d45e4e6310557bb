"""Random people do random things to a few cases: the real operations on PostgreSQL, checked after every step.

The quota and the budget are small, some people hold two posts or two accounts, and some belong to the borrowers'
households: most of what is tried is refused, and whatever is accepted must leave the county in order. A failing run
prints its seed; `SEED=… pytest tests/loans/test_machine.py` repeats it.
"""

import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Prefetch
from hypothesis import HealthCheck, Phase, seed, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.choices import Role
from accounts.models import User
from loans import operations
from loans.choices import (
    EntryKind,
    LeadingRole,
    LoanState,
    MeetingKind,
    NoticeState,
    ObjectionState,
    Outcome,
    RepaymentConduct,
    Side,
    StepCode,
    UseOfFunds,
)
from loans.models import Application, ApplicationDecision, Loan, Objection, PublicNotice, Quota, SubsidyBudget
from loans.operations import decisions
from loans.operations.daily import run_daily_work
from loans.queries.lending import outstanding_principal
from loans.queries.recalls import effective
from loans.rules import Votes
from loans.steps import lender
from loans.steps.facts import (
    NO_FACTS,
    AssessmentFacts,
    CreditFacts,
    DisbursementFacts,
    Facts,
    FilingFacts,
    NoticeFacts,
    ReferralFacts,
    ReviewFacts,
    SettlementFacts,
)
from loans.steps.money import reservation_of
from tests.factories.accounts import PostFactory, UserFactory
from tests.factories.county import NOON, County
from tests.factories.loans import CaseFactory
from web.clock import day_of
from workflow.engine import END_STATES, Move, State, replay

SEED = int(os.environ.get("SEED") or random.randrange(10**9))
REFUSALS = (operations.Blocked, operations.Conflict, operations.NotAllowed)
CASES_MAX = 3
HALF = Decimal("0.5")
AMOUNTS = [Decimal(amount) for amount in (30_000, 50_000, 70_000)]
QUOTA, BUDGET = Decimal(160_000), Decimal(3_000)
# What an office does most of the time; now and then it does anything at all.
FORWARD = {
    StepCode.INTAKE: Outcome.SUBMIT,
    StepCode.REFERRAL: Outcome.PASS,
    StepCode.BRANCH_REVIEW: Outcome.PASS,
    StepCode.PUBLIC_NOTICE: Outcome.PUBLISH,
    StepCode.COMMITTEE_FILING: Outcome.PASS,
    StepCode.SUBSIDY_CONFIRMATION: Outcome.CONFIRM,
    StepCode.DISBURSEMENT: Outcome.DISBURSE,
    StepCode.ASSESSMENT: Outcome.PASS,
}
ENDING = (Outcome.WITHDRAW, Outcome.REJECT, Outcome.DECLINE)


class Office(RuleBasedStateMachine):
    """One example: a few cases of one village, everybody who could have a hand in them, and days that pass."""

    county: County
    accepted: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.moment: datetime = NOON - timedelta(days=90)
        self.cases: list[int] = []
        self.numbers = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize(
        shared=st.sampled_from(["clerk and branch", "branch and committee", "committee and lender", "none"]),
        chance=st.randoms(use_true_random=True),
        begin=st.sampled_from([9, 8, 10, 7, 5, 2]),
    )
    def staff(self, shared: str, chance: random.Random, begin: int) -> None:
        """Give somebody a second post, or two accounts to one person; the officer's wife is a borrower."""
        county = self.county
        township, village = county.yangcen, county.yangcen.village
        self.borrowers = [village.farmer, village.people[-4], county.yangcen.village.people[-6]]
        self.usual = {
            StepCode.INTAKE: [township.clerk, village.clerk],
            StepCode.REFERRAL: [township.clerk, village.clerk],
            StepCode.BRANCH_REVIEW: [village.secretary, village.general_secretary],
            StepCode.PUBLIC_NOTICE: [village.secretary, village.general_secretary],
            StepCode.COMMITTEE_FILING: [
                township.committee_officer,
                UserFactory(role=Role.COMMITTEE_OFFICER, organization=township.committee),
            ],
            StepCode.SUBSIDY_CONFIRMATION: [
                county.finance_officer,
                UserFactory(role=Role.FINANCE_OFFICER, organization=county.finance_bureau),
            ],
            StepCode.DISBURSEMENT: [
                township.credit_officer,
                UserFactory(role=Role.CREDIT_OFFICER, organization=township.outlet),
            ],
            StepCode.ASSESSMENT: [county.organisation_officer],
        }
        for users in self.usual.values():
            for user in users:
                user.person = None  # the example before this one may have tied him
        one = county.shaxi.village.people[0]
        match shared:
            case "clerk and branch":
                self._also(township.clerk, Role.BRANCH_SECRETARY, village.branch)
            case "branch and committee":
                self._tie(one, village.secretary, township.committee_officer)
            case "committee and lender":
                self._also(township.committee_officer, Role.CREDIT_OFFICER, township.outlet)
                self._tie(one, township.committee_officer, county.finance_officer)
        self._tie(village.people[-5], township.credit_officer)
        staff = [user for users in self.usual.values() for user in users]
        self.everybody = list(dict.fromkeys([*staff, township.credit_manager, county.outsider, county.shaxi.clerk]))
        Quota.objects.filter(version__code="2014").update(total=QUOTA)
        SubsidyBudget.objects.filter(version__code="2014").update(appropriated=BUDGET)
        self.write_down(chance)
        self.hurry(chance, steps=begin)

    @staticmethod
    def _also(user: User, role: str, organization: object) -> None:
        PostFactory(user=user, role=role, organization=organization)

    @staticmethod
    def _tie(person: object, *users: User) -> None:
        for user in users:
            user.person = person
            user.save(update_fields=["person"])

    @rule(chance=st.randoms(use_true_random=True))
    def something_happens(self, chance: random.Random) -> None:
        """One thing of many. (As rules of their own most examples would try two or three kinds only.)"""
        acts = {
            self.write_down: 1, self.hurry: 3, self.decide: 6, self.meddle: 3, self.days_pass: 2, self.correct: 1,
            self.object_and_settle: 2, self.repay: 1, self.think_again: 3,
        }  # fmt: skip
        [act] = chance.choices(list(acts), list(acts.values()))
        act(chance)

    def write_down(self, chance: random.Random) -> None:
        if len(self.cases) == CASES_MAX:
            return
        person, amount = chance.choice(self.borrowers), chance.choice(AMOUNTS)
        data = CaseFactory(self.county, amount=amount, person=person, begin=self.moment).data
        clerk = chance.choice(self.usual[StepCode.INTAKE])
        case = self._try(
            "draft",
            operations.create_application,
            data=data,
            request_id=uuid4(),
            created_by=clerk,
            created_at=self.moment,
        )
        if case is not None:
            self.cases.append(case.pk)

    def hurry(self, chance: random.Random, steps: int = 3) -> None:
        """Nothing goes wrong for a while: so that the far end of the way is reached often enough."""
        for _ in range(steps):
            case = self._case(chance)
            if case.is_ended or case.state == State.LENT:
                return
            if case.step == StepCode.PUBLIC_NOTICE and case.notices.filter(state=NoticeState.RUNNING).exists():
                self.days_pass(chance, days=8)
                continue
            outcome, user = FORWARD[case.step], chance.choice(self.usual[case.step])
            if not self._decide(case, outcome, user, self._facts(case, outcome, 1), ""):
                return

    def decide(self, chance: random.Random) -> None:
        """The right office decides something that its step knows; seldom the end of the case."""
        case = self._case(chance)
        outcomes = case.version.workflow.outcomes(case.step)
        outcome = chance.choices(outcomes, [1 if outcome in ENDING else 4 for outcome in outcomes])[0]
        target = chance.choice(case.version.workflow.earlier_steps(case.step) or [""])
        office = self.usual[StepCode.INTAKE if outcome == Outcome.WITHDRAW else case.step]
        if case.step == StepCode.PUBLIC_NOTICE and outcome in (Outcome.RETURN, Outcome.REJECT):
            office = self.usual[StepCode.COMMITTEE_FILING]
        if outcome in (Outcome.CONSENT, Outcome.REFUSE_CONSENT):
            office = [self.county.yangcen.credit_manager]
        share = chance.choice([1, 1, HALF])
        self._decide(case, outcome, chance.choice(office), self._facts(case, outcome, share), target)

    def meddle(self, chance: random.Random) -> None:
        """Anybody tries anything."""
        case = self._case(chance)
        outcome, target = chance.choice(Outcome.values), chance.choice(["", *StepCode.values])
        self._decide(case, outcome, chance.choice(self.everybody), self._facts(case, outcome, HALF), target)

    def days_pass(self, chance: random.Random, days: int = 0) -> None:
        self.moment += timedelta(days=days or chance.randint(1, 9))
        run_daily_work(at=self.moment)

    def think_again(self, chance: random.Random) -> None:
        """Somebody wants the last decision undone, mostly who made it, mostly soon enough."""
        case = self._case(chance)
        decision = case.decisions.order_by("-sequence").first()
        if decision is None:
            return
        self.moment += timedelta(minutes=chance.choice([1, 1, 9, 11]))
        before = (decision.before.get("state"), decision.step, decision.round)
        done = self._try(
            "recall",
            operations.recall_decision,
            decision_id=decision.pk,
            recalled_by=chance.choice([decision.decided_by] * 5 + self.everybody[:1]),
            recalled_at=self.moment,
        )
        if done is not None:
            case.refresh_from_db()
            assert (case.state, case.step, case.round) == before

    def object_and_settle(self, chance: random.Random) -> None:
        notice = PublicNotice.objects.filter(application=self._case(chance)).order_by("-pk").first()
        if notice is None:
            return
        objection = Objection.objects.filter(notice=notice, state=ObjectionState.OPEN).order_by("-pk").first()
        user = chance.choice([*self.everybody, *self.usual[StepCode.COMMITTEE_FILING] * 4])
        if objection is None:
            self._try(
                "objection",
                operations.record_objection,
                notice_id=notice.pk,
                received_on=day_of(self.moment),
                channel="phone",
                objector="",
                text=f"不属实 {chance.random()}",
                recorded_by=user,
                recorded_at=self.moment,
            )
            return
        self._try(
            "settlement",
            operations.settle_objection,
            objection_id=objection.pk,
            upheld=chance.random() < 0.5,
            finding="已核查。",
            settled_by=user,
            settled_at=self.moment,
        )

    def correct(self, chance: random.Random) -> None:
        case = self._case(chance)
        amount = chance.choice(AMOUNTS)
        data = CaseFactory(self.county, amount=amount, person=case.person, begin=self.moment).data
        self._try(
            "edit",
            operations.edit_application,
            application_id=case.pk,
            data=data,
            revision=case.revision,
            edited_by=chance.choice(self.usual[StepCode.INTAKE]),
            edited_at=self.moment,
        )

    def repay(self, chance: random.Random) -> None:
        loan = Loan.objects.filter(application__in=self.cases, state=LoanState.LIVE).order_by("?").first()
        if loan is None:
            return
        payment = operations.Repayment(
            principal=outstanding_principal(loan) * chance.choice([Decimal("0.3"), 1, 1, 2]),
            interest=Decimal(100),
            value_date=day_of(self.moment),
            bank_reference=f"HK-{chance.random()}",
        )
        self._try(
            "repayment",
            operations.record_repayment,
            loan_id=loan.pk,
            repayment=payment,
            recorded_by=chance.choice(self.usual[StepCode.DISBURSEMENT]),
            recorded_at=self.moment,
        )

    def _case(self, chance: random.Random) -> Application:
        """A case, one that still lives if there is any."""
        live = Application.objects.filter(pk__in=self.cases).exclude(state__in=END_STATES).order_by("pk")
        cases = list(live) or [Application.objects.get(pk=self.cases[-1])]
        return chance.choice(cases)

    def _decide(self, case: Application, outcome: str, user: User, facts: object, target: str) -> bool:
        before = case.position
        decision = self._try(
            outcome,
            operations.decide,
            application_id=case.pk,
            step=case.step,
            outcome=outcome,
            decided_by=user,
            decided_at=self.moment,
            revision=case.revision,
            facts=facts,
            reason="见记录。",
            target=target,
        )
        if before.state in END_STATES:
            case.refresh_from_db()
            assert case.position == before
        return decision is not None

    def _try(self, what: str, act: Callable[..., Any], **values: object) -> Any:
        try:
            done = act(**values)
        except REFUSALS:
            return None
        type(self).accepted[what] += 1
        return done

    def _facts(self, case: Application, outcome: str, share: Decimal) -> Facts:
        self.numbers += 1
        today = day_of(self.moment)
        if case.step == StepCode.DISBURSEMENT:
            return self._lender_facts(case, outcome, share)
        match (case.step, outcome):
            case (StepCode.REFERRAL, Outcome.PASS):
                return ReferralFacts(self.county.yangcen.village.members[self.numbers % 4].pk, today, True)
            case (StepCode.BRANCH_REVIEW, Outcome.PASS | Outcome.REJECT):
                favour = 7 if outcome == Outcome.PASS else 2
                votes = Votes(entitled=9, present=8, in_favour=favour, against=8 - favour, abstained=0)
                return ReviewFacts(today, "村委会", MeetingKind.MEMBERS, votes, "和秀兰", "段军")
            case (StepCode.PUBLIC_NOTICE, Outcome.PUBLISH):
                return NoticeFacts("公示栏", "0872-4520001", today)
            case (StepCode.COMMITTEE_FILING, Outcome.PASS):
                return FilingFacts(today)
            case (StepCode.ASSESSMENT, Outcome.PASS):
                return AssessmentFacts(UseOfFunds.AS_AGREED, RepaymentConduct.ON_TIME, LeadingRole.SOME)
        return NO_FACTS

    def _lender_facts(self, case: Application, outcome: str, share: Decimal) -> Facts:
        today, amount, term = day_of(self.moment), case.amount_asked * share, case.term_months
        match outcome:
            case Outcome.PROPOSE:
                return CreditFacts(amount, term)
            case Outcome.DISBURSE:
                return DisbursementFacts(amount, term, f"HT-{self.numbers}", today, f"FK-{self.numbers}")
            case Outcome.SETTLE | Outcome.WRITE_OFF:
                return SettlementFacts(today)
        return NO_FACTS

    # What must be true after every step

    @invariant()
    def the_county_is_in_order(self) -> None:
        pots = [*Quota.objects.filter(version__code="2014"), *SubsidyBudget.objects.filter(version__code="2014")]
        cases = list(
            Application.objects.filter(pk__in=self.cases)
            .select_related("created_by__person", "loan", "version")
            .prefetch_related("version__steps", "notices__objections__settled_by__person", "loan__entries")
            .prefetch_related(Prefetch("decisions", DECISIONS))
        )
        pots_hold_what_the_cases_took(pots, cases)
        for case in cases:
            assert (case.quota_amount, case.subsidy_reserved) == held_by_history(case)
            decisions_lead_to_where_it_stands(case)
            nobody_acts_on_two_sides_or_for_his_own(case)
            a_notice_runs_alone_and_only_where_it_belongs(case)
            money_was_paid_once(case)


DECISIONS = ApplicationDecision.objects.select_related("decided_by__person").order_by("sequence")


def pots_hold_what_the_cases_took(pots: list[Quota | SubsidyBudget], cases: list[Application]) -> None:
    for pot in pots:
        if isinstance(pot, Quota):
            assert pot.used == sum(case.quota_amount for case in cases if case.quota_id == pot.pk) <= pot.total
        else:
            taken = sum(case.subsidy_reserved for case in cases if case.budget_id == pot.pk)
            assert pot.reserved == taken <= pot.appropriated


def decisions_lead_to_where_it_stands(case: Application) -> None:
    decisions = list(case.decisions.all())
    assert [decision.sequence for decision in decisions] == list(range(1, case.sequence + 1))
    moves = [Move(decision.step, decision.outcome, decision.target) for decision in decisions]
    assert replay(case.version.workflow, moves) == case.position


def nobody_acts_on_two_sides_or_for_his_own(case: Application) -> None:
    sides: dict[str, set[str]] = defaultdict(set)
    for who, side in hands_of(case):
        sides[who.person_key].add(side)
        own = who.person.household_id if who.person else None
        assert own is None or own != case.household_id
    assert all(len(taken) == 1 for taken in sides.values()), sides


def a_notice_runs_alone_and_only_where_it_belongs(case: Application) -> None:
    running = [notice for notice in case.notices.all() if notice.state == NoticeState.RUNNING]
    assert len(running) <= (1 if case.step == StepCode.PUBLIC_NOTICE and not case.is_ended else 0)


def money_was_paid_once(case: Application) -> None:
    loan = getattr(case, "loan", None)
    assert (loan is None) == (case.state != State.LENT and case.step != StepCode.ASSESSMENT)
    if loan is None:
        return
    entries = list(loan.entries.all())
    assert [entry.amount for entry in entries if entry.kind == EntryKind.DISBURSEMENT] == [loan.principal]
    left = loan.principal - sum(entry.amount for entry in entries if entry.kind == EntryKind.PRINCIPAL)
    assert left >= 0
    assert (loan.state == LoanState.SETTLED) == (left == 0) == (case.state != State.LENT)
    passed = {decision.step for decision in case.decisions.all()}
    assert set(case.version.step_codes[:7]) <= passed


def hands_of(case: Application) -> list[tuple[User, str]]:
    """Everybody who had a hand in a case, with his side; the calendar is nobody."""
    hands = [(decision.decided_by, decision.side) for decision in case.decisions.all()]
    hands.append((case.created_by, Side.MAKING))
    objections = [objection for notice in case.notices.all() for objection in notice.objections.all()]
    hands += [(objection.settled_by, Side.COMMITTEE) for objection in objections if objection.settled_by]
    return [(user, side) for user, side in hands if not user.is_system]


def held_by_history(case: Application) -> tuple[Decimal, Decimal]:
    """What a case should hold of quota and budget, worked out from its decisions alone."""
    order = list(case.version.step_codes)
    quota = reserved = Decimal(0)
    for decision in effective(case.decisions.all()):
        facts = decision.facts
        match (decision.step, decision.outcome):
            case (StepCode.COMMITTEE_FILING, Outcome.PASS):
                quota = Decimal(facts["quota_taken"])
            case (StepCode.SUBSIDY_CONFIRMATION, Outcome.CONFIRM):
                reserved = Decimal(facts["subsidy_reserved"])
            case (StepCode.DISBURSEMENT, Outcome.DISBURSE):
                amount = Decimal(facts["amount"])
                needed = reservation_of(case, case.version, amount=amount, term_months=facts["term_months"])
                quota, reserved = min(quota, amount), min(reserved, needed)
            case (_, Outcome.RETURN):
                back = order.index(decision.target)
                quota = Decimal(0) if back <= order.index(StepCode.COMMITTEE_FILING) else quota
                reserved = Decimal(0) if back <= order.index(StepCode.SUBSIDY_CONFIRMATION) else reserved
            case (_, Outcome.REJECT | Outcome.DECLINE | Outcome.WITHDRAW):
                quota = reserved = Decimal(0)
    return quota, reserved


def run(office: County, examples: int) -> None:
    Office.county = office
    Office.accepted = Counter()
    sys.stdout.write(f"SEED={SEED}\n")  # pytest shows it when the test fails
    run_state_machine_as_test(
        seed(SEED)(Office),
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
def test_whatever_people_try_the_county_stays_in_order(office):
    """About five hundred steps. The counts show that they were not all refused."""
    run(office, examples=20)
    common = (Outcome.SUBMIT, Outcome.PASS, Outcome.PUBLISH, Outcome.CONFIRM, Outcome.DISBURSE, Outcome.RECALL)
    assert [outcome for outcome in common if not Office.accepted[outcome]] == []
    assert Office.accepted.total() > 100


def forgetful(case: Application, *, down_to: Decimal = Decimal(0)) -> None:
    """A planted fault: the case lets its quota go, and the township never gets it back."""
    case.quota_amount = down_to


def trusting(*_args: object) -> None:
    """A planted fault: everybody is somebody else."""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "fault"), [("free_quota", forgetful), ("require_another_person", trusting)])
def test_the_harness_finds_a_planted_fault(office, monkeypatch, name, fault):
    for module in (decisions, lender):
        monkeypatch.setattr(module, name, fault, raising=False)
    with pytest.raises(AssertionError):
        run(office, examples=100)
