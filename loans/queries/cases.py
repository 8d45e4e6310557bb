"""Lists of cases: the queue of a step and everything an account may see. One query each."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from accounts.models import User
from loans.choices import HOLDING_OBJECTIONS, NoticeState, StepCode
from loans.models import Application, ApplicationDecision, PublicNotice
from loans.queries.late import is_late
from loans.queries.paging import Keyset
from loans.queries.recalls import effective_rows
from loans.queries.work import waiting_for
from organizations.models import PartyMember
from organizations.scope import Scope

BY_DEADLINE = Keyset("due_date", date.fromisoformat)
# The order of the queues: by deadline, but a case with priority as if it were due on the day it arrived.
BY_URGENCY = Keyset("queue_date", date.fromisoformat)
NEWEST_FIRST = Keyset("created_at", datetime.fromisoformat, descending=True)

RUNNING_NOTICE = PublicNotice.objects.filter(application=OuterRef("pk"), state=NoticeState.RUNNING)
OBJECTED_NOTICE = RUNNING_NOTICE.filter(objections__state__in=HOLDING_OBJECTIONS)


@dataclass(frozen=True)
class CaseFilter:
    """What a list is narrowed to; an empty value narrows nothing."""

    text: str = ""
    place: str = ""  # the path of a township or village
    purpose: str = ""
    due: str = ""  # "overdue" or "today"
    state: str = ""
    step: str = ""
    year: int | None = None
    borrower_kind: str = ""
    mine: bool = False
    handled: bool = False

    def condition(self, *, user: User, on: date) -> Q:
        found = Q()
        for field, value in (
            ("division_path__startswith", self.place),
            ("purpose", self.purpose),
            ("state", self.state),
            ("step", self.step),
            ("created_at__year", self.year),
            ("borrower_kind", self.borrower_kind),
        ):
            found &= Q(**{field: value}) if value else Q()
        if self.text:
            found &= text_condition(self.text)
        if self.mine:
            found &= Q(created_by=user)
        if self.handled:
            found &= Q(
                pk__in=effective_rows(ApplicationDecision.objects.filter(decided_by=user)).values("application")
            )
        if self.due:
            found &= is_late(on) if self.due == "overdue" else Q(due_date=on)
        return found


def text_condition(text: str) -> Q:
    """Return the cases whose applicant, body, project or number matches: a name, initials, a number, four digits."""
    found = Q(person__name__contains=text) | Q(entity__name__contains=text) | Q(project_name__contains=text)
    if text.isascii():
        lower = text.lower()
        found |= Q(number__contains=text)
        found |= Q(person__initials__startswith=lower) | Q(entity__initials__startswith=lower)
    if len(text) == 4 and text.isascii():
        found |= Q(person__id_number_last_four=text.upper())
    return found


def queue_rows(*, user: User, step: str, filters: CaseFilter, on: date) -> QuerySet[Application]:
    """Return the cases at a step that wait for this account. Each row knows the list's `total` and `total_overdue`."""
    waiting = waiting_for(user, on=on, steps=(step,)).filter(filters.condition(user=user, on=on))
    return for_rows(waiting).annotate(
        total=_count(waiting), total_overdue=_count(waiting.filter(is_late(on))),
    )  # fmt: skip


def case_rows(*, user: User, scope: Scope, filters: CaseFilter, on: date) -> QuerySet[Application]:
    """Return the cases of a scope."""
    return for_rows(Application.objects.for_scope(scope).filter(filters.condition(user=user, on=on)))


def for_rows(cases: QuerySet[Application]) -> QuerySet[Application]:
    """Add what a row of a list shows: names, places, whether the applicant is in the Party, how the notice stands."""
    members = PartyMember.objects.filter(person=OuterRef("person"), left_on=None)
    return cases.select_related("person", "entity", "division__parent").annotate(
        is_member=Exists(members),
        in_notice=Q(step=StepCode.PUBLIC_NOTICE) & Exists(RUNNING_NOTICE),
        is_objected=Q(step=StepCode.PUBLIC_NOTICE) & Exists(OBJECTED_NOTICE),
    )


def next_waiting(*, user: User, step: str, on: date) -> Application | None:
    """Return the most urgent case that waits for this account at a step."""
    return (
        waiting_for(user, on=on, steps=(step,))
        .select_related("person", "entity")
        .order_by(*BY_URGENCY.order())
        .first()
    )


def _count(cases: "QuerySet[Any]") -> Subquery:
    """Return the number of rows as a subquery: the page and its total are one question to the database."""
    return Subquery(
        cases.order_by().annotate(everything=Value(1)).values("everything").annotate(n=Count(F("pk"))).values("n")
    )
