"""What the papers of a case show. Papers are Chinese whatever the reader's language: they go into the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext

from loans.choices import (
    LeadingRole,
    MeetingKind,
    Outcome,
    RepaymentConduct,
    StepCode,
    UseOfFunds,
)
from loans.models import Application, ApplicationDecision, PublicNotice, VersionStep
from loans.queries.detail import cases_in_full
from loans.queries.recalls import effective
from loans.queries.standing import standing_decisions
from organizations.choices import HouseholdRelation, MemberStatus
from organizations.models import BranchMembership, PartyMember, Person
from web.clock import day_of

PAPER_LANGUAGE = "zh-hans"
# What does not fit into its cell goes to an annexed sheet, so that the form itself stays on two pages.
PLAN_LENGTH_MAX, PLAN_LINES_MAX = 280, 7
NAMES_MAX = 8

# Which outcomes a box of the form prints; a return is no opinion, it undoes those after its target.
OPINIONS: dict[str, tuple[str, ...]] = {
    StepCode.REFERRAL: (Outcome.PASS,),
    StepCode.BRANCH_REVIEW: (Outcome.PASS, Outcome.REJECT),
    StepCode.PUBLIC_NOTICE: (Outcome.PASS, Outcome.REJECT),
    StepCode.COMMITTEE_FILING: (Outcome.PASS,),
    StepCode.SUBSIDY_CONFIRMATION: (Outcome.CONFIRM, Outcome.CONFIRM_WITHOUT),
    StepCode.DISBURSEMENT: (Outcome.DISBURSE, Outcome.DECLINE),
    StepCode.ASSESSMENT: (Outcome.PASS,),
}
DATES = ("visited_on", "held_on", "received_on", "start_date")
DECIMALS = ("amount", "quota_taken", "subsidy_reserved", "subsidy_percent", "benchmark_percent", "rate_percent")
WORDS = {"kind": MeetingKind, "use": UseOfFunds, "conduct": RepaymentConduct, "leading_role": LeadingRole}


@dataclass(frozen=True)
class Applicant:
    """Who signs, as the registers knew him on the day of the application."""

    person: Person
    spouse: Person | None
    household_size: int
    is_registered_poor: bool | None  # None: in no household
    member_status: str  # "" for somebody who is not in the Party
    member_branch: str
    joined_on: date | None


@dataclass(frozen=True)
class Opinion:
    """One box of the form: a step, what was decided there and still stands, and the steps shown under it."""

    step: VersionStep
    decision: ApplicationDecision | None
    facts: Mapping[str, Any]
    consent: ApplicationDecision | None = None
    notice: PublicNotice | None = None
    below: tuple["Opinion", ...] = ()

    @property
    def template(self) -> str:
        return f"loans/documents/_{self.step.code}.html"

    @property
    def is_against(self) -> bool:
        return self.decision is not None and self.decision.outcome in (Outcome.REJECT, Outcome.DECLINE)

    @property
    def is_without_subsidy(self) -> bool:
        return self.decision is not None and self.decision.outcome == Outcome.CONFIRM_WITHOUT


class NotReadable(Exception):
    """The reader may not see the case, or not any more."""

    def __init__(self) -> None:
        super().__init__(gettext("This case is outside your area, so its papers cannot be printed."))


def application_form(application_id: int) -> dict[str, Any]:
    """Return the context of the application and approval form (申请审批表), in a constant number of queries.

    Raises Application.DoesNotExist. Who may read the case is asked before, not here.
    """
    with translation.override(PAPER_LANGUAGE):
        case = cases_for_papers().get(pk=application_id)
        day = day_of(case.submitted_at or case.created_at)
        returns = [decision for decision in effective(case.decisions.all()) if decision.outcome == Outcome.RETURN]
        units = [unit.entity or unit.household for unit in in_order(case.served_units)]
        return {
            "case": case,
            "loan": getattr(case, "loan", None),
            "applicant": applicant_of(case, on=day),
            "applied_on": day,
            "introducer_branch": branch_name_on(case.introducer, day),
            "opinions": opinions_of(case),
            "returns": returns,
            "units": units,
            "helped": in_order(case.commitments),
            "is_plan_annexed": len(case.plan) > PLAN_LENGTH_MAX or case.plan.count("\n") >= PLAN_LINES_MAX,
            "are_units_annexed": len(units) > NAMES_MAX,
        }


def in_order(related: Any) -> list[Any]:
    """Return prefetched rows in the order they were written: the same case gives the same bytes."""
    return sorted(related.all(), key=lambda row: row.pk)


def cases_for_papers() -> Any:
    """Return the cases with what a paper shows beyond their page: the household and the branches of two members."""
    memberships = BranchMembership.objects.select_related("branch").order_by("valid_from", "pk")
    return (
        cases_in_full()
        .select_related("version__programme__division", "person__division__parent")
        .prefetch_related(
            Prefetch("household__members", queryset=Person.objects.order_by("pk")),
            Prefetch("person__party_member__memberships", queryset=memberships),
            Prefetch("introducer__memberships", queryset=memberships),
        )
    )


def applicant_of(case: Application, *, on: date) -> Applicant:
    """Return the signer as he stood on a day. Needs `cases_for_papers`."""
    person, household = case.person, case.household
    people = list(household.members.all()) if household else []
    member = party_member_on(person, on)
    return Applicant(
        person=person,
        spouse=_spouse_of(person, people),
        household_size=len(people),
        is_registered_poor=household.is_registered_poor(on) if household else None,
        member_status=_status_on(member, on),
        member_branch=branch_name_on(member, on),
        joined_on=member.joined_on if member else None,
    )


def party_member_on(person: Person, on: date) -> PartyMember | None:
    """Return the membership of a person who was in the Party on a day."""
    member: PartyMember | None = getattr(person, "party_member", None)
    if member is None or member.joined_on > on or (member.left_on and member.left_on < on):
        return None
    return member


def branch_name_on(member: PartyMember | None, on: date) -> str:
    """Return the branch a member was in on a day, "" when none is known."""
    memberships = member.memberships.all() if member else []
    return next(
        (m.branch.name for m in memberships if m.valid_from <= on and (not m.valid_to or on <= m.valid_to)), ""
    )


def opinions_of(case: Application) -> list[Opinion]:
    """Return the boxes in the order of the version's steps, without intake. Needs `cases_for_papers`."""
    standing = standing_decisions(case)
    steps = [step for step in case.version.ordered_steps if step.code in OPINIONS]
    return [
        _opinion(case, step, standing, [below for below in steps if below.shown_under == step.code])
        for step in steps
        if not step.shown_under
    ]


