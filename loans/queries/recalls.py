"""Decisions that were taken back: they stay written, but nothing rests on them any more."""

from collections.abc import Iterable

from django.db.models import QuerySet

from loans.models import Application, ApplicationDecision


def effective(decisions: Iterable[ApplicationDecision]) -> list[ApplicationDecision]:
    """Return the decisions of one case that count, in the given order. It must have all of the case."""
    rows = list(decisions)
    recalled = {row.recalls_id for row in rows if row.recalls_id}
    return [row for row in rows if row.recalls_id is None and row.pk not in recalled]


def recalled_of(case: Application) -> set[int]:
    """Return the keys of what was taken back. Needs the decisions read along."""
    return {row.recalls_id for row in case.decisions.all() if row.recalls_id}


def effective_rows(rows: "QuerySet[ApplicationDecision]") -> "QuerySet[ApplicationDecision]":
    """Leave out what was taken back, and the taking back."""
    return rows.filter(recalls=None, recalled_by=None)
