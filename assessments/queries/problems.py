"""The register of problems as pages show it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Substr

from accounts.choices import Verb
from accounts.models import User
from assessments.choices_inspections import ProblemOutcome, ProblemState
from assessments.models import ProblemCategory, ProblemStep, ReportedProblem
from assessments.models.problems import ReportedProblemQuerySet
from loans.queries.paging import Keyset
from organizations.choices import OrganizationKind as Kind
from organizations.models import Division, Organization
from organizations.scope import Scope
from web.layout import Event, Tone

TOWNSHIP_DIGITS = 9
COUNTY_DIGITS = 6
BY_DEADLINE = Keyset("due_date", date.fromisoformat)


@dataclass(frozen=True)
class ProblemFilter:
    """What the register is narrowed to; an empty value narrows nothing. `state` may be "late", too."""

    state: str = ""
    category: str = ""
    place: str = ""


def visible_problems(user: User, *, on: date) -> ReportedProblemQuerySet:
    """Return what an account sees: the problems of its area, and those that its offices own."""
    scope = user.people_scope(Verb.REVIEW, Verb.FILE, Verb.ASSESS, on=on)
    offices = [post.organization_id for post in user.posts_in_force(on) if post.verbs]
    return ReportedProblem.objects.filter(scope.divisions("division_path") | Q(owner__in=offices))


def problem_rows(user: User, *, filters: ProblemFilter, on: date) -> ReportedProblemQuerySet:
    """Return the problems an account sees, without an order (see BY_DEADLINE)."""
    rows = visible_problems(user, on=on)
    if filters.state == "late":
        rows = rows.late(on)
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.category:
        rows = rows.filter(category__code=filters.category)
    if filters.place:
        rows = rows.filter(division_path__startswith=filters.place)
    return rows.select_related("category", "division", "owner")


def problems_in_full(user: User, *, on: date) -> QuerySet[ReportedProblem]:
    steps = ProblemStep.objects.select_related("decided_by", "organization").order_by("-sequence")
    return (
        visible_problems(user, on=on)
        .select_related("category", "division", "owner", "reported_by", "item__inspection", "item__loan")
        .prefetch_related(Prefetch("steps", queryset=steps))
    )


def history_of(problem: ReportedProblem) -> list[Event]:
    """Return what happened, the newest first. Needs `problems_in_full`."""
    return [
        Event(
            title=str(step.get_outcome_display()),
            by=f"{step.decided_by.name} · {step.organization.short_name if step.organization else ''}",
            at=step.decided_at,
            quote=step.reason,
            tone=Tone.WARN if step.outcome in (ProblemOutcome.EXTEND, ProblemOutcome.ESCALATE) else Tone.OK,
        )
        for step in problem.steps.all()
    ]


@dataclass(frozen=True)
class Statistic:
    """How many problems one category (or one township) has in each state; `late` are of the unsolved ones."""

    name: str
    open: int
    escalated: int
    solved: int
    late: int

    @property
    def total(self) -> int:
        return self.open + self.escalated + self.solved


COUNTS = {
    "open": Count("pk", filter=Q(state=ProblemState.OPEN)),
    "escalated": Count("pk", filter=Q(state=ProblemState.ESCALATED)),
    "solved": Count("pk", filter=Q(state=ProblemState.SOLVED)),
}


def by_category(rows: QuerySet[ReportedProblem], *, on: date) -> list[Statistic]:
    """Return a line for every category, those without a problem too. Two questions."""
    found = {row["category"]: row for row in _grouped(rows, "category", on)}
    return [_statistic(one.name, found.get(one.pk)) for one in ProblemCategory.objects.all()]


def by_township(rows: QuerySet[ReportedProblem], *, on: date) -> list[Statistic]:
    """Return a line for every township with a problem (the county's own last). Two questions."""
    rows = rows.annotate(township=Substr("division_path", 1, TOWNSHIP_DIGITS))
    found: dict[str, Any] = {row["township"]: row for row in _grouped(rows, "township", on)}
    names = dict(Division.objects.filter(path__in=list(found)).values_list("path", "short_name"))
    order = sorted(found, key=lambda path: (len(path) <= COUNTY_DIGITS, path))
    return [_statistic(names.get(path, path), found[path]) for path in order]


def _grouped(rows: QuerySet[ReportedProblem], name: str, on: date) -> "QuerySet[Any, Any]":
    late = Count("pk", filter=~Q(state=ProblemState.SOLVED) & Q(due_date__lt=on))
    return rows.select_related(None).order_by().values(name).annotate(**COUNTS, late=late)


def _statistic(name: str, row: Any) -> Statistic:
    counts = {key: row[key] if row else 0 for key in ("open", "escalated", "solved", "late")}
    return Statistic(name, **counts)


def townships_of(scope: Scope) -> QuerySet[Division]:
    return Division.objects.filter(scope.divisions("path"), level="township").in_official_order()


def places_for(user: User, *, on: date) -> list[tuple[str, str]]:
    """Return where an account may register a problem, as choices by path: its county or township, and below."""
    scope = user.people_scope(Verb.ASSESS, Verb.FILE, on=on)
    rows = Division.objects.filter(scope.divisions("path"), level__in=["county", "township", "village"])
    indent = {"township": "　", "village": "　　"}
    return [
        (path, f"{indent.get(level, '')}{name}")
        for path, level, name in rows.in_official_order().values_list("path", "level", "short_name")
    ]


def owners_for(user: User, *, on: date) -> list[Organization]:
    """Return the offices that may be asked to solve a problem: those of the county, its townships and outlets."""
    paths = user.people_scope(Verb.ASSESS, Verb.FILE, on=on).division_paths
    county = Scope(division_paths=tuple(sorted({path[:COUNTY_DIGITS] for path in paths})))
    rows = Organization.objects.in_force(on).filter(county.divisions("division__path"), kind__in=OWNING_KINDS)
    return list(rows.order_by("path"))


OWNING_KINDS = (
    Kind.ORGANISATION_DEPARTMENT,
    Kind.RED_CREDIT_OFFICE,
    Kind.FINANCE_BUREAU,
    Kind.GOVERNMENT_DEPARTMENT,
    Kind.COUNTY_UNION,
    Kind.OUTLET,
    Kind.TOWNSHIP_PARTY_COMMITTEE,
    Kind.PARTY_WORKING_COMMITTEE,
)
