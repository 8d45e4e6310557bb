"""A throw-away URL configuration: the room `web` is tested without the house around it."""

urlpatterns: list = []
