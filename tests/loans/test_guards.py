"""What even SQL may not do: change a decision, an entry, an audit event, or a published rule."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from loans.choices import VersionState
from loans.models import Application, ApplicationDecision, LimitTier, Loan, LoanEntry, ProgrammeVersion, VersionStep
from tests.factories.loans import CaseFactory
from workflow.models import DecisionIsFinal

pytestmark = pytest.mark.django_db


def refused(statement: str, *values: object) -> bool:
    """Whether the database refuses a statement."""
    with transaction.atomic(), connection.cursor() as cursor:
        savepoint = transaction.savepoint()
        try:
            cursor.execute(statement, values)
        except DatabaseError:
            transaction.savepoint_rollback(savepoint)
            return True
        transaction.savepoint_commit(savepoint)
        return False


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loans_applicationdecision SET reason = 'second thoughts'",
        "DELETE FROM loans_applicationdecision",
        "UPDATE loans_loanentry SET amount = amount + 1",
        "DELETE FROM loans_loanentry",
        "SET session_replication_role = 'origin'; UPDATE loans_loanentry SET amount = 1",
        "SET pgtrigger.ignore = '{append_only}'; UPDATE loans_applicationdecision SET reason = 'x'",
    ],
)
def test_sql_cannot_change_what_is_written_once(office, statement):
    CaseFactory(office).lent()
    assert refused(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loans_programmeversion SET subsidy_percent = 9",
        "DELETE FROM loans_programmeversion",
        "UPDATE loans_limittier SET amount_max = 999999",
        "DELETE FROM loans_limittier",
        "UPDATE loans_versionstep SET deadline_days = 99",
        "DELETE FROM loans_requireddocument",
        "UPDATE loans_programmeversion SET state = 'draft'",
    ],
)
def test_sql_cannot_change_a_published_rule(office, statement):
    assert refused(statement)


def test_nothing_is_added_to_a_published_version(office):
    version = ProgrammeVersion.objects.published().first()
    with pytest.raises(IntegrityError), transaction.atomic():
        VersionStep.objects.create(version=version, position=99, code="assessment", name="再考核", deadline_days=1)


def test_a_draft_version_may_still_change(office):
    published = ProgrammeVersion.objects.published().first()
    draft = ProgrammeVersion.objects.get(pk=published.pk)
    draft.pk, draft.code, draft.state = None, "2015", VersionState.DRAFT
    draft.effective_from = published.effective_from.replace(year=2015)
    draft.save()
    LimitTier.objects.create(
        version=draft,
        position=1,
        code="self",
        name="自身致富",
        borrower_kinds=["person"],
        amount_min=1000,
        amount_max=2000,
    )
    draft.subsidy_percent = 4
    draft.save()
    assert ProgrammeVersion.objects.get(pk=draft.pk).subsidy_percent == 4


def test_python_says_so_before_the_database_does(office):
    decision = CaseFactory(office).at("branch_review").decisions.first()
    decision.reason = "second thoughts"
    for act in (
        decision.save,
        decision.delete,
        lambda: ApplicationDecision.objects.update(reason="x"),
        lambda: ApplicationDecision.objects.all().delete(),
    ):
        with pytest.raises(DecisionIsFinal):
            act()


def test_a_loan_is_paid_out_once(office):
    loan = CaseFactory(office).lent().loan
    entry = LoanEntry.objects.get(loan=loan)
    entry.pk, entry.bank_reference = None, "FK-other"
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)


def test_a_case_with_decisions_cannot_be_deleted(office):
    case = CaseFactory(office).at("branch_review")
    assert refused("DELETE FROM loans_application WHERE id = %s; SET CONSTRAINTS ALL IMMEDIATE", case.pk)


def test_nothing_with_cases_can_be_deleted(office):
    case = CaseFactory(office).lent()
    loan = Loan.objects.get(application=case)
    for table, key in (
        ("organizations_organization", case.branch_id),
        ("organizations_organization", case.outlet_id),
        ("organizations_person", case.person_id),
        ("organizations_division", case.division_id),
        ("accounts_user", case.created_by_id),
        ("loans_loan", loan.pk),
    ):
        statement = f"DELETE FROM {table} WHERE id = %s; SET CONSTRAINTS ALL IMMEDIATE"  # noqa: S608  # our own names
        assert refused(statement, key), table


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE loans_quota SET used = total + 1",
        "UPDATE loans_quota SET used = -1",
        "UPDATE loans_subsidybudget SET reserved = appropriated + 1",
        "UPDATE loans_application SET amount_granted = amount_asked + 1",
        "UPDATE loans_application SET purpose = 'consumption'",
        "UPDATE loans_application SET plan = ''",
        "UPDATE loans_application SET quota_id = NULL",
    ],
)
def test_the_tables_refuse_what_the_rules_forbid(office, statement):
    CaseFactory(office).lent()
    assert refused(statement)
    assert Application.objects.get().amount_granted == 50000
