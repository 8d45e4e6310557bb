import csv
import random
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest

from finance.daycount import DayCount, NotADay, months_and_days, parse_day
from finance.interest_files import InterestTerms, Problem, Unreadable, read_terms, with_interest
from finance.money import from_fen, to_fen
from tests.finance.cases import read_cases

TEXTS = {
    "principal": "10000.00",
    "rate": "7.20",
    "start": "2013-09-10",
    "end": "2014-09-10",
    "convention": "act360",
}
HEADER = "principal,rate,start,end,convention"
LINE = "10000.00,7.20,2013-09-10,2014-09-10,act360"


def written(text: str) -> list[list[str]]:
    return list(with_interest(StringIO(text, newline="")))


def refusal_of(text: str) -> Unreadable:
    with pytest.raises(Unreadable) as refusal:
        written(text)
    return refusal.value


def test_five_texts_are_the_terms_of_an_interest():
    terms = read_terms(TEXTS)

    assert terms == InterestTerms(
        Decimal(10000), Decimal("7.2"), date(2013, 9, 10), date(2014, 9, 10), DayCount.ACT_360
    )
    assert str(terms.interest) == "730.00"


@pytest.mark.parametrize(
    ("column", "text", "problem"),
    [
        *(
            ("principal", text, Problem.NOT_AN_AMOUNT)
            for text in ("-1", "1.234", "1e3", "NaN", "１００", "1,000", "", " 1", "+1", "1000000000000.00", "0x10")
        ),
        *(
            ("rate", text, Problem.NOT_A_RATE)
            for text in ("-7.2", "7.20001", "7.2%", "Infinity", "1000", "", "７", ".5")
        ),
        *(
            (column, text, Problem.NOT_A_DAY)
            for column in ("start", "end")
            for text in ("2014-02-29", "20140910", "2014-9-1", "２０１４-09-10", "2014-W37-3", "", "2014-09-10 ")
        ),
        ("end", "2013-09-09", Problem.PERIOD_REVERSED),
        *(("convention", text, Problem.UNKNOWN_CONVENTION) for text in ("", "ACT360", "30/360", "act360 ")),
    ],
)
def test_a_text_that_says_no_terms_is_refused_by_its_name(column, text, problem):
    with pytest.raises(Unreadable) as refusal:
        read_terms({**TEXTS, column: text})

    assert (refusal.value.problem, refusal.value.column, refusal.value.text) == (problem, column, text)


@pytest.mark.parametrize("text", ["2014-08-15", "2016-02-29", "0001-01-01", "9999-12-31"])
def test_a_day_is_read_as_it_is_written(text):
    assert parse_day(text).isoformat() == text


@pytest.mark.parametrize("text", ["2015-02-29", "2014-13-01", "0000-01-01", "2014-08-15T00:00", "15.08.2014"])
def test_what_is_not_in_the_calendar_is_no_day(text):
    with pytest.raises(NotADay):
        parse_day(text)


def test_every_worked_example_comes_out_of_a_file_with_its_other_columns_in_place():
    cases = read_cases("interest.csv")
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["source", "principal", "rate", "start", "end", "convention", "expected"])
    for case in cases:
        terms = [case[name] for name in ("principal", "rate_percent", "start", "end", "convention")]
        writer.writerow([case["source"], *terms, case["interest"]])
    header, *rows = written(file.getvalue())

    assert header == ["source", "principal", "rate", "start", "end", "convention", "expected", "interest"]
    assert len(rows) == len(cases)
    assert [row[0] for row in rows] == [case["source"] for case in cases]
    assert [row[-1] for row in rows] == [row[-2] for row in rows]


def test_the_columns_may_stand_in_any_order_and_empty_lines_count_for_nothing():
    text = "end,note,start,rate,principal,convention\r\n\r\n2014-09-10,“甲”,2013-09-10,7.2,10000,zhubi\r\n\r\n"

    assert written(text)[1:] == [["2014-09-10", "“甲”", "2013-09-10", "7.2", "10000", "zhubi", "720.00"]]


