"""Penalty rates: overdue, misuse, and interest on unpaid interest. The amounts come from finance.interest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from finance.money import exact
from finance.rates import NoRate, lending_rate


class CompoundRule(StrEnum):
    """Which rate unpaid interest bears. Two notices of the People's Bank differ, so the contract says which."""

    CONTRACT_RATE_WITHIN_TERM = "contract"
    """The 1999 rules: the contract's rate until maturity, the penalty rate after it."""
    PENALTY_RATE = "penalty"
    """银发〔2003〕251号: the penalty rate from the start."""


class MarkupOutsideRule(ValueError):
    """A contract's mark-up lies outside what the rule of its date allows."""


@dataclass(frozen=True, slots=True)
class PenaltyRule:
    """The mark-ups on the contract's rate, in percent of it, that are allowed for contracts from a date on."""

    effective_date: date
    overdue_min_percent: Decimal
    overdue_max_percent: Decimal
    misuse_min_percent: Decimal
    misuse_max_percent: Decimal
    source: str

    def require_allowed(self, *, overdue_markup_percent: Decimal, misuse_markup_percent: Decimal) -> None:
        """Raise MarkupOutsideRule unless both mark-ups lie within the rule; its ends are allowed."""
        if not self.overdue_min_percent <= overdue_markup_percent <= self.overdue_max_percent:
            raise MarkupOutsideRule(f"{overdue_markup_percent}% is no mark-up for an overdue loan ({self.source}).")
        if not self.misuse_min_percent <= misuse_markup_percent <= self.misuse_max_percent:
            raise MarkupOutsideRule(f"{misuse_markup_percent}% is no mark-up for misuse ({self.source}).")


def penalty_rule(*, rules: Sequence[PenaltyRule], on: date) -> PenaltyRule:
    """Return the rule for a contract of that day. Raises NoRate before the first one."""
    in_force = [rule for rule in rules if rule.effective_date <= on]
    if not in_force:
        raise NoRate(series="penalty", term_months=0, on=on, because="no rule on penalty rates reaches back so far")
    return max(in_force, key=lambda rule: rule.effective_date)


def penalty_rate(
    *,
    contract_rate_percent: Decimal,
    overdue_markup_percent: Decimal | None = None,
    misuse_markup_percent: Decimal | None = None,
) -> Decimal:
    """Return the rate of a loan that is overdue, misused or both, in percent a year.

    Leave out the mark-up that does not apply. Of two only the heavier counts, never both together; without any the
    contract's rate stays.
    """
    markups = [exact(markup) for markup in (overdue_markup_percent, misuse_markup_percent) if markup is not None]
    if not markups:
        return contract_rate_percent
    multiplier = 1 + max(markups) / 100
    return lending_rate(benchmark_percent=contract_rate_percent, multiplier=multiplier)


def compound_rate(
    *, rule: CompoundRule, contract_rate_percent: Decimal, penalty_rate_percent: Decimal, on: date, maturity: date
) -> Decimal:
    """Return the rate that unpaid interest bears on a day, in percent a year; maturity itself is after the term."""
    if rule is CompoundRule.CONTRACT_RATE_WITHIN_TERM and on < maturity:
        return contract_rate_percent
    return penalty_rate_percent
