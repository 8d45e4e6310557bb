"""The rules of lending at their edges. Figures of meetings and classes: handbook sections 1.1 and 6.1."""

import dataclasses
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from loans.choices import BreachText
from loans.rules import (
    SOFT,
    WORTH_KNOWING,
    Request,
    RequestRules,
    TierRule,
    Votes,
    check_debts,
    check_exposure,
    check_request,
    check_usual_age,
)

ROOT = Path(__file__).parents[2]
TODAY = date(2014, 8, 15)
SELF = TierRule(["person", "household"], Decimal(1000), Decimal(100000), members_only=False, helped=[])
HELPER = TierRule(
    ["person"],
    Decimal(1000),
    Decimal(300000),
    members_only=True,
    helped=[{"kind": "low_income_member", "min": 2}, {"kind": "member_in_difficulty", "min": 3}],
)
BODY = TierRule(["cooperative", "collective"], Decimal(50000), Decimal(300000), members_only=False, helped=[])
RULES = RequestRules(Decimal(1000), 1, 36, 18, ["crops", "livestock"], ["lump_sum", "interest_only_then_principal"])
GOOD = Request(
    borrower_kind="person",
    amount=Decimal(50000),
    term_months=12,
    purpose="livestock",
    repayment_method="lump_sum",
    birth_date=date(1975, 3, 12),
    is_party_member=False,
    helped=Counter(),
    project_total=Decimal(100000),
    own_funds=Decimal(50000),
)


def breaches(tier=SELF, **changes):
    return [b.code for b in check_request(dataclasses.replace(GOOD, **changes), tier=tier, rules=RULES, on=TODAY)]


def test_a_good_request_breaks_nothing():
    assert breaches() == []


@pytest.mark.parametrize(
    ("amount", "codes"),
    [
        ("100000", []),
        ("101000", ["above_class"]),
        ("1000", []),
        ("0", ["amount_not_positive"]),
        ("-1000", ["amount_not_positive"]),
        ("50500", ["not_a_multiple"]),
        ("50000.50", ["not_a_multiple"]),
        ("1000000000000", ["above_class"]),
    ],
)
def test_an_amount_lies_within_its_class_and_is_a_multiple(amount, codes):
    found = breaches(amount=Decimal(amount), project_total=Decimal(amount) + 50000)
    assert [code for code in found if code != "more_than_the_project_needs"] == codes


@pytest.mark.parametrize(("amount", "codes"), [("50000", []), ("49000", ["below_class"]), ("300000", [])])
def test_a_body_borrows_from_fifty_thousand_on(amount, codes):
    assert breaches(BODY, borrower_kind="collective", amount=Decimal(amount), project_total=Decimal(400000)) == codes


@pytest.mark.parametrize(
    ("born", "codes"),
    [(date(1996, 8, 15), []), (date(1996, 8, 16), ["too_young"]), (date(2000, 2, 29), ["too_young"])],
)
def test_a_minor_cannot_borrow_and_is_of_age_on_his_birthday(born, codes):
    assert breaches(birth_date=born) == codes


@pytest.mark.parametrize(
    ("helped", "codes"),
    [
        ({"low_income_member": 2}, []),
        ({"low_income_member": 1}, ["too_few_helped"]),
        ({"member_in_difficulty": 3}, []),
        ({"member_in_difficulty": 2}, ["too_few_helped"]),
        ({"low_income_member": 1, "member_in_difficulty": 2}, ["too_few_helped"]),
        ({"villager_in_difficulty": 9}, ["too_few_helped"]),
        ({}, ["too_few_helped"]),
    ],
)
def test_either_alternative_of_named_people_opens_the_class(helped, codes):
    assert breaches(HELPER, is_party_member=True, helped=Counter(helped)) == codes


def test_a_members_class_is_closed_to_others():
    assert breaches(HELPER, helped=Counter(low_income_member=2)) == ["class_is_for_members"]


def test_a_class_is_closed_to_other_kinds_of_borrowers():
    assert breaches(BODY, amount=Decimal(50000)) == ["class_is_for_others"]


@pytest.mark.parametrize("purpose", ["consumption", "tourism"])
def test_a_purpose_outside_the_programme_is_refused(purpose):
    assert breaches(purpose=purpose) == ["purpose_not_allowed"]


@pytest.mark.parametrize(("months", "codes"), [(1, []), (36, []), (0, ["term_outside"]), (37, ["term_outside"])])
def test_a_term_lies_between_the_shortest_and_the_longest(months, codes):
    assert breaches(term_months=months) == codes


