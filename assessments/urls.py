"""The pages of the sixth step: assessment and rewards, model households, inspections, publicity."""

from django.urls import URLPattern, URLResolver

app_name = "assessments"

urlpatterns: list[URLPattern | URLResolver] = []
