"""Pure rules of this app: codes, identity numbers, names, containment. No database, no clock."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin

DATA = Path(__file__).parent / "data"

# Significant digits of a 12-digit code by level: province, prefecture, county, township, village.
CODE_LENGTHS = (2, 4, 6, 9, 12)

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK_CHARACTERS = "10X98765432"

# Readings that a dictionary of words gets wrong when the character is a surname.
SURNAME_READINGS = {
    "单": "shan4",
    "曾": "zeng1",
    "仇": "qiu2",
    "解": "xie4",
    "区": "ou1",
    "朴": "piao2",
    "查": "zha1",
    "任": "ren2",
    "华": "hua4",
    "盖": "ge3",
    "尉迟": "yu4 chi2",
    "万俟": "mo4 qi2",
}


def division_path(code: str) -> str:
    """Return the significant digits of a 12-digit code: `532931101000` → `532931101`."""
    for length in CODE_LENGTHS:
        if code[length:].strip("0") == "":
            return code[:length]
    return code


class InvalidIdNumber(ValueError):
    """An identity number that GB 11643 does not allow; `code` tells why (`format`, `date`, `check`)."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class IdNumber:
    """A checked 18-character identity number and what it tells."""

    number: str

    @property
    def birth_date(self) -> date:
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))

    @property
    def is_male(self) -> bool:
        return int(self.number[16]) % 2 == 1

    @property
    def last_four(self) -> str:
        return self.number[-4:]


def check_character(seventeen: str) -> str:
    """Return the check character of GB 11643 for the first seventeen digits."""
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, seventeen, strict=True))
    return ID_CHECK_CHARACTERS[total % 11]


def parse_id_number(text: str) -> IdNumber:
    """Check an 18-character identity number (GB 11643-1999).

    The region digits are where a person was first registered: old and foreign codes are fine, so they are not checked.
    Raises InvalidIdNumber.
    """
    number = text.strip().upper()
    if len(number) != 18 or not number[:17].isascii() or not number[:17].isdigit():
        raise InvalidIdNumber("format")
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise InvalidIdNumber("date") from error
    if check_character(number[:17]) != number[17]:
        raise InvalidIdNumber("check")
    return IdNumber(number)


USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(3**place % 31 for place in range(17))
ORGANISATION_CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
DIGITS_AND_CAPITALS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def registration_code_problem(code: str) -> str:
    """Judge a registration code: "" (fine or empty), `length`, `characters` or `check`.

    18 characters are a unified social credit code (GB 32100-2015), 9 an organisation code of the years before
    (GB 11714-1997). A failed check only warns: codes that fail it have been published.
    """
    if not code:
        return ""
    if len(code) == 18:
        return _code_problem(code, USCC_ALPHABET, USCC_ALPHABET, uscc_check_character)
    if len(code) == 9:
        return _code_problem(code, DIGITS_AND_CAPITALS, "0123456789X", organisation_code_check_character)
    return "length"


def _code_problem(code: str, alphabet: str, last: str, check: Callable[[str], str]) -> str:
    if not set(code[:-1]) <= set(alphabet) or code[-1] not in last:
        return "characters"
    return "" if check(code[:-1]) == code[-1] else "check"


def uscc_check_character(seventeen: str) -> str:
    """Return the check character of GB 32100-2015; a sum that divides by 31 gives 0, not a 32nd character."""
    total = sum(weight * USCC_ALPHABET.index(c) for weight, c in zip(USCC_WEIGHTS, seventeen, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def organisation_code_check_character(eight: str) -> str:
    """Return the check character of GB 11714-1997."""
    pairs = zip(ORGANISATION_CODE_WEIGHTS, eight, strict=True)
    total = sum(weight * DIGITS_AND_CAPITALS.index(character) for weight, character in pairs)
    return "0123456789X0"[11 - total % 11]


def age_on(birth_date: date, day: date) -> int:
    """Return the full years of life on a day."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def _syllables(name: str) -> list[str]:
    surname = next((name[:length] for length in (2, 1) if name[:length] in SURNAME_READINGS), "")
    first = SURNAME_READINGS[surname].split() if surname else []
    rest = lazy_pinyin(name[len(surname) :], style=Style.TONE3, neutral_tone_with_five=True)
    return [*first, *rest]


def pinyin_key(name: str) -> str:
    """Return the key that sorts names as a Chinese reader expects: `李安` → `li3 an1\t李安`.

    The embedded PostgreSQL has no ICU, and a stored key sorts better: it knows surnames and phrases.
    """
    return " ".join(_syllables(name)).lower() + "\t" + name


def reading_key(reading: str, name: str) -> str:
    """Return the sort key of a reading typed by hand: `Shan4 wen2jie2` needs its spaces between syllables."""
    return " ".join(reading.lower().split()) + "\t" + name


def reading_initials(reading: str) -> str:
    """Return the first letters of a reading typed by hand."""
    return "".join(syllable[0] for syllable in reading.lower().split())


def pinyin_initials(name: str) -> str:
    """Return the first letters for quick search: `单文杰` → `swj`."""
    return "".join(syllable[0] for syllable in _syllables(name) if syllable).lower()


@dataclass(frozen=True)
class Containment:
    """Whether one kind of organization may sit under another: `refused` blocks, `unusual` warns."""

    refused: str = ""
    unusual: bool = False


@lru_cache(maxsize=1)
def organization_rules() -> dict:  # type: ignore[type-arg]  # a JSON file: its shape is checked by a test
    return json.loads((DATA / "org_rules.json").read_text(encoding="utf-8"))


def containment(kind: str, parent_kind: str | None) -> Containment:
    """Judge where an organization may sit. `refused` holds the code of the broken rule (see org_rules.json)."""
    rules = organization_rules()
    for rule in rules["never"]:
        if kind in rule["kinds"] and parent_kind in rule["under"]:
            return Containment(refused=rule["code"])
    allowed = rules["allowed_parents"].get(kind, [])
    if parent_kind is None:
        return Containment(unusual=bool(allowed))
    return Containment(unusual=parent_kind not in allowed)
