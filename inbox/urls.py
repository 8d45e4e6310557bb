from django.urls import path

from inbox import views

app_name = "inbox"

urlpatterns = [
    path("", views.message_list, name="list"),
    path("read/", views.read_all, name="read-all"),
    path("<int:message_id>/", views.open_message, name="open"),
]
