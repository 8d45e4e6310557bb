"""A developer's machine: the debug page, no compressed static files."""

from redcredit.settings.base import *  # a setting module is a star import by design

DEBUG = True
SECRET_KEY = SECRET_KEY or "only-for-development"
PERSONAL_DATA_KEY = PERSONAL_DATA_KEY or "only-for-development"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
