"""The sentences of the notices. The rooms above register theirs here: this room knows none of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Kind:
    """A kind of notice: the sentence with the names of its facts (`%(number)s`), and its tone (web.layout.Tone)."""

    code: str
    sentence: str | Promise
    tone: str = ""


_kinds: dict[str, Kind] = {}


def register(kinds: Iterable[Kind]) -> None:
    """Make kinds known; call it in an app's `ready()`. Raises ValueError where a code says two things."""
    for kind in kinds:
        if _kinds.get(kind.code, kind) != kind:
            raise ValueError(f"two sentences for notices of kind {kind.code}")
        _kinds[kind.code] = kind


def is_registered(code: str) -> bool:
    return code in _kinds


def sentence_of(code: str, facts: Mapping[str, Any]) -> str:
    """Return what is told, in the reader's language. A kind or fact of an older program still says something."""
    kind = _kinds.get(code)
    try:
        return str(kind.sentence) % facts if kind else _("A notice of an earlier version.")
    except (KeyError, TypeError, ValueError):
        return _("A notice of an earlier version.")


def tone_of(code: str) -> str:
    return _kinds[code].tone if code in _kinds else ""
