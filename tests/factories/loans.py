"""Applications at any step, moved there by the operations themselves: what a test starts from is a real case.

case = CaseFactory(county).at(StepCode.COMMITTEE_FILING)
loan = CaseFactory(county, amount="50000").lent().loan
"""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from accounts.models import User
from loans import operations
from loans.choices import (
    HelpedKind,
    HelpVerdict,
    LeadingRole,
    LoanState,
    MeetingKind,
    Outcome,
    RepaymentConduct,
    RepaymentMethod,
    StepCode,
    UseOfFunds,
)
from loans.models import Application, ApplicationDecision, ProgrammeVersion, Quota, SubsidyBudget
from loans.operations.programmes import store_programme
from loans.rules import Votes
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
)
from organizations.models import Division
from tests.factories.county import NOON, County, Township, Village
from web.clock import day_of

FIXTURES = Path(__file__).parents[2] / "fixtures"
QUOTA = Decimal("5000000.00")
BUDGET = Decimal("250000.00")


def store_jianchuan(stored_at: datetime = NOON) -> dict[str, ProgrammeVersion]:
    """Store the programme of the report and return its versions by code; every township gets a quota."""
    data = json.loads((FIXTURES / "programmes" / "jianchuan.json").read_text(encoding="utf-8"))
    store_programme(data=data, stored_by=None, stored_at=stored_at)
    versions = {version.code: version for version in ProgrammeVersion.objects.filter(programme__code="jianchuan")}
    for year in (2013, 2014):
        _set_quotas(versions[str(year)], year)
        SubsidyBudget.objects.create(version=versions[str(year)], year=year, appropriated=BUDGET)
    return versions


def read_yulong() -> dict[str, Any]:
    return json.loads((FIXTURES / "programmes" / "yulong.json").read_text(encoding="utf-8"))


def four_steps() -> list[dict[str, Any]]:
    return read_yulong()["versions"][0]["steps"]


def store_four_steps(county: County, stored_at: datetime = NOON, **rules: object) -> ProgrammeVersion:
    """Store Yulong's four steps as a programme of this county, in force from 2014; `rules` change it."""
    data = read_yulong()
    data["county"] = county.division.code
    data["versions"] = [data["versions"][0] | {"effective_from": "2014-01-01"} | rules]
    return store_programme(data=data, stored_by=None, stored_at=stored_at)[0]


def _set_quotas(version: ProgrammeVersion, year: int) -> None:
    Quota.objects.bulk_create(
        Quota(version=version, township=township, year=year, total=QUOTA)
        for township in Division.objects.filter(level="township")
    )


