"""The making side: intake and referral (党员介绍)."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import Verb
from loans.choices import Outcome, Side, StepCode
from loans.models import Application
from loans.queries.eligibility import deciding_rows, numbers_of
from loans.queries.help import teller
from loans.queries.situation import Situation
from loans.steps.base import WITHDRAWAL, Context, Rule, Step
from loans.steps.benefits import take_along
from loans.steps.exposure import hold_exposed
from loans.steps.facts import Facts, Problem, ReferralFacts
from loans.steps.help import hold_promises
from loans.steps.requests import problems_at, reasons_kept
from organizations.models import BranchMembership, PartyMember


class Intake(Step):
    """The clerk writes down what the applicant asks for and submits it."""

    code = StepCode.INTAKE
    rules = {Outcome.SUBMIT: Rule(Verb.REFER, Side.MAKING), **WITHDRAWAL}

    def blockers(self, case: Application, outcome: str, facts: Facts, context: Context) -> list[Problem]:
        if outcome != Outcome.SUBMIT:
            return []
        tells = teller(context.decided_by, context.on)
        situation = Situation(case, context.version, context.on, tells=tells)
        context.read["situation"] = situation
        hold_exposed(situation)
        return problems_at(situation)

    def apply(self, case: Application, outcome: str, facts: Facts, context: Context) -> dict[str, Any]:
        asked = {"amount_asked": str(case.amount_asked), "term_months": case.term_months}
        if outcome != Outcome.SUBMIT:
            return asked
        hold_promises(case, context)
        situation = context.read["situation"]
        taken = take_along(case, situation.benefits, at=context.decided_at)
        rows = deciding_rows(situation)
        case.submitted_at = context.decided_at
        return asked | taken | {"numbers": numbers_of(rows), "reasons": reasons_kept(case, rows)}


class Referral(Step):
    """A Party member in good standing introduces the applicant. The clerk records it; the member has no account."""

    code = StepCode.REFERRAL
    rules = {
        Outcome.PASS: Rule(Verb.REFER, Side.MAKING, ReferralFacts),
        Outcome.RETURN: Rule(Verb.REFER, Side.MAKING),
        **WITHDRAWAL,
    }

    def blockers(self, case: Application, outcome: str, facts: Any, context: Context) -> list[Problem]:
        return introducer_problems(case, facts, context) if outcome == Outcome.PASS else []

    def apply(self, case: Application, outcome: str, facts: Any, context: Context) -> dict[str, Any]:
        if outcome != Outcome.PASS:
            return {}
        case.introducer_id = facts.introducer_id
        member = PartyMember.objects.select_related("person").get(pk=facts.introducer_id)
        return {"introducer": member.person.name}


def introducer_problems(case: Application, facts: ReferralFacts, context: Context) -> list[Problem]:
    """Return why a member may not introduce this applicant."""
    member = PartyMember.objects.select_related("person").filter(pk=facts.introducer_id).first()
    if member is None:
        return [Problem(_("This Party member is not in the register."), "introducer")]
    sentences = [*_standing_problems(member), *_closeness_problems(member, case, context)]
    problems = [Problem(sentence, "introducer") for sentence in sentences]
    if not facts.is_no_relative:
        problems.append(Problem(_("A relative of the applicant cannot introduce him."), "is_no_relative"))
    if facts.visited_on > context.on:
        problems.append(Problem(_("The day lies in the future."), "visited_on"))
    return problems


def _standing_problems(member: PartyMember) -> list[str]:
    sentences = []
    if not member.may_introduce:
        sentences.append(_("The introducer is not a Party member in good standing."))
    if not BranchMembership.objects.filter(member=member, valid_to=None).exists():
        sentences.append(_("The introducer belongs to no branch at present."))
    return sentences


def _closeness_problems(member: PartyMember, case: Application, context: Context) -> list[str]:
    sentences = []
    if member.person_id in (case.person_id, case.entity.representative_id if case.entity else None):
        sentences.append(_("Nobody introduces himself."))
    elif case.household_id and member.person.household_id == case.household_id:
        sentences.append(_("The introducer is of the applicant's household."))
    if member.person_id == context.decided_by.person_id:
        sentences.append(_("Nobody records his own introduction; another clerk must do it."))
    return sentences
