"""Rewards as pages and operations read them: budgets, plans, payees with what the bank did, holders of posts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from assessments.choices import PayoutKind, PlanState
from assessments.models import (
    Campaign,
    RewardBudget,
    RewardLine,
    RewardPayee,
    RewardPayout,
    RewardPlan,
    Scheme,
    VillagePost,
)
from assessments.rules_rewards import Prize, Terms, Tier
from finance.money import ZERO
from organizations.choices import DivisionLevel, OrganizationKind
from organizations.models import Division, Organization, Person
from organizations.scope import Scope


@dataclass(frozen=True)
class BudgetYear:
    """A year's budget for rewards and what is taken of it, in yuan."""

    year: int
    amount: Decimal
    approved: Decimal
    paid: Decimal
    document_number: str = ""

    @property
    def left(self) -> Decimal:
        return self.amount - self.approved


def budget_of(county: Division, year: int) -> BudgetYear:
    """Return how a year's budget stands; without one it is zero. Three queries."""
    row = RewardBudget.objects.filter(county=county, year=year).order_by("-pk").first()
    plans = RewardPlan.objects.filter(campaign__county=county, year=year, state=PlanState.APPROVED)
    moves = RewardPayout.objects.filter(payee__plan__in=plans)
    sums = moves.aggregate(
        paid=Sum("amount", filter=Q(kind=PayoutKind.PAID)), back=Sum("amount", filter=Q(kind=PayoutKind.RETURNED))
    )
    return BudgetYear(
        year=year,
        amount=row.amount if row else ZERO,
        approved=plans.aggregate(total=Sum("total"))["total"] or ZERO,
        paid=(sums["paid"] or ZERO) - (sums["back"] or ZERO),
        document_number=row.document_number if row else "",
    )


def budget_rows(*, county: str) -> "QuerySet[RewardBudget]":
    """Return every budget that was set, the newest first."""
    rows = RewardBudget.objects.filter(county__path__startswith=county)
    return rows.select_related("set_by", "county").order_by("-year", "-pk")


def live_plan(campaign: Campaign) -> RewardPlan | None:
    """Return the plan of a round that was not returned, or the last that was. One query."""
    plans = RewardPlan.objects.filter(campaign=campaign).select_related("made_by", "decided_by")
    return plans.order_by("-pk").first()


def with_state(payees: "QuerySet[RewardPayee]") -> "QuerySet[RewardPayee]":
    """Add `last_kind`: what the bank did last; None: nothing yet."""
    last = RewardPayout.objects.filter(payee=OuterRef("pk")).order_by("-sequence")
    return payees.annotate(last_kind=Subquery(last.values("kind")[:1]))


def unpaid_payees(plan: RewardPlan) -> "QuerySet[RewardPayee]":
    payees = with_state(RewardPayee.objects.filter(plan=plan))
    return payees.filter(Q(last_kind=None) | Q(last_kind=PayoutKind.RETURNED))


def payee_rows(plan: RewardPlan) -> "QuerySet[RewardPayee]":
    """Return the payees of a plan with their lines. Two queries."""
    lines = RewardLine.objects.select_related("subject").order_by("pk")
    return with_state(RewardPayee.objects.filter(plan=plan)).prefetch_related(Prefetch("lines", queryset=lines))


def payees_in_full() -> "QuerySet[RewardPayee]":
    payouts = RewardPayout.objects.select_related("recorded_by").order_by("sequence")
    lines = RewardLine.objects.select_related("subject").order_by("pk")
    return with_state(
        RewardPayee.objects.select_related("plan__campaign__county", "plan__campaign__scheme")
    ).prefetch_related(Prefetch("lines", queryset=lines), Prefetch("payouts", queryset=payouts))


def terms_of(scheme: Scheme) -> Terms:
    """Return the rules of a scheme on rewards as the pure rules want them. Two queries."""
    return Terms(
        tiers=tuple(Tier(tier.score_min, tier.amount) for tier in scheme.tiers.all()),
        prizes=tuple(
            Prize(prize.level, prize.places, prize.score_min, prize.amount, prize.person_amount, prize.township_amount)
            for prize in scheme.prizes.order_by("-level")
        ),
        rank_rule=scheme.rank_rule,
        tie_rule=scheme.tie_rule,
        stacking_rule=scheme.stacking_rule,
        township_rule=scheme.township_rule,
    )


def village_posts_in(
    organizations: Iterable[int], first_day: date, last_day: date
) -> dict[tuple[int, str], list[VillagePost]]:
    """Return who held which village post on some day of a period, by (organization, role). One query."""
    posts = VillagePost.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=first_day), organization__in=list(organizations), valid_from__lte=last_day
    ).select_related("person")
    found: dict[tuple[int, str], list[VillagePost]] = defaultdict(list)
    for post in posts.order_by("valid_from", "pk"):
        found[post.organization_id, post.role].append(post)
    return found


def village_post_rows(*, scope: Scope, text: str = "", on: date | None = None) -> "QuerySet[VillagePost]":
    """Return the village posts in a scope's divisions; with `on` only those held on the day."""
    posts = VillagePost.objects.filter(scope.divisions("organization__division__path"))
    if text:
        posts = posts.filter(Q(person__name__icontains=text) | Q(organization__name__icontains=text))
    if on is not None:
        posts = posts.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
    return posts.select_related("organization__division__parent", "person").order_by(
        "organization__path", "role", "-valid_from"
    )


def people_named(organization: Organization, name: str, last_four: str = "") -> list[Person]:
    """Return who bears a name in the township of a village organization: at most two, to see whether it is unique."""
    people = Person.objects.filter(name=name, division__path__startswith=organization.division.path[:9])
    if last_four:
        people = people.filter(id_number_last_four=last_four.upper())
    return list(people.order_by("pk")[:2])


def village_organizations(scope: Scope) -> "QuerySet[Organization]":
    """Return the Party organizations of villages in a scope's divisions, in the order of the tree."""
    found = Organization.objects.filter(
        scope.divisions("division__path"),
        division__level=DivisionLevel.VILLAGE,
        kind=OrganizationKind.GENERAL_PARTY_BRANCH,
    )
    return found.select_related("division").order_by("path")
