"""A rule of a version as it stands for a case: the number behind it, what it finds, and its clause."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from loans.choices import BreachText
from loans.rules import SOFT, WORTH_KNOWING, Breach
from web.display import show_day, show_yuan


class Level(StrEnum):
    """How a rule stands: kept, worth knowing, in need of a reason, broken; `open` while something is not filled in."""

    KEPT = "kept"
    NOTED = "noted"
    SOFT = "soft"
    BROKEN = "broken"
    OPEN = "open"


@dataclass(frozen=True)
class Row:
    """One rule. `shown` is the number behind it in words (asked for only by a page), `clause` where it stands."""

    code: str
    title: str
    shown: str | Callable[[], str] = ""
    breaches: tuple[Breach, ...] = ()
    clause: str = ""
    is_open: bool = False

    @property
    def figure(self) -> str:
        return self.shown if isinstance(self.shown, str) else self.shown()

    @property
    def level(self) -> Level:
        codes = {breach.code for breach in self.breaches}
        if codes - SOFT - WORTH_KNOWING:
            return Level.BROKEN
        if codes & SOFT:
            return Level.SOFT
        if codes:
            return Level.NOTED
        return Level.OPEN if self.is_open else Level.KEPT

    @property
    def sentences(self) -> list[str]:
        return [say(breach) for breach in self.breaches]

    @property
    def soft(self) -> list[Breach]:
        return [breach for breach in self.breaches if breach.code in SOFT]


def say(breach: Breach) -> str:
    """Return the sentence of a breach in the language of the moment, its amounts as a page shows them."""
    return str(BreachText(breach.code).label) % {key: _shown(value) for key, value in breach.values.items()}


def _shown(value: object) -> object:
    match value:
        case Decimal():
            return show_yuan(value)
        case date():
            return show_day(value)
        case _:
            return value


def finding_of(breach: Breach) -> str:
    """Return the numbers of a breach as text: a reason holds for them and not for others."""
    return json.dumps({key: str(_shown(value)) for key, value in breach.values.items()}, ensure_ascii=False)
