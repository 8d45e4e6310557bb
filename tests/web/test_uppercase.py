from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from web.uppercase import DIGITS, uppercase_amount


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        # The handbook's samples (section 10).
        ("304.17", "叁佰零肆元壹角柒分"),
        ("804.17", "捌佰零肆元壹角柒分"),
        ("50000", "伍万元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("87072000", "捌仟柒佰零柒万贰仟元整"),
        ("105000000", "壹亿零伍佰万元整"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        # Where zeros are easily lost or doubled.
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.53", "伍角叁分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("10.01", "壹拾元零壹分"),
        ("100.10", "壹佰元零壹角整"),
        ("1000010", "壹佰万零壹拾元整"),
        ("100010", "壹拾万零壹拾元整"),
        ("100000", "壹拾万元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("120000034", "壹亿贰仟万零叁拾肆元整"),
        ("100000001", "壹亿零壹元整"),
        ("100500000", "壹亿零伍拾万元整"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_an_amount_is_written_in_capital_numerals(amount, words):
    assert uppercase_amount(Decimal(amount)) == "人民币" + words


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "1000000000000", "NaN"])
def test_what_no_voucher_can_hold_is_refused(amount):
    with pytest.raises((ValueError, ArithmeticError)):
        uppercase_amount(Decimal(amount))


def read_back(words: str) -> Decimal:
    """Read capital numerals the way a clerk does: digit times place, group by group."""
    places = {"拾": 10, "佰": 100, "仟": 1000}
    total = group = digit = 0
    for sign in words.removeprefix("人民币"):
        if sign in DIGITS:
            digit = DIGITS.index(sign) * 100
        elif sign in places:
            group, digit = group + digit * places[sign], 0
        elif sign in "万亿":
            total, group, digit = total + (group + digit) * (10**4 if sign == "万" else 10**8), 0, 0
        elif sign == "元":
            total, group, digit = total + group + digit, 0, 0
        elif sign in "角分":
            total, digit = total + digit // (10 if sign == "角" else 100), 0
    return Decimal(total) / 100


@given(fen=st.integers(0, 10**14 - 1))
def test_the_words_read_back_give_the_amount(fen):
    amount = Decimal(fen) / 100
    words = uppercase_amount(amount)
    assert read_back(words) == amount
    assert "零零" not in words
    assert "零元" not in words or amount == 0
