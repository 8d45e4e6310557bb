"""Views of lists that a person keeps."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from web.filters import CURSORS
from web.models import SavedView

VIEWS_MAX = 20  # of one person on one list: more are not found again
NOT_KEPT = CURSORS | {"done"}


class NotSaved(Exception):
    """The view cannot be kept. The text is a sentence for the person."""


def views_of(*, owner: Any, path: str) -> list[SavedView]:
    """Return a person's own views of a list, by name."""
    return list(SavedView.objects.filter(owner=owner, path=path).order_by("name"))


def kept_query(query: str) -> str:
    """Return the filters of an address without its page: the same view in one way of writing, "" for none."""
    given = QueryDict(query, mutable=True)
    for key in list(given):
        values = [value for value in given.getlist(key) if value and "\x00" not in value]
        if key in NOT_KEPT or not values:
            del given[key]
        else:
            given.setlist(key, values)
    return given.urlencode()


def is_list_of_ours(path: str) -> bool:
    """Whether an address leads to a page of this house and nowhere else."""
    if not path.startswith("/") or path.startswith("//") or len(path) > SavedView.PATH_LENGTH_MAX:
        return False
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


@transaction.atomic
def save_view(*, owner: Any, path: str, query: str, name: str, at: datetime) -> SavedView:
    """Keep a view under a name; the same name again replaces its filters. Raises NotSaved with a sentence."""
    wanted, called = kept_query(query), " ".join(name.split())
    if not called or len(called) > SavedView.NAME_LENGTH_MAX:
        raise NotSaved(
            _("Please give the view a name of at most %(length)s characters.") % {"length": SavedView.NAME_LENGTH_MAX}
        )
    if not is_list_of_ours(path) or len(wanted) > SavedView.QUERY_LENGTH_MAX:
        raise NotSaved(_("This list cannot be kept as a view."))
    if not wanted:
        raise NotSaved(_("No filter is set: there is nothing to keep."))
    known = SavedView.objects.filter(owner=owner, path=path)
    if not known.filter(name=called).exists() and known.count() >= VIEWS_MAX:
        raise NotSaved(
            _("You have %(number)s views of this list already. Please delete one first.") % {"number": VIEWS_MAX}
        )
    # Two clicks at the same moment: update_or_create reads again what the first one wrote.
    view, _is_new = SavedView.objects.update_or_create(
        owner=owner, path=path, name=called, defaults={"query": wanted, "saved_at": at}
    )
    return view


def delete_view(*, owner: Any, view_id: int) -> bool:
    """Forget one of a person's own views; False where there is none (any more)."""
    view = SavedView.objects.filter(owner=owner, pk=view_id).first()
    if view is None:
        return False
    return bool(view.delete()[0])
