"""Tests: the real engine, cheap passwords, jobs run at once."""

from redcredit.settings.base import *  # a setting module is a star import by design

SECRET_KEY = "only-for-tests"
PERSONAL_DATA_KEY = "only-for-tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
# Looked up when asked for, not collected at start: a test client is made a thousand times.
STATIC_ROOT = None
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE_NAME", default="test_redcredit")}
VAR_DIR = BASE_DIR / "var" / "test"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES["attachments"] = {
    "BACKEND": "files.storage.DurableStorage",
    "OPTIONS": {"location": VAR_DIR / "attachments"},
}
LOGGING = {"version": 1, "disable_existing_loggers": False}
