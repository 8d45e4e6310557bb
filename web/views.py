"""Pages that belong to no domain: what people see when something is refused, missing or broken, and the style guide.

The root's URL configuration names them: handler400 = "web.views.bad_request" and so on; settings.CSRF_FAILURE_VIEW.
"""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from web import styleguide as samples
from web.display import show_when
from web.layout import Conflict, Fact


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, "400.html", HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """`raise PermissionDenied(_("…"))` shows its sentence."""
    return error_page(request, "403.html", HTTPStatus.FORBIDDEN, reason=str(exception))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, "404.html", HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, "500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, "web/errors/csrf.html", HTTPStatus.FORBIDDEN)


def conflict(request: HttpRequest, context: Conflict) -> HttpResponse:
    """The answer of a view whose operation lost a race: 409 with who decided what and when."""
    facts = [
        Fact(gettext("Done by"), " · ".join(filter(None, [context.organization, context.decided_by]))),
        Fact(gettext("Result"), context.outcome),
        Fact(gettext("Time"), show_when(context.decided_at) if context.decided_at else ""),
    ]
    return error_page(
        request, "409.html", HTTPStatus.CONFLICT, conflict=context, facts=[fact for fact in facts if fact.value]
    )


def error_page(request: HttpRequest, template: str, status: HTTPStatus, **context: Any) -> HttpResponse:
    """Render without context processors: they ask the database, which may be what is broken."""
    context |= {"request": request, "request_id": getattr(request, "request_id", "")}
    return HttpResponse(render_to_string(template, context), status=status)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component of the design system with its markup, for those who write pages."""
    return render(request, "web/styleguide.html", samples.context(request.GET))
