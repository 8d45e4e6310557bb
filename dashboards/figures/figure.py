"""What a figure is."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise

from dashboards.choices import Unit
from dashboards.figures.selection import Selection

Value = Decimal | int
Compute = Callable[[Selection], Value | None]


@dataclass(frozen=True)
class Figure:
    """One figure, defined once: every page, paper and check asks `compute`.

    `definition` says in words what is counted and which side a boundary belongs to. `compute` returns None where
    there is nothing to compute from (no version in force, nobody to divide by): a page shows `--`, never a zero.
    """

    code: str
    name: str | Promise
    unit: Unit
    definition: str | Promise
    compute: Compute
