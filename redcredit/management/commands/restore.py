"""`manage.py restore FOLDER`: put a backup in the place of what is here; see docs/deploy.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from redcredit.backups.programs import Trouble
from redcredit.backups.restoring import restore_backup


class Command(BaseCommand):
    help = "Restore one backup. Everything is proved before anything is touched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder of one backup")
        parser.add_argument("--force-empty", action="store_true", help="delete what is in this database and its files")

    def handle(self, *args: Any, folder: Path, force_empty: bool, **options: Any) -> None:
        try:
            manifest = restore_backup(connection, folder, force_empty=force_empty)
        except (Trouble, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored: {manifest.made_at}, {len(manifest.files)} files.")
        self.stdout.write("Now: manage.py migrate, grant_application_rights ROLE, check_invariants.")
