from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from redcredit.demo.loading import LOAD_DAY, SMALL, WHOLE, CountyIsTaken, is_loaded, load_county
from redcredit.reference import read_json
from web import clock

# Two loaders at once: the second waits and then finds the county there.
LOCK_KEY = 532_931


class Command(BaseCommand):
    help = "Load the synthetic demo county with its history to 2014-08-15. A second call changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing while loading")
        parser.add_argument(
            "--small", action="store_true", help="a quick sample; its figures are not the printed ones"
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        say = (lambda line: None) if options["quiet"] else self._say
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        if is_loaded():
            say("the county is there already")
            return
        # Passwords that everybody knows belong into a demo and nowhere else.
        password = read_json("demo", "accounts.json")["password"] if settings.DEMO else None
        try:
            load_county(password=password, size=SMALL if options["small"] else WHOLE, say=say)
        except CountyIsTaken:
            raise CommandError(
                "This database holds offices or accounts of its own: the demo county is loaded into an empty one only."
            ) from None
        real_today = clock.today() - timedelta(days=clock.shift_days())
        clock.set_shift((LOAD_DAY - real_today).days)
        say(f"the county stands; its day is {LOAD_DAY}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
