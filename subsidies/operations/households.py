"""The limit of a household: its loans are added up, the earliest first (青川 2019)."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from finance.money import ZERO, to_fen
from loans.choices import PAID_OUT_KINDS, EntryKind
from loans.models import Loan, LoanEntry
from subsidies.choices import Reason
from subsidies.models import BatchChunk, InputSegment, SubsidyBatch


def cap_households(*, batch: SubsidyBatch, chunk: BatchChunk) -> None:
    """Cut the bases of the range's loans whose household has earlier loans that use up its limit.

    Only versions with a household limit are looked at, and only households with more than one loan.
    """
    earlier = _earlier(OuterRef("application__household"), OuterRef("start_date"), OuterRef("pk"))
    capped = Loan.objects.filter(
        Exists(earlier) | Q(principal__gt=F("version__subsidy_household_max")),
        pk__range=(chunk.first_loan_id, chunk.last_loan_id),
        version__programme=batch.programme,
        version__subsidy_household_max__isnull=False,
        application__household__isnull=False,
    ).select_related("version", "application")
    for loan in capped.iterator(chunk_size=500):
        limit = loan.version.subsidy_household_max
        assert limit is not None  # the filter says so
        before = _earlier(loan.application.household, loan.start_date, loan.pk).values_list("pk", flat=True)
        _cap(batch, loan, to_fen(limit), _balance_changes(list(before), batch))


def _earlier(household: Any, start: Any, key: Any) -> "QuerySet[Loan]":
    """The subsidised loans of a household that began before one; of one day, the one entered first."""
    return Loan.objects.filter(
        Q(start_date__lt=start) | Q(start_date=start, pk__lt=key),
        application__household=household,
        application__budget__isnull=False,
    )


def _balance_changes(loans: list[int], batch: SubsidyBatch) -> dict[date, Decimal]:
    changes: dict[date, Decimal] = defaultdict(lambda: ZERO)
    entries = LoanEntry.objects.effective().filter(loan__in=loans, recorded_at__lte=batch.known_at)
    for kind, amount, day in entries.values_list("kind", "amount", "value_date"):
        if kind in PAID_OUT_KINDS:
            changes[day] += amount
        elif kind in (EntryKind.PRINCIPAL, EntryKind.WRITE_OFF):
            changes[day] -= amount
    return changes


def _cap(batch: SubsidyBatch, loan: Loan, limit: int, changes: dict[date, Decimal]) -> None:
    """Replace the loan's stretches by such whose base lies within what earlier loans leave of the limit."""
    stretches = InputSegment.objects.filter(batch=batch, loan=loan).order_by("start")
    cut: list[InputSegment] = []
    for stretch in stretches:
        days = sorted({stretch.start, *(day for day in changes if stretch.start < day < stretch.end)})
        for start, end in zip(days, [*days[1:], stretch.end], strict=True):
            used = to_fen(sum((amount for day, amount in changes.items() if day <= start), start=ZERO))
            base = max(min(stretch.base_fen, limit - used), 0)
            exclusion = stretch.exclusion or (Reason.HOUSEHOLD_LIMIT if base == 0 else "")
            cut.append(
                InputSegment(
                    batch=batch,
                    loan=loan,
                    start=start,
                    end=end,
                    balance_fen=stretch.balance_fen,
                    base_fen=base,
                    rate_millionths=stretch.rate_millionths,
                    exclusion=exclusion,
                )
            )
    stretches.delete()
    InputSegment.objects.bulk_create(cut)
