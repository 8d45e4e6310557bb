"""The lines of a batch as pages show them: in a scope, by township and check, and one with its working."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from finance.money import ZERO
from loans.choices import EntryKind
from loans.models import Loan, LoanEntry
from loans.queries.paging import PAGE_SIZE, Page
from organizations.scope import Scope
from subsidies.choices import LineKind, LineStatus, Reason
from subsidies.models import InputSegment, Payment, SubsidyBatch, SubsidyExclusion, SubsidyLine
from subsidies.queries.entitlements import Paid, PeriodWorth, worth_of_period
from web.text import number_in

NOT_PLAIN = "not_plain"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RosterSums:
    """What the lines of a batch come to inside a scope. Amounts in yuan."""

    lines: int = 0
    eligible: int = 0
    attention: int = 0
    excluded: int = 0
    households: int = 0
    bodies: int = 0
    total: Decimal = ZERO
    twice: int = 0
    differences: int = 0
    difference: Decimal = ZERO

    @property
    def borrowers(self) -> int:
        return self.households + self.bodies


def lines_of(*, batch: SubsidyBatch, scope: Scope) -> "QuerySet[SubsidyLine]":
    return SubsidyLine.objects.for_scope(scope).filter(batch=batch)


def roster_sums(*, batch: SubsidyBatch, scope: Scope) -> RosterSums:
    """Count and add up the lines in one query. Households and bodies are those that get something."""
    gets = Q(amount__gt=0)
    is_difference = Q(kind=LineKind.DIFFERENCE)
    found: dict[str, Any] = lines_of(batch=batch, scope=scope).aggregate(
        lines=Count("pk"),
        eligible=Count("pk", filter=Q(status=LineStatus.ELIGIBLE)),
        attention=Count("pk", filter=Q(status=LineStatus.ATTENTION)),
        excluded=Count("pk", filter=Q(status=LineStatus.EXCLUDED)),
        households=Count(
            "loan__application__household", distinct=True, filter=gets & Q(loan__application__entity=None)
        ),
        bodies=Count("loan__application__entity", distinct=True, filter=gets),
        total=Sum("amount", default=ZERO),
        twice=Count("pk", filter=Q(reason=Reason.SECOND_SUBSIDY)),
        differences=Count("pk", filter=is_difference),
        difference=Sum("amount", filter=is_difference, default=ZERO),
    )
    return RosterSums(**found)


def roster(
    *, batch: SubsidyBatch, scope: Scope, status: str = "", place: str = "", text: str = ""
) -> "QuerySet[SubsidyLine]":  # fmt: skip
    """Return the lines with borrower and village. `status` may be NOT_PLAIN: whatever has to be looked at."""
    lines = lines_of(batch=batch, scope=scope)
    if status == NOT_PLAIN:
        lines = lines.exclude(status=LineStatus.ELIGIBLE)
    elif status:
        lines = lines.filter(status=status)
    if place:
        lines = lines.filter(loan__division_path__startswith=place)
    if text:
        lines = lines.filter(
            Q(loan__contract_number__contains=text)
            | Q(loan__application__person__name__contains=text)
            | Q(loan__application__entity__name__contains=text)
        )
    return with_borrowers(lines)


def with_borrowers(lines: "QuerySet[SubsidyLine]") -> "QuerySet[SubsidyLine]":
    return lines.select_related(
        "loan__application__person", "loan__application__entity", "loan__division__parent", "batch"
    )


def page_of(rows: "QuerySet[Any]", *, after: str = "", before: str = "", size: int = PAGE_SIZE) -> Page:
    """Return the page after (or before) a number. One query, one row more than is shown."""
    start, end = number_in(after), number_in(before)
    if start is None and end is not None:
        found = list(rows.filter(pk__lt=end).order_by("-pk")[: size + 1])
        shown = found[:size][::-1]
        return _page(shown, has_before=len(found) > size, has_after=True)
    if start is not None:
        rows = rows.filter(pk__gt=start)
    found = list(rows.order_by("pk")[: size + 1])
    return _page(found[:size], has_before=start is not None, has_after=len(found) > size)


def _page(shown: list[Any], *, has_before: bool, has_after: bool) -> Page:
    if not shown:
        return Page([])
    return Page(shown, before=str(shown[0].pk) if has_before else "", after=str(shown[-1].pk) if has_after else "")


@dataclass(frozen=True)
class Stretch:
    """Days of a line on which balance, rate and exclusion stayed the same; both days count. Amounts in yuan."""

    first_day: date
    last_day: date
    days: int
    balance: Decimal
    base: Decimal
    rate_percent: Decimal
    exclusion: str

    @property
    def exclusion_label(self) -> str:
        return str(Reason(self.exclusion).label) if self.exclusion else ""


@dataclass(frozen=True)
class Working:
    """How the amount of a line came about."""

    line: SubsidyLine
    stretches: list[Stretch]
    worth: PeriodWorth | None
    others: list[SubsidyLine] = field(default_factory=list)

    @property
    def excluded(self) -> list[Stretch]:
        return [stretch for stretch in self.stretches if stretch.exclusion]


def working_of(line: SubsidyLine) -> Working:
    """Return the working of a line: its stretches out of the snapshot, the entitlements it is the difference of."""
    segments = list(InputSegment.objects.filter(batch=line.batch_id, loan=line.loan_id).order_by("start"))
    stop = line.last_day + ONE_DAY
    inside = [segment for segment in segments if segment.start < stop and segment.end > line.first_day]
    loan = Loan.objects.select_related("version").get(pk=line.loan_id)
    worth = None
    if segments and loan.version.subsidy_basis:
        worth = worth_of_period(
            loan=loan, segments=segments, start=line.first_day, stop=stop, paid_before=_paid(line),
            expected_after=line.batch.expected_after,
        )  # fmt: skip
    return Working(
        line=line,
        stretches=[_stretch(segment, line.first_day, stop) for segment in inside],
        worth=worth,
        others=lines_of_loan(line.loan_id),
    )


def _paid(line: SubsidyLine) -> Paid:
    """The interest payments known at the moment of the snapshot."""
    entries = LoanEntry.objects.filter(loan=line.loan_id, kind=EntryKind.INTEREST)
    if line.batch.known_at is not None:
        entries = entries.filter(recorded_at__lte=line.batch.known_at).filter(
            Q(reversed_by=None) | Q(reversed_by__recorded_at__gt=line.batch.known_at)
        )
    return Paid(list(entries.values_list("value_date", "amount")))


def _stretch(segment: InputSegment, start: date, stop: date) -> Stretch:
    first, end = max(segment.start, start), min(segment.end, stop)
    return Stretch(
        first_day=first,
        last_day=end - ONE_DAY,
        days=(end - first).days,
        balance=Decimal(segment.balance_fen).scaleb(-2),
        base=Decimal(segment.base_fen).scaleb(-2),
        rate_percent=Decimal(segment.rate_millionths).scaleb(-4),
        exclusion=segment.exclusion,
    )


def lines_of_loan(loan_id: int) -> list[SubsidyLine]:
    """Return all lines of a loan, the earliest period first, each difference after its line."""
    lines = SubsidyLine.objects.filter(loan=loan_id).select_related("batch").order_by("last_day", "batch_id", "pk")
    return list(lines)


def payments_of_loan(loan_id: int) -> list[Payment]:
    payments = Payment.objects.filter(loan=loan_id).select_related("batch", "account", "result", "file")
    return list(payments.order_by("pk"))


def exclusions_of_loan(loan_id: int) -> list[SubsidyExclusion]:
    return list(SubsidyExclusion.objects.filter(loan=loan_id).select_related("recorded_by").order_by("-pk"))
