"""Pages that anybody opens without signing in, by an address that stands on a paper."""

from django.urls import path

from loans.views import verification

app_name = "public"

urlpatterns = [
    path("papers/<str:code>/", verification.paper, name="paper"),
]
