"""Money: yuan with two decimals, exact until the end, rounded once, half up, here and nowhere else.

Amounts travel as Decimal with at most two decimals (numeric(14,2) in the database). Inside a calculation they are
Fractions, which lose nothing. The room never sees a binary number with a moving point: it is refused at the door.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Exact: TypeAlias = Decimal | Fraction | int

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
AMOUNT_MAX = Decimal("999999999999.99")
"""The largest amount a numeric(14,2) column holds."""

_PLAIN_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_PLAIN_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")


class NotAnAmount(ValueError):
    """The value is not a sum of money: not finite, finer than a fen, out of range, or not written plainly."""


class NothingToWeigh(ValueError):
    """A split was asked for without any positive weight."""


def exact(value: Exact) -> Fraction:
    """Return the value as a Fraction. Raises TypeError for anything inexact, NotAnAmount for NaN and infinity."""
    # Fraction() itself would accept an inexact number and keep its error for ever.
    if not isinstance(value, Decimal | Fraction | int):
        raise TypeError(f"An exact number is needed, not {type(value).__name__}.")
    if isinstance(value, Decimal) and not value.is_finite():
        raise NotAnAmount(f"{value} is not a finite number.")
    return Fraction(value)


def round_half_up(value: Fraction) -> int:
    """Return the nearest whole number; a half goes away from zero, as ROUND_HALF_UP and PostgreSQL's round() do."""
    magnitude = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return -magnitude if value < 0 else magnitude


def round_to_cent(value: Exact) -> Decimal:
    """Return the value in yuan with two decimals, half up (away from zero). The only rounding of money there is."""
    return from_fen(round_half_up(exact(value) * 100))


def from_fen(fen: int) -> Decimal:
    """Return a whole number of fen as yuan with two decimals, whatever the precision of the decimal context."""
    return Decimal((int(fen < 0), tuple(int(digit) for digit in str(abs(fen))), -2))


def to_fen(amount: Decimal) -> int:
    """Return an amount in yuan as a whole number of fen. Raises NotAnAmount when it is finer than a fen."""
    fen = exact(amount) * 100
    if fen.denominator != 1:
        raise NotAnAmount(f"{amount} is finer than a fen.")
    return fen.numerator


def require_amount(amount: Decimal) -> Decimal:
    """Return the amount with two decimals. Raises NotAnAmount unless it is 0 to AMOUNT_MAX in whole fen."""
    fen = to_fen(amount)
    if not 0 <= fen <= to_fen(AMOUNT_MAX):
        raise NotAnAmount(f"{amount} is outside 0 to {AMOUNT_MAX}.")
    return from_fen(fen)


def parse_amount(text: str) -> Decimal:
    """Read an amount of a file: plain ASCII digits, at most two decimals, no sign, no exponent, no separators."""
    if not _PLAIN_AMOUNT.fullmatch(text):
        raise NotAnAmount(f"{text!r} is not an amount.")
    return require_amount(Decimal(text))


def parse_percent(text: str) -> Decimal:
    """Read a rate of a file, in percent a year: plain ASCII digits, at most four decimals."""
    if not _PLAIN_PERCENT.fullmatch(text):
        raise NotAnAmount(f"{text!r} is not a percentage.")
    return Decimal(text)


def allocate(amount: Decimal, weights: Sequence[Exact]) -> list[Decimal]:
    """Split an amount by weights so that the parts add up to it (largest remainder, ties to the earlier part).

    No part is a whole fen away from its exact share, and a weight of zero gets nothing. A negative amount is split
    as its opposite. Raises NothingToWeigh when no weight is positive, ValueError for a negative one.
    """
    fen = to_fen(amount)
    exact_parts = [abs(fen) * share for share in _shares(weights)]
    parts = [part.numerator // part.denominator for part in exact_parts]
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact_parts[index], index))
    for index in by_remainder[: abs(fen) - sum(parts)]:
        parts[index] += 1
    return [from_fen(-part if fen < 0 else part) for part in parts]


def split_rest_to_last(amount: Decimal, weights: Sequence[Exact]) -> list[Decimal]:
    """Split an amount by weights, each part rounded half up, the last one taking what is left.

    This is how a risk fund and its lender share a loss (the lender is named last) and how a cooperative shares a
    dividend. Errors as for `allocate`; amounts below zero are refused with NotAnAmount.
    """
    shares = _shares(weights)
    rest = to_fen(require_amount(amount))
    parts: list[int] = []
    for share in shares[:-1]:
        # Many equal halves of a fen, all rounded up, could ask for more than there is.
        part = min(round_half_up(exact(amount) * 100 * share), rest)
        parts.append(part)
        rest -= part
    return [from_fen(part) for part in [*parts, rest]]


def _shares(weights: Sequence[Exact]) -> list[Fraction]:
    exact_weights = [exact(weight) for weight in weights]
    if any(weight < 0 for weight in exact_weights):
        raise ValueError("A weight may not be negative.")
    total = sum(exact_weights, Fraction(0))
    if total == 0:
        raise NothingToWeigh("There is no positive weight to split by.")
    return [weight / total for weight in exact_weights]
