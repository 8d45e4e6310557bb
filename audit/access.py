"""The doors of pages. What lies outside a person's scope does not exist (404), and the attempt is remembered."""

import ipaddress
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from web import clock

Row = TypeVar("Row", bound=Model)


class SignedInRequest(HttpRequest):
    """What a view behind LoginRequiredMiddleware gets: `user` is an account, never AnonymousUser. For type checks."""

    user: Any


@dataclass(frozen=True)
class Denial:
    """What somebody was refused: a row, or (with an empty type) the page itself."""

    subject_type: str = ""
    subject_id: str = ""


def get_in_scope(queryset: "QuerySet[Row]", scope: Any, pk: Any, request: HttpRequest) -> Row:
    """Return the row inside the scope. `queryset` must know `for_scope`.

    Raises Http404 for a row that is missing and for one outside the scope alike; the middleware records the attempt.
    """
    row: Row | None = queryset.for_scope(scope).filter(pk=pk).first()  # type: ignore[attr-defined]  # ours have it
    return row if row is not None else refuse(request, queryset.model, pk)


def demand(request: SignedInRequest, *verbs: str) -> None:
    """Go on only if the signed-in account holds a post today that allows one of the verbs; else Http404, recorded."""
    if not request.user.may(*verbs, on=clock.today()):
        refuse(request)


def refuse(request: HttpRequest, model: type[Model] | None = None, pk: Any = "") -> NoReturn:
    """Raise Http404 and let the middleware write down who was refused what."""
    note_denial(request, model, pk)
    raise Http404


def not_allowed(request: HttpRequest, error: Exception, model: type[Model] | None = None, pk: Any = "") -> NoReturn:
    """Answer an operation's refusal: 403 with its sentence where it has one, else there is nothing here (404).

    A sentence is only given to somebody who may see the row: that the same person acted before, for example.
    """
    if str(error):
        raise PermissionDenied(str(error)) from error
    refuse(request, model, pk)


def note_denial(request: HttpRequest, model: type[Model] | None = None, pk: Any = "") -> None:
    """Remember a refusal on the request. It is written after the view, whose transaction a 404 rolls back."""
    subject_type = model._meta.label_lower if model else ""
    request.denial = Denial(subject_type, str(pk))  # type: ignore[attr-defined]  # read by audit.middleware


def address_of(request: HttpRequest) -> str | None:
    """Return the network address of the client, as far as this server can see.

    Behind `settings.PROXY_HOPS` proxies it is what the outermost of ours saw; whatever a client wrote before it into
    the header is not believed.
    """
    hops: int = settings.PROXY_HOPS
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    forwarded = seen[-hops] if 0 < hops <= len(seen) else ""
    return (forwarded if is_address(forwarded) else request.META.get("REMOTE_ADDR")) or None


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
