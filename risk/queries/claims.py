"""Claims as pages show them."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from accounts.queries import principals_of
from organizations.scope import Scope
from risk.choices import ClaimState
from risk.flow import MOVES, Move, outcomes_of
from risk.models import Claim, ClaimDecision, ClaimFile, ClaimRecovery
from web.layout import Event, Step, StepState, Tone

CHAIN = (
    ClaimState.TO_FILE,
    ClaimState.TO_CHECK,
    ClaimState.TO_VERIFY,
    ClaimState.TO_APPROVE,
    ClaimState.TO_PAY,
    ClaimState.PAID,
)
WAITING = (*CHAIN[:-1], ClaimState.RETURNED, ClaimState.TO_WRITE_OFF)
AFTER_PAYING = (ClaimState.RECOVERING, ClaimState.RECOVERED, ClaimState.TO_WRITE_OFF, ClaimState.WRITTEN_OFF)


def claim_rows(*, scope: Scope, state: str = "") -> "QuerySet[Claim]":
    """Return the claims of a scope, the newest first."""
    claims = Claim.objects.for_scope(scope)
    if state:
        claims = claims.filter(state=state)
    return claims.select_related(
        "loan__application__person", "loan__application__entity", "loan__division__parent"
    ).order_by("-created_at", "-pk")


def claims_in_full() -> "QuerySet[Claim]":
    """Return claims with all that the page of one shows."""
    decisions = principals_of(ClaimDecision.objects.select_related("decided_by", "organization").order_by("-sequence"))
    recoveries = ClaimRecovery.objects.select_related("recorded_by").order_by("value_date", "pk")
    return Claim.objects.select_related(
        "loan__application__person",
        "loan__application__entity",
        "loan__division__parent",
        "loan__outlet",
        "fund__division",
    ).prefetch_related(
        "shares__contributor",
        "papers",
        Prefetch("files", queryset=ClaimFile.objects.select_related("attachment").order_by("pk")),
        Prefetch("decisions", queryset=decisions),
        Prefetch("recoveries", queryset=recoveries),
    )


def moves_open_to(claim: Claim, user: User, on: object) -> list[tuple[str, Move]]:
    """Return what the account's posts allow on a claim now; whether the person may is another question."""
    return [
        (outcome, move)
        for outcome, move in outcomes_of(claim.state)
        if user.post_covering(move.verb, claim.loan.place, on=on)  # type: ignore[arg-type]  # a date
    ]


def claims_waiting(user: User, *, on: date) -> int:
    """Return how many claims wait for an office of the account (at most one query; none without such an office)."""
    waiting = Q(pk__in=[])
    for verb in {move.verb for (state, _outcome), move in MOVES.items() if state in WAITING}:
        scope = user.scope(verb, on=on)
        if scope:
            states = [state for (state, _outcome), move in MOVES.items() if move.verb == verb and state in WAITING]
            waiting |= Q(scope.rows("loan__"), state__in=states)
    return Claim.objects.filter(waiting).count() if waiting != Q(pk__in=[]) else 0


def history_of(claim: Claim) -> list[Event]:
    """Return the decisions, newest first. Needs `claims_in_full`."""
    return [
        Event(
            title=f"{decision.get_step_display()}：{decision.get_outcome_display()}",
            by=f"{decision.decider_name} · {decision.organization.short_name if decision.organization else ''}",
            at=decision.decided_at,
            quote=decision.reason,
            tone=Tone.BAD if decision.outcome in ("return", "reject", "keep") else Tone.OK,
        )
        for decision in claim.decisions.all()
    ]


def bar_of(claim: Claim) -> list[Step]:
    """Return the chain with a state for each step."""
    if claim.state == ClaimState.REFUSED:
        return [Step(ClaimState.REFUSED.label, StepState.STOPPED)]
    state = ClaimState.TO_FILE if claim.state == ClaimState.RETURNED else ClaimState(claim.state)
    chain = [*CHAIN, *([state] if state in AFTER_PAYING else [])]
    now = chain.index(state)
    is_over = state in (ClaimState.PAID, ClaimState.RECOVERED, ClaimState.WRITTEN_OFF)
    return [
        Step(one.label, StepState.DONE if place < now or (place == now and is_over) else _later(place, now))
        for place, one in enumerate(chain)
    ]


def _later(place: int, now: int) -> StepState:
    return StepState.NOW if place == now else StepState.TODO
