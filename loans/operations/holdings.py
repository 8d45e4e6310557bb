"""What a decision may change of a case, written down before it does, so that the decision can be taken back."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from loans.flow import RECALLABLE
from loans.models import Application, Quota, SubsidyBudget
from loans.steps import NotEnough
from workflow.engine import Position, State

PLAIN = ("introducer_id", "filing_number", "credit_status", "term_granted")
AMOUNTS = ("quota_amount", "subsidy_reserved", "amount_granted")
DAYS = ("due_date", "state_since")
POTS = ("quota_id", "budget_id")


def held_before(case: Application, step: str, outcome: str) -> dict[str, Any]:
    """Return what a case holds, for a decision that may be taken back; nothing for others."""
    if outcome not in RECALLABLE.get(step, ()):
        return {}
    return {
        "state": case.state,
        "revision": case.revision,
        **{name: getattr(case, name) for name in (*PLAIN, *POTS)},
        **{name: _text(getattr(case, name)) for name in AMOUNTS},
        **{name: day.isoformat() if (day := getattr(case, name)) else None for name in DAYS},
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def position_before(decision_step: str, decision_round: int, held: Mapping[str, Any]) -> Position:
    return Position(step=decision_step, state=State(held["state"]), round=decision_round)


def give_back(case: Application, held: Mapping[str, Any]) -> dict[str, str]:
    """Let a case hold again what it held: place in the pots, numbers, deadline. Returns what was freed and taken.

    Raises NotEnough where what the decision had freed is with another case now.
    """
    amounts = {name: Decimal(held[name]) if held[name] is not None else None for name in AMOUNTS}
    quota = _move_pot(
        Quota, "used", "total", (case.quota_id, case.quota_amount), (held["quota_id"], amounts["quota_amount"])
    )
    budget = _move_pot(
        SubsidyBudget,
        "reserved",
        "appropriated",
        (case.budget_id, case.subsidy_reserved),
        (held["budget_id"], amounts["subsidy_reserved"]),
    )
    for name in (*PLAIN, *POTS):
        setattr(case, name, held[name])
    for name, amount in amounts.items():
        setattr(case, name, amount)
    for name in DAYS:
        setattr(case, name, date.fromisoformat(held[name]) if held[name] else None)
    return {**_told("quota", quota), **_told("subsidy", budget)}


def _told(pot: str, change: Decimal) -> dict[str, str]:
    if not change:
        return {}
    return {f"{pot}_taken" if change > 0 else f"{pot}_freed": str(abs(change))}


def _move_pot(
    pot: type[Quota] | type[SubsidyBudget],
    used: str,
    total: str,
    now: tuple[int | None, Decimal],
    then: tuple[int | None, Decimal | None],
) -> Decimal:
    """Change what is taken from a pot (yuan) from `now` to `then`; two at once never overdraw it."""
    changes: dict[int, Decimal] = defaultdict(Decimal)
    for (key, amount), sign in ((now, -1), (then, 1)):
        if key is not None and amount:
            changes[key] += sign * amount
    for key, change in sorted(changes.items()):
        rows = pot.objects.filter(pk=key)
        if change > 0:
            rows = rows.filter(**{f"{used}__lte": F(total) - change})
        if change and not rows.update(**{used: F(used) + change}):
            raise NotEnough(_("What this decision had freed is with another case now: it cannot be taken back."))
    return sum(changes.values(), start=Decimal(0))
