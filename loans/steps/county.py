"""Township and county: filing (党委备案), subsidy (政府贴息), assessment (组织考核)."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.choices import Verb
from loans.choices import LoanState, Outcome, Side, StepCode
from loans.models import Application, SubsidyBudget
from loans.steps.base import WITHDRAWAL, Context, NotEnough, Rule, Step
from loans.steps.facts import AssessmentFacts, FilingFacts, Problem
from loans.steps.filings import file_into, line_problems, locked_quota, quota_of, take_quota
from loans.steps.money import free_quota, reservation_of
from loans.steps.sheets import is_photographed


class CommitteeFiling(Step):
    """The township committee files the case under its quota. Filing is not an approval."""

    code = StepCode.COMMITTEE_FILING
    rules = {
        Outcome.PASS: Rule(Verb.FILE, Side.COMMITTEE, FilingFacts),
        Outcome.RETURN: Rule(Verb.FILE, Side.COMMITTEE),
        **WITHDRAWAL,
    }

    def blockers(self, case: Application, outcome: str, facts: Any, context: Context) -> list[Problem]:
        if outcome != Outcome.PASS:
            return []
        if facts.received_on > context.on:
            return [Problem(_("The day lies in the future."), "received_on")]
        if context.version.notice_photo_required and not is_photographed(case):
            return [Problem(_("No photo shows that the notice hung: the rules ask for one before filing."))]
        quota = locked_quota(case, context)
        if quota is None:
            return [Problem(_("No quota of the township is set for this year."))]
        return line_problems(case, quota, context)

    def apply(self, case: Application, outcome: str, facts: Any, context: Context) -> dict[str, Any]:
        if outcome != Outcome.PASS:
            return {}
        quota = quota_of(case, context)
        assert quota is not None  # the blockers said so, under the same lock
        free_quota(case)
        if not take_quota(case, quota):
            raise NotEnough(_("The quota of the township is not enough for this case."))
        case.filing_number = file_into(case, facts, quota, context).number
        return {"filing_number": case.filing_number, "quota_taken": str(case.quota_amount)}


class SubsidyConfirmation(Step):
    """Finance confirms that the case is in the scope of the subsidy and reserves the budget; the money moves later."""

    code = StepCode.SUBSIDY_CONFIRMATION
    rules = {
        Outcome.CONFIRM: Rule(Verb.CONFIRM_SUBSIDY, Side.FINANCE),
        Outcome.CONFIRM_WITHOUT: Rule(Verb.CONFIRM_SUBSIDY, Side.FINANCE),
        **WITHDRAWAL,
    }

    def blockers(self, case: Application, outcome: str, facts: Any, context: Context) -> list[Problem]:
        if outcome == Outcome.CONFIRM and budget_of(context) is None:
            return [Problem(_("No subsidy budget is set for this year."))]
        return []

    def apply(self, case: Application, outcome: str, facts: Any, context: Context) -> dict[str, Any]:
        if outcome != Outcome.CONFIRM:
            return {"subsidy_reserved": "0.00"} if outcome == Outcome.CONFIRM_WITHOUT else {}
        budget = budget_of(context)
        assert budget is not None  # the blockers said so, under the same lock
        assert case.amount_asked is not None  # a case at this step was submitted
        assert case.term_months is not None
        amount = reservation_of(case, context.version, amount=case.amount_asked, term_months=case.term_months)
        taken = SubsidyBudget.objects.filter(pk=budget.pk, reserved__lte=F("appropriated") - amount).update(
            reserved=F("reserved") + amount
        )
        if not taken:
            raise NotEnough(_("The subsidy budget is not enough for this case."))
        case.budget, case.subsidy_reserved = budget, amount
        return {"subsidy_reserved": str(amount), "subsidy_percent": str(context.version.subsidy_percent)}


def budget_of(context: Context) -> SubsidyBudget | None:
    return SubsidyBudget.objects.filter(version=context.version, year=context.on.year).first()


class Assessment(Step):
    """The organisation department looks back: use, repayment, leading role."""

    code = StepCode.ASSESSMENT
    rules = {Outcome.PASS: Rule(Verb.ASSESS, Side.ASSESSMENT, AssessmentFacts)}

    def blockers(self, case: Application, outcome: str, facts: Any, context: Context) -> list[Problem]:
        waits_for_settlement = context.version.assessment_after_months is None
        if waits_for_settlement and case.loan.state != LoanState.SETTLED:
            return [Problem(_("The loan is not settled yet."))]
        if facts.households_led < 0:
            return [Problem(_("A count cannot be negative."), "households_led")]
        return []
