from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from loans.models import Loan
from organizations.models import Organization
from redcredit.invariants.checking import ROWS_MAX, Finding, check
from redcredit.invariants.house import INVARIANTS


class Command(BaseCommand):
    help = "Check what must be true of the money; name every violation. An empty database gets the demo county first."

    def handle(self, *args: Any, **options: Any) -> None:
        if not Loan.objects.exists() and not Organization.objects.exists():
            call_command("load_demo", stdout=self.stdout)
        broken = 0
        with translation.override(None):
            for finding in check(INVARIANTS):
                broken += not finding.holds
                self._say(finding)
        if broken:
            raise CommandError(f"{broken} of {len(INVARIANTS)} invariants do not hold")
        self.stdout.write(f"all {len(INVARIANTS)} invariants hold")

    def _say(self, finding: Finding) -> None:
        mark = "holds" if finding.holds else "BROKEN"
        self.stdout.write(f"{mark} {finding.invariant.name} ({finding.seconds:.2f} s)")
        for line in finding.lines:
            self.stdout.write(f"    {line}")
        if len(finding.rows) == ROWS_MAX:
            self.stdout.write(f"    (the first {ROWS_MAX})")
