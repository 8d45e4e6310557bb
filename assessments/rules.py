"""How a value becomes points, points a score and scores ranks. Pure: exact to the end, rounded once, half up.

Sources: HANDBOOK 8.1 (the sheet that gives 93.60) and 8.2; the report prints neither weights nor formulas.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from finance.money import Exact, exact, round_to_cent

Key = TypeVar("Key", bound=Hashable)


# The codes of assessments.choices, where their words stand.
class Direction(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


class Formula(StrEnum):
    PROPORTION = "proportion"
    THRESHOLD = "threshold"
    DEDUCTION = "deduction"


class Grade(StrEnum):
    EXCELLENT = "excellent"
    GOOD = "good"
    PASS = "pass"
    FAIL = "fail"


class RankRule(StrEnum):
    COMPETITION = "competition"
    DENSE = "dense"


@dataclass(frozen=True)
class ItemRule:
    """What an item is worth and how its value counts. `points` is the most it can bring, zero the least."""

    points: Decimal
    formula: str
    direction: str = Direction.HIGHER
    target: Decimal = Decimal(1)
    zero_at: Decimal = Decimal(0)
    deduction: Decimal = Decimal(0)
    is_full_without_basis: bool = True
    is_veto: bool = False


@dataclass(frozen=True)
class Value:
    """A measured or entered value: `numerator` of `denominator` (47 of 50). Of zero: nothing to measure."""

    numerator: Decimal
    denominator: Decimal = Decimal(1)

    @property
    def number(self) -> Fraction | None:
        """The value as an exact number, or None when there was nothing to measure."""
        return exact(self.numerator) / exact(self.denominator) if self.denominator else None


@dataclass(frozen=True)
class Score:
    """The sum of the points, at most 100 or whatever the scheme adds up to, and whether a veto item was missed."""

    total: Decimal
    is_vetoed: bool


def points_of(rule: ItemRule, value: Value) -> Decimal:
    """Return the points of one item with two decimals, between zero and the item's points."""
    number = value.number
    if number is None:
        return round_to_cent(rule.points) if rule.is_full_without_basis else round_to_cent(0)
    points = exact(rule.points)
    match rule.formula:
        case Formula.PROPORTION:
            earned = points * _share(rule, number)
        case Formula.THRESHOLD:
            earned = points if reaches(rule, number) else Fraction(0)
        case _:
            earned = points - exact(rule.deduction) * _distance(rule, number)
    return round_to_cent(min(points, max(Fraction(0), earned)))


def reaches(rule: ItemRule, number: Exact) -> bool:
    """Whether a value is as good as the target."""
    value, target = exact(number), exact(rule.target)
    return value >= target if rule.direction == Direction.HIGHER else value <= target


def misses_veto(rule: ItemRule, value: Value) -> bool:
    """Whether the item is a veto item whose value does not reach the target. Nothing to measure misses nothing."""
    number = value.number
    return rule.is_veto and number is not None and not reaches(rule, number)


def _share(rule: ItemRule, number: Fraction) -> Fraction:
    """The part of the way from `zero_at` to the target; a target without a way is a threshold."""
    way = exact(rule.target) - exact(rule.zero_at)
    if way == 0 or (way < 0) == (rule.direction == Direction.HIGHER):
        return Fraction(int(reaches(rule, number)))
    return min(Fraction(1), max(Fraction(0), (number - exact(rule.zero_at)) / way))


def _distance(rule: ItemRule, number: Fraction) -> Fraction:
    """How far a value is on the wrong side of the target."""
    way = exact(rule.target) - number
    return max(Fraction(0), way if rule.direction == Direction.HIGHER else -way)


def score_of(entries: Sequence[tuple[ItemRule, Value]]) -> Score:
    """Return the sum of the points of a sheet, and its veto."""
    total = sum((exact(points_of(rule, value)) for rule, value in entries), start=Fraction(0))
    return Score(round_to_cent(total), any(misses_veto(rule, value) for rule, value in entries))


def grade_of(score: Decimal, *, is_vetoed: bool, excellent: Decimal, good: Decimal, passed: Decimal) -> Grade:
    """Return the grade of a score; a veto makes it unqualified whatever the score."""
    if is_vetoed or score < passed:
        return Grade.FAIL
    if score < good:
        return Grade.PASS
    return Grade.GOOD if score < excellent else Grade.EXCELLENT


def ranks_of(scores: Mapping[Key, Decimal], rule: str = RankRule.COMPETITION) -> dict[Key, int]:
    """Return the rank of each key, the highest score first. Equal scores share a rank."""
    ordered = sorted(scores.values(), reverse=True)
    if rule == RankRule.DENSE:
        ordered = sorted(set(ordered), reverse=True)
    return {key: ordered.index(score) + 1 for key, score in scores.items()}
