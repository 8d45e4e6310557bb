"""The lender's desk (放款专柜): what waits to be paid out, its counters, and what is left to lend this year.

The counters come with the rows, so that the page asks the database no more than any other list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, Left
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from finance.money import ZERO
from loans.choices import CreditStatus, StepCode
from loans.models import Application, Loan, PayoutAccount, Quota, StatementLine
from loans.models.statements import STRAY
from loans.queries.cases import BY_URGENCY, NEWEST_FIRST, for_rows
from loans.queries.paging import Keyset
from loans.queries.work import WAITING
from organizations.models import Organization, ServiceArea
from organizations.scope import Scope

TOWNSHIP_PATH_LENGTH = 9
MONEY = DecimalField(max_digits=14, decimal_places=2)
AMOUNT = Coalesce("amount_granted", "amount_asked")
AT_THE_DESK = WAITING & Q(step=StepCode.DISBURSEMENT)
IS_ASKED = Q(credit_status=CreditStatus.ASKED)


class DeskState(TextChoices):
    """What the desk can be narrowed to."""

    WAITING = "waiting", _("To be paid out")
    ASKED = "asked", _("To be consented to")
    AGREED = "agreed", _("Consented to")
    DUE_TODAY = "due_today", _("Due today")
    OVERDUE = "overdue", pgettext_lazy("desk", "Overdue")
    PAID_TODAY = "paid_today", _("Paid out today")


def state_condition(state: str, *, on: date) -> Q:
    """Return which cases a state means. What the manager must agree to first waits for him, not for the officer."""
    match state:
        case DeskState.ASKED:
            return AT_THE_DESK & IS_ASKED
        case DeskState.AGREED:
            return AT_THE_DESK & Q(credit_status=CreditStatus.GIVEN)
        case DeskState.DUE_TODAY:
            return AT_THE_DESK & ~IS_ASKED & Q(due_date=on)
        case DeskState.OVERDUE:
            return AT_THE_DESK & ~IS_ASKED & Q(due_date__lt=on)
        case DeskState.PAID_TODAY:
            return Q(loan__start_date=on)
    return AT_THE_DESK & ~IS_ASKED


@dataclass(frozen=True)
class DeskFilter:
    """What the list is narrowed to; amounts in yuan, both included. An empty value narrows nothing."""

    state: str = DeskState.WAITING
    place: str = ""  # the path of a township or village
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None

    def condition(self, *, on: date) -> Q:
        found = state_condition(self.state, on=on)
        if self.place:
            found &= Q(division_path__startswith=self.place)
        if self.amount_from is not None:
            found &= Q(approved__gte=self.amount_from)
        if self.amount_to is not None:
            found &= Q(approved__lte=self.amount_to)
        return found

    @property
    def keyset(self) -> Keyset:
        """The most urgent first; what is paid out has no deadline any more."""
        return NEWEST_FIRST if self.state == DeskState.PAID_TODAY else BY_URGENCY


def desk_rows(*, scope: Scope, filters: DeskFilter, on: date) -> "QuerySet[Application]":
    """Return the cases of the list, each with `approved` (yuan), `account_masked` and the desk's counters."""
    cases = Application.objects.for_scope(scope).annotate(approved=AMOUNT).filter(filters.condition(on=on))
    return (
        for_rows(cases)
        .select_related("loan", "outlet")
        .annotate(account_masked=masked_account(), **_counters(scope, on))
    )


def chosen_cases(*, scope: Scope, pks: list[int], on: date) -> "list[Application]":
    """Return the ticked cases inside the scope, the most urgent first."""
    cases = Application.objects.for_scope(scope).filter(pk__in=pks).annotate(approved=AMOUNT)
    rows = for_rows(cases).select_related("loan", "outlet").annotate(account_masked=masked_account())
    return list(rows.order_by("queue_date", "pk"))


