"""The views that lists bring along for everybody. The rooms above register theirs here."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class BuiltIn:
    """A view that everybody has: the name of the list's URL, a label and the query."""

    url_name: str
    label: str | Promise
    query: str

    @property
    def url(self) -> str:
        return f"{reverse(self.url_name)}?{self.query}"


_built_in: list[BuiltIn] = []


def register(views: Iterable[BuiltIn]) -> None:
    """Make built-in views known; call it in an app's `ready()`."""
    _built_in.extend(view for view in views if view not in _built_in)


def built_in_views(path: str) -> list[BuiltIn]:
    return [view for view in _built_in if reverse(view.url_name) == path]
