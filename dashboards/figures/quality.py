"""Figures of quality: what is owed, is it coming back, what is late, what the fund paid."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Substr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from dashboards.choices import Unit
from dashboards.figures.figure import Compute, Figure, Value
from dashboards.figures.selection import Selection, payouts
from finance.money import ZERO
from loans.queries.arrears import BUCKETS, Bucket
from loans.queries.quality import Key, Quality, QualityBy, read_quality
from risk.models import Claim
from risk.queries.classes import bad_loans

__all__ = ["FIGURES", "QualityBy", "claims_paid_by", "quality_by", "quality_of"]

KEY_OF_CLAIM: dict[QualityBy, Any] = {
    QualityBy.TOWNSHIP: Substr("loan__division_path", 1, 9),
    QualityBy.VILLAGE: F("loan__division_path"),
    QualityBy.OUTLET: F("loan__outlet_id"),
    QualityBy.BRANCH: F("loan__branch_id"),
    QualityBy.INTRODUCER: F("loan__application__introducer_id"),
    QualityBy.PROGRAMME: F("loan__version__programme_id"),
    QualityBy.VERSION: F("loan__version_id"),
    QualityBy.LOAN: F("loan_id"),
}


def quality_by(selection: Selection, by: QualityBy = QualityBy.WHOLE) -> dict[Key, Quality]:
    """Return the quality of the loans of the selection (paid out from `since` to its day) at the end of that day."""
    bad = bad_loans(on=selection.as_of, known_at=selection.known_at)
    return read_quality(payouts(selection), selection.as_of, by, bad=bad, known_at=selection.known_at)


def quality_of(selection: Selection) -> Quality:
    """Return the quality of all loans of the selection together. One query."""
    return quality_by(selection).get("", Quality())


def claims_paid_by(selection: Selection, by: QualityBy) -> dict[Key, Decimal]:
    """Return what the fund had paid on claims for the loans of the selection by its day: yuan by key, not WHOLE."""
    paid = _claims_paid(selection).order_by().annotate(key=KEY_OF_CLAIM[by]).values("key")
    return dict(paid.annotate(total=Sum("fund_part")).values_list("key", "total"))


def _claims_paid(selection: Selection) -> Any:
    return Claim.objects.filter(paid_on__lte=selection.as_of, loan__in=payouts(selection).values("pk"))


def _claims(selection: Selection) -> Decimal:
    return _claims_paid(selection).aggregate(total=Sum("fund_part"))["total"] or ZERO


def _of(read: Callable[[Quality], Value | None]) -> Compute:
    return lambda selection: read(quality_of(selection))


def _field(name: str) -> Compute:
    return _of(lambda quality: getattr(quality, name))


def _late(bucket: Bucket) -> Figure:
    return Figure(
        f"overdue_{bucket.first}",
        format_lazy(_("Overdue {range}"), range=bucket.label),
        Unit.YUAN,
        _("Principal outstanding of the loans in arrears for so many days at the end of the day, both ends counted."),
        _of(lambda quality: quality.late_by(bucket.code).amount),
    )


FIGURES = (
    Figure(
        "outstanding", _("Principal outstanding"), Unit.YUAN,
        _("Paid out less repaid and written off, by the day of each entry, the day itself counted. An entry that was"
          " reversed does not count."),
        _field("outstanding"),
    ),
    Figure("live_loans", _("Loans outstanding"), Unit.LOAN,
           _("Loans of which principal is owed at the end of the day."), _field("live")),
    Figure(
        "live_households", _("Households with a loan outstanding"), Unit.HOUSEHOLD,
        _("Different households and bodies served by loans of which principal is owed; with several loans a household"
          " is counted once, where its earliest one lies."),
        _field("live_households"),
    ),
    Figure(
        "fallen_due", _("Principal fallen due"), Unit.YUAN,
        _("What was lent in loans whose day of maturity is the day or before. What was extended or renewed falls due"
          " on its new day; instalments before maturity are not asked for here."),
        _field("fallen_due"),
    ),
    Figure("collected", _("Principal fallen due and collected"), Unit.YUAN,
           _("What was repaid of the loans fallen due, by the day; early repayment counts, writing off does not."),
           _field("collected")),
    Figure("recovery_rate", _("Recovery rate of what fell due"), Unit.PERCENT,
           _("Principal collected in percent of the principal fallen due."), _field("recovery_percent")),
    Figure(
        "overdue_loans", _("Loans overdue"), Unit.LOAN,
        _("Loans on which something is unpaid at the end of the day that had to be paid the day before or earlier."
          " What is due on the day itself is not overdue."),
        _field("overdue_loans"),
    ),
    Figure("overdue_households", _("Households overdue"), Unit.HOUSEHOLD,
           _("Different households and bodies served by loans overdue; each is counted once, where it has been late"
             " longest."), _field("overdue_households")),
    Figure("overdue_amount", _("Amount overdue"), Unit.YUAN,
           _("The whole principal outstanding of the loans overdue."), _field("overdue_amount")),
    Figure("overdue_rate", _("Overdue rate"), Unit.PERCENT,
           _("Amount overdue in percent of the principal outstanding."), _field("overdue_percent")),
    *map(_late, BUCKETS),
    Figure("bad_loans", _("Bad loans"), Unit.LOAN,
           _("Loans outstanding that stand in one of the categories substandard, doubtful and loss at the end of the"
             " day."), _field("bad_loans")),
    Figure("bad_amount", _("Balance of bad loans"), Unit.YUAN,
           _("Principal outstanding of the bad loans."), _field("bad_amount")),
    Figure("bad_rate", _("Bad loan rate"), Unit.PERCENT,
           _("Balance of bad loans in percent of the principal outstanding."), _field("bad_percent")),
    Figure("extensions", _("Loans extended"), Unit.LOAN,
           _("Loans whose day of maturity was put off by agreement by the day."), _field("extended")),
    Figure("renewals", _("Loans renewed without repayment"), Unit.LOAN,
           _("Loans renewed by the day without the principal being repaid before."), _field("renewed")),
    Figure("written_off", pgettext_lazy("figure", "Principal written off"), Unit.YUAN,
           _("Principal written off by the day."), _field("written_off")),
    Figure("claims_paid", _("Claims paid by the fund"), Unit.YUAN,
           _("What the risk fund paid for these loans by the day; what came back later is not taken off."), _claims),
)  # fmt: skip
