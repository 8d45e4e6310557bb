"""What a past day's figures were when they were reported, beside what is known of that day now."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from dashboards.choices import Unit
from dashboards.figures import FIGURES, Selection, payouts
from dashboards.figures.quality import quality_of
from finance.money import ZERO
from web.display import show_count, show_yuan

GRACE_DAYS = 5
"""What is recorded up to so many days after a day still belongs to its report: the bank's statements come later."""


@dataclass(frozen=True)
class Correction:
    """A figure as known then and as known now."""

    name: str
    unit: Unit
    then: Decimal | int
    now: Decimal | int

    @property
    def difference(self) -> Decimal | int:
        return self.now - self.then

    @property
    def then_shown(self) -> str:
        return _shown(self.then)

    @property
    def now_shown(self) -> str:
        return _shown(self.now)

    @property
    def difference_shown(self) -> str:
        return ("+" if self.difference > 0 else "") + _shown(self.difference)


def corrections(now: Selection, then: Selection) -> Sequence[Correction]:
    """Return the figures that differ between what was known then (`then.known_at`) and now; none when all agree."""
    found = [
        Correction(str(FIGURES[code].name), FIGURES[code].unit, before, after)
        for (code, before), after in zip(_values(then).items(), _values(now).values(), strict=True)
    ]
    return [one for one in found if one.difference]


def _shown(value: Decimal | int) -> str:
    return show_count(value) if isinstance(value, int) else show_yuan(value)


def _values(selection: Selection) -> dict[str, Decimal | int]:
    lent = payouts(selection).order_by().aggregate(number=Count("pk"), amount=Sum("payout__amount"))
    quality = quality_of(selection)
    return {
        "amount_lent": lent["amount"] or ZERO,
        "loans": lent["number"],
        "outstanding": quality.outstanding,
        "collected": quality.collected,
        "overdue_loans": quality.overdue_loans,
        "overdue_amount": quality.overdue_amount,
        "bad_amount": quality.bad_amount,
    }
