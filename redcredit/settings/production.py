"""A county's server. Everything secret or local comes from the environment; see docs/deploy.md."""

from redcredit.settings.base import *  # a setting module is a star import by design

SECRET_KEY = env.str("SECRET_KEY")
PERSONAL_DATA_KEY = env.str("PERSONAL_DATA_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
SITE_URL = env.str("SITE_URL")  # printed on papers, where it must still be right in ten years

PROXY_HOPS = env.int("PROXY_HOPS", default=1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

# One line of JSON for whatever collects the logs; a line for every request. gunicorn hands its own lines over too.
LOGGING["handlers"]["console"]["formatter"] = "json"
LOGGING["loggers"] |= {
    "web.requests": {"level": "INFO"},
    "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
    "django.server": {"handlers": [], "propagate": True},
}
