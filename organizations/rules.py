"""Pure rules of this app: codes, identity numbers, names, containment. No database, no clock."""

import json
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
