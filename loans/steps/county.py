"""Township and county: filing (党委备案), subsidy (政府贴息), assessment (组织考核)."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.choices import Verb
from loans.choices import LoanState, Outcome, Side, StepCode
from loans.models import Application, Quota, SubsidyBudget
from loans.steps.base import WITHDRAWAL, Context, NotEnough, Rule, Step
from loans.steps.facts import AssessmentFacts, FilingFacts, Problem
from loans.steps.money import free_quota, reservation_of
from loans.steps.numbers import take
from organizations.models import Division


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
        if quota_of(case, context) is None:
            return [Problem(_("No quota of the township is set for this year."))]
        return []

    def apply(self, case: Application, outcome: str, facts: Any, context: Context) -> dict[str, Any]:
        if outcome != Outcome.PASS:
            return {}
        quota = quota_of(case, context)
        assert quota is not None  # the blockers said so, under the same lock
        take_quota(case, quota)
        committee = short_name_of(quota.township)
        year = context.on.year
        serial = take(f"filing-{case.division_path[:9]}-{year}")
        case.filing_number = f"{committee}党备〔{year}〕{serial}号"
        return {"filing_number": case.filing_number, "quota_taken": str(case.quota_amount)}


def short_name_of(township: Division) -> str:
    """Return `羊岑` for 羊岑乡: how a township's documents are numbered."""
    return township.short_name.removesuffix("镇").removesuffix("乡")


def quota_of(case: Application, context: Context) -> Quota | None:
    return (
        Quota.objects.filter(version=context.version, year=context.on.year, township__path=case.division_path[:9])
        .select_related("township")
        .first()
    )


def take_quota(case: Application, quota: Quota) -> None:
    """Take the amount from the quota in one conditional UPDATE, or raise NotEnough. Two at once never overdraw."""
    free_quota(case)
    amount = case.amount_asked
    assert amount is not None  # a case at this step was submitted
    taken = Quota.objects.filter(pk=quota.pk, used__lte=F("total") - amount).update(used=F("used") + amount)
    if not taken:
        raise NotEnough(_("The quota of the township is not enough for this case."))
    case.quota, case.quota_amount = quota, amount


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
