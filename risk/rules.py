"""What a claim is worth, how a recovery is shared, when a breaker trips, what class days overdue demand. Pure.

Sources: the sharing rules and stops of county schemes (7:3, 8:2, 4:3:2:1, recoveries net of costs by the same ratio);
the five categories by the rules of 2023 (令2023年第1号), whose days are counted in whole calendar days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

from finance.daycount import add_months
from finance.money import ZERO, exact, from_fen, round_half_up, round_to_cent, split_rest_to_last, to_fen

PERCENT_PLACES = 4
TECHNICAL_DAYS_MAX = 7
SUBSTANDARD_AFTER, DOUBTFUL_AFTER, LOSS_AFTER = 90, 270, 360


class Category(IntEnum):
    """The five categories (五级分类); a higher number is worse."""

    NORMAL = 1
    SPECIAL_MENTION = 2
    SUBSTANDARD = 3
    DOUBTFUL = 4
    LOSS = 5

    @property
    def is_bad(self) -> bool:
        return self >= Category.SUBSTANDARD


@dataclass(frozen=True, slots=True)
class Spell:
    """Days in arrears: from the first late day to the day all was paid (not counted); open while `until` is None."""

    since: date
    until: date | None = None
    is_technical: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A step of a claim's cap: of the part of the loss between two amounts (yuan) so many percent count."""

    start: Decimal
    end: Decimal | None
    percent: Decimal


def category_of_days(days: int, *, is_technical: bool = False) -> Category:
    """Return the least category that days past due demand: day 91 is the first “over 90 days”."""
    if days <= 0 or (is_technical and days <= TECHNICAL_DAYS_MAX):
        return Category.NORMAL
    for limit, category in (
        (LOSS_AFTER, Category.LOSS),
        (DOUBTFUL_AFTER, Category.DOUBTFUL),
        (SUBSTANDARD_AFTER, Category.SUBSTANDARD),
    ):
        if days > limit:
            return category
    return Category.SPECIAL_MENTION


def system_minimum(spells: Sequence[Spell], *, on: date, clean_months: int) -> Category:
    """Return the category a loan has at least on a day.

    A bad category is kept until the loan has been out of arrears for `clean_months`. This follows from the spells and
    the day alone: whoever asks late or twice gets the same.
    """
    least = Category.NORMAL
    for spell in spells:
        if spell.since > on:
            continue
        is_open = spell.until is None or spell.until > on
        end = on if is_open or spell.until is None else spell.until - timedelta(days=1)
        reached = category_of_days((end - spell.since).days, is_technical=spell.is_technical)
        if is_open or (reached.is_bad and on < add_months(end, clean_months)):
            least = max(least, reached)
    return least


def may_claim(days_overdue: int, *, trigger_days: int, is_more_than: bool) -> bool:
    """Whether a claim may be filed: from the trigger's day on, or (`is_more_than`) only after it."""
    return days_overdue > trigger_days if is_more_than else days_overdue >= trigger_days


def capped(loss: Decimal, bands: Sequence[Band]) -> Decimal:
    """Return how much of a loss (yuan) counts, rounded once. Without bands all of it; above the last band nothing."""
    if not bands:
        return round_to_cent(loss)
    total = Fraction(0)
    for band in bands:
        top = loss if band.end is None else min(loss, band.end)
        total += exact(max(top - band.start, ZERO)) * exact(band.percent) / 100
    return round_to_cent(min(total, exact(loss)))


def bands_problem(bands: Sequence[Band]) -> str:
    """Return the code of what is wrong with a set of bands, "" when nothing: they must join from 0 upwards."""
    edge: Decimal | None = ZERO
    for band in bands:
        if edge is None or band.start != edge:
            return "gap"
        if band.end is not None and band.end <= band.start:
            return "empty"
        if not 0 < band.percent <= 100:
            return "percent"
        edge = band.end
    return ""


def share_recovery(amount: Decimal, *, weights: Sequence[Decimal], left: Sequence[Decimal]) -> list[Decimal]:
    """Split what is recovered after costs by the claim's shares; nobody gets more than is `left` of his part.

    `amount` is not more than the sum of `left` (ValueError). The last recovery gives each exactly what is left to him,
    so that all recoveries together repay the claim to the fen.
    """
    room = [to_fen(part) for part in left]
    if to_fen(amount) > sum(room):
        raise ValueError("more is shared than was borne")
    parts = [min(to_fen(part), most) for part, most in zip(split_rest_to_last(amount, weights), room, strict=True)]
    short = to_fen(amount) - sum(parts)
    for place in reversed(range(len(parts))):
        extra = min(short, room[place] - parts[place])
        parts[place] += extra
        short -= extra
    return [from_fen(part) for part in parts]


def ratio_percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return a share in percent with four decimals, half up; None where there is nothing to divide by."""
    if whole <= 0:
        return None
    scaled = round_half_up(exact(part) * 100 * 10**PERCENT_PLACES / exact(whole))
    return Decimal(scaled).scaleb(-PERCENT_PLACES)


def is_tripped(part: Decimal, whole: Decimal, *, limit_percent: Decimal) -> bool:
    """Whether a share lies above its limit: equal is not above, and no balance has no share. Compared unrounded."""
    return whole > 0 and exact(part) * 100 > exact(limit_percent) * exact(whole)


def multiple(lent: Decimal, fund: Decimal) -> Decimal | None:
    """Return how many times the fund is lent out (two decimals, half up); None for an empty fund."""
    if fund <= 0:
        return None
    return Decimal(round_half_up(exact(lent) * 100 / exact(fund))).scaleb(-2)


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    """Return a percentage of an amount in yuan, rounded once (the deposit a scheme demands of the balance lent)."""
    return round_to_cent(exact(amount) * exact(percent) / 100)
