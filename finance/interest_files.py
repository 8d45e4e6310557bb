"""Reading the terms of an interest from text, one by one or a whole file: the other columns stay as they are."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from finance.daycount import DayCount, NotADay, parse_day
from finance.interest import interest
from finance.money import NotAnAmount, parse_amount, parse_percent

COLUMNS = ("principal", "rate", "start", "end", "convention")
"""Yuan; percent a year; the first day, which counts; the last, which does not; a code of DayCount."""
RESULT = "interest"
"""The column that is added: yuan with two decimals."""

Value = TypeVar("Value")


class Problem(StrEnum):
    """What is wrong with a text. The sentence for it is the reader's business."""

    NOT_AN_AMOUNT = "not_an_amount"
    NOT_A_RATE = "not_a_rate"
    NOT_A_DAY = "not_a_day"
    PERIOD_REVERSED = "period_reversed"
    UNKNOWN_CONVENTION = "unknown_convention"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    COLUMN_TAKEN = "column_taken"
    WRONG_LENGTH = "wrong_length"
    NOT_CSV = "not_csv"


class Unreadable(ValueError):
    """A text says no terms. `line` is its line in the file, 0 for a text of no file; `column` may be unknown."""

    def __init__(self, problem: Problem, *, column: str = "", text: str = "", line: int = 0) -> None:
        super().__init__(f"line {line}, {column} {text!r}: {problem}")
        self.problem = problem
        self.column = column
        self.text = text
        self.line = line


@dataclass(frozen=True, slots=True)
class InterestTerms:
    """What an interest is reckoned from. Arguments and meaning as for `finance.interest.interest`."""

    principal: Decimal
    rate_percent: Decimal
    start: date
    end: date
    convention: DayCount

    @property
    def interest(self) -> Decimal:
        """The interest in yuan, rounded once. Raises PeriodReversed."""
        return interest(
            principal=self.principal,
            rate_percent=self.rate_percent,
            start=self.start,
            end=self.end,
            convention=self.convention,
        )


def read_terms(texts: Mapping[str, str]) -> InterestTerms:
    """Return the terms that the five texts say, by the names of COLUMNS. Raises Unreadable at the first bad one."""
    terms = InterestTerms(
        principal=_read(texts, "principal", parse_amount, NotAnAmount, Problem.NOT_AN_AMOUNT),
        rate_percent=_read(texts, "rate", parse_percent, NotAnAmount, Problem.NOT_A_RATE),
        start=_read(texts, "start", parse_day, NotADay, Problem.NOT_A_DAY),
        end=_read(texts, "end", parse_day, NotADay, Problem.NOT_A_DAY),
        convention=_read(texts, "convention", DayCount, ValueError, Problem.UNKNOWN_CONVENTION),
    )
    if terms.end < terms.start:
        raise Unreadable(Problem.PERIOD_REVERSED, column="end", text=texts["end"])
    return terms


def with_interest(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield the header and the lines of a CSV file, each with its interest at the end; empty lines are left out.

    The file is read as it is asked for. Raises Unreadable when it comes to a bad line; the lines before it are out.
    """
    rows = _numbered_rows(lines)
    number, header = next(rows, (1, []))
    _require_columns(header, line=number)
    places = {column: header.index(column) for column in COLUMNS}
    yield [*header, RESULT]
    for number, row in rows:
        if len(row) != len(header):
            raise Unreadable(Problem.WRONG_LENGTH, line=number)
        try:
            terms = read_terms({column: row[place] for column, place in places.items()})
        except Unreadable as error:
            raise Unreadable(error.problem, column=error.column, text=error.text, line=number) from error
        yield [*row, str(terms.interest)]


def _read(
    texts: Mapping[str, str],
    column: str,
    parse: Callable[[str], Value],
    refusal: type[ValueError],
    problem: Problem,
) -> Value:
    try:
        return parse(texts[column])
    except refusal as error:
        raise Unreadable(problem, column=column, text=texts[column]) from error


def _numbered_rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not empty with the number of its last line: a quoted text may span several."""
    reader = csv.reader(lines, strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise Unreadable(Problem.NOT_CSV, line=reader.line_num) from error


def _require_columns(header: Sequence[str], *, line: int) -> None:
    for column in COLUMNS:
        if column not in header:
            raise Unreadable(Problem.COLUMN_MISSING, column=column, line=line)
        if header.count(column) > 1:
            raise Unreadable(Problem.COLUMN_TWICE, column=column, line=line)
    if RESULT in header:
        raise Unreadable(Problem.COLUMN_TAKEN, column=RESULT, line=line)
