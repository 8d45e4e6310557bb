"""The room keeps its own law: nothing inexact, one rounding, no clock, no framework."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.finance.cases import ROOT

FILES = sorted((ROOT / "finance").glob("*.py"))
ALLOWED_IMPORTS = {
    "bisect",
    "calendar",
    "collections",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "finance",
    "fractions",
    "functools",
    "itertools",
    "re",
    "typing",
}
BANNED_NAMES = {"float", "complex", "round", "quantize", "now", "today", "ROUND_HALF_EVEN", "getcontext"}


def faults(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=float()):
                yield f"line {node.lineno}: an inexact number"
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in BANNED_NAMES:
                yield f"line {node.lineno}: {name}"
            case ast.Import(names=[ast.alias(name=module), *_]) | ast.ImportFrom(module=str(module)):
                if module.partition(".")[0] not in ALLOWED_IMPORTS:
                    yield f"line {node.lineno}: import of {module}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_inexact_no_clock_and_no_framework_gets_in(path: Path):
    assert list(faults(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "x = 0.1",
        "float(x)",
        "round(x, 2)",
        "x.quantize(y)",
        "date.today()",
        "import django",
        "from decimal import getcontext; getcontext()",
    ],
)
def test_the_check_sees_what_it_bans(source):
    assert list(faults(source))


def test_only_the_room_of_money_rounds():
    callers = {
        path.name
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "round_half_up"
    }

    # A rate is rounded to what a contract prints; every amount goes through round_to_cent.
    assert callers == {"money.py", "rates.py"}
