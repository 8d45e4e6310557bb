"""Who gets what for which score and rank. Pure; every rule the report does not print is a parameter (HANDBOOK 8.2).

Working funds by the highest tier reached; the first places of each township and of the county from a score on; the
holders of the village's posts; the township of the winners.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from assessments.choices import (
    HolderRule,
    PrizeLevel,
    RankRule,
    RewardKind,
    StackingRule,
    TieRule,
    TownshipRule,
)
from assessments.rules import ranks_of
from finance.money import ZERO, allocate, exact, round_to_cent

TOP_OF_LEVEL = {PrizeLevel.TOWNSHIP: RewardKind.TOP_TOWNSHIP, PrizeLevel.COUNTY: RewardKind.TOP_COUNTY}
PERSON_OF_LEVEL = {PrizeLevel.TOWNSHIP: RewardKind.PERSON_TOWNSHIP, PrizeLevel.COUNTY: RewardKind.PERSON_COUNTY}


@dataclass(frozen=True)
class Tier:
    """From this score on, this amount in yuan; the highest tier reached counts."""

    score_min: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Prize:
    """What the first `places` of a level bring from a score on, in yuan: to the village, each post, the township."""

    level: str
    places: int
    score_min: Decimal
    amount: Decimal
    person_amount: Decimal
    township_amount: Decimal


@dataclass(frozen=True)
class Terms:
    """The rules of a scheme on rewards."""

    tiers: tuple[Tier, ...]
    prizes: tuple[Prize, ...]
    rank_rule: str = RankRule.COMPETITION
    tie_rule: str = TieRule.SHARE
    stacking_rule: str = StackingRule.ADD
    township_rule: str = TownshipRule.ONCE


@dataclass(frozen=True)
class Entry:
    """A subject with its final score; `key` orders ties of a fen. Who was vetoed is not entered."""

    key: int
    township: int | None
    score: Decimal


@dataclass(frozen=True)
class Award:
    """One amount for one reason. A person's amount is that of one post; the township's names the village it is for."""

    key: int
    kind: RewardKind
    amount: Decimal


def awards_of(entries: Sequence[Entry], terms: Terms) -> list[Award]:
    """Return every award above zero, in the order of the keys. The order of the entries changes nothing."""
    ordered = sorted(entries, key=lambda entry: entry.key)
    awards = [Award(entry.key, RewardKind.BASE, base_of(entry.score, terms.tiers)) for entry in ordered]
    shares = {prize.level: shares_of(ordered, prize, terms) for prize in terms.prizes}
    for entry in ordered:
        awards += _of_places(entry, shares, terms)
    awards += _of_townships(ordered, shares, terms)
    kinds = list(RewardKind)
    return sorted((one for one in awards if one.amount > 0), key=lambda one: (one.key, kinds.index(one.kind)))


def base_of(score: Decimal, tiers: Sequence[Tier]) -> Decimal:
    """Return the working funds of a score: the amount of the highest tier it reaches, or zero."""
    reached = [tier for tier in tiers if score >= tier.score_min]
    return max(reached, key=lambda tier: tier.score_min).amount if reached else ZERO


def shares_of(entries: Sequence[Entry], prize: Prize, terms: Terms) -> dict[int, Fraction]:
    """Return what part of a level's prize each winner gets (1: the whole), by its key."""
    fields: dict[int | None, dict[int, Decimal]] = defaultdict(dict)
    for entry in entries:
        if prize.level == PrizeLevel.COUNTY or entry.township is not None:
            field = None if prize.level == PrizeLevel.COUNTY else entry.township
            fields[field][entry.key] = entry.score
    return {
        key: share
        for scores in fields.values()
        for key, share in _winners(scores, prize, terms).items()
        if share > 0 and scores[key] >= prize.score_min
    }


def _winners(scores: dict[int, Decimal], prize: Prize, terms: Terms) -> dict[int, Fraction]:
    """The part of each within one field. With dense ranks a rank is one place, however many share it."""
    ranks = ranks_of(scores, terms.rank_rule)
    size = {rank: list(ranks.values()).count(rank) for rank in set(ranks.values())}
    winners = {}
    for key, rank in ranks.items():
        if rank > prize.places:
            continue
        tied = size[rank]
        places = 1 if terms.rank_rule == RankRule.DENSE else min(tied, prize.places - rank + 1)
        match terms.tie_rule:
            case TieRule.SHARE:
                winners[key] = Fraction(1)
            case TieRule.SPLIT:
                winners[key] = Fraction(places, tied)
            case _:
                winners[key] = Fraction(int(places == tied))
    return winners


def _of_places(entry: Entry, shares: dict[str, dict[int, Fraction]], terms: Terms) -> list[Award]:
    """What the places of a village bring to itself and to each of its posts."""
    tops, persons = [], []
    for prize in terms.prizes:
        share, level = shares[prize.level].get(entry.key, Fraction(0)), PrizeLevel(prize.level)
        tops.append(Award(entry.key, TOP_OF_LEVEL[level], round_to_cent(exact(prize.amount) * share)))
        persons.append(Award(entry.key, PERSON_OF_LEVEL[level], round_to_cent(exact(prize.person_amount) * share)))
    if terms.stacking_rule == StackingRule.HIGHER:
        tops, persons = _highest(tops), _highest(persons)
    return tops + persons


def _highest(awards: list[Award]) -> list[Award]:
    return [max(awards, key=lambda one: one.amount)] if awards else []


def _of_townships(entries: Sequence[Entry], shares: dict[str, dict[int, Fraction]], terms: Terms) -> list[Award]:
    """What townships get for their winners: the highest amount their places bring, once or for every winner."""
    amounts: dict[int, Decimal] = {}
    for prize in terms.prizes:
        for key in shares[prize.level]:
            amounts[key] = max(amounts.get(key, ZERO), prize.township_amount)
    done: set[int | None] = set()
    awards = []
    # The best village stands for its township, the first by key among equals.
    for entry in sorted(entries, key=lambda one: (-one.score, one.key)):
        if entry.key not in amounts or entry.township is None:
            continue
        if terms.township_rule == TownshipRule.ONCE and entry.township in done:
            continue
        done.add(entry.township)
        awards.append(Award(entry.key, RewardKind.TOWNSHIP, amounts[entry.key]))
    return awards


@dataclass(frozen=True)
class Holder:
    """Who held a post on which days of the period, both included."""

    key: int
    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day) // timedelta(days=1) + 1


@dataclass(frozen=True)
class Part:
    """What one holder gets of a post's award, and for how many days."""

    key: int
    days: int
    amount: Decimal


def parts_of(amount: Decimal, holders: Sequence[Holder], *, last_day: date, rule: str) -> list[Part]:
    """Share a post's award among those who held it in the period; nobody held it: nobody gets it.

    `HolderRule.SPLIT` splits by the days held (largest remainder), `AT_END` gives all to the holder of the last day.
    """
    ordered = sorted(holders, key=lambda holder: (holder.first_day, holder.key))
    if rule == HolderRule.AT_END:
        ordered = [holder for holder in ordered if holder.last_day >= last_day][-1:]
    days: dict[int, int] = {}
    for holder in ordered:
        days[holder.key] = days.get(holder.key, 0) + holder.days
    if not days:
        return []
    amounts = allocate(amount, list(days.values()))
    return [
        Part(key, held, part) for (key, held), part in zip(days.items(), amounts, strict=True) if part > 0
    ]  # fmt: skip
