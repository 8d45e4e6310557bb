"""`manage.py grant_application_rights redcredit`: after every migration, as the owner of the tables."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from redcredit import rights


class Command(BaseCommand):
    help = "Give the application's database role exactly the rights that web, worker and beat need."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help="the role in the DATABASE_URL of web, worker and beat")
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the rights are other ones")

    def handle(self, *args: Any, role: str, check: bool, **options: Any) -> None:
        try:
            if check:
                self._compare(role)
            else:
                with transaction.atomic():
                    number = rights.grant_rights(connection, role)
                self.stdout.write(f"{role} may now use {number} tables.")
        except rights.UnfitRole as error:
            raise CommandError(str(error)) from error

    def _compare(self, role: str) -> None:
        wrong = rights.wrong_rights(connection, role)
        if wrong:
            raise CommandError(f"{role} has other rights than it should on: {', '.join(wrong)}.")
        self.stdout.write(f"{role} has exactly the rights of the application.")
