"""Decisions and ledger entries are written once; the rules of a published version are frozen."""

from django.db import migrations

from audit.guards import AppendOnly
from loans.guards import FreezePublished


class Migration(migrations.Migration):
    dependencies = [("loans", "0001_initial")]

    operations = [
        AppendOnly("loans_applicationdecision"),
        AppendOnly("loans_loanentry"),
        FreezePublished(),
    ]
