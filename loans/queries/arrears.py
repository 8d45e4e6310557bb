"""Who is late and by how much, who will be asked next: from the standings, in one query each."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from finance.money import ZERO
from loans.choices import LoanState
from loans.models import Loan
from loans.queries.loans import matching, with_owed
from loans.queries.paging import Keyset
from organizations.scope import Scope
from web.layout import Text

SOON_DAYS = 30
SOON = "soon"
BY_OVERDUE_SINCE = Keyset("overdue_since", date.fromisoformat)
BY_MATURITY = Keyset("maturity", date.fromisoformat)


@dataclass(frozen=True)
class Bucket:
    """Loans late by `first` to `last` days (no end: None)."""

    first: int
    last: int | None

    @property
    def code(self) -> str:
        return f"{self.first}-{self.last}" if self.last else f"{self.first}-"

    @property
    def label(self) -> Text:
        if self.last is None:
            return format_lazy(_("{first} days and more"), first=self.first)
        return format_lazy(_("{first} to {last} days"), first=self.first, last=self.last)

    def since(self, on: date) -> Q:
        """The loans of this bucket on a day."""
        found = Q(standing__overdue_since__lte=on - timedelta(days=self.first))
        return found & Q(standing__overdue_since__gte=on - timedelta(days=self.last)) if self.last else found


BUCKETS = (Bucket(1, 30), Bucket(31, 90), Bucket(91, 270), Bucket(271, 360), Bucket(361, None))
BUCKET_OF_CODE = {bucket.code: bucket for bucket in BUCKETS}


@dataclass(frozen=True)
class Pile:
    """How many loans, and how much of them is overdue in yuan (principal and interest)."""

    loans: int
    amount: Decimal


def arrears_rows(*, scope: Scope, text: str = "", place: str = "", bucket: str = "", on: date) -> "QuerySet[Loan]":
    """Return the loans in arrears with `overdue_since` and `owed`; a written-off loan is collected elsewhere."""
    rows = matching(Loan.objects.for_scope(scope).filter(_late()), text=text, place=place)
    if bucket in BUCKET_OF_CODE:
        rows = rows.filter(BUCKET_OF_CODE[bucket].since(on))
    return with_owed(rows).annotate(overdue_since=F("standing__overdue_since"))


def maturing_rows(*, scope: Scope, text: str = "", place: str = "", on: date) -> "QuerySet[Loan]":
    """Return the live loans whose last day comes within SOON_DAYS, with `maturity` and `owed`."""
    rows = matching(Loan.objects.for_scope(scope).filter(_matures_soon(on)), text=text, place=place)
    return with_owed(rows).annotate(maturity=F("standing__maturity"))


def arrears_piles(*, scope: Scope, on: date) -> dict[str, Pile]:
    """Return the size of each bucket by its code, and of the loans that mature soon under SOON. One query."""
    numbers, sums = {}, {}
    for bucket in BUCKETS:
        found = _late() & bucket.since(on)
        numbers[f"loans_{bucket.code}"] = Count("pk", filter=found)
        sums[f"amount_{bucket.code}"] = _total(
            F("standing__overdue_principal") + F("standing__overdue_interest"), found
        )
    soon = Count("pk", filter=_matures_soon(on))
    totals = Loan.objects.for_scope(scope).aggregate(**numbers, **sums, soon=soon)
    piles = {b.code: Pile(totals[f"loans_{b.code}"], Decimal(totals[f"amount_{b.code}"])) for b in BUCKETS}
    return {SOON: Pile(totals["soon"], ZERO), **piles}


def _late() -> Q:
    return Q(standing__overdue_since__isnull=False) & ~Q(state=LoanState.WRITTEN_OFF)


def _matures_soon(on: date) -> Q:
    return Q(state=LoanState.LIVE, standing__maturity__range=(on, on + timedelta(days=SOON_DAYS)))


def _total(amount: Combinable, found: Q) -> Coalesce:
    field: DecimalField[Decimal, Decimal] = DecimalField(max_digits=14, decimal_places=2)
    return Coalesce(Sum(amount, filter=found), Value(ZERO, output_field=field), output_field=field)