def test_the_project_must_need_the_money():
    assert breaches(own_funds=Decimal(50001)) == ["more_than_the_project_needs"]


def test_what_is_not_written_down_yet_breaks_no_rule():
    empty = dataclasses.replace(
        GOOD, amount=None, term_months=None, purpose="", repayment_method="", project_total=None, own_funds=None
    )
    assert check_request(empty, tier=SELF, rules=RULES, on=TODAY) == []


@pytest.mark.parametrize(
    ("lapsed", "codes"),
    [
        ({}, []),
        ({"low_income_member": 1}, ["help_lapsed"]),
        ({"member_in_difficulty": 3}, []),  # another kind than those named
    ],
)
def test_a_lapsed_promise_takes_one_of_its_kind_off(lapsed, codes):
    helped = Counter(low_income_member=2)
    assert breaches(HELPER, is_party_member=True, helped=helped, lapsed=Counter(lapsed)) == codes


@pytest.mark.parametrize(("age_max", "codes"), [(None, []), (40, []), (39, ["above_usual_age"])])
def test_the_usual_age_itself_is_usual(age_max, codes):
    rules = dataclasses.replace(RULES, age_max=age_max)
    found = check_usual_age(date(1974, 8, 15), rules=rules, on=TODAY)
    assert [breach.code for breach in found] == codes


@pytest.mark.parametrize(("limit", "codes"), [(None, []), ("3", []), ("2.99", ["debts_above_income"])])
def test_debts_equal_to_the_limit_are_not_above_it(limit, codes):
    rules = dataclasses.replace(RULES, debts_to_income_max=limit and Decimal(limit))
    request = dataclasses.replace(
        GOOD, amount=Decimal(20000), existing_loans=Decimal(10000), annual_income=Decimal(10000)
    )
    assert [breach.code for breach in check_debts(request, rules=rules)] == codes


@pytest.mark.parametrize(("limit", "codes"), [(None, []), ("30000", []), ("29999.99", ["household_above_limit"])])
def test_a_household_may_borrow_up_to_its_limit(limit, codes):
    found = check_exposure(
        Decimal(10000), exposed=Decimal(20000), limit=limit and Decimal(limit), code="household_above_limit"
    )
    assert [breach.code for breach in found] == codes


def test_every_breach_has_its_sentence():
    codes = {
        code
        for path in [*(ROOT / "loans").glob("rules.py"), *(ROOT / "loans" / "queries").glob("*.py")]
        for code in re.findall(r'(?:Breach\(|code=)"([a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert codes == set(BreachText.values)
    assert codes >= SOFT | WORTH_KNOWING


@pytest.mark.parametrize(
    ("entitled", "present", "in_favour", "recused", "quorum", "carried"),
    [
        (9, 5, 5, 0, True, True),
        (9, 4, 4, 0, False, False),
        (10, 5, 5, 0, False, False),  # half is not more than half
        (10, 6, 5, 0, True, False),
        (10, 6, 6, 0, True, True),
        (11, 6, 6, 1, True, True),  # the recused one does not count: ten should attend
        (3, 2, 2, 0, True, True),
        (1, 1, 1, 0, True, True),
    ],
)
def test_quorum_and_majority_are_more_than_half_of_those_who_should_attend(
    entitled, present, in_favour, recused, quorum, carried
):
    votes = Votes(entitled, present, in_favour, present - in_favour, 0, recused)
    assert (votes.has_quorum, votes.is_carried) == (quorum, carried)


@pytest.mark.parametrize(
    ("votes", "code"),
    [
        (Votes(9, 10, 10, 0, 0), "more_present_than_entitled"),
        (Votes(9, 9, 9, 0, 0, recused=1), "more_present_than_entitled"),
        (Votes(9, 8, 7, 0, 0), "votes_do_not_add_up"),
        (Votes(2, 0, 0, 0, 0, recused=2), "nobody_entitled"),
        (Votes(9, 8, 9, -1, 0), "count_negative"),
    ],
)
def test_a_count_that_cannot_be_true_is_named(votes, code):
    assert code in [breach.code for breach in votes.breaches()]


COUNTS = st.integers(0, 60)


@given(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
def test_a_carried_count_without_breach_always_has_its_quorum(entitled, in_favour, against, abstained, recused):
    votes = Votes(entitled, in_favour + against + abstained, in_favour, against, abstained, recused)
    if not votes.breaches() and votes.is_carried:
        assert votes.has_quorum
        assert in_favour > against + abstained - votes.base
        assert 2 * in_favour > votes.base
