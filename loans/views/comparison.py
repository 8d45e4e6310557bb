"""Two people wrote the same page: both versions side by side, to choose from field by field."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from loans.forms.applications import PageForm
from loans.views.application_pages import Sheet, form_of, people_rows
from web.display import EMPTY, show_when

FRAME = ("revision", "request_id", "declarations")


@dataclass(frozen=True)
class Difference:
    """One input that says something else in the two versions. The raw texts are what the choice posts."""

    name: str
    label: str
    mine: str
    theirs: str
    mine_shown: str
    theirs_shown: str


def differences(sheet: Sheet, form: PageForm) -> list[Difference]:
    """Return where the posted page differs from what is stored now. `form` is bound, its initial is what is stored."""
    stored = form_of(sheet)
    names = [name for name in form.changed_data if name not in FRAME]
    return [
        Difference(
            name=name,
            label=str(form[name].label),
            mine=raw(form[name].value()),
            theirs=raw(stored[name].value()),
            mine_shown=shown(sheet, form, form[name]),
            theirs_shown=shown(sheet, stored, stored[name]),
        )
        for name in names
    ]


def comparison_page(sheet: Sheet, found: list[Difference], form: PageForm) -> HttpResponse:
    """Answer 409 with both versions. The choice is posted to the page itself, as if it had been typed there."""
    chosen = {one.name for one in found}
    same = [(name, raw(form[name].value())) for name in form.fields if name not in chosen | set(FRAME)]
    draft = sheet.draft
    context = {
        "sheet": sheet,
        "case": sheet.case,
        "page": sheet.page,
        "differences": found,
        "same": [(name, text) for name, text in same if text],
        "by": draft.saved_by.name if draft else "",
        "at": show_when(draft.saved_at) if draft else "",
    }
    return render(sheet.request, "loans/application_conflict.html", context, status=HTTPStatus.CONFLICT)


def raw(value: Any) -> str:
    """Return a value as an input posts it; rows in one text."""
    match value:
        case None | False:
            return ""
        case True:
            return "on"
        case Decimal():
            return format(value, ".2f")
        case date():
            return value.isoformat()
        case list() | tuple():
            return ",".join(map(str, value))
    return str(value)


def shown(sheet: Sheet, form: PageForm, field: BoundField) -> str:
    """Return a value as a person reads it."""
    value = field.value()
    if field.name in ("helped", "served"):
        rows = people_rows(sheet, form)
        people = [f"{row['person'].name}" for row in rows["helped_rows"]]
        heads = [str(household.head or household) for household in rows["served_rows"]]
        return "、".join(people if field.name == "helped" else heads) or EMPTY
    if isinstance(value, bool) or field.widget_type == "checkbox":
        return _("yes") if value else _("no")
    choices = getattr(field.field, "choices", None)
    if choices is not None:
        return dict(flat(choices)).get(str(value), EMPTY)
    return raw(value) or EMPTY


def flat(choices: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the options of a select without its groups."""
    found = []
    for key, label in choices:
        options = label if isinstance(label, list | tuple) else [(key, label)]
        found += [(str(one), str(words)) for one, words in options]
    return found
