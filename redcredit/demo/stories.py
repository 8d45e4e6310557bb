"""The story of one case: what is done when, by whom, with which facts. Every act is an ordinary operation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from uuid import UUID

from accounts.choices import Role
from accounts.models import User
from finance.money import ZERO
from loans import operations
from loans.choices import HelpVerdict, MeetingKind, Outcome, RepaymentMethod, StepCode
from loans.models import ApplicationDecision, ProgrammeVersion
from loans.rules import Votes
from loans.steps.facts import (
    NO_FACTS,
    CreditFacts,
    DisbursementFacts,
    Facts,
    FilingFacts,
    NoticeFacts,
    ReferralFacts,
    ReviewFacts,
)
from organizations.models import Organization
from redcredit.demo.accounts import Staff
from redcredit.demo.borrowers import Borrower
from redcredit.demo.names import PROJECTS, PURCHASES
from redcredit.demo.organizations import Offices
from redcredit.demo.timeline import Times

THOUSAND = 1000
Act = Callable[[datetime], object]
Dated = tuple[datetime, Act]


@dataclass(frozen=True)
class Wish:
    """What is asked and what is granted, in thousands of yuan."""

    asked: int
    granted: int
    term_months: int
    use: str
    tier: str
    project: str = ""


class Desk:
    """What every story needs: the offices, who sits in them, the rules of each year, and a seeded stream."""

    def __init__(self, *, offices: Offices, staff: Staff, versions: dict[int, ProgrammeVersion], seed: str) -> None:
        self.offices = offices
        self.staff = staff
        self.versions = versions
        self.tiers = {(year, tier.code): tier.pk for year, version in versions.items() for tier in version.tiers.all()}
        self.rng = Random(seed)  # noqa: S311  # the same county every time
        self._contracts: dict[tuple[int, int], int] = {}

    def somebody(self, role: str, organization: Organization) -> User:
        return self.rng.choice(self.staff.at(role, organization))

    def uuid(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def contract_number(self, outlet: Organization, year: int) -> str:
        """Return the number an outlet writes on its next contract of a year."""
        key = (outlet.pk, year)
        self._contracts[key] = self._contracts.get(key, 0) + 1
        return f"{outlet.short_name}红贷〔{year}〕{self._contracts[key]:04}号"


class Story:
    """One case. Its methods are acts: called with the moment, they do what an account does by clicking."""

    def __init__(self, desk: Desk, borrower: Borrower, wish: Wish, *, year: int) -> None:
        self.desk, self.borrower, self.wish = desk, borrower, wish
        self.version = desk.versions[year]
        self.year = year
        self.case_id = 0
        self.loan_id = 0
        village = borrower.neighbourhood.village
        township = desk.offices.townships[village.division.code[:9] + "000"]
        self.committee = township.committee
        self.outlet = desk.offices.outlet_of[village.division.code]
        self.clerk = desk.rng.choice(
            [
                *desk.staff.at(Role.TOWNSHIP_CLERK, self.committee)[:1],
                *desk.staff.at(Role.VILLAGE_CLERK, village.general_branch),
            ]
        )
        self.secretary = self._choose_secretary()
        self.officer = desk.somebody(Role.CREDIT_OFFICER, self.outlet)

    # ---- the making side

    def create(self, at: datetime) -> None:
        case = operations.create_application(
            data=self._data(at), request_id=self.desk.uuid(), created_by=self.clerk, created_at=at
        )
        self.case_id = case.pk

    def create_incomplete(self, at: datetime) -> None:
        """Note only who asks and for what: the applicant comes back with his papers another day."""
        data = self._data(at)
        data = operations.ApplicationData(
            version_id=data.version_id,
            borrower_kind=data.borrower_kind,
            person_id=data.person_id,
            branch_id=data.branch_id,
            outlet_id=data.outlet_id,
            entity_id=data.entity_id,
            purpose=data.purpose,
            served_household_ids=data.served_household_ids,
        )
        case = operations.create_application(
            data=data, request_id=self.desk.uuid(), created_by=self.clerk, created_at=at
        )
        self.case_id = case.pk

    def submit(self, at: datetime) -> None:
        self._decide(at, StepCode.INTAKE, Outcome.SUBMIT, self.clerk)

    def refer(self, at: datetime) -> None:
        facts = ReferralFacts(
            introducer_id=self.borrower.introducer.pk,
            visited_on=at.date() - timedelta(days=self.desk.rng.randrange(3)),
            is_no_relative=True,
        )
        self._decide(
            at, StepCode.REFERRAL, Outcome.PASS, self.clerk, facts, reason="为人诚实守信，项目可行，同意介绍。"
        )

    def withdraw_from_review(self, at: datetime) -> None:
        self._decide(at, StepCode.BRANCH_REVIEW, Outcome.WITHDRAW, self.clerk, reason="申请人另有资金来源，自愿撤回。")

    # ---- the branch

    def review(self, at: datetime) -> None:
        if self.borrower.helped:
            findings = [operations.Finding(person.pk, HelpVerdict.CONFIRMED) for person, _kind in self.borrower.helped]
            operations.verify_commitments(
                application_id=self.case_id, findings=findings, verified_by=self.secretary, verified_at=at
            )
        self._decide(
            at,
            StepCode.BRANCH_REVIEW,
            Outcome.PASS,
            self.secretary,
            self._meeting(at.date(), passed=True),
            reason="经支部党员大会讨论，情况属实，同意推荐。",
        )

    def reject(self, at: datetime) -> None:
        self._decide(
            at,
            StepCode.BRANCH_REVIEW,
            Outcome.REJECT,
            self.secretary,
            self._meeting(at.date(), passed=False),
            reason="项目前景不明，还款来源不足，会议未通过。",
        )

    def send_back(self, at: datetime) -> None:
        self._decide(
            at,
            StepCode.BRANCH_REVIEW,
            Outcome.RETURN,
            self.secretary,
            reason="创业计划中的投资概算与申请金额不符，请核实后补正。",
            target=StepCode.INTAKE,
        )

    def publish(self, at: datetime, *, starts_on: date) -> None:
        village = self.borrower.neighbourhood.village.division
        facts = NoticeFacts(
            place=f"{village.short_name}村务公开栏",
            # Numbers of a local exchange never begin with 0: this rings nowhere.
            phone=f"0872-0{village.code[6:]}",
            starts_on=starts_on,
        )
        self._decide(at, StepCode.PUBLIC_NOTICE, Outcome.PUBLISH, self.secretary, facts)

    # ---- township, county, lender

    def file(self, at: datetime) -> None:
        officer = self.desk.staff.at(Role.COMMITTEE_OFFICER, self.committee)[0]
        facts = FilingFacts(received_on=at.date())
        self._decide(at, StepCode.COMMITTEE_FILING, Outcome.PASS, officer, facts, reason="材料齐全，予以备案。")

    def send_back_to_branch(self, at: datetime) -> None:
        officer = self.desk.staff.at(Role.COMMITTEE_OFFICER, self.committee)[0]
        self._decide(
            at,
            StepCode.COMMITTEE_FILING,
            Outcome.RETURN,
            officer,
            reason="会议记录缺少记录人签名，请支部补正。",
            target=StepCode.BRANCH_REVIEW,
        )

    def confirm(self, at: datetime) -> None:
        officer = self.desk.somebody(Role.FINANCE_OFFICER, self.desk.offices.by_name["县财政局"])
        self._decide(at, StepCode.SUBSIDY_CONFIRMATION, Outcome.CONFIRM, officer, reason="符合贴息范围，列入预算。")

    def propose(self, at: datetime) -> None:
        facts = CreditFacts(amount=self._granted, term_months=self.wish.term_months)
        self._decide(at, StepCode.DISBURSEMENT, Outcome.PROPOSE, self.officer, facts, reason="经调查，建议发放。")

    def consent(self, at: datetime) -> None:
        manager = self.desk.staff.at(Role.CREDIT_MANAGER, self.desk.offices.by_name["县联社"])[0]
        self._decide(at, StepCode.DISBURSEMENT, Outcome.CONSENT, manager, reason="同意。")

    def decline(self, at: datetime) -> None:
        self._decide(
            at,
            StepCode.DISBURSEMENT,
            Outcome.DECLINE,
            self.officer,
            reason="经调查，申请人在其他机构有逾期贷款，不予核发。",
        )

    def pay(self, at: datetime) -> None:
        day = at.date()
        facts = DisbursementFacts(
            amount=self._granted,
            term_months=self.wish.term_months,
            contract_number=self.desk.contract_number(self.outlet, day.year),
            start_date=day,
            bank_reference=f"FK{day:%Y%m%d}{self.case_id:06}",
        )
        decision = self._decide(at, StepCode.DISBURSEMENT, Outcome.DISBURSE, self.officer, facts)
        self.loan_id = decision.application.loan.pk

    # ---- together

    def acts(self, times: Times) -> dict[str, Dated]:
        """Return every act up to the payout, by name and in order. The calendar closes the notice, as every night."""
        acts: dict[str, Dated] = {
            "created": (times.created, self.create),
            "submitted": (times.submitted, self.submit),
            "referred": (times.referred, self.refer),
            "reviewed": (times.reviewed, self.review),
            "published": (times.published, partial(self.publish, starts_on=times.notice_starts)),
            "filed": (times.filed, self.file),
            "confirmed": (times.confirmed, self.confirm),
        }
        if self.needs_consent:
            acts["proposed"] = (times.proposed, self.propose)
            acts["consented"] = (times.consented, self.consent)
        return acts | {"paid": (times.paid, self.pay)}

    @property
    def needs_consent(self) -> bool:
        limit = self.version.consent_above
        return limit is not None and self._granted > limit

    def _choose_secretary(self) -> User:
        """Return who leads the meeting: the branch's secretary or the general branch's; never the applicant."""
        village = self.borrower.neighbourhood.village
        offices = (self.borrower.circle.branch, village.general_branch)
        secretaries = [user for office in offices for user in self.desk.staff.at(Role.BRANCH_SECRETARY, office)]
        others = [user for user in secretaries if user.person is not self.borrower.person]
        return self.desk.rng.choice(others)

    @property
    def _granted(self) -> Decimal:
        return Decimal(self.wish.granted * THOUSAND)

    def _decide(
        self,
        at: datetime,
        step: str,
        outcome: str,
        user: User,
        facts: Facts = NO_FACTS,
        *,
        reason: str = "",
        target: str = "",
    ) -> ApplicationDecision:
        return operations.decide(
            application_id=self.case_id,
            step=step,
            outcome=outcome,
            decided_by=user,
            decided_at=at,
            revision=None,
            facts=facts,
            reason=reason,
            target=target,
        )

    def _meeting(self, held_on: date, *, passed: bool) -> ReviewFacts:
        circle, rng = self.borrower.circle, self.desk.rng
        recused = (self.borrower.person.name,) if self.borrower.is_of_circle else ()
        base = circle.full_members - len(recused)
        present = base - rng.randrange(3)
        against = 0 if passed else present - rng.randrange(3)
        abstained = rng.randrange(2) if passed else 0
        return ReviewFacts(
            held_on=held_on,
            place=f"{self.borrower.neighbourhood.village.division.short_name}党员活动室",
            kind=MeetingKind.MEMBERS,
            votes=Votes(
                entitled=circle.full_members,
                present=present,
                in_favour=present - against - abstained,
                against=against,
                abstained=abstained,
                recused=len(recused),
            ),
            chair=circle.secretary.person.name,
            recorder=circle.members[3].person.name,
            recused_names=recused,
            prospects_are_good=passed,
            can_repay=passed,
        )

    def _data(self, at: datetime) -> operations.ApplicationData:
        wish, borrower, rng = self.wish, self.borrower, self.desk.rng
        asked = Decimal(wish.asked * THOUSAND)
        own = Decimal(rng.randint(max(1, wish.asked // 5), max(2, wish.asked)) * THOUSAND)
        income = Decimal(rng.randint(12, 65) * THOUSAND)
        gain = Decimal((wish.asked // 4 + rng.randint(2, 6)) * THOUSAND)
        project = wish.project or rng.choice(PROJECTS[wish.use])
        return operations.ApplicationData(
            version_id=self.version.pk,
            borrower_kind=borrower.kind,
            person_id=borrower.person.pk,
            branch_id=borrower.circle.branch.pk,
            outlet_id=self.outlet.pk,
            entity_id=borrower.entity.pk if borrower.entity else None,
            tier_id=self.desk.tiers[self.year, wish.tier],
            amount_asked=asked,
            term_months=wish.term_months,
            repayment_method=RepaymentMethod.QUARTERLY_INTEREST,
            purpose=wish.use,
            project_name=project,
            plan=(
                f"计划发展{project}，{PURCHASES[wish.use]}，总投资{asked + own:,}元，其中自筹{own:,}元，"
                f"申请“红色信贷”{asked:,}元。项目见效后每年可增加纯收入约{gain:,}元，用经营收入按期还款。"
            ),
            project_total=asked + own,
            own_funds=own,
            annual_income=income,
            existing_loans=Decimal(rng.choice((0, 0, 0, 0, 5, 10, 20)) * THOUSAND) + ZERO,
            consent_signed_on=at.date(),
            served_household_ids=tuple(household.pk for household in borrower.served),
            helped=tuple(operations.Helped(person_id=person.pk, kind=kind) for person, kind in borrower.helped),
        )
