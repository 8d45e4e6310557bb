from django.urls import URLPattern, path

app_name = "risk"

urlpatterns: list[URLPattern] = []
