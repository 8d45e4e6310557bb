"""Every figure of the county, once. `FIGURES[code].compute(selection)` gives its value."""

from dashboards.figures import borrowers, house, lending, process, programmes, quality, registers
from dashboards.figures.figure import Figure, Value
from dashboards.figures.lending import Lending, mean_amount, read_lending, share_percent
from dashboards.figures.registers import Registers, read_registers
from dashboards.figures.selection import Selection, payouts

FIGURES: dict[str, Figure] = {
    figure.code: figure
    for room in (lending, quality, process, borrowers, house, registers, programmes)
    for figure in room.FIGURES
}

__all__ = [
    "FIGURES",
    "Figure",
    "Lending",
    "Registers",
    "Selection",
    "Value",
    "mean_amount",
    "payouts",
    "read_lending",
    "read_registers",
    "share_percent",
]
