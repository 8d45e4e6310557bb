"""Points, scores and ranks by hand."""

from decimal import Decimal

import pytest

from assessments.choices import Direction, Formula, Grade, RankRule
from assessments.rules import ItemRule, Value, grade_of, misses_veto, points_of, ranks_of, score_of

GRADES = {"excellent": Decimal(95), "good": Decimal(85), "passed": Decimal(75)}


def rule(points, formula=Formula.PROPORTION, **more):
    return ItemRule(points=Decimal(points), formula=formula, **more)


SHEET = (
    (rule(40), Value(Decimal(96), Decimal(100)), "38.40"),
    (rule(20), Value(Decimal(18), Decimal(20)), "18.00"),
    (rule(20, target=Decimal("0.25")), Value(Decimal("0.23")), "18.40"),
    (rule(20), Value(Decimal(47), Decimal(50)), "18.80"),
)


@pytest.mark.parametrize(("item", "value", "points"), SHEET)
def test_each_line_of_the_example_sheet_brings_its_points(item, value, points):
    assert points_of(item, value) == Decimal(points)


def test_the_example_sheet_adds_up_to_93_60():
    assert score_of([(item, value) for item, value, _ in SHEET]).total == Decimal("93.60")


def test_a_missed_veto_item_makes_the_best_score_unqualified():
    veto = rule(0, Formula.THRESHOLD, direction=Direction.LOWER, target=Decimal(0), is_veto=True)
    score = score_of([*((item, value) for item, value, _ in SHEET), (veto, Value(Decimal(1)))])
    assert score.is_vetoed
    assert grade_of(score.total, is_vetoed=score.is_vetoed, **GRADES) == Grade.FAIL


def test_nothing_to_measure_misses_no_veto():
    assert not misses_veto(rule(0, Formula.THRESHOLD, is_veto=True), Value(Decimal(0), Decimal(0)))


def test_points_are_rounded_once_and_half_up():
    assert points_of(rule(1, target=Decimal(8)), Value(Decimal("0.04"))) == Decimal("0.01")  # 0.005


def test_more_than_the_target_brings_no_more_than_the_points():
    assert points_of(rule(10, target=Decimal(5)), Value(Decimal(50))) == Decimal("10.00")


def test_below_the_zero_point_nothing_is_left():
    assert points_of(rule(10, target=Decimal(1), zero_at=Decimal("0.8")), Value(Decimal(7), Decimal(10))) == Decimal(
        "0.00"
    )
    assert points_of(rule(10, target=Decimal(1), zero_at=Decimal("0.8")), Value(Decimal(9), Decimal(10))) == Decimal(
        "5.00"
    )


def test_where_less_is_better_points_fall_from_target_to_zero_point():
    item = rule(10, direction=Direction.LOWER, target=Decimal("0.01"), zero_at=Decimal("0.05"))
    assert [points_of(item, Value(Decimal(n), Decimal(100))) for n in (0, 1, 3, 5, 9)] == [
        Decimal(10),
        Decimal(10),
        Decimal(5),
        Decimal(0),
        Decimal(0),
    ]


def test_a_threshold_is_reached_or_not():
    item = rule(10, Formula.THRESHOLD, target=Decimal("0.95"))
    assert [points_of(item, Value(Decimal(n), Decimal(100))) for n in (95, 94)] == [Decimal(10), Decimal(0)]


def test_each_unit_beyond_the_target_costs_its_deduction_down_to_zero():
    item = rule(10, Formula.DEDUCTION, direction=Direction.LOWER, target=Decimal(1), deduction=Decimal(3))
    assert [points_of(item, Value(Decimal(n))) for n in (0, 1, 2, 4, 9)] == [
        Decimal(10),
        Decimal(10),
        Decimal(7),
        Decimal(1),
        Decimal(0),
    ]


@pytest.mark.parametrize(("is_full", "points"), [(True, "10.00"), (False, "0.00")])
def test_nothing_to_measure_brings_all_or_nothing_as_the_item_says(is_full, points):
    assert points_of(rule(10, is_full_without_basis=is_full), Value(Decimal(0), Decimal(0))) == Decimal(points)


@pytest.mark.parametrize(
    ("score", "grade"),
    [("95", Grade.EXCELLENT), ("94.99", Grade.GOOD), ("85", Grade.GOOD), ("75", Grade.PASS), ("74.99", Grade.FAIL)],
)
def test_a_grade_begins_at_its_score(score, grade):
    assert grade_of(Decimal(score), is_vetoed=False, **GRADES) == grade


def test_equal_scores_share_a_rank_and_the_next_place_is_skipped():
    scores = {"a": Decimal(90), "b": Decimal(95), "c": Decimal(90), "d": Decimal(80)}
    assert ranks_of(scores) == {"a": 2, "b": 1, "c": 2, "d": 4}
    assert ranks_of(scores, RankRule.DENSE)["d"] == 3
