"""Figures of a period's work: what was received, introduced and filed in it, by township, and who was to be helped."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Substr

from dashboards.figures.process import quotas_of
from dashboards.figures.selection import Selection, cases_of, payouts
from finance.money import ZERO
from loans.choices import Outcome, StepCode
from loans.models import Application, ApplicationDecision, HelpCommitment

TOWNSHIP_DIGITS = 9
TOWNSHIP = Substr("division_path", 1, TOWNSHIP_DIGITS)


@dataclass(frozen=True)
class Intake:
    """Households and bodies (户) whose case was received, introduced or filed in the period; each counts once."""

    received: int = 0
    received_amount: Decimal = ZERO
    referred: int = 0
    filed: int = 0


def read_intake(selection: Selection) -> dict[str, Intake]:
    """Return the period's work by township: a case counts where the step was decided in it. Three queries."""
    received = {
        row["township"]: (row["people"] + row["bodies"], row["amount"])
        for row in _applicants(cases_of(selection)).annotate(amount=Sum("amount_asked", default=ZERO))
    }
    referred, filed = (_passed(selection, step) for step in (StepCode.REFERRAL, StepCode.COMMITTEE_FILING))
    return {
        township: Intake(
            *received.get(township, (0, ZERO)), referred=referred.get(township, 0), filed=filed.get(township, 0)
        )
        for township in {*received, *referred, *filed}
    }


def _passed(selection: Selection, step: str) -> dict[str, int]:
    decisions = ApplicationDecision.objects.filter(
        step=step, outcome=Outcome.PASS, recalls=None, recalled_by=None, decided_at__date__lte=selection.as_of
    )
    if selection.since:
        decisions = decisions.filter(decided_at__date__gte=selection.since)
    cases = Application.objects.filter(
        selection.scope.rows() & selection.rules(), pk__in=decisions.order_by().values("application")
    )
    return {row["township"]: row["people"] + row["bodies"] for row in _applicants(cases)}


def _applicants(cases: "QuerySet[Application]") -> "QuerySet[Any, Any]":
    return (
        cases.order_by()
        .annotate(township=TOWNSHIP)
        .values("township")
        .annotate(
            people=Count("household", distinct=True, filter=Q(entity=None))
            + Count("person", distinct=True, filter=Q(entity=None, household=None)),
            bodies=Count("entity", distinct=True),
        )
    )


def helped_households(selection: Selection) -> dict[str, int]:
    """Return the households that borrowers promised to help (带动), by the borrower's township. One query.

    Of a person who belongs to no household in the register the person is counted.
    """
    promises = HelpCommitment.objects.filter(application__loan__in=payouts(selection).values("pk"))
    rows = (
        promises.order_by()
        .annotate(township=Substr("application__division_path", 1, TOWNSHIP_DIGITS), home=F("person__household"))
        .values("township")
        .annotate(homes=Count("home", distinct=True), alone=Count("person", distinct=True, filter=Q(home=None)))
    )
    return {row["township"]: row["homes"] + row["alone"] for row in rows}


def lending_tasks(selection: Selection) -> dict[str, Decimal]:
    """Return the year's task of each township: its quotas of the year of `as_of`. One query."""
    quotas = quotas_of(selection).filter(year=selection.as_of.year)
    return _summed((quota["township__path"], quota["total"]) for quota in quotas.values("township__path", "total"))


def _summed(parts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for township, amount in parts:
        sums[township] += amount
    return dict(sums)
