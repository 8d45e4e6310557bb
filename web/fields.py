"""Form fields that take what a county office really types: full-width digits, commas, spaces, any of five middle dots.

Every field says what is wrong in a sentence the clerk can act on.
"""

import re
import unicodedata
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from web.text import compact, half_width, normalised_name

AMOUNT_LIMIT = Decimal("1e12")  # numeric(14, 2) holds less than this
_AMOUNT = re.compile(r"(?P<whole>-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+))(?:\.(?P<fraction>[0-9]+))?")

NAME_LENGTH_MIN, NAME_LENGTH_MAX = 2, 40
NAME_DOT = "·"


class MoneyField(forms.Field):
    """An amount in yuan. Cleans to a Decimal with two places, or None when left empty and not required.

    Accepts 50000, 50,000.00, ５００００, ¥50 000 and 50000元. Zero is refused unless `allow_zero`.
    """

    suffix = _("yuan")
    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write the amount in yuan with digits, for example 50000 or 50,000.00."),
        "negative": _("The amount cannot be negative."),
        "zero": _("The amount must be more than zero."),
        "decimals": _("Write at most two decimals: the smallest unit is one fen."),
        "too_large": _("The amount is too large. Please check the number of digits."),
        "above": _("The amount is above the limit of %(limit)s yuan."),
    }

    def __init__(self, *, allow_zero: bool = False, max_value: Decimal | None = None, **kwargs: Any) -> None:
        self.allow_zero, self.max_value = allow_zero, max_value
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "data-kind": "money"}

    def prepare_value(self, value: Any) -> Any:
        return format(value, ".2f") if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        typed = compact(str(value)).removeprefix("¥").removeprefix("￥").removesuffix("元")
        found = _AMOUNT.fullmatch(typed)
        if found is None:
            raise self.problem("invalid")
        fraction = (found["fraction"] or "").rstrip("0")
        if len(fraction) > 2:
            raise self.problem("decimals")
        amount = Decimal(f"{found['whole'].replace(',', '')}.{fraction:0<2}")
        if abs(amount) >= AMOUNT_LIMIT:
            raise self.problem("too_large")
        return amount

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value < 0:
            raise self.problem("negative")
        if value == 0 and not self.allow_zero:
            raise self.problem("zero")
        if self.max_value is not None and value > self.max_value:
            raise self.problem("above", limit=f"{self.max_value:,.2f}")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except forms.ValidationError:
            return True

    def problem(self, code: str, **params: Any) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code, params=params or None)


class NameField(forms.CharField):
    """A person's name: 2 to 40 letters, rare characters included, foreign parts joined by ·.

    The input has no maxlength: browsers count UTF-16 units and would cut a name of rare characters in half.
    """

    default_error_messages = {
        "length": _("A name has 2 to 40 characters."),
        "digit": _("A name cannot hold digits: %(characters)s"),
        "character": _("A name cannot hold these characters: %(characters)s"),
        "dot": _("The dot · may only stand between two parts of a name."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> str:
        return normalised_name(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value:
            return
        self.refuse("digit", [c for c in value if unicodedata.category(c) in {"Nd", "No"}])
        self.refuse("character", [c for c in value if not is_name_character(c)])
        if not NAME_LENGTH_MIN <= len(value) <= NAME_LENGTH_MAX:
            raise forms.ValidationError(self.error_messages["length"], code="length")
        if value.startswith(NAME_DOT) or value.endswith(NAME_DOT) or NAME_DOT * 2 in value:
            raise forms.ValidationError(self.error_messages["dot"], code="dot")

    def refuse(self, code: str, characters: list[str]) -> None:
        if characters:
            shown = " ".join(dict.fromkeys(map(printable, characters)))
            raise forms.ValidationError(self.error_messages[code], code=code, params={"characters": shown})


class CodeField(forms.CharField):
    """A number that is not a quantity (telephone, account, contract): half-width capitals, no spaces, no hyphens.

    Only the way of writing is mended here. Whether the code exists and its check digit is right, others must say.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("spellcheck", "false")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: "5329 3119 7503 1200 06" is fine with us and longer than its code.
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        attrs.pop("minlength", None)
        return attrs

    def to_python(self, value: Any) -> str:
        return compact(super().to_python(value) or "").replace("-", "").upper()


class IdNumberField(CodeField):
    """A resident's identity number as typed or pasted; `x` and `×` become `X`. Its check digit is not looked at."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("×", "X")


class DayField(forms.DateField):
    """A date in the browser's own calendar; also takes 2014/7/31, 2014年7月31日, 20140731 and full-width digits."""

    default_error_messages = {
        "invalid": _("Write the date as year-month-day, for example 2014-07-31."),
        "before": _("The date cannot be before %(limit)s."),
        "after": _("The date cannot be after %(limit)s."),
    }

    def __init__(self, *, min_value: date | None = None, max_value: date | None = None, **kwargs: Any) -> None:
        self.min_value, self.max_value = min_value or date(1900, 1, 1), max_value or date(2100, 12, 31)
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        return super().to_python(compact(value) if isinstance(value, str) else value)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and value < self.min_value:
            raise forms.ValidationError(self.error_messages["before"], "before", {"limit": self.min_value.isoformat()})
        if value is not None and value > self.max_value:
            raise forms.ValidationError(self.error_messages["after"], "after", {"limit": self.max_value.isoformat()})


class WholeNumberField(forms.IntegerField):
    """A count (months, households, votes). Takes full-width digits; never negative unless `min_value` says so."""

    default_error_messages = {"invalid": _("Write a whole number with digits.")}

    def __init__(self, *, min_value: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(min_value=min_value, **kwargs)

    def to_python(self, value: Any) -> int | None:
        typed = compact(value).replace(",", "") if isinstance(value, str) else value
        if isinstance(typed, str) and typed and not re.fullmatch(r"-?[0-9]{1,12}", typed):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed)


class PercentField(forms.DecimalField):
    """A rate in percent a year, or another percentage: four decimals at most, a trailing % is fine."""

    suffix = "%"
    default_error_messages = {"invalid": _("Write the rate in percent with digits, for example 4.35.")}

    def __init__(self, *, max_value: Decimal = Decimal(100), **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(min_value=Decimal(0), max_value=max_value, max_digits=7, decimal_places=4, **kwargs)

    # Django derives its decimal field from the integer one.
    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        typed = half_width(value).removesuffix("%").strip() if isinstance(value, str) else value
        if isinstance(typed, str) and typed and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", typed):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed)


class RequestIdField(forms.UUIDField):
    """A hidden number made when the form is first shown; the operation keeps it unique and acts once."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("initial", uuid.uuid4)
        message = _("This page is incomplete. Please reload it and try again.")
        kwargs.setdefault("error_messages", {"required": message, "invalid": message})
        super().__init__(**kwargs)


class RevisionField(forms.IntegerField):
    """A hidden number: the revision of the row the person saw. The operation refuses when the row has moved on."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        message = _("This page is incomplete. Please reload it and try again.")
        kwargs.setdefault("error_messages", {"required": message, "invalid": message})
        super().__init__(min_value=0, **kwargs)


def is_name_character(character: str) -> bool:
    """True for letters of any script and ·.

    Planes 2 and 3 hold nothing but Han characters; Python's own tables are older than the newest of them.
    """
    if 0x20000 <= ord(character) <= 0x3FFFD:
        return True
    return character in {NAME_DOT, "〇"} or unicodedata.category(character)[0] in {"L", "M"}


def printable(character: str) -> str:
    """Return the character itself, or its number when nothing would be seen."""
    return character if character.isprintable() else f"U+{ord(character):04X}"
