"""What a benefit would cost: the same loan with and without it, by the same trial as the page of an application."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from loans.models import ProgrammeVersion
from loans.models.benefits import Concession
from loans.queries.situation import Asked
from loans.queries.trial import Trial, trial_of


@dataclass(frozen=True)
class Effect:
    """A loan of `amount` yuan over `months`, at the ordinary rate, at the lower one, and with the higher limit."""

    amount: Decimal
    months: int
    ordinary: Trial
    reduced: Trial
    enlarged: Trial

    @property
    def interest_forgone(self) -> Decimal:
        """What the lender bears: interest it does not earn on the same loan."""
        return self.ordinary.quotation.interest - self.reduced.quotation.interest

    @property
    def subsidy_saved(self) -> Decimal:
        """What the budget pays less on the same loan, where the subsidy stops at the interest paid."""
        return self.ordinary.subsidy - self.reduced.subsidy

    @property
    def subsidy_added(self) -> Decimal:
        """What the budget pays more when the higher limit is used up (less than zero where it pays less)."""
        return self.enlarged.subsidy - self.ordinary.subsidy


def effect_of(
    *,
    version: ProgrammeVersion,
    amount: Decimal,
    term_months: int,
    repayment_method: str,
    borrower_kind: str,
    uplift: Decimal,
    concession: Concession | None,
    on: date,
) -> Effect | None:
    """Return the effect on a loan paid out on a day and repaid as agreed; None where no rate is known."""

    def trial(sum_: Decimal, given: Concession | None) -> Trial | None:
        asked = Asked(borrower_kind, amount=sum_, term_months=term_months, repayment_method=repayment_method)
        return trial_of(version, asked, on, concession=given)

    ordinary, reduced = trial(amount, None), trial(amount, concession)
    enlarged = trial(amount + uplift, concession)
    if ordinary is None or reduced is None or enlarged is None:
        return None
    return Effect(amount, term_months, ordinary, reduced, enlarged)
