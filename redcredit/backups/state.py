"""What a database says about itself: version, migrations, how many rows; and where the files are."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg2 import sql  # type: ignore[import-untyped]  # it comes without types

from files.storage import attachments


def file_roots() -> dict[str, Path]:
    """Return the folders whose files belong to the county, by the name they have in a backup."""
    return {"media": Path(settings.MEDIA_ROOT), "attachments": Path(attachments().path(""))}


def server_major(connection: BaseDatabaseWrapper) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def applied_migrations(connection: BaseDatabaseWrapper) -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def known_migrations() -> set[str]:
    """Return the migrations that this program brings."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or ()}


def tables(connection: BaseDatabaseWrapper) -> list[str]:
    return sorted(connection.introspection.table_names())


def row_counts(connection: BaseDatabaseWrapper) -> dict[str, int]:
    """Count every table that a model of ours has in this database, money and papers among them."""
    there = set(tables(connection))
    ours = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} & there)
    if not ours:
        return {}
    parts = [sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(name), sql.Identifier(name)) for name in ours]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        return dict(cursor.fetchall())


def other_sessions(connection: BaseDatabaseWrapper) -> int:
    """Return how many others are connected to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def attachment_hashes(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the attachments' files by name with the SHA-256 that their rows know."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT file, sha256 FROM files_attachment")
        return dict(cursor.fetchall())
