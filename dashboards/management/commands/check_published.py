"""Print a county's published figures beside the recomputed ones."""

import argparse
import json
import sys
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _, pgettext

from accounts.models import User
from dashboards.choices import Status
from dashboards.published import (
    Comparison,
    Publication,
    UnknownPublication,
    compare,
    has_unexpected,
    known_publications,
    read_publication,
    shown,
)
from loans.models import Loan

LABEL_WIDTH = 44
FIGURE_WIDTH = 16


class Command(BaseCommand):
    help = (
        "Recompute every figure of a publication (fixtures/published/NAME.json) and compare. Ends with 0 when nothing"
        " differs unexpectedly, else with 1. An empty database gets the demo county first."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="the publication, for instance jianchuan; without it all of them")
        parser.add_argument(
            "--json",
            action="store_true",
            help="a list of objects on stdout (without a name: by publication), no more",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        names = [options["name"]] if options["name"] else known_publications()
        try:
            publications = [read_publication(name) for name in names]
        except UnknownPublication as error:
            raise CommandError(str(error)) from error
        if is_empty() and any(speaks_of_business(publication) for publication in publications):
            call_command("load_demo", stdout=sys.stderr)
        compared = {publication.name: compare(publication) for publication in publications}
        if options["name"]:
            (comparisons,) = compared.values()
            self.stdout.write(as_json(comparisons) if options["json"] else as_table(comparisons))
        else:
            self.stdout.write(all_as_json(compared) if options["json"] else all_as_table(compared))
        if any(has_unexpected(comparisons) for comparisons in compared.values()):
            sys.exit(1)


def speaks_of_business(publication: Publication) -> bool:
    """Whether anything of it can be recomputed at all."""
    return any(figure.code for figure in publication.figures)


def all_as_json(compared: Mapping[str, list[Comparison]]) -> str:
    rows = {name: [_json_row(one) for one in comparisons] for name, comparisons in compared.items()}
    return json.dumps(rows, ensure_ascii=False, indent=2)


def all_as_table(compared: Mapping[str, list[Comparison]]) -> str:
    return "\n\n".join(f"== {name}\n{as_table(comparisons)}" for name, comparisons in compared.items())


def is_empty() -> bool:
    """Whether the database holds nothing that anybody could miss.

    Outside the demo an office that has accounts but no loan yet is being set up: it never gets invented people.
    """
    if Loan.objects.exists():
        return False
    return settings.DEMO or not User.objects.filter(is_system=False).exists()


def as_json(comparisons: list[Comparison]) -> str:
    return json.dumps([_json_row(one) for one in comparisons], ensure_ascii=False, indent=2)


def as_table(comparisons: list[Comparison]) -> str:
    heads = (
        pgettext("column", "Figure"),
        pgettext("figure", "Printed"),
        pgettext("figure", "Recomputed"),
        pgettext("figure", "Difference"),
        pgettext("column", "Result"),
    )
    lines = [_line(heads), *(_line(_text_row(one)) + _note(one) for one in comparisons), "", _summary(comparisons)]
    return "\n".join(lines)


def _json_row(one: Comparison) -> dict[str, Any]:
    return {
        "key": one.figure.key,
        "label": one.figure.label,
        "printed": _json_number(one.figure.printed),
        "recomputed": _json_number(one.recomputed),
        "difference": _json_number(one.difference),
        "status": one.status.value,
        "note": one.note,
    }


def _json_number(value: Decimal | int | str | None) -> Any:
    """A number as it is written: 304.17, and 87072000 without decimals. What is no number stays text."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else json.loads(f"{value.normalize():f}")


def _text_row(one: Comparison) -> tuple[str, ...]:
    unit = str(one.figure.unit.label)
    figures = (one.figure.printed, one.recomputed, one.difference)
    return (f"{one.figure.label} ({unit})", *(shown(value) for value in figures), str(one.status.label))


def _line(cells: tuple[str, ...]) -> str:
    label, *figures, result = cells
    return "  ".join([_padded(label, LABEL_WIDTH), *(_padded(text, -FIGURE_WIDTH) for text in figures), result])


def _padded(text: str, width: int) -> str:
    """`text` in so many columns, a Han character being two of them; a negative width puts it to the right."""
    columns = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    filling = " " * max(abs(width) - columns, 0)
    return text + filling if width > 0 else filling + text


def _note(one: Comparison) -> str:
    return f"\n    {one.note}" if one.note else ""


def _summary(comparisons: list[Comparison]) -> str:
    statuses = [one.status for one in comparisons]
    counts = [f"{status.label} {statuses.count(status)}" for status in Status if status in statuses]
    total = _("%(number)s figures") % {"number": len(comparisons)}
    return total + pgettext("between a label and its text", ": ") + pgettext("between two clauses", ", ").join(counts)
