"""Money, rules, judgements and decisions of the fund are written once."""

from django.db import migrations

from audit.guards import AppendOnly

TABLES = (
    "fundshareset",
    "fundshare",
    "claimrule",
    "claimcap",
    "fundtransfer",
    "fundstatementline",
    "claimshare",
    "claimpaperentry",
    "claimdecision",
    "claimrecovery",
    "recoveryshare",
    "exemptiondecision",
    "breakerrule",
    "watchrule",
    "loanclassification",
    "technicaldelay",
    "accidentinsurance",
)


class Migration(migrations.Migration):
    dependencies = [("risk", "0001_initial")]

    operations = [AppendOnly(f"risk_{table}") for table in TABLES]
