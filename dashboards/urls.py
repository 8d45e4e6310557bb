from django.urls import path

from dashboards import views

app_name = "dashboards"

urlpatterns = [
    path("", views.county, name="county"),
    path("loans/", views.loans, name="loans"),
    path("background/", views.background, name="background"),
    path("published/", views.published, name="published"),
]
