"""What waits for an account: the piles behind the navigation, the home page and the queues."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from accounts.choices import Verb
from accounts.models import User
from finance.money import ZERO
from loans.choices import HOLDING_OBJECTIONS, CreditStatus, NoticeState, StepCode
from loans.models import Application
from loans.queries.late import is_late
from workflow.engine import State

WAITING = Q(state__in=[State.OPEN, State.RETURNED])
IN_NOTICE = Application.objects.filter(notices__state=NoticeState.RUNNING).values("pk")
OBJECTED = Application.objects.filter(
    notices__state=NoticeState.RUNNING, notices__objections__state__in=HOLDING_OBJECTIONS
).values("pk")

# Whose turn it is: step → verb → which of the cases at that step wait for a holder of the verb.
TURN: dict[str, dict[Verb, Q]] = {
    StepCode.INTAKE: {Verb.REFER: Q(state=State.RETURNED)},
    StepCode.REFERRAL: {Verb.REFER: Q()},
    StepCode.BRANCH_REVIEW: {Verb.REVIEW: Q()},
    # The branch publishes; a running notice waits for the calendar, one with an objection for the committee.
    StepCode.PUBLIC_NOTICE: {Verb.REVIEW: ~Q(pk__in=IN_NOTICE), Verb.FILE: Q(pk__in=OBJECTED)},
    StepCode.COMMITTEE_FILING: {Verb.FILE: Q()},
    StepCode.SUBSIDY_CONFIRMATION: {Verb.CONFIRM_SUBSIDY: Q()},
    StepCode.DISBURSEMENT: {
        Verb.DISBURSE: ~Q(credit_status=CreditStatus.ASKED),
        Verb.CONSENT: Q(credit_status=CreditStatus.ASKED),
    },
    StepCode.ASSESSMENT: {Verb.ASSESS: Q()},
}


@dataclass(frozen=True)
class Pile:
    """How much waits at one step: cases, how many of them late or due today, and their sum in yuan."""

    step: str
    cases: int = 0
    overdue: int = 0
    due_today: int = 0
    returned: int = 0
    asked: Decimal = ZERO


def steps_of(user: User, *, on: date) -> list[str]:
    """Return the steps at which an account may have work, in the order of the process."""
    return [step for step, turns in TURN.items() if user.may(*turns, on=on)]


def waiting_for(user: User, *, on: date, steps: tuple[str, ...] = ()) -> QuerySet[Application]:
    """Return the cases that wait for a decision of this account, at all its steps or at some. No order is set."""
    condition = Q(pk__in=[])
    for step, turns in TURN.items():
        if steps and step not in steps:
            continue
        for verb, turn in turns.items():
            scope = user.scope(verb, on=on)
            if scope:
                condition |= Q(step=step) & turn & scope.rows()
    return Application.objects.filter(WAITING & condition)


def piles_of(user: User, *, on: date) -> dict[str, Pile]:
    """Return the work of an account by step, in one query."""
    rows = (
        waiting_for(user, on=on)
        .values("step")
        .annotate(
            cases=Count("pk"),
            overdue=Count("pk", filter=is_late(on)),
            due_today=Count("pk", filter=Q(due_date=on)),
            returned=Count("pk", filter=Q(state=State.RETURNED)),
            asked=Sum("amount_asked", default=ZERO),
        )
        .order_by()
    )
    found = {row["step"]: Pile(**row) for row in rows}
    return {step: found.get(step, Pile(step)) for step in steps_of(user, on=on)}
