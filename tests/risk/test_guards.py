"""What even SQL may not do to the fund: change what is written, overdraw it, pay twice."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from risk.models import ClaimDecision, FundTransfer, RiskFund
from tests.factories.risk import late_loan
from workflow.models import DecisionIsFinal

WRITTEN_ONCE = (
    "fundshareset", "fundshare", "claimrule", "claimcap", "fundtransfer", "fundstatementline", "claimshare",
    "claimpaperentry", "claimdecision", "claimrecovery", "recoveryshare", "exemptiondecision", "breakerrule",
    "watchrule", "loanclassification", "technicaldelay", "accidentinsurance",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_a_table_of_the_fund_is_written_once(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'append_only'",
            [f"risk_{table}"],
        )
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("statement", ["UPDATE risk_fundtransfer SET amount = 1", "DELETE FROM risk_fundtransfer"])
def test_sql_changes_no_transfer(story, statement):
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_decision_on_a_claim_is_final(story, office):
    claim = story.filed(late_loan(office.yangcen.village))
    with pytest.raises(DecisionIsFinal):
        ClaimDecision.objects.filter(claim=claim).update(outcome="pass")
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE risk_claimdecision SET outcome = 'pass'")


def test_no_statement_overdraws_a_fund(story):
    with pytest.raises(IntegrityError, match="fund_is_never_overdrawn"), transaction.atomic():
        RiskFund.objects.update(balance=-1)


def test_a_business_event_has_one_transfer(story):
    old = FundTransfer.objects.get()
    old.pk = None
    with pytest.raises(IntegrityError, match="transfer_key"), transaction.atomic():
        old.save(force_insert=True)


def test_a_transfer_moves_something_between_two_accounts(story):
    old = FundTransfer.objects.get()
    for changes in ({"amount": 0}, {"credit": old.debit}):
        row = FundTransfer.objects.get()
        row.pk, row.transfer_key = None, "x"
        for name, value in changes.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError, match="transfer_moves_something"), transaction.atomic():
            row.save(force_insert=True)
