"""Model households as pages, papers and figures ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.models import User
from assessments.choices_households import HonourOutcome, HonourState, HonourTitle
from assessments.flow_households import MOVES, HonourMove, moves_from
from assessments.models import AwardScheme, HonourDecision, HonourObjection, HouseholdHonour
from finance.money import ZERO
from loans.choices import LoanState, UseOfFunds
from loans.models import Loan, Visit
from loans.models.benefits import Concession
from loans.queries.benefit_effects import Effect, effect_of
from loans.queries.versions import published_version
from organizations.models import Division, Household, PartyMember, Person
from organizations.scope import Scope
from web.layout import Event, Step, StepState, Tone

CHAIN = (HonourState.TO_RATE, HonourState.TO_REVIEW, HonourState.IN_NOTICE, HonourState.AWARDED)
WAITING = (HonourState.RETURNED, *CHAIN[:-1])
PLACE_DIGITS = {"county": 6}


def scheme_on(division_path: str, on: date) -> AwardScheme | None:
    """Return the rules in force in a county (that of the path) on a day."""
    rows = AwardScheme.objects.filter(division__path=division_path[:6], effective_from__lte=on)
    return rows.order_by("-effective_from").first()


def schemes_of(scope: Scope) -> QuerySet[AwardScheme]:
    return AwardScheme.objects.for_scope(scope).select_related("created_by", "division").order_by("-effective_from")


@dataclass(frozen=True)
class Record:
    """How a household borrowed: what the credit union looks at when it rates. Amounts are yuan."""

    loans: int
    lent: Decimal
    settled: int
    overdue: int
    written_off: int
    misused: int
    newest: Loan | None

    def as_facts(self) -> dict[str, Any]:
        names = ("loans", "settled", "overdue", "written_off", "misused")
        return {"lent": str(self.lent), **{name: getattr(self, name) for name in names}}


def record_of(household: Household, *, on: date) -> Record:
    """Return the repayment record of the loans in which a member of the household signed for it. Two questions."""
    misuse = Visit.objects.effective().filter(loan=OuterRef("pk")).exclude(use_of_funds=UseOfFunds.AS_AGREED)
    rows = (
        Loan.objects.filter(application__household=household, application__entity=None, start_date__lte=on)
        .select_related("application__person", "standing", "branch", "outlet", "version", "division")
        .annotate(found_misused=Exists(misuse))
        .order_by("-start_date", "-pk")
    )
    loans = list(rows)
    late = [one for one in loans if one.state == LoanState.LIVE and _is_overdue(one)]
    return Record(
        loans=len(loans),
        lent=sum((one.principal for one in loans), start=ZERO),
        settled=sum(one.state == LoanState.SETTLED for one in loans),
        overdue=len(late),
        written_off=sum(one.state == LoanState.WRITTEN_OFF for one in loans),
        misused=sum(one.found_misused or _is_misused(one) for one in loans),
        newest=loans[0] if loans else None,
    )


def _is_overdue(loan: Loan) -> bool:
    standing = getattr(loan, "standing", None)
    return standing is not None and standing.overdue_since is not None


def _is_misused(loan: Loan) -> bool:
    standing = getattr(loan, "standing", None)
    return standing is not None and standing.is_misused


def party_member_of(household_id: int, *, on: date) -> PartyMember | None:
    """Return a Party member of the household on a day (the last day of membership counts)."""
    stays = Q(left_on=None) | Q(left_on__gte=on)
    return PartyMember.objects.filter(stays, person__household=household_id, joined_on__lte=on).order_by("pk").first()


def honour_rows(
    *, scope: Scope, state: str = "", year: int | None = None, title: str = "", due_by: date | None = None
) -> QuerySet[HouseholdHonour]:
    """Return the honours of a scope, the newest first; `due_by`: only titles whose review falls due by that day."""
    rows = HouseholdHonour.objects.for_scope(scope)
    for field, value in (("state", state), ("year", year), ("title", title)):
        rows = rows.filter(**{field: value}) if value else rows
    if due_by is not None:
        rows = rows.filter(state=HonourState.AWARDED, review_due__lte=due_by)
    return rows.select_related("person", "division__parent").order_by("-created_at", "-pk")


def honours_in_full() -> QuerySet[HouseholdHonour]:
    """Return honours with all that the page of one shows."""
    decisions = HonourDecision.objects.select_related("decided_by", "organization").order_by("-sequence")
    objections = HonourObjection.objects.select_related("recorded_by", "settled_by").order_by("pk")
    return HouseholdHonour.objects.select_related(
        "person", "household__division", "division__parent", "branch", "outlet", "scheme__division"
    ).prefetch_related(Prefetch("decisions", queryset=decisions), Prefetch("objections", queryset=objections))


def moves_open_to(honour: HouseholdHonour, user: User, *, on: date) -> list[tuple[str, HonourMove]]:
    """Return what the account's posts allow now; whether the person may is another question."""
    return [
        (outcome, move)
        for outcome, move in moves_from(honour.state)
        if any(user.post_covering(verb, honour.place, on=on) for verb in move.verbs)
    ]


