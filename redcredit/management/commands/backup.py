"""`manage.py backup FOLDER`: database and files into a new folder below FOLDER; see docs/deploy.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from redcredit.backups.making import forget_old, make_backup
from redcredit.backups.programs import Trouble
from web import clock


class Command(BaseCommand):
    help = "Keep the database and all files in a folder that proves itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where backups lie; each gets a folder of its own in it")
        parser.add_argument("--keep", type=int, help="afterwards delete all but the newest so many")

    def handle(self, *args: Any, folder: Path, keep: int | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep must be at least 1.")
        try:
            made = make_backup(connection, folder, at=clock.now())
        except (Trouble, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(made))
        for gone in forget_old(folder, keep=keep) if keep else ():
            self.stderr.write(f"deleted: {gone}")
