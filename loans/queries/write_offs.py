"""Proposed and decided write-offs as pages show them (账销案存: off the books, still owed)."""

from datetime import date

from django.db.models import Case, IntegerField, QuerySet, Value, When

from accounts.choices import Verb
from accounts.models import User
from loans.choices import WriteOffState
from loans.models import Loan, WriteOffRequest
from organizations.scope import Scope
from web.layout import Tone

WRITE_OFF_TONES = {
    WriteOffState.WAITING: Tone.WARN,
    WriteOffState.APPROVED: Tone.NEUTRAL,
    WriteOffState.REFUSED: Tone.BAD,
}


def write_offs_in_full() -> "QuerySet[WriteOffRequest]":
    return WriteOffRequest.objects.select_related(
        "loan__application__person",
        "loan__application__entity",
        "loan__division__parent",
        "loan__outlet",
        "paper",
        "proposed_by",
        "decided_by",
    )


def write_offs_of(scope: Scope) -> "QuerySet[WriteOffRequest]":
    """Return the register of a scope: what waits first, then the newest."""
    waits = Case(When(state=WriteOffState.WAITING, then=Value(0)), default=Value(1), output_field=IntegerField())
    return write_offs_in_full().filter(pk__in=WriteOffRequest.objects.for_scope(scope)).order_by(
        waits, "-proposed_at", "-pk"
    )  # fmt: skip


def waiting_write_off(loan: Loan) -> WriteOffRequest | None:
    return WriteOffRequest.objects.waiting().filter(loan=loan).first()


def write_offs_waiting(user: User, *, on: date) -> int:
    """Return how many proposals wait for a manager's decision (one query; none without such a post)."""
    scope = user.scope(Verb.CONSENT, on=on)
    if not scope:
        return 0
    others = WriteOffRequest.objects.for_scope(scope).waiting().exclude(proposer_key=user.person_key)
    return others.count()
