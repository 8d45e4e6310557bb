from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from redcredit.reference import COUNTIES, load_reference
from web import clock


class Command(BaseCommand):
    help = "Load what a county starts with: its divisions and its programmes. A second call changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("county", choices=COUNTIES)

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_reference(county=options["county"], at=clock.now())
        self.stdout.write(f"divisions {loaded.divisions} new, programme versions {len(loaded.versions)} new")
