from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from redcredit.reference import read_json


class Command(BaseCommand):
    help = "Print the demo's accounts: account, role and password, separated by tabs. Outside the demo, nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            return
        data = read_json("demo", "accounts.json")
        for line in data["accounts"]:
            self.stdout.write(f"{line['username']}\t{line['title']}\t{data['password']}")
