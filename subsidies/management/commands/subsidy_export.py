import csv
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from subsidies.models import SubsidyBatch
from subsidies.queries.roster import COLUMNS, roster_rows


class Command(BaseCommand):
    help = "Write the lines of a subsidy batch to stdout as CSV. Amounts in yuan, rates in percent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("batch", type=int, help="number of the batch, as subsidy_batch prints it")
        parser.add_argument("--format", choices=["csv"], default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        batch = SubsidyBatch.objects.filter(pk=options["batch"]).first()
        if batch is None:
            raise CommandError(_("There is no batch %(number)s.") % {"number": options["batch"]})
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(roster_rows(batch))
