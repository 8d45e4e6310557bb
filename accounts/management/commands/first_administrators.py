"""`manage.py first_administrators 532931000000`: the two accounts from which a new county opens all others."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import operations
from accounts.choices import Role
from accounts.models import User
from accounts.passwords import first_password
from organizations.choices import DivisionLevel, OrganizationKind
from organizations.models import Division, Organization
from organizations.operations import add_root
from web import clock

ADMINISTRATORS = (
    ("sysadmin", "系统管理员", Role.SYSTEM_ADMINISTRATOR),
    ("secadmin", "安全管理员", Role.SECURITY_ADMINISTRATOR),
)


class Command(BaseCommand):
    help = "Create the system administrator and the security administrator of an empty county."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("county_code", help="twelve digits, for example 532931000000")

    @transaction.atomic
    def handle(self, *args: Any, county_code: str, **options: Any) -> None:
        if User.objects.filter(is_system=False).exists():
            raise CommandError(
                "There are accounts already: administrators are appointed by the security administrator."
            )
        county = Division.objects.filter(code=county_code, level=DivisionLevel.COUNTY).first()
        if county is None:
            raise CommandError(
                f"No county with the code {county_code}. Load its divisions first: manage.py load_reference COUNTY"
            )
        committee = self._committee(county)
        for username, name, role in ADMINISTRATORS:
            self.stdout.write(f"{username}\t{self._administrator(username, name, role, committee)}")
        self.stderr.write("Hand each password to its owner; it must be changed at the first sign-in.")

    def _committee(self, county: Division) -> Organization:
        kind = OrganizationKind.COUNTY_PARTY_COMMITTEE
        found = Organization.objects.filter(kind=kind, division=county).first()
        if found is not None:
            return found
        return add_root(
            kind=kind, name=f"中共{county.name}委", code=f"{county.path}-01", division=county, added_at=clock.now()
        )

    def _administrator(self, username: str, name: str, role: str, committee: Organization) -> str:
        """Write account and post; return the password."""
        now, password = clock.now(), first_password()
        user = operations.create_account(
            username=username, name=name, password=password, person=None, opened_by=None, opened_at=now
        )
        operations.give_post(
            user=user,
            organization=committee,
            role=role,
            valid_from=clock.today(),
            appointed_by=None,
            appointed_at=now,
        )
        return password
