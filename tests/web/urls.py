"""A throw-away URL configuration: the room `web` is tested without the house around it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import TemplateView

from tests.web.samples import CONFLICT
from web.views import conflict


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("本岗位不能核发。")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def lost_race(request: HttpRequest) -> HttpResponse:
    return conflict(request, CONFLICT)


urlpatterns = [
    path("", include("web.urls")),
    path("forbidden/", forbidden),
    path("broken/", broken),
    path("conflict/", lost_race),
    path("scripted/", TemplateView.as_view(template_name="scripted.html")),
]

handler400 = "web.views.bad_request"
handler403 = "web.views.permission_denied"
handler404 = "web.views.page_not_found"
handler500 = "web.views.server_error"
