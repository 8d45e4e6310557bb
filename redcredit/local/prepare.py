"""What must be done before the first request: translations compiled, tables made."""

import hashlib
import os
import time
from collections.abc import Mapping
from pathlib import Path

from redcredit.catalogues import compile_catalogues
from redcredit.local.keys import demo_keys
from redcredit.local.locks import FileLock
from redcredit.local.places import PROJECT
from redcredit.local.processes import Children, python
from redcredit.local.services import Services
from redcredit.local.terminal import talk


def demo_environment(services: Services, *, var: Path) -> dict[str, str]:
    """Return the environment of the demo's programs: the caller's, with our services, keys and settings."""
    return {
        **os.environ,
        **services.environment,
        **demo_keys(var / "secrets"),
        "DJANGO_SETTINGS_MODULE": "redcredit.settings.demo",
        "REDCREDIT_VAR_DIR": str(var),
        "PYTHONUNBUFFERED": "1",
    }


def without_timeouts(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a command line, which may take longer than a page."""
    return {**environment, "DATABASE_STATEMENT_TIMEOUT": "0", "DATABASE_LOCK_TIMEOUT": "60000"}


def prepare_translations() -> None:
    """Compile the catalogues that changed."""
    if compiled := compile_catalogues(PROJECT):
        talk(f"translations: {len(compiled)} compiled")


def prepare_database(services: Services, children: Children, *, log: Path, only_if_changed: bool) -> None:
    """Bring the tables up to date. With `only_if_changed`, trust the note that the last time left.

    Two launchers never migrate at once: the second waits and then finds nothing to do.
    """
    folder = services.servers.folder
    note = folder / "migrated"
    with FileLock(folder / "prepare.lock"):
        if services.is_new_database:
            note.unlink(missing_ok=True)
        current = migrations_fingerprint(PROJECT)
        if only_if_changed and note.exists() and note.read_text() == current:
            return
        began = time.monotonic()
        patient = without_timeouts(children.environment)
        children.run("migrate", python("manage.py", "migrate", "-v0"), log=log, environment=patient)
        note.write_text(current)
        talk(f"database: tables up to date ({time.monotonic() - began:.1f} s)")


def migrations_fingerprint(project: Path) -> str:
    """Return a value that changes when a migration of ours or a package's version does."""
    digest = hashlib.sha256((project / "requirements.lock").read_bytes())
    for path in sorted(project.glob("*/migrations/*.py")):
        digest.update(str(path.relative_to(project)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
