"""A developer's machine: the debug page, no compressed static files."""

from redcredit.settings.base import *  # noqa: F403  # a setting module is a star import by design

DEBUG = True
SECRET_KEY = SECRET_KEY or "only-for-development"  # noqa: F405
PERSONAL_DATA_KEY = PERSONAL_DATA_KEY or "only-for-development"  # noqa: F405
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
