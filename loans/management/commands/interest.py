import csv
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from io import TextIOWrapper
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from finance.daycount import DayCount, days_between, months_and_days
from finance.interest import exact_interest
from finance.interest_files import COLUMNS, InterestTerms, Problem, Unreadable, read_terms, with_interest
from finance.money import exact

TEXT_MAX = 40  # of a bad text, what a message repeats

SENTENCES: dict[Problem, Promise] = {
    Problem.NOT_AN_AMOUNT: gettext_lazy("not an amount in yuan: plain digits, at most two decimals, never negative"),
    Problem.NOT_A_RATE: gettext_lazy("not a rate in percent a year: plain digits, at most four decimals"),
    Problem.NOT_A_DAY: gettext_lazy("not a day of the calendar written like 2014-08-15"),
    Problem.PERIOD_REVERSED: gettext_lazy("the end lies before the start"),
    Problem.UNKNOWN_CONVENTION: gettext_lazy("not a day count: act360, zhubi or act365"),
    Problem.COLUMN_MISSING: gettext_lazy("the header has no such column"),
    Problem.COLUMN_TWICE: gettext_lazy("the header has this column twice"),
    Problem.COLUMN_TAKEN: gettext_lazy("the file has this column already"),
    Problem.WRONG_LENGTH: gettext_lazy("the line has not as many columns as the header"),
    Problem.NOT_CSV: gettext_lazy("the line is no CSV"),
}


class Command(BaseCommand):
    help = (
        "Print the interest of a principal (yuan) at a rate (percent a year) from a day to a day, rounded once to the "
        "fen. With --csv, of every line of a file (- for standard input) with the columns "
        f"{', '.join(COLUMNS)}: the same lines with a column interest go to standard output."
    )
    # Nothing but arithmetic: it works without a database and without the rest of the house being in order.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--principal", help="yuan, at most two decimals")
        parser.add_argument("--rate", help="percent a year, at most four decimals")
        parser.add_argument("--start", help="the first day (2014-08-15); it counts")
        parser.add_argument("--end", help="the last day; it does not count")
        parser.add_argument("--convention", help="day count: act360, zhubi or act365; there is no default")
        parser.add_argument("--json", action="store_true", help="inputs, days and working as well")
        parser.add_argument("--csv", metavar="FILE", help="a UTF-8 file to add the column interest to; - reads stdin")

    def handle(self, *args: Any, **options: Any) -> None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # as the file is, whatever the terminal's language
        texts = {column: options[column] for column in COLUMNS}
        try:
            if options["csv"] is None:
                self.print_one(texts, as_json=options["json"])
            elif options["json"] or any(text is not None for text in texts.values()):
                raise CommandError(_("--csv stands alone: the terms are in the file."))
            else:
                self.print_file(options["csv"])
        except Unreadable as error:
            raise CommandError(sentence(error)) from error

    def print_one(self, texts: dict[str, str | None], *, as_json: bool) -> None:
        missing = [f"--{column}" for column, text in texts.items() if text is None]
        if missing:
            raise CommandError(_("Please also give %(options)s.") % {"options": ", ".join(missing)})
        terms = read_terms({column: str(text) for column, text in texts.items()})
        if as_json:
            self.stdout.write(json.dumps(in_full(terms), ensure_ascii=False))
        else:
            self.stdout.write(f"interest: {terms.interest}")

    def print_file(self, name: str) -> None:
        out = csv.writer(self.stdout, lineterminator="\n")
        try:
            with opened(name) as lines:
                out.writerows(with_interest(lines))
        except UnicodeDecodeError as error:
            raise CommandError(_("The file is not written in UTF-8.")) from error
        except OSError as error:
            raise CommandError(_("Reading or writing failed: %(reason)s.") % {"reason": error.strerror}) from error


@contextmanager
def opened(name: str) -> Iterator[TextIO]:
    """Open a file, or standard input for -, as UTF-8 with or without a byte order mark."""
    if name == "-":
        lines = TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
        try:
            yield lines
        finally:
            lines.detach()  # standard input belongs to whoever started us: it stays open
        return
    with open(name, encoding="utf-8-sig", newline="") as file:
        yield file


def sentence(error: Unreadable) -> str:
    """Say where and what: line 7, principal “1e3”: …"""
    place = [_("line %(line)s") % {"line": error.line}] if error.line else []
    if error.text:
        shown = error.text if len(error.text) <= TEXT_MAX else error.text[:TEXT_MAX] + "…"
        place.append(_("%(column)s “%(text)s”") % {"column": error.column, "text": shown})
    elif error.column:
        place.append(error.column)
    return _(", ").join(place) + _(": ") + str(SENTENCES[error.problem])


def in_full(terms: InterestTerms) -> dict[str, object]:
    """Return the inputs, the time and the working; amounts and rates are text, so that nobody's JSON rounds them."""
    span = months_and_days(start=terms.start, end=terms.end)
    return {
        "principal": str(terms.principal),
        "rate": str(terms.rate_percent),
        "start": terms.start.isoformat(),
        "end": terms.end.isoformat(),
        "convention": terms.convention.value,
        "days": days_between(start=terms.start, end=terms.end),
        "months": span.months,
        "odd_days": span.days,
        "working": working(terms),
        "interest": str(terms.interest),
    }


def working(terms: InterestTerms) -> str:
    """Return principal × rate × time as one would write it down; ≈ where the fen had to be rounded."""
    if terms.convention is DayCount.PER_LOAN:
        span = months_and_days(start=terms.start, end=terms.end)
        time = f"({span.months}/12 + {span.days}/360)"
    else:
        days = days_between(start=terms.start, end=terms.end)
        time = f"{days}/{terms.convention.value.removeprefix('act')}"
    return f"{terms.principal} × {terms.rate_percent}% × {time} {sign_of(terms)} {terms.interest}"


def sign_of(terms: InterestTerms) -> str:
    value: Fraction = exact_interest(
        principal=terms.principal,
        rate_percent=terms.rate_percent,
        start=terms.start,
        end=terms.end,
        convention=terms.convention,
    )
    return "=" if value == exact(terms.interest) else "≈"
