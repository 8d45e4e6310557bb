"""The worked example to the yuan, ties, stacking, the township's part, and holders who changed in the period."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assessments.choices import HolderRule, PrizeLevel, RankRule, RewardKind as K, StackingRule, TieRule, TownshipRule
from assessments.rules import ranks_of
from assessments.rules_rewards import Entry, Holder, Prize, Terms, Tier, awards_of, parts_of

EXAMPLE = json.loads((Path(__file__).parents[1] / "cases" / "tongren_example.json").read_text(encoding="utf-8"))
ROWS = EXAMPLE["rows"]
TIERS = (Tier(Decimal(95), Decimal(10_000)), Tier(Decimal(85), Decimal(4_000)), Tier(Decimal(75), Decimal(2_000)))
PRIZES = (
    Prize(PrizeLevel.TOWNSHIP, 3, Decimal(95), Decimal(5_000), Decimal(2_000), Decimal(20_000)),
    Prize(PrizeLevel.COUNTY, 3, Decimal(95), Decimal(8_000), Decimal(3_000), Decimal(20_000)),
)
TERMS = Terms(TIERS, PRIZES)
TOWNSHIPS = {name: place for place, name in enumerate(sorted({row["township"] for row in ROWS}))}
ENTRIES = [Entry(place, TOWNSHIPS[row["township"]], Decimal(str(row["score"]))) for place, row in enumerate(ROWS)]
COLUMNS = {
    "base": K.BASE, "township_top3": K.TOP_TOWNSHIP, "county_top3": K.TOP_COUNTY,
    "persons_each_township": K.PERSON_TOWNSHIP, "persons_each_county": K.PERSON_COUNTY,
}  # fmt: skip


def amounts(entries, terms=TERMS):
    return {(award.key, award.kind): award.amount for award in awards_of(entries, terms)}


def changed(**rules):
    return Terms(TIERS, PRIZES, **rules)


@pytest.mark.parametrize("place", range(len(ROWS)), ids=[row["village"] for row in ROWS])
def test_the_worked_example_comes_out_to_the_yuan(place):
    found = amounts(ENTRIES)
    assert {name: found.get((place, kind), Decimal(0)) for name, kind in COLUMNS.items()} == {
        name: Decimal(ROWS[place][name]) for name in COLUMNS
    }


def test_the_ranks_of_the_worked_example_come_out():
    county = ranks_of({entry.key: entry.score for entry in ENTRIES})
    assert [county[place] for place in range(len(ROWS))] == [row["rank_in_county"] for row in ROWS]


def test_each_township_with_a_winner_gets_its_amount_once_by_default():
    found = [award for award in awards_of(ENTRIES, TERMS) if award.kind == K.TOWNSHIP]
    assert [award.amount for award in found] == [Decimal(20_000), Decimal(20_000)]


def test_a_township_can_get_its_amount_for_every_winner():
    found = awards_of(ENTRIES, changed(township_rule=TownshipRule.PER_VILLAGE))
    assert sum(award.amount for award in found if award.kind == K.TOWNSHIP) == Decimal(100_000)


def test_the_whole_plan_of_the_worked_example():
    # 5 × 10,000 + 2 × 4,000 + 2 × 2,000; 5 × 5,000; 3 × 8,000; 3 posts × (5 × 2,000 + 3 × 3,000); 2 × 20,000.
    found = awards_of(ENTRIES, TERMS)
    persons = sum(award.amount for award in found if award.kind in (K.PERSON_TOWNSHIP, K.PERSON_COUNTY))
    rest = sum(award.amount for award in found if award.kind not in (K.PERSON_TOWNSHIP, K.PERSON_COUNTY))
    assert (rest, 3 * persons) == (Decimal(151_000), Decimal(57_000))


def test_who_ties_for_the_last_place_can_split_its_award():
    found = amounts(ENTRIES, changed(tie_rule=TieRule.SPLIT))
    assert [found[place, K.TOP_TOWNSHIP] for place in (2, 3)] == [Decimal(2_500), Decimal(2_500)]
    assert found[0, K.TOP_TOWNSHIP] == Decimal(5_000)


def test_who_ties_for_the_last_place_can_be_left_out():
    found = amounts(ENTRIES, changed(tie_rule=TieRule.EXCLUDE))
    assert (2, K.TOP_TOWNSHIP) not in found
    assert found[1, K.TOP_TOWNSHIP] == Decimal(5_000)


def test_a_tie_that_fits_the_places_loses_nothing():
    two = [Entry(1, 1, Decimal(96)), Entry(2, 1, Decimal(96))]
    assert amounts(two, changed(tie_rule=TieRule.EXCLUDE))[2, K.TOP_TOWNSHIP] == Decimal(5_000)


def test_of_two_levels_only_the_higher_is_paid_when_the_scheme_says_so():
    found = amounts(ENTRIES, changed(stacking_rule=StackingRule.HIGHER))
    assert (4, K.TOP_TOWNSHIP) not in found
    assert (found[4, K.TOP_COUNTY], found[4, K.PERSON_COUNTY]) == (Decimal(8_000), Decimal(3_000))


def test_dense_ranks_let_a_fourth_village_win():
    entries = [Entry(n, 1, Decimal(score)) for n, score in enumerate(("99", "98", "98", "97"))]
    assert (3, K.TOP_TOWNSHIP) not in amounts(entries)
    assert (3, K.TOP_TOWNSHIP) in amounts(entries, changed(rank_rule=RankRule.DENSE))


villages = st.lists(
    st.tuples(st.integers(0, 4), st.integers(7_000, 10_000)), min_size=1, max_size=25
).map(lambda rows: [Entry(key, town, Decimal(score) / 100) for key, (town, score) in enumerate(rows)])  # fmt: skip
terms = st.builds(
    Terms, st.just(TIERS), st.just(PRIZES), st.sampled_from(RankRule), st.sampled_from(TieRule),
    st.sampled_from(StackingRule), st.sampled_from(TownshipRule),
)  # fmt: skip


@given(entries=villages, rules=terms, random=st.randoms(use_true_random=False))
def test_the_order_of_the_villages_changes_nothing(entries, rules, random):
    shuffled = random.sample(entries, len(entries))
    assert awards_of(shuffled, rules) == awards_of(entries, rules)


@given(entries=villages, rules=terms)
def test_no_rule_pays_one_reason_twice_or_below_its_score(entries, rules):
    found = awards_of(entries, rules)
    assert max(Counter((award.key, award.kind) for award in found).values(), default=1) == 1
    scores = {entry.key: entry.score for entry in entries}
    assert all(scores[award.key] >= Decimal(75 if award.kind == K.BASE else 95) for award in found)


@given(entries=villages)
def test_splitting_ties_never_costs_more_than_sharing_them(entries):
    def total(rule):
        return sum(award.amount for award in awards_of(entries, changed(tie_rule=rule)))

    assert total(TieRule.EXCLUDE) <= total(TieRule.SPLIT) + Decimal("0.10") <= total(TieRule.SHARE) + Decimal("0.10")


YEAR_END = date(2014, 12, 31)
CHANGED = [Holder(1, date(2014, 1, 1), date(2014, 9, 30)), Holder(2, date(2014, 10, 1), YEAR_END)]


def test_two_holders_share_an_award_by_their_days():
    parts = parts_of(Decimal(2_000), CHANGED, last_day=YEAR_END, rule=HolderRule.SPLIT)
    assert [(part.key, part.days, part.amount) for part in parts] == [
        (1, 273, Decimal("1495.89")),
        (2, 92, Decimal("504.11")),
    ]


def test_the_holder_of_the_last_day_can_take_all():
    parts = parts_of(Decimal(2_000), CHANGED, last_day=YEAR_END, rule=HolderRule.AT_END)
    assert [(part.key, part.amount) for part in parts] == [(2, Decimal(2_000))]


def test_a_post_nobody_held_pays_nobody():
    assert parts_of(Decimal(2_000), [], last_day=YEAR_END, rule=HolderRule.SPLIT) == []
    assert parts_of(Decimal(2_000), CHANGED[:1], last_day=YEAR_END, rule=HolderRule.AT_END) == []


@given(amount=st.integers(1, 10**7), days=st.lists(st.integers(1, 300), min_size=1, max_size=5))
def test_the_parts_of_a_post_add_up_to_its_award(amount, days):
    holders = [
        Holder(key, date.fromordinal(735_000), date.fromordinal(735_000 + held - 1)) for key, held in enumerate(days)
    ]
    award = Decimal(amount) / 100
    parts = parts_of(award, holders, last_day=YEAR_END, rule=HolderRule.SPLIT)
    assert sum(part.amount for part in parts) == award
