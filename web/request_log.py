"""One line of the log for each request: what was asked, by whom, how long it took. Never what was sent."""

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from web.logs import redact

logger = logging.getLogger("web.requests")


class QueryCount:
    """Counts the statements of one request; given to `connection.execute_wrapper`."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], statement: str, parameters: Any, many: bool, context: Any) -> Any:
        self.number += 1
        return execute(statement, parameters, many, context)


class RequestLogMiddleware:
    """Say method, path (without its query: people search for names), status, milliseconds and queries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not logger.isEnabledFor(logging.INFO):
            return self.get_response(request)
        began, queries = perf_counter(), QueryCount()
        with connection.execute_wrapper(queries):
            response = self.get_response(request)
        measures = {
            "method": request.method,
            "path": redact(request.path),
            "status": response.status_code,
            "ms": int((perf_counter() - began) * 1000),
            "queries": queries.number,
            "request_id": getattr(request, "request_id", "-"),
            "user_id": getattr(request, "logged_user_id", "-"),
        }
        logger.info("request", extra=measures)
        return response
