"""Tests: the real engine, cheap passwords, jobs run at once."""

from redcredit.settings.base import *  # noqa: F403  # a setting module is a star import by design

SECRET_KEY = "only-for-tests"  # noqa: S105
PERSONAL_DATA_KEY = "only-for-tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CONN_MAX_AGE = 0
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE_NAME", default="test_redcredit")}  # noqa: F405
VAR_DIR = BASE_DIR / "var" / "test"  # noqa: F405
MEDIA_ROOT = VAR_DIR / "media"
LOGGING = {"version": 1, "disable_existing_loggers": False}