def honours_waiting(user: User, *, on: date) -> int:
    """Return how many honours wait for an office of the account. One question at most."""
    waiting = Q(pk__in=[])
    for (state, _outcome), move in MOVES.items():
        scope = user.scope(*move.verbs, on=on)
        if state in WAITING and scope:
            waiting |= Q(scope.rows(), state=state)
    return HouseholdHonour.objects.filter(waiting).count() if waiting != Q(pk__in=[]) else 0


AGAINST = (HonourOutcome.RETURN, HonourOutcome.REJECT, HonourOutcome.WITHDRAW)


def history_of(honour: HouseholdHonour) -> list[Event]:
    """Return the decisions, the newest first. Needs `honours_in_full`."""
    return [
        Event(
            title=str(decision.get_outcome_display()),
            by=f"{decision.decided_by.name} · {decision.organization.short_name if decision.organization else ''}",
            at=decision.decided_at,
            quote=decision.reason,
            tone=Tone.BAD if decision.outcome in AGAINST else Tone.OK,
        )
        for decision in honour.decisions.all()
    ]


def bar_of(honour: HouseholdHonour) -> list[Step]:
    """Return the chain with a state for each step."""
    if honour.state in (HonourState.REFUSED, HonourState.WITHDRAWN):
        return [Step(HonourState(honour.state).label, StepState.STOPPED)]
    now = CHAIN.index(HonourState(honour.state)) if honour.state in CHAIN else 0
    is_over = honour.state == HonourState.AWARDED
    return [Step(one.label, _bar_state(place, now, is_over)) for place, one in enumerate(CHAIN)]


def _bar_state(place: int, now: int, is_over: bool) -> StepState:
    if place < now or (place == now and is_over):
        return StepState.DONE
    return StepState.NOW if place == now else StepState.TODO


def effect_for(honour: HouseholdHonour, *, on: date) -> Effect | None:
    """Return what the benefits would cost on a loan like the household's last one, paid out on a day."""
    loan = record_of(honour.household, on=on).newest
    if loan is None:
        return None
    scheme = honour.scheme
    concession = None
    if scheme.rate_points_off > ZERO:
        concession = Concession(scheme.rate_points_off, scheme.rate_floor_multiplier)
    return effect_of(
        version=published_version(loan.version_id),
        amount=loan.principal,
        term_months=loan.term_months,
        repayment_method=loan.repayment_method,
        borrower_kind=loan.application.borrower_kind,
        uplift=scheme.limit_uplift,
        concession=concession,
        on=on,
    )


def model_households(*, division: Division, on: date, year: int | None = None) -> dict[str, int]:
    """Return how many titles of each kind stand at the end of a day below a division; `year`: only those of a year.

    Keys are the values of HonourTitle, both always there: {"party": 8, "model": 9}.
    """
    rows = HouseholdHonour.objects.held_on(on).filter(division_path__startswith=division.path)
    if year is not None:
        rows = rows.filter(awarded_on__year=year)
    found = dict(rows.values_list("title").annotate(number=Count("pk")).order_by())
    return {title: found.get(title, 0) for title in HonourTitle.values}


def candidates(scope: Scope, *, text: str, on: date, limit: int = 20) -> Sequence[Person]:
    """Return borrowers of a scope by name, initials or the last four digits, without those of a titled household."""
    loans = Loan.objects.for_scope(scope).filter(
        application__household=OuterRef("household"), application__entity=None, start_date__lte=on
    )
    titled = HouseholdHonour.objects.filter(household=OuterRef("household")).exclude(
        state__in=(HonourState.REFUSED, HonourState.WITHDRAWN)
    )
    found = Q(name__contains=text) | Q(initials__startswith=text.lower())
    if len(text) == 4 and text.isascii():
        found |= Q(id_number_last_four=text.upper())
    newest = Subquery(loans.order_by("-start_date").values("application__person")[:1])
    people = Person.objects.filter(found).filter(Exists(loans), ~Exists(titled), pk=newest)
    return list(people.select_related("household", "division__parent").order_by("pinyin", "pk")[:limit])
