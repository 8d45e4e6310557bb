"""Figures of single borrowers, as the county tells of its examples."""

from decimal import Decimal

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from dashboards.choices import Unit
from dashboards.figures.figure import Figure
from dashboards.figures.selection import Selection, payouts


def _largest_sum_of_several_loans(selection: Selection) -> Decimal | None:
    return (
        payouts(selection)
        .filter(units__household__isnull=False)
        .values("units__household")
        .annotate(total=Sum("payout__amount"), number=Count("pk"))
        .filter(number__gt=1)
        .order_by("-total")
        .values_list("total", flat=True)
        .first()
    )


FIGURES = (
    Figure(
        "largest_sum_of_several_loans", _("Largest sum one household borrowed in several loans"), Unit.YUAN,
        _("The loans of each household with more than one, added up; the largest sum."),
        _largest_sum_of_several_loans,
    ),
)  # fmt: skip
