"""Making a backup: one snapshot of the database, then the files; a folder has its name only when it is whole."""

import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from redcredit.backups import manifest as manifests, state
from redcredit.backups.manifest import DUMP, FILES, Manifest, key_fingerprint, sha256_of
from redcredit.backups.programs import Programs, Trouble, programs_for

PREFIX = "redcredit-"
UNFINISHED = ".unfinished-"


def make_backup(connection: BaseDatabaseWrapper, parent: Path, *, at: datetime) -> Path:
    """Write a backup into a new folder below `parent` and return it. Raises Trouble, and leaves nothing half done.

    The dump, the counts and the migrations are of one moment. Files come after it: they are never changed once they
    are there, so each one that a row of that moment names is among them.
    """
    name = f"{PREFIX}{at:%Y%m%d-%H%M%S}"
    folder, unfinished = parent / name, parent / f"{UNFINISHED}{name}"
    if folder.exists():
        raise Trouble(f"{folder} is there already.")
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    try:
        _fill(connection, unfinished, at=at)
        manifests.verify(unfinished)
        _sync(unfinished)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return folder


def _fill(connection: BaseDatabaseWrapper, folder: Path, *, at: datetime) -> None:
    programs = programs_for(connection.settings_dict, server_major=state.server_major(connection))
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        _dump(programs, folder / DUMP, snapshot=cursor.fetchone()[0])
        facts: dict[str, Any] = {
            "server_major": state.server_major(connection),
            "migrations": state.applied_migrations(connection),
            "rows": state.row_counts(connection),
        }
        attachments = state.attachment_hashes(connection)
    for name, root in state.file_roots().items():
        _copy_files(root, folder / FILES / name)
    _compare(attachments, folder / FILES / "attachments")
    files = {
        str(path): ((folder / path).stat().st_size, sha256_of(folder / path)) for path in manifests.files_below(folder)
    }
    manifests.write(Manifest(made_at=at.isoformat(), key_fingerprint=key_fingerprint(), files=files, **facts), folder)


def _dump(programs: Programs, path: Path, *, snapshot: str) -> None:
    """Rights and owners are not kept: they belong to a server, `grant_application_rights` gives them anew."""
    programs.run(
        "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}"
    )


def _copy_files(root: Path, into: Path) -> None:
    into.mkdir(parents=True, mode=0o700)
    for path in manifests.files_below(root) if root.is_dir() else ():
        target = into / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):  # a result nobody needs any more went while we were copying
            shutil.copyfile(root / path, target)


def _compare(hashes: dict[str, str], folder: Path) -> None:
    """Every paper that a row names must be there as it was kept: a backup without it would look whole."""
    for name, digest in hashes.items():
        if not (folder / name).is_file():
            raise Trouble(f"The attachment {name} is missing on this server: find it before you trust any backup.")
        if sha256_of(folder / name) != digest:
            raise Trouble(f"The attachment {name} is not what its row says: it was changed on this server.")


def _sync(folder: Path) -> None:
    for path in [*(folder / name for name in manifests.files_below(folder)), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def forget_old(parent: Path, *, keep: int) -> list[Path]:
    """Delete all whole backups below `parent` but the newest `keep`. Return those that went. Raises ValueError."""
    if keep < 1:
        raise ValueError("at least one backup is kept")
    whole = sorted(path for path in parent.glob(f"{PREFIX}*") if (path / manifests.NAME).is_file())
    for folder in whole[:-keep]:
        shutil.rmtree(folder)
    return whole[:-keep]
