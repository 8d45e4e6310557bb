"""What must be right on the machine before a page is served; each message names the command that mends it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning as Caution, register
from django.db import connections
from django.utils.translation import gettext as _

from redcredit.catalogues import find_catalogues, is_stale
from redcredit.local import system_packages
from web import documents

# Three characters make four trigrams; under LC_CTYPE "C" they make none, and no search finds a Chinese name any more.
CHINESE_SAMPLE = "供应链"


def register_checks() -> None:
    """Tell Django about the checks below; called once, when the application is ready."""
    register(translations_are_compiled, Tags.translation)
    register(system_packages_are_installed)
    register(documents_come_out_whole, deploy=True)
    register(databases_understand_chinese, Tags.database)


def translations_are_compiled(**kwargs: Any) -> list[CheckMessage]:
    """Warn when a catalogue has no current compiled form: its pages would be in English."""
    stale = [path for path in find_catalogues(settings.BASE_DIR) if is_stale(path)]
    if not stale:
        return []
    names = ", ".join(str(path.relative_to(settings.BASE_DIR)) for path in stale)
    message = _("These translations are not compiled: %(names)s.") % {"names": names}
    return [Caution(message, hint=_("Run: python manage.py compile_catalogues"), id="redcredit.W001")]


def system_packages_are_installed(**kwargs: Any) -> list[CheckMessage]:
    """Refuse to start without the libraries and fonts that documents need."""
    missing = system_packages.missing_of(system_packages.BASE)
    if not missing:
        return []
    packages = " ".join(need.package for need in missing)
    message = _("Documents cannot be made, these system packages are missing: %(packages)s.") % {"packages": packages}
    hint = _("Run: sudo apt-get install %(packages)s") % {"packages": packages}
    return [Error(message, hint=hint, id="redcredit.E001")]


def documents_come_out_whole(**kwargs: Any) -> list[CheckMessage]:
    """Print rare characters in each font of the office. It takes a second: asked before a deployment only."""
    return [Error(problem, id="redcredit.E003") for problem in documents.font_problems()]


def databases_understand_chinese(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a database whose LC_CTYPE is not UTF-8. Asked only when Django is told which databases to check."""
    return [_refusal(alias) for alias in databases or () if not _understands_chinese(alias)]


def _understands_chinese(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')")
        if cursor.fetchone() == (True,):
            cursor.execute("SELECT cardinality(show_trgm(%s)) > 0", [CHINESE_SAMPLE])
        else:
            # Before the first migration there is no pg_trgm to ask.
            cursor.execute("SELECT datctype NOT IN ('C', 'POSIX') FROM pg_database WHERE datname = current_database()")
        return bool(cursor.fetchone() == (True,))


def _refusal(alias: str) -> CheckMessage:
    return Error(
        _("The database “%(alias)s” cannot search Chinese text: its LC_CTYPE is no UTF-8 locale.") % {"alias": alias},
        hint=_("Make it anew: createdb --template=template0 --encoding=UTF8 --locale=C --lc-ctype=C.UTF-8 NAME"),
        id="redcredit.E002",
    )
