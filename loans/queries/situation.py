"""Everything the rules of a version look at, read when a rule first asks for it and never twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet

from finance.money import ZERO
from loans.choices import BorrowerKind
from loans.models import (
    Application,
    HelpCommitment,
    HelpLapse,
    LendingStop,
    LimitTier,
    ProgrammeVersion,
    Quota,
    ServedUnit,
    SubsidyBudget,
)
from loans.queries.benefits import Benefits, benefits_for, pinned
from loans.queries.exposure import Exposures, exposures_of, parts_of
from loans.queries.help import (
    Tells,
    commitments_of,
    counted,
    helped_elsewhere,
    kinds_asked_by,
    lapses_against,
)
from loans.queries.stops import stop_covering
from loans.rules import Request, RequestRules, TierRule
from organizations.models import PartyMember


@dataclass(frozen=True)
class Asked:
    """The answers that rules look at: those of a case, or those typed into its form so far. Amounts are yuan."""

    borrower_kind: str
    tier: LimitTier | None = None
    amount: Decimal | None = None
    term_months: int | None = None
    repayment_method: str = ""
    purpose: str = ""
    project_total: Decimal | None = None
    own_funds: Decimal | None = None
    annual_income: Decimal | None = None
    existing_loans: Decimal | None = None


def asked_by(case: Application, version: ProgrammeVersion) -> Asked:
    """Return what a case asks for as it is written down."""
    return Asked(
        borrower_kind=case.borrower_kind,
        tier=tier_of(version, case.tier_id),
        amount=case.amount_asked,
        term_months=case.term_months,
        repayment_method=case.repayment_method,
        purpose=case.purpose,
        project_total=case.project_total,
        own_funds=case.own_funds,
        annual_income=case.annual_income,
        existing_loans=case.existing_loans,
    )


def tier_of(version: ProgrammeVersion, tier_id: int | None) -> LimitTier | None:
    """Return a class of the version by its id, from the rules already read."""
    return next((tier for tier in version.tiers.all() if tier.pk == tier_id), None)


def tier_rule(tier: LimitTier, *, uplift: Decimal = ZERO) -> TierRule:
    """Return a class as the pure rules see it; `uplift` is what an honour of the borrower adds to its ceiling."""
    return TierRule(
        borrower_kinds=tier.borrower_kinds,
        amount_min=tier.amount_min,
        amount_max=tier.amount_max + uplift,
        members_only=tier.members_only,
        helped=tier.helped,
    )


def request_rules(version: ProgrammeVersion) -> RequestRules:
    return RequestRules(
        amount_multiple=version.amount_multiple,
        term_months_min=version.term_months_min,
        term_months_max=version.term_months_max,
        age_min=version.age_min,
        age_max=version.age_max,
        purposes=version.purposes,
        repayment_methods=version.repayment_methods,
        debts_to_income_max=version.debts_to_income_max,
    )


class Situation:
    """A case under its version's rules on a day.

    `asked` and `promises` are what is typed so far, where that is not written down yet; `tells` says which other
    cases may be named.
    """

    def __init__(
        self,
        case: Application,
        version: ProgrammeVersion,
        on: date,
        *,
        asked: Asked | None = None,
        tells: Tells = lambda _place: False,
        promises: list[HelpCommitment] | None = None,
    ) -> None:
        self.case, self.version, self.on, self.tells = case, version, on, tells
        self.promises = promises
        self.asked = asked or asked_by(case, version)
        self.rules = request_rules(version)

    @property
    def is_collective(self) -> bool:
        return self.asked.borrower_kind == BorrowerKind.COLLECTIVE

    @property
    def needs_membership(self) -> bool:
        """Whether it matters here that the applicant is in the Party."""
        return self.is_collective or (self.asked.tier is not None and self.asked.tier.members_only)

    @cached_property
    def benefits(self) -> Benefits:
        """What the case took along, or before its submission what it would take along on the day."""
        if self.case.submitted_at is not None:
            return pinned(self.case)
        return benefits_for(self.case, on=self.on)

    @cached_property
    def member(self) -> PartyMember | None:
        """The applicant as a member of the Party on the day, full or probationary."""
        member = PartyMember.objects.filter(person=self.case.person_id, joined_on__lte=self.on).first()
        # The last day is a day of membership.
        return member if member and (member.left_on is None or member.left_on >= self.on) else None

    @cached_property
    def commitments(self) -> list[HelpCommitment]:
        return commitments_of(self.case) if self.promises is None else self.promises

    @cached_property
    def elsewhere(self) -> list[HelpCommitment]:
        """The promises of other cases to those who open this one's class."""
        kinds = kinds_asked_by(self.asked.tier)
        asked = [one.person_id for one in self.commitments if one.kind in kinds]
        return helped_elsewhere(asked, without=self.case.pk)

    @cached_property
    def lapses(self) -> list[HelpLapse]:
        months = self.version.help_lapse_months
        return lapses_against(self.home_id, months=months, on=self.on, without=self.case.pk)

    @property
    def home_id(self) -> int | None:
        """The household in which the applicant lives now."""
        return self.case.person.household_id

    @cached_property
    def units(self) -> Sequence[ServedUnit]:
        return list(self.case.served_units.all())

    @property
    def shares(self) -> dict[int, Decimal]:
        """What the case would add for each household that it serves, in yuan; a body's case adds for the body."""
        amount = self.asked.amount or ZERO
        if self.case.entity_id:
            nominal = self.home_id if self.version.nominal_borrower_is_exposed and self.is_collective else None
            return {nominal: amount} if nominal else {}
        found: dict[int, Decimal] = {}
        served: list[int | None] = [*sorted(unit.household_id for unit in self.units if unit.household_id)]
        served = served or [self.case.household_id]
        for household_id, share in zip(served, parts_of(amount, len(served)), strict=True):
            # The applicant's own share follows him to the household where he lives now.
            key = self.home_id or household_id if household_id == self.case.household_id else household_id
            if key is not None:
                found[key] = found.get(key, ZERO) + share
        return found

    @cached_property
    def exposures(self) -> Exposures:
        """What the households served, or the body, owe and ask for besides this case. One question."""
        return self.exposures_without(with_cases=True)

    def exposures_without(self, *, with_cases: bool) -> Exposures:
        return exposures_of(
            household_ids=list(self.shares) or ([self.home_id] if self.home_id else []),
            body_ids=[self.case.entity_id] if self.case.entity_id else [],
            without=self.case.pk,
            with_cases=with_cases,
            with_nominal=self.version.nominal_borrower_is_exposed,
        )

    @property
    def request(self) -> Request:
        """The request as the pure rules see it."""
        asked = self.asked
        kinds = kinds_asked_by(asked.tier)
        return Request(
            borrower_kind=asked.borrower_kind,
            amount=asked.amount,
            term_months=asked.term_months,
            purpose=asked.purpose,
            repayment_method=asked.repayment_method,
            birth_date=self.case.person.birth_date,
            is_party_member=self.member is not None if self.needs_membership else False,
            helped=Counter(one.kind for one in self.commitments) if kinds else Counter(),
            lapsed=counted(self.lapses) if kinds else Counter(),
            project_total=asked.project_total,
            own_funds=asked.own_funds,
            annual_income=asked.annual_income,
            existing_loans=asked.existing_loans,
        )

    @cached_property
    def stop(self) -> LendingStop | None:
        return stop_covering(self.case.place)

    @cached_property
    def quota(self) -> Quota | None:
        rows = Quota.objects.filter(version=self.version, year=self.on.year)
        return rows.filter(township__path=self.case.division_path[:9]).first()

    @cached_property
    def budget(self) -> SubsidyBudget | None:
        return SubsidyBudget.objects.filter(version=self.version, year=self.on.year).first()


def cases_to_judge() -> QuerySet[Application]:
    """Return the cases with what the rules read off them, in one question."""
    return Application.objects.with_benefit_mark().select_related(
        "person__household", "household", "division__parent", "branch__division", "entity"
    )
