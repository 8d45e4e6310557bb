"""DATABASE_URL, understood the same way in every setting."""

from typing import Any
from urllib.parse import unquote, urlsplit


def database_from_url(url: str) -> dict[str, Any]:
    """Return Django's database dictionary for `postgresql://user:password@host:port/name`.

    A host may be the percent-encoded folder of a UNIX socket (`postgresql://postgres@%2Fvar%2Frun/redcredit`).
    Raises ValueError for anything but PostgreSQL: constraints, triggers and set-based SQL are used on purpose.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must start with postgresql://, not {parts.scheme}://")
    host, _, port = parts.netloc.rpartition("@")[2].partition(":")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": port,
    }