class CaseFactory:
    """One case of the first village, from its draft onwards. Days pass between the steps as in an office."""

    def __init__(
        self,
        county: County,
        *,
        amount: str = "50000",
        version: ProgrammeVersion | None = None,
        township: Township | None = None,
        village: Village | None = None,
        begin: datetime = NOON - timedelta(days=30),
        **data: object,
    ) -> None:
        self.county = county
        self.township = township or county.yangcen
        self.village = village or self.township.village
        self.moment = begin
        self.version = version or ProgrammeVersion.objects.get(programme__code="jianchuan", code=str(begin.year))
        self.data = self._data(Decimal(amount), data)
        self.case: Application | None = None
        self.steps: dict[str, Callable[[], object]] = {
            StepCode.INTAKE: self.submit,
            StepCode.REFERRAL: self.refer,
            StepCode.BRANCH_REVIEW: self.review,
            StepCode.PUBLIC_NOTICE: self.pass_notice,
            StepCode.COMMITTEE_FILING: self.file,
            StepCode.SUBSIDY_CONFIRMATION: self.confirm,
            StepCode.DISBURSEMENT: self.disburse,
        }

    def _data(self, amount: Decimal, overrides: dict[str, object]) -> operations.ApplicationData:
        person = overrides.pop("person", None) or self.village.farmer
        values = {
            "version_id": self.version.pk,
            "borrower_kind": "person",
            "person_id": person.pk,
            "branch_id": self.village.branch.pk,
            "outlet_id": self.township.outlet.pk,
            "tier_id": self.version.tiers.order_by("position").first().pk,
            "amount_asked": amount,
            "term_months": 12,
            "repayment_method": RepaymentMethod.QUARTERLY_INTEREST,
            "purpose": "livestock",
            "project_name": "生猪养殖",
            "plan": "扩建猪舍，存栏由40头增至120头，用出栏收入还款。",
            "project_total": amount * 2,
            "own_funds": amount,
            "annual_income": Decimal("36000"),
            "existing_loans": Decimal(0),
            "consent_signed_on": day_of(self.moment),
        }
        return operations.ApplicationData(**(values | overrides))

    def draft(self) -> Application:
        self.case = operations.create_application(
            data=self.data, request_id=uuid4(), created_by=self.township.clerk, created_at=self.moment
        )
        return self.case

    def at(self, step: str) -> Application:
        """Move the case to a step by the ordinary decisions of the steps before it."""
        if self.case is None:
            self.draft()
        while self.case.step != step:
            self.steps[self.case.step]()
        return self.case

    def lent(self) -> Application:
        self.at(StepCode.DISBURSEMENT)
        self.disburse()
        return self.case

    def decide(
        self,
        outcome: str,
        by: User,
        facts: Facts = NO_FACTS,
        *,
        days: int = 1,
        reason: str = "",
        target: str = "",
    ) -> ApplicationDecision:
        """Decide at the present step, `days` after the decision before."""
        self.moment += timedelta(days=days)
        self.case.refresh_from_db()
        decision = operations.decide(
            application_id=self.case.pk,
            step=self.case.step,
            outcome=outcome,
            decided_by=by,
            decided_at=self.moment,
            revision=self.case.revision,
            facts=facts,
            reason=reason,
            target=target,
        )
        self.case.refresh_from_db()
        return decision

    @property
    def day(self) -> date:
        return day_of(self.moment)

    def submit(self) -> None:
        self.decide(Outcome.SUBMIT, self.township.clerk, days=0)

    def refer(self) -> None:
        household = self.case.household_id
        introducer = next(member for member in self.village.members if member.person.household_id != household)
        self.decide(Outcome.PASS, self.township.clerk, ReferralFacts(introducer.pk, self.day, True))

    def verify_help(self) -> None:
        """Let the branch confirm everybody whom the borrower promises to help."""
        if not self.case.commitments.exists():
            return
        operations.verify_commitments(
            application_id=self.case.pk,
            findings=[operations.Finding(one.person_id, HelpVerdict.CONFIRMED) for one in self.case.commitments.all()],
            verified_by=self.village.secretary,
            verified_at=self.moment,
        )

    def review(self) -> None:
        self.verify_help()
        self.decide(Outcome.PASS, self.village.secretary, review_facts(self.day), reason="同意推荐。")

    def publish(self) -> None:
        start = self.day + timedelta(days=1)
        self.decide(Outcome.PUBLISH, self.village.secretary, NoticeFacts("村委会公示栏", "0872-4520001", start))

    def pass_notice(self) -> None:
        self.publish()
        self.moment += timedelta(days=self.version.notice_days)
        assert operations.close_due_notices(at=self.moment) == 1
        self.case.refresh_from_db()

    def file(self) -> None:
        self.decide(Outcome.PASS, self.township.committee_officer, FilingFacts(self.day))

    def confirm(self) -> None:
        self.decide(Outcome.CONFIRM, self.county.finance_officer)

    def propose(self, amount: Decimal | None = None) -> None:
        amount = amount or self.case.amount_asked
        self.decide(Outcome.PROPOSE, self.township.credit_officer, CreditFacts(amount, self.case.term_months))

    def consent(self) -> None:
        self.decide(Outcome.CONSENT, self.township.credit_manager)

    def disburse(self, amount: Decimal | None = None) -> None:
        amount = amount or self.case.amount_asked
        if self.version.consent_above is not None and amount > self.version.consent_above:
            self.propose(amount)
            self.consent()
        self.decide(Outcome.DISBURSE, self.township.credit_officer, self.payout(amount))

    def payout(self, amount: Decimal, **overrides: object) -> DisbursementFacts:
        values = {
            "amount": amount,
            "term_months": self.case.term_months,
            "contract_number": f"HT-{self.case.number}",
            "start_date": self.day + timedelta(days=1),
            "bank_reference": f"FK-{self.case.number}",
        }
        return DisbursementFacts(**(values | overrides))

    def repay(self, principal: Decimal, interest: Decimal = Decimal(0), *, reference: str = "") -> None:
        self.moment += timedelta(days=1)
        operations.record_repayment(
            loan_id=self.case.loan.pk,
            repayment=operations.Repayment(
                principal=principal,
                interest=interest,
                value_date=self.day,
                bank_reference=reference or f"HK-{uuid4().hex[:12]}",
            ),
            recorded_by=self.township.credit_officer,
            recorded_at=self.moment,
        )
        self.case.refresh_from_db()

    def settled(self) -> Application:
        self.lent()
        self.repay(self.case.loan.principal)
        assert self.case.loan.__class__.objects.get(pk=self.case.loan.pk).state == LoanState.SETTLED
        return self.case

    def assess(self) -> None:
        facts = AssessmentFacts(UseOfFunds.AS_AGREED, RepaymentConduct.ON_TIME, LeadingRole.SOME, 3)
        self.decide(Outcome.PASS, self.county.organisation_officer, facts)


def review_facts(held_on: date, votes: Votes | None = None, **overrides: object) -> ReviewFacts:
    """Return a meeting that carries: nine entitled, eight present, seven in favour."""
    values = {
        "held_on": held_on,
        "place": "村党员活动室",
        "kind": MeetingKind.MEMBERS,
        "votes": votes or Votes(entitled=9, present=8, in_favour=7, against=0, abstained=1),
        "chair": "和秀兰",
        "recorder": "段军",
    }
    return ReviewFacts(**(values | overrides))


def helped(*people: object, kind: str = HelpedKind.VILLAGER_IN_DIFFICULTY) -> tuple[operations.Helped, ...]:
    return tuple(operations.Helped(person_id=person.pk, kind=kind) for person in people)
