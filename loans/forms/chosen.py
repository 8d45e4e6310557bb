"""People and households chosen from the register: each a row of the page, added and taken away one by one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loans.choices import HelpedKind
from loans.operations import Helped
from web.text import number_in

ROWS_MAX = 30


class RowsInput(forms.MultipleHiddenInput):
    """Rows of keys. Beside each key may stand what is said of it, under the same name with `_kind`."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        # A page that compares two versions posts all rows of one in one value: `12:kind,13:kind`.
        rows = [row for posted in _listed(data, name) for row in str(posted).split(",") if row]
        kinds = [*_listed(data, f"{name}_kind"), *[""] * len(rows)]
        return [f"{row}:{kind}" if kind and ":" not in row else row for row, kind in zip(rows, kinds, strict=False)]


def _listed(data: Any, name: str) -> list[Any]:
    return list(data.getlist(name) if hasattr(data, "getlist") else data.get(name, []))


class RowsField(forms.Field):
    """Base of the two fields: a list of texts, none of them twice, at most ROWS_MAX."""

    widget = RowsInput
    default_error_messages = {
        "row": _("This page is incomplete. Please reload it and try again."),
        "many": _("Not more than %(number)s rows."),
    }

    def clean(self, value: Any) -> Any:
        rows = list(dict.fromkeys(value or []))
        if len(rows) > ROWS_MAX:
            raise forms.ValidationError(self.error_messages["many"], "many", {"number": ROWS_MAX})
        return self.parsed(rows)

    def parsed(self, rows: list[str]) -> Any:
        raise NotImplementedError

    def key_in(self, text: str) -> int:
        key = number_in(text)
        if key is None:
            raise forms.ValidationError(self.error_messages["row"], "row")
        return key


class HelpedField(RowsField):
    """Cleans to the people helped. A row is the key of a person and the kind of help, `12:villager_in_difficulty`."""

    def parsed(self, rows: list[str]) -> tuple[Helped, ...]:
        helped: dict[int, Helped] = {}
        for row in rows:
            key, _colon, kind = row.partition(":")
            kind = kind or HelpedKind.VILLAGER_IN_DIFFICULTY
            if kind not in HelpedKind.values:
                raise forms.ValidationError(self.error_messages["row"], "row")
            helped[self.key_in(key)] = Helped(person_id=self.key_in(key), kind=kind)
        return tuple(helped.values())


class ServedField(RowsField):
    """Cleans to the keys of the households served besides the applicant's own."""

    def parsed(self, rows: list[str]) -> tuple[int, ...]:
        return tuple(self.key_in(row) for row in rows)
