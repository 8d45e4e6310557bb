"""The filter bar of a list. Its state is the URL: a view can be sent to a colleague, and Back works."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BoundField
from django.http import QueryDict

PAGE_PARAMETER = "page"
# What says where one is in a list, in whichever way it is paged: gone when the list becomes another.
CURSORS = frozenset({PAGE_PARAMETER, "after", "before"})


@dataclass(frozen=True)
class Chip:
    """A filter in use. `url` is the same list without it."""

    label: str
    value: str
    url: str


def active_chips(*, form: BaseForm, query: QueryDict) -> list[Chip]:
    """Return a chip for each field of the filter form that `query` fills with something valid."""
    cleaned = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return [
        Chip(str(bound.label), chosen_text(bound, cleaned.get(bound.name)), url_without(query, bound.html_name))
        for bound in form.visible_fields()
        if any(query.getlist(bound.html_name)) and cleaned.get(bound.name) not in (None, "", [])
    ]


def kept_parameters(*, form: BaseForm, query: QueryDict) -> list[tuple[str, str]]:
    """Return what the URL holds besides filters and page (the order, a saved view): it survives a new search."""
    own = {bound.html_name for bound in form} | CURSORS
    return [(key, value) for key, values in query.lists() if key not in own for value in values]


def url_without(query: QueryDict, name: str) -> str:
    """Return the query string without `name`, from the first page on."""
    rest = query.copy()
    for gone in {name} | CURSORS:
        rest.pop(gone, None)
    return f"?{rest.urlencode()}"


def chosen_text(bound: BoundField, value: Any) -> str:
    """Return the chosen value in the words of its field."""
    words = dict(flat_choices(getattr(bound.field, "choices", ())))
    values = value if isinstance(value, list | tuple | set) else [value]
    return "、".join(words.get(str(one), str(one)) for one in values)


def flat_choices(choices: Iterable[Any]) -> Iterable[tuple[str, str]]:
    """Choices without their groups, as texts."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from flat_choices(label)
        else:
            yield str(value), str(label)
