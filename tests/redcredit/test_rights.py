"""The application's database role, tried out on the real engine: what the rights say, PostgreSQL must refuse."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from redcredit import rights

ROLE = "test_redcredit_application"
INSUFFICIENT_PRIVILEGE = "42501"

FORBIDDEN = (
    "UPDATE loans_loanentry SET amount = amount",
    "DELETE FROM loans_loanentry",
    "UPDATE loans_applicationdecision SET reason = ''",
    "DELETE FROM audit_auditevent",
    "UPDATE files_attachment SET name = 'x'",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
    "TRUNCATE loans_loanentry",
    "TRUNCATE web_clockshift",
    "DROP TABLE web_clockshift",
    "ALTER TABLE loans_loanentry DISABLE TRIGGER append_only",
    "DROP TRIGGER append_only ON loans_loanentry",
    "CREATE TABLE mine (number int)",
    "CREATE TEMPORARY TABLE mine (number int)",
    "CREATE OR REPLACE FUNCTION redcredit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "SET session_replication_role = replica",
    "SELECT setval(pg_get_serial_sequence('loans_loanentry', 'id'), 1)",
)


@pytest.fixture
def role(db: None) -> str:
    """A role with the application's rights; it goes with the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
    rights.grant_rights(connection, ROLE)
    return ROLE


@pytest.fixture
def as_application(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield
        cursor.execute("RESET ROLE")


def refusals(statements: tuple[str, ...]) -> set[str]:
    """Return the statements that the database refuses for want of rights."""
    refused = set()
    for statement in statements:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        except ProgrammingError as error:
            if error.__cause__.pgcode != INSUFFICIENT_PRIVILEGE:
                raise
            refused.add(statement)
    return refused


def test_the_application_cannot_touch_what_is_written_once_nor_what_guards_it(as_application):
    assert refusals(FORBIDDEN) == set(FORBIDDEN)


def test_the_application_may_do_its_work(as_application):
    allowed = (
        "SELECT count(*) FROM django_migrations",
        "UPDATE loans_application SET revision = revision",
        "DELETE FROM django_session",
        "INSERT INTO web_clockshift (id, days) VALUES (1, 0) ON CONFLICT (id) DO UPDATE SET days = 0",
    )
    assert refusals(allowed) == set()


def test_a_guard_takes_away_the_rights_it_guards(role):
    held = rights.held_rights(connection, role)
    assert held["loans_loanentry"].whole == {"SELECT", "INSERT"}
    assert held["files_attachment"].whole == {"SELECT", "INSERT", "DELETE"}


def test_a_row_that_is_kept_may_change_in_the_columns_its_guard_names(db):
    kept = [one for one in rights.wanted_rights(connection).values() if one.columns]
    assert kept
    assert all(one.whole == {"SELECT", "INSERT"} for one in kept)


def test_the_check_names_a_table_with_other_rights(role):
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE ON loans_loanentry TO {role}")
    with pytest.raises(CommandError, match=r"on: loans_loanentry\."):
        call_command("grant_application_rights", role, check=True)


def test_granting_again_takes_away_what_was_too_much(role):
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT TRUNCATE ON loans_loanentry TO {role}")
    call_command("grant_application_rights", role)
    assert rights.wrong_rights(connection, role) == []


@pytest.mark.parametrize("wish", ["SUPERUSER", "CREATEROLE", "BYPASSRLS"])
def test_a_role_that_could_take_more_is_refused(role, wish):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {role} {wish}")
    with pytest.raises(CommandError, match="worthless"):
        call_command("grant_application_rights", role)


def test_the_owner_of_tables_is_refused(role):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE web_clockshift OWNER TO {role}")
    with pytest.raises(CommandError, match="owns"):
        call_command("grant_application_rights", role)


@pytest.mark.django_db
def test_a_role_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="“nobody_here”"):
        call_command("grant_application_rights", "nobody_here")
