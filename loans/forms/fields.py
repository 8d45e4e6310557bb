"""Fields of this room: texts that can be printed, references of contracts and banks, telephones, lists of names."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from web.forms import NameField
from web.text import compact, half_width

EMOJI_BEGIN, EMOJI_END = 0x1F000, 0x1FFFF
# Joiners and selectors that only emoji need; control, private and surrogate characters have no shape on paper.
_SHAPELESS = {"Cc", "Co", "Cs", "Cn"}
_SELECTORS = {0x200D, 0xFE0E, 0xFE0F, 0x20E3}
_LINE_ENDS = {"\n", "\t"}

REFERENCE = re.compile(r"[0-9A-Za-z一-鿿㐀-䶿〇()（）\[\]〔〕/._-]+")
PHONE = re.compile(r"[0-9][0-9-]{5,18}[0-9]")
NAME_SEPARATORS = re.compile(r"[、，,;；\n]+")


class PlainTextField(forms.CharField):
    """Words that will stand on paper: everything a font can print, no emoji. Lines are kept in a textarea."""

    default_error_messages = {"character": _("These characters cannot be printed: %(characters)s")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def validate(self, value: str) -> None:
        super().validate(value)
        bad = dict.fromkeys(character for character in value if not is_printable(character))
        if bad:
            shown = " ".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in bad)
            raise forms.ValidationError(self.error_messages["character"], "character", {"characters": shown})


def is_printable(character: str) -> bool:
    code = ord(character)
    if EMOJI_BEGIN <= code <= EMOJI_END or code in _SELECTORS:
        return False
    # Python's own tables are older than the newest Han characters: planes 2 and 3 hold nothing else.
    return character in _LINE_ENDS or code >= 0x20000 or unicodedata.category(character) not in _SHAPELESS


class ReferenceField(forms.CharField):
    """A number on somebody's paper (contract, bank voucher): kept as written, but half-width and without spaces."""

    default_error_messages = {"reference": _("Letters, digits and - / . ( ) only, as on the paper.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("spellcheck", "false")

    def to_python(self, value: Any) -> str:
        return compact(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not REFERENCE.fullmatch(value):
            raise forms.ValidationError(self.error_messages["reference"], "reference")


class PhoneField(forms.CharField):
    """A telephone number, with its area code joined by a hyphen or not."""

    default_error_messages = {"phone": _("Write the telephone number with digits, for example 0872-4520001.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("inputmode", "tel")

    def to_python(self, value: Any) -> str:
        return compact(super().to_python(value) or "").replace("—", "-")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not PHONE.fullmatch(value):
            raise forms.ValidationError(self.error_messages["phone"], "phone")


class NamesField(forms.CharField):
    """Several people's names, separated by 、 or spaces. Cleans to a tuple."""

    def __init__(self, *, names_max: int = 20, **kwargs: Any) -> None:
        self.names_max = names_max
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def clean(self, value: Any) -> Any:
        text = half_width(super().clean(value) or "")
        names = [name for part in NAME_SEPARATORS.split(text) for name in names_between_spaces(part)]
        if len(names) > self.names_max:
            raise forms.ValidationError(_("Not more than %(number)s names."), "many", {"number": self.names_max})
        return tuple(NameField().clean(name) for name in dict.fromkeys(names))


def names_between_spaces(text: str) -> list[str]:
    """Return the names of a text without other separators: `段 军` is one name set wide, `和丽芳 段军` are two."""
    names: list[str] = []
    is_open = False
    for word in text.split():
        is_single = len(word) == 1
        if is_single and is_open:
            names[-1] += word
        else:
            names.append(word)
        is_open = is_single
    return names
