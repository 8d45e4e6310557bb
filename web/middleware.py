"""Language by the person's choice, and pages that no shared computer keeps."""

import re
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponse]

REQUEST_ID_HEADER = "X-Request-ID"
REQUEST_ID_FORM = re.compile(r"[0-9A-Za-z-]{8,64}")

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="-")
current_user_id: ContextVar[str] = ContextVar("current_user_id", default="-")


class UserLocaleMiddleware:
    """Speak the language the person set, else the one of the cookie, else Chinese.

    Accept-Language is ignored on purpose: an office computer with an English Windows would show English to a clerk.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PrivatePagesMiddleware:
    """Number every request, and forbid keeping any page that a signed-in person sees.

    The number is `request.request_id`, the X-Request-ID header, on every error page and (by `web.logs`) in every log
    line: a person can read it out on the telephone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = request_id_of(request)  # type: ignore[attr-defined]  # declared nowhere, read everywhere
        request.logged_user_id = user_id_of(request)  # type: ignore[attr-defined]  # for the log
        tokens = (
            current_request_id.set(request.request_id),  # type: ignore[attr-defined]
            current_user_id.set(request.logged_user_id),  # type: ignore[attr-defined]
        )
        try:
            response = self.get_response(request)
        finally:
            current_request_id.reset(tokens[0])
            current_user_id.reset(tokens[1])
        response.headers[REQUEST_ID_HEADER] = request.request_id  # type: ignore[attr-defined]
        if is_signed_in(request):
            response.headers["Cache-Control"] = "no-store"
        return response


def chosen_language(request: HttpRequest) -> str:
    """Return a code of settings.LANGUAGES: the user's, the cookie's or the default one."""
    offered = dict(settings.LANGUAGES)
    wishes = (
        getattr(getattr(request, "user", None), "language", ""),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME),
    )
    return next((wish for wish in wishes if wish in offered), settings.LANGUAGE_CODE)


def request_id_of(request: HttpRequest) -> str:
    """Return the proxy's number when it is harmless in a log, else a new one (twelve hexadecimal digits)."""
    given = request.headers.get(REQUEST_ID_HEADER, "")
    return given if REQUEST_ID_FORM.fullmatch(given) else uuid4().hex[:12]


def is_signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def user_id_of(request: HttpRequest) -> str:
    """Return the account's number for the log: its name would be a person's."""
    return str(getattr(request.user, "pk", "-")) if is_signed_in(request) else "-"
