"""Pages that anybody opens without signing in, by an address that stands on a paper."""

from django.urls import path

from loans.views import public_notices, verification

app_name = "public"

urlpatterns = [
    path("notices/<uuid:token>/", public_notices.notice, name="notice"),
    path("notices/<uuid:token>/objection/", public_notices.objection, name="objection"),
    path("notices/<uuid:token>/received/", public_notices.received, name="received"),
    path("papers/<str:code>/", verification.paper, name="paper"),
]
