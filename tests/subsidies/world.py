"""Loans with a ledger and batches over them, written directly: what tests of the computation start from."""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import count

from accounts.models import User
from loans.choices import EntryKind
from loans.models import Loan, LoanEntry, Programme, ProgrammeVersion, SubsidyBudget
from loans.operations.programmes import store_programme
from loans.operations.standings import refresh_standings
from subsidies.models import InputSegment, SubsidyBatch, SubsidyLine
from subsidies.operations.batches import create_batch, prepare_batch
from subsidies.operations.computing import compute_batch
from subsidies.queries.entitlements import Paid, worth_of_period
from tests.factories.county import NOON, County
from tests.factories.loans import FIXTURES

_reference = count(1)
QUARTERS = (
    (date(2013, 6, 21), date(2013, 9, 20)),
    (date(2013, 9, 21), date(2013, 12, 20)),
    (date(2013, 12, 21), date(2014, 3, 20)),
    (date(2014, 3, 21), date(2014, 6, 20)),
)
AUTUMN, WINTER, SPRING, SUMMER = QUARTERS


def noon_of(day: date) -> datetime:
    return datetime.combine(day, time(4), tzinfo=UTC)


def store_variant(code: str, **rules: object) -> ProgrammeVersion:
    """Store a version of the report's programme with some rules changed, and give it a budget."""
    data = json.loads((FIXTURES / "programmes" / "jianchuan.json").read_text(encoding="utf-8"))
    serial = ProgrammeVersion.objects.count()
    data["versions"] = [data["versions"][0] | {"code": code, "effective_from": f"2012-01-{serial:02}"} | rules]
    version = store_programme(data=data, stored_by=None, stored_at=NOON)[0]
    SubsidyBudget.objects.create(version=version, year=2013, appropriated=Decimal(10_000_000))
    return version


def book(loan: Loan, kind: str, amount: str | Decimal, day: date, *, known: date | None = None, **fields: object):
    """Write one entry of a loan's ledger; `known` is the day it was recorded, else the day it counts from."""
    entry = LoanEntry.objects.create(
        loan=loan,
        kind=kind,
        amount=Decimal(amount),
        value_date=day,
        bank_reference=f"流水{next(_reference)}",
        recorded_by=User.objects.filter(is_system=False).order_by("pk")[0],
        recorded_at=noon_of(known or day),
        **fields,
    )
    refresh_standings([loan], on=NOON.date())
    return entry


def pay_interest(loan: Loan, *payments: tuple[str, date], known: date | None = None) -> None:
    for amount, day in payments:
        book(loan, EntryKind.INTEREST, amount, day, known=known)


def compute(county: County, period: tuple[date, date], *, at: datetime = NOON) -> SubsidyBatch:
    """Open, prepare and compute the batch of a period."""
    batch = create_batch(
        programme=Programme.objects.get(code="jianchuan"),
        first_day=period[0],
        last_day=period[1],
        created_by=county.finance_officer,
        created_at=at,
    )
    prepare_batch(batch_id=batch.pk, by=county.finance_officer, at=at)
    return compute_batch(batch_id=batch.pk, now=lambda: at, progress=lambda done, total: None)


def close(batch: SubsidyBatch) -> SubsidyBatch:
    """Close a batch as its approval does, without the people who decide."""
    SubsidyBatch.objects.filter(pk=batch.pk).update(state="approved", is_estimate=False)
    batch.refresh_from_db()
    return batch


def line_of(batch: SubsidyBatch, loan: Loan, kind: str = "ordinary") -> SubsidyLine:
    return SubsidyLine.objects.get(batch=batch, loan=loan, kind=kind)


def readable_amount(batch: SubsidyBatch, loan: Loan, period: tuple[date, date] | None = None) -> Decimal:
    """The amount of a period by the readable form, on the batch's own snapshot."""
    first, last = period or (batch.first_day, batch.last_day)
    entries = LoanEntry.objects.effective().filter(loan=loan, kind="interest", recorded_at__lte=batch.known_at)
    return worth_of_period(
        loan=loan,
        segments=list(InputSegment.objects.filter(batch=batch, loan=loan).order_by("start")),
        start=first,
        stop=date.fromordinal(last.toordinal() + 1),
        paid_before=Paid(list(entries.values_list("value_date", "amount"))),
        expected_after=batch.expected_after,
    ).amount
