import json
from argparse import ArgumentParser
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from finance.daycount import parse_day
from finance.money import parse_amount
from finance.quotes import Quote
from loans.models import Programme
from loans.queries.quotes import (
    Cell,
    Quotation,
    UnableToQuote,
    day_counts_of,
    lines_of,
    mixing_note,
    quotation,
    version_in_force,
)
from web.display import show_day, show_percent, show_yuan

Value = TypeVar("Value")

FIGURES = ("ordinary_interest", "interest", "concession", "subsidy", "own_cost", "benefit")
CONVENTIONS = ("concession_convention", "subsidy_convention", "own_cost_convention")


class Command(BaseCommand):
    help = (
        "Print who bears which part of the interest of a loan: the lender's concession, the government's subsidy, the "
        "borrower's own cost; as published and by each consistent day count. Where no programme is stored yet, the "
        "one that is shipped under this code is stored first."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--programme", required=True, metavar="CODE", help="for example jianchuan")
        parser.add_argument("--amount", required=True, help="yuan, at most two decimals")
        parser.add_argument("--start", required=True, help="the day of payment (2014-08-15); its rules and rates hold")
        parser.add_argument("--end", required=True, help="the day of repayment; it bears no interest any more")
        parser.add_argument("--json", action="store_true", help="everything, amounts as text")

    def handle(self, *args: Any, **options: Any) -> None:
        amount = read_option("--amount", options["amount"], parse_amount)
        start = read_option("--start", options["start"], parse_day)
        end = read_option("--end", options["end"], parse_day)
        if amount == 0:
            raise CommandError(_("%(option)s must be more than zero.") % {"option": "--amount"})
        self.store_shipped(options["programme"])
        try:
            version = version_in_force(programme=options["programme"], on=start)
            found = quotation(version=version, amount=amount, start=start, end=end)
        except UnableToQuote as error:
            raise CommandError(str(error)) from error
        lines = [json.dumps(in_full(found), ensure_ascii=False)] if options["json"] else in_words(found)
        for line in lines:
            self.stdout.write(line)

    def store_shipped(self, code: str) -> None:
        """Store the programme that is shipped under a code, if there is none at all; only results go to stdout."""
        if Programme.objects.exists():
            return
        try:
            call_command("load_reference", code, stdout=self.stderr)
        except CommandError as error:
            raise CommandError(_("No programme “%(code)s” is shipped.") % {"code": code}) from error


def read_option(option: str, text: str, parse: Callable[[str], Value]) -> Value:
    """Return what an option says. Raises CommandError with a sentence."""
    try:
        return parse(text)
    except ValueError as error:
        raise CommandError(_("%(option)s cannot be read: “%(text)s”.") % {"option": option, "text": text}) from error


def in_full(found: Quotation) -> dict[str, object]:
    """Return the published reading's figures on top, as the county printed them, and every reading below."""
    version, split = found.version, found.published
    return {
        "programme": version.programme.code,
        "version": version.code,
        "document_number": version.document_number,
        "amount": str(found.amount),
        "start": found.start.isoformat(),
        "end": found.end.isoformat(),
        "term_months": found.term_months,
        "benchmark_percent": plain(found.benchmark.rate_percent),
        "benchmark_from": found.benchmark.effective_date.isoformat(),
        "ordinary_rate_percent": plain(split.ordinary_rate_percent),
        "lending_rate_percent": plain(split.lending_rate_percent),
        "contract_convention": version.day_count,
        **figures_of(split),
        "note": mixing_note(),
        "departures": found.departures,
        "readings": {reading.code: figures_of(reading.split) for reading in found.readings},
    }


def figures_of(split: Quote) -> dict[str, object]:
    amounts = {name: str(getattr(split, name)) for name in FIGURES}
    return {**amounts, **{name: str(getattr(split, name)) for name in CONVENTIONS}, "is_mixed": split.is_mixed}


def plain(rate_percent: Decimal) -> str:
    return show_percent(rate_percent).removesuffix("%")


def in_words(found: Quotation) -> list[str]:
    """Return the split as a person reads it: the loan, its rates, and each reading with its day counts."""
    split = found.published
    lines = [
        str(found.version),
        _("%(amount)s yuan from %(start)s to %(end)s, %(months)s months")
        % {
            "amount": show_yuan(found.amount),
            "start": show_day(found.start),
            "end": show_day(found.end),
            "months": found.term_months,
        },
        _("Benchmark %(benchmark)s (since %(day)s), ordinary loans %(ordinary)s, these rules %(lending)s")
        % {
            "benchmark": show_percent(found.benchmark.rate_percent),
            "day": show_day(found.benchmark.effective_date),
            "ordinary": show_percent(split.ordinary_rate_percent),
            "lending": show_percent(split.lending_rate_percent),
        },
    ]
    table = lines_of(found)
    for place, reading in enumerate(found.readings):
        lines += ["", reading.label + (_(" (the contract's day count)") if reading.is_contract else "")]
        lines += [f"  {row.label}{_(': ')}{cell_text(row.cells[place])}" for row in table]
    return [*lines, "", *found.departures, day_counts_of(found), mixing_note()]


def cell_text(cell: Cell) -> str:
    amount = _("%(amount)s yuan") % {"amount": show_yuan(cell.amount)}
    return _(", ").join(filter(None, [amount, cell.convention]))
