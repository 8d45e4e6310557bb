from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

PASSWORD_PAGE = "accounts:password"
OPEN_PAGES = frozenset({PASSWORD_PAGE, "accounts:logout", "accounts:language"})


class FirstPasswordMiddleware:
    """Whoever holds a password that an administrator made must set an own one before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        page = match.view_name if match else ""
        if not request.user.is_authenticated or not request.user.must_change_password or page in OPEN_PAGES:
            return None
        return redirect(PASSWORD_PAGE)
