"""The standing of the townships in a period: ranks with ties, three groups, and the words for them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dashboards.figures.periods import change_percent
from dashboards.statistics.sheet import Number

# Of so many townships one third stands in front and one third behind.
GROUPS = 3


@dataclass(frozen=True)
class Standing:
    """A township in the ranking. Townships with the same value share a rank, the next one is counted on (1, 1, 3)."""

    rank: int
    label: str
    value: Number | None
    before: Number | None
    rank_before: int | None

    @property
    def change(self) -> Decimal | None:
        return change_percent(self.value, self.before)


def rank(values: Mapping[str, Number | None], before: Mapping[str, Number | None]) -> list[Standing]:
    """Return the townships by falling value, those without one last; equals keep the order they came in."""
    ranks, ranks_before = _ranks(values), _ranks(before)
    known = any(value for value in before.values())
    standings = [
        Standing(ranks[label], label, value, before.get(label), ranks_before.get(label) if known else None)
        for label, value in values.items()
    ]
    return sorted(standings, key=lambda one: one.rank)


def _ranks(values: Mapping[str, Number | None]) -> dict[str, int]:
    def higher(value: Number | None) -> int:
        if value is None:
            return sum(other is not None for other in values.values())
        return sum(other is not None and other > value for other in values.values())

    return {label: higher(value) + 1 for label, value in values.items()}


def groups_of(standings: Sequence[Standing]) -> tuple[list[Standing], list[Standing], list[Standing]]:
    """Return the first, the middle and the last third. Equals stay together, in the better group.

    Where all are equal, or nobody has anything, nobody stands in front and nobody behind.
    """
    number = len(standings)
    if len({one.value for one in standings}) <= 1:
        return [], list(standings), []
    third = max(number // GROUPS, 1)
    front = [one for one in standings if one.rank <= third and one.value]
    last_rank = max((one.rank for one in standings[: number - third]), default=0)
    behind = [one for one in standings if one.rank > last_rank and one not in front]
    middle = [one for one in standings if one not in front and one not in behind]
    return front, middle, behind
