"""What the pages of figures read besides the figures themselves."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from dashboards.figures import Selection, payouts
from dashboards.figures.programmes import published_versions
from loans.choices import Purpose
from loans.models import Loan, LoanUnit, ProgrammeVersion, SubsidyBudget
from organizations.choices import DivisionLevel
from organizations.models import Division
from organizations.scope import Scope
from web.masking import masked_name

COUNTY_DIGITS = 6
PAGE_SIZE = 50
KEY_DIGITS = 18  # more do not fit into a bigint


@dataclass(frozen=True)
class Cursor:
    """A place in the list of loans: the day and the key of a loan."""

    day: date
    pk: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}~{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """Return the cursor, or None for a text that is none (somebody edited the address)."""
        day, _tilde, key = text.partition("~")
        if not (key.isascii() and key.isdigit() and len(key) <= KEY_DIGITS):
            return None
        try:
            return cls(date.fromisoformat(day), int(key))
        except ValueError:
            return None


@dataclass(frozen=True)
class LoanRow:
    """A loan as those may see it who see figures only: the borrower's name is masked."""

    borrower: str
    borrower_kind: str
    is_party: bool
    township: str
    village: str
    purpose: str
    amount: Decimal
    day: date
    version: str


@dataclass(frozen=True)
class LoanPage:
    """Loans, newest first, and where the pages before (newer) and after (older) begin."""

    rows: list[LoanRow]
    newer: Cursor | None
    older: Cursor | None

    @property
    def words(self) -> dict[str, str]:
        """Names for the codes that a filter may hold, as far as the page itself knows them."""
        return {"township": self.rows[0].township, "version": self.rows[0].version} if self.rows else {}


@dataclass(frozen=True)
class LoanTotals:
    number: int
    amount: Decimal


def loan_totals(*, selection: Selection) -> LoanTotals:
    """Return the number and the sum of all loans of the selection, not only of the page shown."""
    totals = payouts(selection).order_by().aggregate(number=Count("pk"), amount=Sum("payout__amount"))
    return LoanTotals(totals["number"], totals["amount"] or Decimal("0.00"))


def page_of_loans(
    *, selection: Selection, before: Cursor | None = None, after: Cursor | None = None, size: int = PAGE_SIZE
) -> LoanPage:
    """Return the page of loans older than `before`, or newer than `after`, or the newest. One query."""
    loans = _listed(selection)
    if after is not None:
        newer = loans.filter(Q(start_date__gt=after.day) | Q(start_date=after.day, pk__gt=after.pk))
        found = list(newer.order_by("start_date", "pk")[: size + 1])
        page = found[:size][::-1]
        return LoanPage(_rows(page), _cursor(page, 0) if len(found) > size else None, _cursor(page, -1))
    if before is not None:
        loans = loans.filter(Q(start_date__lt=before.day) | Q(start_date=before.day, pk__lt=before.pk))
    found = list(loans.order_by("-start_date", "-pk")[: size + 1])
    page = found[:size]
    older = _cursor(page, -1) if len(found) > size else None
    return LoanPage(_rows(page), _cursor(page, 0) if before else None, older)


def get_townships(*, registers: Scope) -> "QuerySet[Division]":
    """Return the townships of the counties in which the registers lie, in official order.

    A counter lends to people of other townships, and its figures name them: so the whole county is offered.
    """
    counties = Q(pk__in=[])
    for path in registers.division_paths:
        counties |= Q(path__startswith=path[:COUNTY_DIGITS])
    return Division.objects.filter(counties, level=DivisionLevel.TOWNSHIP).in_official_order()


def get_versions(*, registers: Scope, on: date) -> "QuerySet[ProgrammeVersion]":
    """Return the published versions of the counties in which the registers lie, newest first, with their programme."""
    everything = Selection(scope=registers, registers=registers, as_of=on)
    return published_versions(everything).select_related("programme")


def get_budgets(*, versions: "QuerySet[ProgrammeVersion]") -> "QuerySet[SubsidyBudget]":
    """Return the subsidy budgets of the versions, the newest year first."""
    return (
        SubsidyBudget.objects.filter(version__in=versions.order_by().values("pk"))
        .select_related("version")
        .order_by("-year", "version_id")
    )


def _listed(selection: Selection) -> "QuerySet[Loan]":
    member = LoanUnit.objects.filter(loan=OuterRef("pk"), has_party_member=True)
    return (
        payouts(selection)
        .annotate(paid_amount=F("payout__amount"), is_party=Exists(member))
        .select_related("application__person", "application__entity", "division__parent", "version")
    )


def _rows(loans: list[Loan]) -> list[LoanRow]:
    return [_row(loan) for loan in loans]


def _row(loan: Loan) -> LoanRow:
    case = loan.application
    return LoanRow(
        borrower=case.entity.name if case.entity else masked_name(case.person.name),
        borrower_kind=case.get_borrower_kind_display(),
        is_party=loan.is_party,  # type: ignore[attr-defined]  # annotated in _listed
        township=loan.division.parent.short_name if loan.division.parent else "",
        village=loan.division.short_name,
        purpose=str(Purpose(loan.purpose).label),
        amount=loan.paid_amount,  # type: ignore[attr-defined]  # annotated in _listed
        day=loan.start_date,
        version=loan.version.name,
    )


def _cursor(page: list[Loan], place: int) -> Cursor | None:
    return Cursor(page[place].start_date, page[place].pk) if page else None
