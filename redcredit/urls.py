"""Where everything is. Each app names its own pages; the root names only its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("jobs/", include("jobs.urls")),
]
