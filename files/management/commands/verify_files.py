from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from files.queries import Fault, find_faults
from files.storage import attachments
from web import clock


class Command(BaseCommand):
    help = "Name attachments whose file is missing or changed, and files without an attachment for a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sweep", action="store_true", help="delete the files that belong to nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        # The age of a file is real time, whatever day the demo's clock shows.
        for finding in find_faults(at=clock.now() - timedelta(days=clock.shift_days())):
            if options["sweep"] and finding.fault is Fault.ORPHAN:
                attachments().delete(finding.stored_name)
                self.stdout.write(f"deleted {finding.stored_name}")
                continue
            faults += 1
            self.stdout.write(f"{finding.fault.value} {finding.stored_name} {finding.attachment}".rstrip())
        if faults:
            raise CommandError(f"{faults} files are not as they should be")
        self.stdout.write("all files are as they were stored")
