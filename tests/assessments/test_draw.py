"""The draw of an inspection: whoever has seed and list draws the same loans. Worked by hand with sha256sum."""

from hashlib import sha256

import pytest

from assessments.rules_draw import Drawn, Entry, digest_of, draw, entries_of, hash_of, list_of, shares

ENTRIES = [Entry(f"JC-{number:03d}", "532931201000" if number % 4 else "532931202000") for number in range(1, 21)]


def test_a_digest_is_the_sha256_of_seed_colon_number():
    # printf '20140815:JC-001' | sha256sum
    assert digest_of("20140815", "JC-001") == "f2ec8e01b545d31f3c93b485a72adb6017ae64d6e8830c5bbad2ffd85067942a"


def test_the_list_has_a_line_for_each_loan_and_one_hash():
    text = list_of([Entry("B", "2"), Entry("A", "1")])
    assert text == "A\t1\nB\t2\n"
    assert hash_of(text) == sha256(text.encode()).hexdigest()
    assert entries_of(text) == [Entry("A", "1"), Entry("B", "2")]


@pytest.mark.parametrize(
    ("counts", "size", "expected"),
    [
        ({"a": 10, "b": 10}, 3, {"a": 2, "b": 1}),  # equal remainders: the smaller code
        ({"a": 5, "b": 3, "c": 2}, 5, {"a": 3, "b": 1, "c": 1}),  # 2.5, 1.5, 1: one left, the smaller code of two
        ({"a": 1, "b": 99}, 10, {"a": 0, "b": 10}),
        ({"a": 2}, 2, {"a": 2}),
        ({}, 0, {}),
    ],
)
def test_townships_share_by_the_largest_remainder(counts, size, expected):
    assert shares(counts, size=size) == expected


def test_more_than_there_are_cannot_be_drawn():
    with pytest.raises(ValueError, match="cannot be drawn"):
        shares({"a": 2}, size=3)


def test_the_same_seed_draws_the_same_loans_whatever_the_order_of_the_list():
    assert draw(ENTRIES, seed="7", size=5) == draw(ENTRIES[::-1], seed="7", size=5)
    assert {one.entry for one in draw(ENTRIES, seed="7", size=5)} != {
        one.entry for one in draw(ENTRIES, seed="8", size=5)
    }


def test_in_each_township_the_smallest_digests_are_drawn():
    drawn = draw(ENTRIES, seed="20140815", size=4)
    assert [one.position for one in drawn] == [1, 2, 3, 4]
    own = sorted(digest_of("20140815", one.contract_number) for one in ENTRIES if one.township_code.endswith("1000"))
    assert [one.digest for one in drawn[:3]] == own[:3]
    assert isinstance(drawn[3], Drawn)
    assert drawn[3].entry.township_code == "532931202000"


def test_a_loan_stands_on_the_list_once():
    with pytest.raises(ValueError, match="twice"):
        draw([ENTRIES[0], ENTRIES[0]], seed="7", size=1)