def masked_account() -> Case:
    """Return the last digits of the account a borrower is paid at: a body's own, never its representative's."""
    accounts = PayoutAccount.objects.filter(valid_to=None)
    of_body = Subquery(accounts.filter(entity=OuterRef("entity")).values("number_masked")[:1])
    of_person = Subquery(accounts.filter(person=OuterRef("person")).values("number_masked")[:1])
    return Case(When(entity=None, then=of_person), default=of_body, output_field=CharField())


@dataclass(frozen=True)
class DeskCounts:
    """The head of the desk: cases and sums in yuan. `left` of the year's quotas is None where nobody set one."""

    waiting: int = 0
    waiting_amount: Decimal = ZERO
    asked: int = 0
    agreed: int = 0
    overdue: int = 0
    paid: int = 0
    paid_amount: Decimal = ZERO
    different: int = 0
    left: Decimal | None = None


def desk_counts(*, scope: Scope, on: date, first: Application | None) -> DeskCounts:
    """Return the counters: from the first row of the list, which carries them; with an empty list one query."""
    if first is not None:
        return _counts({name: getattr(first, name) for name in _counters(scope, on)})
    counters = _counters(scope, on)
    # They stand on any row there is; somebody who asks has an organization.
    return _counts(Organization.objects.annotate(**counters).values(*counters).order_by("pk")[:1].get())


def _counts(row: Mapping[str, Any]) -> DeskCounts:
    waiting, paid = row.get("desk_waiting") or {}, row.get("desk_paid") or {}
    return DeskCounts(
        waiting=waiting.get("waiting", 0),
        waiting_amount=Decimal(waiting.get("amount") or 0),
        asked=waiting.get("asked", 0),
        agreed=waiting.get("agreed", 0),
        overdue=waiting.get("overdue", 0),
        paid=paid.get("paid", 0),
        paid_amount=Decimal(paid.get("amount") or 0),
        different=row.get("desk_different") or 0,
        left=row.get("desk_left"),
    )


def _counters(scope: Scope, on: date) -> dict[str, Any]:
    """Return the counters as subqueries that do not depend on the row: the database answers each once."""
    return {
        "desk_waiting": _one(
            Application.objects.for_scope(scope).filter(AT_THE_DESK),
            JSONObject(
                waiting=Count("pk", filter=~IS_ASKED),
                amount=_text(Sum(AMOUNT, filter=~IS_ASKED)),
                asked=Count("pk", filter=IS_ASKED),
                agreed=Count("pk", filter=Q(credit_status=CreditStatus.GIVEN)),
                overdue=Count("pk", filter=~IS_ASKED & Q(due_date__lt=on)),
            ),
        ),
        "desk_paid": _one(
            Loan.objects.for_scope(scope).filter(start_date=on),
            JSONObject(paid=Count("pk"), amount=_text(Sum("principal"))),
        ),
        "desk_different": _one(open_differences(scope), Count("pk")),
        "desk_left": _one(_quotas(scope, on.year), Sum(F("total") - F("used"), output_field=MONEY)),
    }


def _one(rows: "QuerySet[Any]", answer: Any) -> Subquery:
    return Subquery(rows.order_by().annotate(everything=Value(1)).values("everything").annotate(a=answer).values("a"))


def _text(amount: Sum) -> Cast:
    """JSON knows only floats; an amount travels as text."""
    return Cast(amount, CharField())


def open_differences(scope: Scope) -> "QuerySet[StatementLine]":
    """Return the lines of bank statements that nobody has clarified yet."""
    return (
        StatementLine.objects.for_scope(scope).filter(STRAY, clarified_at=None).exclude(statement__state="discarded")
    )


def _quotas(scope: Scope, year: int) -> "QuerySet[Quota]":
    """Return the quotas of the townships that the outlets of a scope serve."""
    served = Q(pk__in=[])
    for path in scope.outlet_paths:
        served |= Q(outlet__path__startswith=path)
    townships = ServiceArea.objects.filter(served).annotate(township=Left("division__path", TOWNSHIP_PATH_LENGTH))
    return Quota.objects.filter(year=year, township__path__in=townships.values("township"))
