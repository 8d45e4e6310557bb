"""What an application said before it was changed, for the audit trail; autosaves do not flood it (ADR 0028).

A person who changes an application is named in the trail at once. What he changes in the following quarter of an hour
by autosave is written down in one line: when he leaves the page, after the quarter, or when somebody else goes on.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from audit.choices import Action
from audit.operations import record
from loans.models import Application, ApplicationDraft

QUIET = timedelta(minutes=15)

# What of an application is a plain answer; the rest are rows that it names.
ANSWERS = (
    "tier_id", "amount_asked", "term_months", "repayment_method", "purpose", "project_name", "plan",
    "project_total", "own_funds", "annual_income", "existing_loans", "consent_signed_on",
    "project_scale", "labour_count", "wants_insurance",
)  # fmt: skip
SILENT = ("plan", "served_units", "commitments")
NAMED = ("version_id", "borrower_kind", "person_id", "branch_id", "outlet_id", "entity_id")
INTRODUCTION = ("introducer", "visited_on", "is_no_relative")


def contents_of(case: Application) -> dict[str, str]:
    """Return what a case says now, as text by name of the answer."""
    names = [name.removesuffix("_id") for name in (*NAMED, *ANSWERS)]
    said: dict[str, Any] = {name: getattr(case, name) for name in names}
    said["served_units"] = sorted(case.served_units.exclude(household=None).values_list("household_id", flat=True))
    said["commitments"] = sorted(case.commitments.values_list("person_id", "kind"))
    return _texts(said)


def introduction_in(draft: ApplicationDraft) -> dict[str, str]:
    """Return what a draft says of the introduction, as text by name of the answer."""
    return _texts({name: getattr(draft, name) for name in INTRODUCTION})


def _texts(said: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in said.items()}


def _text(value: Any) -> str:
    """Amounts with two places, whether they come from a form or from the table."""
    if isinstance(value, Decimal):
        return format(value, ".2f")
    return "" if value is None else str(value)


def record_change(
    case: Application, *, before: Mapping[str, str], after: Mapping[str, str], by: User, at: datetime
) -> None:
    """Write down what changed; of the long plan and of the people named only that it did."""
    changes = {
        name: [] if name in SILENT else [before.get(name, ""), text]
        for name, text in after.items()
        if before.get(name, "") != text
    }
    if changes:
        record(action=Action.CHANGED, actor=by, at=at, subject=case, detail=changes)


def keep_trail(
    draft: ApplicationDraft,
    *,
    before: Mapping[str, str],
    after: Mapping[str, str],
    by: User,
    at: datetime,
    is_autosave: bool,
) -> None:
    """Write the trail of a change, or keep for later what it will say. The caller saves the draft afterwards."""
    is_his = draft.trail_by_id == by.pk
    if not is_his:
        if before == after:
            return
        close_trail(draft, now=before)
    start = draft.trail if is_his else before
    if is_autosave and is_his and draft.trail_at is not None and at - draft.trail_at < QUIET:
        return
    record_change(draft.application, before=start, after=after, by=by, at=at)
    draft.trail, draft.trail_by, draft.trail_at = dict(after), by, at


def close_trail(draft: ApplicationDraft, *, now: Mapping[str, str]) -> None:
    """Write down what the last person's autosaves changed since his line in the trail."""
    if draft.trail_by is not None:
        record_change(draft.application, before=draft.trail, after=now, by=draft.trail_by, at=draft.saved_at)
