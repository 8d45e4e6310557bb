"""Refusals are recorded after the view, outside its transaction: an error rolls that one back."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audit.access import Denial, address_of
from audit.operations import record_denied
from web import clock

FORBIDDEN = 403


class DenialsMiddleware:
    """Write a line of the audit trail for every page or row that was refused to a signed-in account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        denial = getattr(request, "denial", None)
        if denial is None and response.status_code == FORBIDDEN and request.user.is_authenticated:
            denial = Denial()
        if denial is not None:
            record_denied(
                actor=request.user if request.user.is_authenticated else None,
                at=clock.now(),
                subject_type=denial.subject_type,
                subject_id=denial.subject_id,
                label=f"{request.method} {request.path}",
                address=address_of(request),
            )
        return response