@pytest.mark.parametrize(
    ("header", "problem", "column"),
    [
        ("", Problem.COLUMN_MISSING, "principal"),
        ("principal,rate,start,end", Problem.COLUMN_MISSING, "convention"),
        ("Principal,rate,start,end,convention", Problem.COLUMN_MISSING, "principal"),
        (f"{HEADER},rate", Problem.COLUMN_TWICE, "rate"),
        (f"{HEADER},interest", Problem.COLUMN_TAKEN, "interest"),
    ],
)
def test_a_header_without_exactly_the_columns_is_refused(header, problem, column):
    refusal = refusal_of(f"{header}\n{LINE}\n" if header else "")

    assert (refusal.problem, refusal.column, refusal.line) == (problem, column, 1)


@pytest.mark.parametrize(
    ("line", "problem", "column"),
    [
        (LINE.replace("10000.00", "10000.001"), Problem.NOT_AN_AMOUNT, "principal"),
        (LINE.replace("2014-09-10", "2012-09-10"), Problem.PERIOD_REVERSED, "end"),
        (LINE + ",more", Problem.WRONG_LENGTH, ""),
        (LINE.removesuffix(",act360"), Problem.WRONG_LENGTH, ""),
        ('"' + LINE, Problem.NOT_CSV, ""),
    ],
)
def test_a_bad_line_is_named_and_the_lines_before_it_are_out(line, problem, column):
    rows = with_interest(StringIO(f"{HEADER}\n{LINE}\n\n{line}\n", newline=""))
    assert [next(rows)[-1], next(rows)[-1]] == ["interest", "730.00"]

    with pytest.raises(Unreadable) as refusal:
        next(rows)
    assert (refusal.value.problem, refusal.value.column, refusal.value.line) == (problem, column, 4)


def test_a_text_over_several_lines_keeps_the_count_of_lines():
    note = '"甲\n乙"'
    refusal = refusal_of(f"{HEADER},note\n{LINE},{note}\n{LINE.replace('7.20', 'x')},{note}\n")

    assert refusal.line == 5


def test_a_file_is_read_as_it_is_asked_for():
    def lines():
        yield f"{HEADER}\n"
        yield f"{LINE}\n"
        raise AssertionError("nobody has asked for this line yet")

    rows = with_interest(lines())
    assert [next(rows)[-1], next(rows)[-1]] == ["interest", "730.00"]


def in_whole_numbers(principal: int, rate: int, start: date, end: date, convention: DayCount) -> tuple[int, bool]:
    """Return the interest in fen and whether it was a half: fen, millionths and days, nothing but integers."""
    if convention is DayCount.PER_LOAN:
        span = months_and_days(start=start, end=end)
        time, year = 30 * span.months + span.days, 360
    else:
        time, year = (end - start).days, 360 if convention is DayCount.ACT_360 else 365
    whole, rest = divmod(principal * rate * time, year * 10**6)
    return whole + (2 * rest >= year * 10**6), 2 * rest == year * 10**6


def random_terms(number: int):
    """Yield terms of which every tenth ends on half a fen: an odd number of ten-yuan notes, 1.8%, ten days."""
    dice = random.Random(20130910)
    for index in range(number):
        start = date(2008, 1, 1) + timedelta(days=dice.randrange(8000))
        if index % 10:
            days, principal, rate = dice.randrange(2000), dice.randrange(10**9), dice.randrange(240_000)
            yield principal, rate, start, start + timedelta(days=days), dice.choice(list(DayCount))
        else:
            principal = (2 * dice.randrange(50_000) + 1) * 1000
            yield principal, 18_000, start, start + timedelta(days=10), DayCount.ACT_360


def test_a_hundred_thousand_lines_are_what_whole_numbers_make_of_them():
    file, expected, halves = StringIO(newline=""), [], 0
    writer = csv.writer(file)
    writer.writerow(HEADER.split(","))
    for principal, rate, start, end, convention in random_terms(100_000):
        writer.writerow([from_fen(principal), Decimal(rate).scaleb(-4), start, end, convention])
        fen, is_half = in_whole_numbers(principal, rate, start, end, convention)
        expected.append(fen)
        halves += is_half
    file.seek(0)
    rows = with_interest(file)
    next(rows)

    assert [to_fen(Decimal(row[-1])) for row in rows] == expected
    assert halves >= 10_000
