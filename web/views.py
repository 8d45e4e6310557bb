"""Pages that belong to no domain: what people see when something is refused, missing or broken, and the style guide.

The root's URL configuration names them: handler400 = "web.views.bad_request" and so on; settings.CSRF_FAILURE_VIEW.
"""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from web import clock, saved_views as keeping, styleguide as samples
from web.built_in_views import built_in_views
from web.display import show_when
from web.layout import Conflict, Fact
from web.models import SavedView


@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: HttpRequest) -> HttpResponse:
    """The kept views of one list (`path`), with a form to keep the present one (`query`). A fragment for htmx."""
    asked = request.POST if request.method == "POST" else request.GET
    path, query = asked.get("path", ""), keeping.kept_query(asked.get("query", ""))
    if not keeping.is_list_of_ours(path):
        raise Http404
    if request.method == "POST":
        return keep_view(request, path, query)
    context = {
        "path": path,
        "query": query,
        "built_in": built_in_views(path),
        "own": keeping.views_of(owner=request.user, path=path),
        "name_length_max": SavedView.NAME_LENGTH_MAX,
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    return render(request, "web/_saved_views.html" if is_fragment else "web/saved_views.html", context)


def keep_view(request: HttpRequest, path: str, query: str) -> HttpResponse:
    try:
        view = keeping.save_view(
            owner=request.user, path=path, query=query, name=request.POST.get("name", ""), at=clock.now()
        )
    except keeping.NotSaved as error:
        messages.error(request, str(error))
        return redirect(f"{path}?{query}" if query else path)
    messages.success(request, gettext("The view “%(name)s” is kept.") % {"name": view.name})
    return redirect(view.url)


@require_POST
def delete_saved_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget a view and go back to its list."""
    path = request.POST.get("path", "")
    if not keeping.delete_view(owner=request.user, view_id=view_id):
        raise Http404
    messages.success(request, gettext("The view was deleted."))
    return redirect(path if keeping.is_list_of_ours(path) else "home")


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