def read_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a decision's facts with days, amounts and the words of choices instead of their stored text."""
    found = dict(facts)
    found |= {key: date.fromisoformat(facts[key]) for key in DATES if facts.get(key)}
    found |= {key: Decimal(facts[key]) for key in DECIMALS if facts.get(key)}
    found |= {key: str(words(facts[key]).label) for key, words in WORDS.items() if facts.get(key)}
    return found


def _opinion(
    case: Application, step: VersionStep, standing: list[ApplicationDecision], below: list[VersionStep]
) -> Opinion:
    decision = _last(standing, step.code, OPINIONS[step.code])
    return Opinion(
        step=step,
        decision=decision,
        facts=read_facts(decision.facts) if decision else {},
        consent=_last(standing, step.code, (Outcome.CONSENT,)),
        notice=_notice(case, standing) if step.code == StepCode.PUBLIC_NOTICE else None,
        below=tuple(_opinion(case, other, standing, []) for other in below),
    )


def _last(
    decisions: list[ApplicationDecision], step: str, outcomes: tuple[str, ...]
) -> ApplicationDecision | None:  # fmt: skip
    return next((d for d in reversed(decisions) if d.step == step and d.outcome in outcomes), None)


def _notice(case: Application, standing: list[ApplicationDecision]) -> PublicNotice | None:
    published = _last(standing, StepCode.PUBLIC_NOTICE, (Outcome.PUBLISH,))
    number = published.facts["notice"] if published else None
    return next((notice for notice in case.notices.all() if notice.number == number), None)


def _spouse_of(person: Person, household: list[Person]) -> Person | None:
    """Return husband or wife, where the register tells: of the head the spouse, of the spouse the head."""
    other = {HouseholdRelation.HEAD: HouseholdRelation.SPOUSE, HouseholdRelation.SPOUSE: HouseholdRelation.HEAD}
    wanted = other.get(HouseholdRelation(person.relation))
    return next((p for p in household if p.relation == wanted), None)


def _status_on(member: PartyMember | None, on: date) -> str:
    if member is None:
        return ""
    is_full = member.full_from is not None and member.full_from <= on
    return str((MemberStatus.FULL if is_full else MemberStatus.PROBATIONARY).label)
