"""The way back: everything is proved before anything is touched; the database changes in one transaction."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db.backends.base.base import BaseDatabaseWrapper

from redcredit.backups import manifest as manifests, state
from redcredit.backups.manifest import DUMP, FILES, Manifest, key_fingerprint, sha256_of
from redcredit.backups.programs import Programs, Trouble, programs_for

STAGED, REPLACED = ".restoring", ".replaced"
# The old tables go and the new ones come in the same transaction: who looks sees the one or the other.
CLEARED = "SET lock_timeout = '10s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public"


def restore_backup(connection: BaseDatabaseWrapper, folder: Path, *, force_empty: bool) -> Manifest:
    """Put a backup in the place of this database and these files. Raises Trouble.

    Until the database has taken it, nothing has changed. `force_empty` says that what is
    there may go. Afterwards: manage.py migrate, grant_application_rights.
    """
    manifest = manifests.verify(folder)
    check_fit(manifest)
    _check_target(connection, force_empty=force_empty)
    programs = programs_for(
        connection.settings_dict, server_major=max(state.server_major(connection), manifest.server_major)
    )
    roots = state.file_roots()
    for name, root in roots.items():
        _stage(folder / FILES / name, root, manifest, name)
    try:
        _load(programs, folder)
    except Trouble:
        for root in roots.values():
            shutil.rmtree(root / STAGED)
        raise
    finally:
        connection.close()  # what this connection knew of the old tables is worth nothing
    for root in roots.values():
        _swap(root)
    _recount(connection, manifest)
    return manifest


def check_fit(manifest: Manifest) -> None:
    """Raise Trouble when this program or this key cannot read the backup."""
    if manifest.key_fingerprint != key_fingerprint():
        raise Trouble(
            "PERSONAL_DATA_KEY is another one than the backup's: identity numbers in it could never be read again. "
            "Set the key of that time."
        )
    newer = sorted(set(manifest.migrations) - state.known_migrations())
    if newer:
        raise Trouble(
            f"The backup is of a newer program: {len(newer)} migrations are unknown here, the first is {newer[0]}. "
            "Install that program first."
        )


def _check_target(connection: BaseDatabaseWrapper, *, force_empty: bool) -> None:
    if others := state.other_sessions(connection):
        raise Trouble(f"{others} others are connected to this database: stop web, worker and beat first.")
    if force_empty:
        return
    if number := len(state.tables(connection)):
        raise Trouble(f"The database is not empty: it has {number} tables. --force-empty deletes them.")
    for root in state.file_roots().values():
        if root.is_dir() and any(manifests.files_below(root)):
            raise Trouble(f"{root} is not empty. --force-empty deletes what is in it.")


def _stage(source: Path, root: Path, manifest: Manifest, name: str) -> None:
    """Copy files beside those in use, on the same disk, and prove the copies."""
    staged = root / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    for path in manifests.files_below(source) if source.is_dir() else ():
        target = staged / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        shutil.copyfile(source / path, target)
        target.chmod(0o640)
        if sha256_of(target) != manifest.files[f"{FILES}/{name}/{path}"][1]:
            raise Trouble(f"{target} was not written as it should be: look at this disk.")


def _load(programs: Programs, folder: Path) -> None:
    """pg_restore writes the script, psql runs all of it or nothing."""
    with TemporaryDirectory() as temporary:
        script = Path(temporary) / "database.sql"
        programs.run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(folder / DUMP))
        programs.run(
            "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-c", CLEARED, "-f", str(script)
        )


def _swap(root: Path) -> None:
    """Rename what is there away and the staged files in. The folder itself may be a mount and stays."""
    replaced = root / REPLACED
    shutil.rmtree(replaced, ignore_errors=True)
    replaced.mkdir()
    for path in list(root.iterdir()):
        if path.name not in {STAGED, REPLACED}:
            path.rename(replaced / path.name)
    for path in list((root / STAGED).iterdir()):
        path.rename(root / path.name)
    (root / STAGED).rmdir()
    shutil.rmtree(replaced)


def _recount(connection: BaseDatabaseWrapper, manifest: Manifest) -> None:
    counted = state.row_counts(connection)
    wrong = sorted(name for name, number in manifest.rows.items() if counted.get(name) != number)
    if wrong:
        raise Trouble(f"After restoring, {len(wrong)} tables have another number of rows, the first is {wrong[0]}.")
