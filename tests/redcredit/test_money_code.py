"""Rooms that handle money use exact numbers, and round only through finance.money. (finance itself: tests/finance.)"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from redcredit.local.places import PROJECT

ROOMS = ("loans", "workflow", "subsidies", "risk", "assessments", "mutualaid", "collectives")
BANNED = {"float", "round", "quantize"}
FILES = sorted(
    path
    for room in ROOMS
    for path in (PROJECT / room).rglob("*.py")
    if "migrations" not in path.relative_to(PROJECT).parts
)


def inexact_parts(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=float()):
                yield f"line {node.lineno}: {node.value}"
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in BANNED:
                yield f"line {node.lineno}: {name}()"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_inexact_number_and_no_rounding_of_its_own_gets_in(path: Path) -> None:
    assert list(inexact_parts(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("source", ["x = 0.1", "float(x)", "round(x, 2)", "x.quantize(CENT)"])
def test_the_check_sees_what_it_bans(source: str) -> None:
    assert list(inexact_parts(source))


@pytest.mark.parametrize("source", ["x: float", "round_to_cent(x)", "x = Decimal('0.1')"])
def test_the_check_leaves_the_rest_alone(source: str) -> None:
    assert not list(inexact_parts(source))
