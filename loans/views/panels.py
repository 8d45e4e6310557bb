"""What a decider must know besides the dossier: quota and budget left, and what the loan would cost."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from finance.rates import NoRate
from loans.choices import StepCode
from loans.models import Application
from loans.operations.decisions import context_of
from loans.queries.facts import money_fact, yuan
from loans.queries.schedules import Quotation, quote
from loans.steps import Context
from loans.steps.county import budget_of
from loans.steps.filings import quota_of
from loans.steps.money import reservation_of
from web.display import show_percent
from web.layout import Fact


@dataclass(frozen=True)
class Panel:
    """Facts beside the form, and the trial of the lender's page."""

    facts: list[Fact] = field(default_factory=list)
    quotation: Quotation | None = None


def panel_of(case: Application, user: User, *, at: datetime) -> Panel:
    """Return what the decider of the present step has to see."""
    context = context_of(case, decided_by=user, decided_at=at)
    match case.step:
        case StepCode.COMMITTEE_FILING:
            return Panel(quota_facts(case, context))
        case StepCode.SUBSIDY_CONFIRMATION:
            return Panel(budget_facts(case, context))
        case StepCode.DISBURSEMENT:
            return Panel(quotation=quotation_of(case, context))
    return Panel()


def quota_facts(case: Application, context: Context) -> list[Fact]:
    quota = quota_of(case, context)
    if quota is None:
        return [Fact(_("Quota of the township"), _("not set for this year"))]
    return [
        Fact(_("Quota of the township"), yuan(quota.total), _("%(year)s") % {"year": quota.year}),
        Fact(_("Used"), yuan(quota.used)),
        Fact(_("Left"), yuan(quota.total - quota.used)),
        Fact(_("This case"), yuan(case.amount_asked)),
    ]


def budget_facts(case: Application, context: Context) -> list[Fact]:
    assert case.amount_asked is not None  # submitted
    assert case.term_months is not None
    amount = reservation_of(case, context.version, amount=case.amount_asked, term_months=case.term_months)
    percent = _("%(percent)s a year, at most %(months)s months") % {
        "percent": show_percent(context.version.subsidy_percent),
        "months": context.version.subsidy_months_max,
    }
    facts = [money_fact(_("To be reserved"), amount, percent)]
    budget = budget_of(context)
    if budget is None:
        return [*facts, Fact(_("Subsidy budget"), _("not set for this year"))]
    return [
        *facts,
        Fact(_("Subsidy budget"), yuan(budget.appropriated), _("%(year)s") % {"year": budget.year}),
        Fact(_("Reserved"), yuan(budget.reserved)),
        Fact(_("Left"), yuan(budget.appropriated - budget.reserved)),
    ]


def quotation_of(case: Application, context: Context) -> Quotation | None:
    """Return the loan as it would be if it were paid out today; None where no benchmark rate is known."""
    amount, term = case.amount_granted or case.amount_asked, case.term_granted or case.term_months
    assert amount is not None
    assert term is not None
    try:
        return quote(
            version=context.version,
            amount=amount,
            term_months=term,
            repayment_method=case.repayment_method,
            start_date=context.on,
            concession=case.concession,
        )
    except NoRate:
        return None
