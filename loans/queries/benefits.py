"""What a borrower was granted by an honour: of a day, and as a case took it along. Amounts are yuan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from finance.money import ZERO
from loans.choices import BenefitKind
from loans.models import Application, BorrowerBenefit
from loans.models.benefits import Concession
from web.display import show_day, show_percent, show_yuan
from web.layout import Fact


@dataclass(frozen=True)
class Benefits:
    """The benefits of one case together: uplifts add up, of several reductions the largest counts."""

    rows: tuple[BorrowerBenefit, ...] = ()
    is_priority: bool = False
    limit_uplift: Decimal = ZERO
    concession: Concession | None = None


NO_BENEFITS = Benefits()


def benefits_for(case: Application, *, on: date) -> Benefits:
    """Return what the borrower of a case has on a day. No question where the case is marked to have nothing."""
    has_owner = case.entity_id is not None or case.household_id is not None
    if not has_owner or not getattr(case, "may_have_benefits", True):
        return NO_BENEFITS
    rows = BorrowerBenefit.objects.in_force(on)
    return together(rows.of_borrower(household_id=case.household_id, entity_id=case.entity_id).order_by("pk"))


def together(rows: Iterable[BorrowerBenefit]) -> Benefits:
    """Return several benefits as one."""
    found = tuple(rows)
    reductions = [one for one in found if one.kind == BenefitKind.RATE_REDUCTION]
    best = max(reductions, key=lambda one: one.points or ZERO, default=None)
    concession = None
    if best is not None and best.points is not None and best.floor_multiplier is not None:
        concession = Concession(best.points, best.floor_multiplier)
    return Benefits(
        rows=found,
        is_priority=any(one.kind == BenefitKind.PRIORITY for one in found),
        limit_uplift=sum((one.amount or ZERO for one in found if one.kind == BenefitKind.LIMIT_UPLIFT), start=ZERO),
        concession=concession,
    )


def pinned(case: Application) -> Benefits:
    """Return what a submitted case took along: no question for one without anything.

    Where a returned case was given another borrower meanwhile, nothing of the first one's counts any more.
    """
    if not case.has_benefits:
        return NO_BENEFITS
    rows = BorrowerBenefit.objects.filter(uses__application=case)
    return together(rows.of_borrower(household_id=case.household_id, entity_id=case.entity_id).order_by("pk"))


def benefits_of_household(household_id: int) -> QuerySet[BorrowerBenefit]:
    """Return everything a household was ever granted, the newest first."""
    return BorrowerBenefit.objects.filter(household=household_id).order_by("-valid_from", "kind", "pk")


def benefit_facts(case: Application) -> list[Fact]:
    """Return the benefits of a case, each with where it comes from; nothing (and no question) for most cases."""
    if not case.has_benefits:
        return []
    used = case.used_benefits.select_related("benefit").order_by("benefit__kind", "pk")
    return [Fact(str(one.benefit.get_kind_display()), shown(one.benefit), source_of(one.benefit)) for one in used]


def shown(benefit: BorrowerBenefit) -> str:
    """Return how much a benefit is, in words."""
    match benefit.kind:
        case BenefitKind.LIMIT_UPLIFT:
            return _("%(amount)s yuan above the class") % {"amount": show_yuan(benefit.amount)}
        case BenefitKind.RATE_REDUCTION:
            values = {"points": show_percent(benefit.points), "floor": benefit.floor_multiplier}
            return _("%(points)s a year off, not below %(floor).2f times the benchmark") % values
    return _("placed in the queues as if due on the day it arrives")


def source_of(benefit: BorrowerBenefit) -> str:
    values = {"source": benefit.source, "document": benefit.document_number, "day": show_day(benefit.valid_from)}
    return _("%(source)s, %(document)s, from %(day)s") % values
