"""What is true everywhere. Each surrounding (dev, demo, test, production) says only how it differs."""

from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from redcredit.settings.database import database_from_url

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.str("REDCREDIT_VAR_DIR", default=str(BASE_DIR / "var")))

SECRET_KEY = env.str("SECRET_KEY", default="")
# The root of the keys that encrypt identity numbers. It is not SECRET_KEY: the two are rotated for different reasons.
PERSONAL_DATA_KEY = env.str("PERSONAL_DATA_KEY", default="")
DEBUG = False
DEMO = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How many proxies of ours stand before this server: the visitor's address is what the outermost of them saw.
PROXY_HOPS = env.int("PROXY_HOPS", default=0)
# The public address of this house: the QR code of a paper leads there, see loans.documents_code.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")
# Whom to ask, printed on the sign-in page: an office and a telephone number.
SUPPORT_CONTACT = env.str("SUPPORT_CONTACT", default="")
# Who sends this word with /health/ is told what is wrong and not only that something is. Empty: only this machine is.
HEALTH_TOKEN = env.str("HEALTH_TOKEN", default="")

INSTALLED_APPS = [
    "redcredit",
    "dashboards",
    "loans",
    "subsidies",
    "risk",
    "assessments",
    "workflow",
    "accounts",
    "organizations",
    "jobs",
    "audit",
    "files",
    "inbox",
    "web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "axes",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "guardian",
    "import_export",
    "lucide",
    "template_partials",
    "treebeard",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.request_log.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "web.middleware.UserLocaleMiddleware",
    "web.middleware.PrivatePagesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "audit.middleware.DenialsMiddleware",
    "accounts.middleware.FirstPasswordMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "redcredit.urls"
WSGI_APPLICATION = "redcredit.wsgi.application"
FORM_RENDERER = "web.forms.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "redcredit.context.layout",
            ],
        },
    }
]

# A page that waits is worse than a page that says so. Command lines and workers get more time by their environment.
STATEMENT_TIMEOUT_MS = env.int("DATABASE_STATEMENT_TIMEOUT", default=10_000)
LOCK_TIMEOUT_MS = env.int("DATABASE_LOCK_TIMEOUT", default=3_000)
DATABASES = {"default": database_from_url(env.str("DATABASE_URL", default="postgresql:///redcredit"))}
DATABASES["default"] |= {
    "ATOMIC_REQUESTS": True,
    "CONN_HEALTH_CHECKS": True,
    "CONN_MAX_AGE": 60,
    "OPTIONS": {"options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS}"},
}

REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # LOGGING below speaks for the worker too
CELERY_TIMEZONE = "Asia/Shanghai"
# kombu's own sweep for lost messages is slow by default (PLATFORM: 95 s); one minute is what an office will wait.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "unacked_restore_throttle": 1}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "beat-of-the-heart": {"task": "redcredit.tasks.beat_of_the_heart", "schedule": 60.0},
    "wake-waiting-jobs": {"task": "jobs.tasks.wake_waiting_jobs", "schedule": 60.0},
    "run-daily-work": {"task": "loans.tasks.run_daily_work", "schedule": crontab(minute="*/10")},
    "run-daily-risk": {"task": "risk.tasks.run_daily_risk", "schedule": crontab(minute="5-59/10")},
    "run-daily-assessments": {
        "task": "assessments.tasks.run_daily_assessments",
        "schedule": crontab(minute="15", hour="7"),
    },
    "refresh-leader-boards": {
        "task": "dashboards.tasks.refresh_leader_boards",
        "schedule": crontab(minute="8-59/10"),
    },
    "check-invariants": {
        "task": "redcredit.tasks.check_invariants_nightly",
        "schedule": crontab(minute="30", hour="1"),
    },
    "prepare-reports": {
        "task": "dashboards.tasks.prepare_printed_reports",
        "schedule": crontab(minute="15", hour="6"),
    },
    "forget-old-notices": {"task": "inbox.tasks.forget_old_notices", "schedule": crontab(minute="20", hour="0")},
    "sync-posts": {"task": "accounts.tasks.sync_posts", "schedule": crontab(minute="5", hour="0")},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
CSRF_FAILURE_VIEW = "web.views.csrf_failure"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2OfficeHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.validators.NameIsNoPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Five failures lock the name (not the address: a whole township sits behind one) for ten minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1 / 6
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # locking by name alone is meant, see above

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_HTTPONLY = True
FORMAT_MODULE_PATH = ["web.formats"]
LOCALE_PATHS = [BASE_DIR / "redcredit" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # ids in URLs must never get commas; amounts are formatted by web's filters

STATIC_URL = "static/"
STATIC_ROOT: Path | None = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("guide", BASE_DIR / "docs" / "guide" / "shots")]
MEDIA_ROOT = VAR_DIR / "media"
# Papers that were made hold personal data: nobody else on the machine reads them.
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Papers and photos of cases: no address leads here, files.views hands them out.
    "attachments": {"BACKEND": "files.storage.DurableStorage", "OPTIONS": {"location": VAR_DIR / "attachments"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = [
    "files.uploads.WholeRequestLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DJANGO_TABLES2_TEMPLATE = "web/table.html"

# Nobody's name or number belongs in a log: `private` blots out what looks like one, `request` says whose work it was.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "web.logs.RequestIdFilter"}, "private": {"()": "web.logs.RedactingFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        "json": {"()": "web.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request", "private"]}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "web.requests": {"level": "WARNING"},  # a line for every page is for a county's server
    },
}
