"""`manage.py check_backup FOLDER`: could this backup be restored here? Touches nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from redcredit.backups.manifest import verify
from redcredit.backups.programs import Trouble
from redcredit.backups.restoring import check_fit


class Command(BaseCommand):
    help = "Prove every file of a backup, its key and its schema."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder of one backup")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            manifest = verify(folder)
            check_fit(manifest)
        except (Trouble, OSError) as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest.rows.values())
        self.stdout.write(f"Whole: {manifest.made_at}, {len(manifest.files)} files, {rows} rows.")
