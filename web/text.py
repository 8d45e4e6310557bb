"""Bring what people type into one form, so that the same name or number is the same text everywhere. Pure."""

import unicodedata
from collections.abc import Iterable

# Full-width ASCII (U+FF01–U+FF5E) is what a Chinese input method leaves behind; U+3000 is its space.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# All of them are typed for the dot in 阿普·扎西次仁; the standard one is U+00B7.
_NAME_DOTS = dict.fromkeys(map(ord, "•‧・．･∙⋅"), "·")
# Invisible on screen, but they would make two equal names unequal: variation selectors, zero-width marks.
_INVISIBLE = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x200B, 0x2010), 0x2060, 0xFEFF])

DIGITS_MAX = 19

_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def composed(text: str) -> str:
    """Return `text` in NFC with \\n line ends; nothing a reader could see changes."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def half_width(text: str) -> str:
    """Return `text` with full-width digits, letters and signs as ASCII ones, outer spaces removed."""
    return text.translate(_HALF_WIDTH).strip()


def compact(text: str) -> str:
    """Return `text` half-width without any space: for amounts, dates and codes."""
    return "".join(half_width(text).split())


def normalised_name(text: str) -> str:
    """Return a person's name in the form it is stored and compared in."""
    visible = text.translate(_INVISIBLE).translate(_NAME_DOTS)
    return unicodedata.normalize("NFC", "".join(visible.split()))


def number_in(text: str) -> int | None:
    """Return the key that a hidden input or an address holds, None for anything else (also what no bigint holds)."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < DIGITS_MAX else None


def numbers_in(texts: Iterable[str]) -> list[int]:
    """Return the keys among what several inputs of one name posted, each once, in their order."""
    return [number for text in dict.fromkeys(texts) if (number := number_in(text)) is not None]


def harmless(cell: object) -> object:
    """Return a cell, a text that a spreadsheet would take for a formula with an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_BEGINS) else cell
