"""The limit of all loans of a household or body, checked while its row is locked: two at once see each other."""

from dataclasses import replace
from decimal import Decimal

from loans.models import Application
from loans.queries.rules_read import exposure_breaches
from loans.queries.situation import Situation, asked_by
from loans.steps.base import Context, sentence
from loans.steps.facts import Problem
from organizations.models import Entity, Household


def exposure_problems(case: Application, amount: Decimal, context: Context) -> list[Problem]:
    """Return why an amount (yuan) cannot be paid out: with what is paid out already the limit would be passed."""
    version = context.version
    if version.household_exposure_max is None and version.body_exposure_max is None:
        return []
    situation = Situation(case, version, context.on, asked=replace(asked_by(case, version), amount=amount))
    hold_exposed(situation)
    problems = [sentence(breach) for breach in exposure_breaches(situation, with_cases=False)]
    return [Problem(problem.message, "amount") for problem in problems]


def hold_exposed(situation: Situation) -> None:
    """Lock the households and the body for whom a case counts, where the version limits what they may borrow."""
    version = situation.version
    if version.household_exposure_max is not None and situation.shares:
        rows = Household.objects.select_for_update(no_key=True).filter(pk__in=situation.shares)
        list(rows.order_by("pk").values_list("pk", flat=True))
    if version.body_exposure_max is not None and situation.case.entity_id:
        body = Entity.objects.select_for_update(no_key=True).filter(pk=situation.case.entity_id)
        list(body.values_list("pk", flat=True))
