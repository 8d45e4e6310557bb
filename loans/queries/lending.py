from datetime import date
from decimal import Decimal

from django.db.models import Case, DecimalField, F, Sum, Value, When
from django.db.models.functions import Coalesce

from finance.daycount import add_months
from finance.money import ZERO
from loans.choices import PAID_OUT_KINDS, EntryKind, LoanState
from loans.models import Loan, LoanEntry

SIGNED_PRINCIPAL = Case(
    When(kind__in=PAID_OUT_KINDS, then=F("amount")),
    When(kind__in=(EntryKind.PRINCIPAL, EntryKind.WRITE_OFF), then=-F("amount")),
    default=Value(ZERO),
    output_field=DecimalField(max_digits=14, decimal_places=2),
)


def outstanding_principal(loan: Loan, *, as_of: date | None = None) -> Decimal:
    """Return the principal not yet repaid in yuan, at the end of a day where one is given."""
    entries = LoanEntry.objects.effective().filter(loan=loan)
    if as_of is not None:
        entries = entries.filter(value_date__lte=as_of)
    total = entries.aggregate(total=Coalesce(Sum(SIGNED_PRINCIPAL), Value(ZERO, output_field=DecimalField())))
    return Decimal(total["total"])


def loans_due_for_assessment(on: date) -> "list[int]":
    """Return the paid-out cases whose version assesses by date, where that day has come."""
    live = Loan.objects.filter(
        state=LoanState.LIVE,
        version__assessment_after_months__isnull=False,
        application__state="lent",
    ).values_list("application_id", "start_date", "version__assessment_after_months")
    return [case_id for case_id, start, months in live.iterator() if months and add_months(start, months) <= on]
