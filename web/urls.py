from django.urls import path

from web import views

app_name = "web"

urlpatterns = [
    path("styleguide/", views.styleguide, name="styleguide"),
    path("views/", views.saved_views, name="views"),
    path("views/<int:view_id>/delete/", views.delete_saved_view, name="view-delete"),
]
