"""The database's own guard of the three administrators: no session variable switches it off (ADR 0003)."""

from typing import Any

from django.db.migrations.operations.base import Operation

# Both locks make two transactions at once see each other's posts: the statement after a lock has a new snapshot.
FORWARDS = """
CREATE FUNCTION redcredit_exclusive_roles(checked_user bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    owner bigint;
    accounts bigint[];
    exclusive text[] := ARRAY[%(roles)s];
BEGIN
    SELECT person_id INTO owner FROM accounts_user WHERE id = checked_user FOR NO KEY UPDATE;
    IF owner IS NOT NULL THEN
        PERFORM 1 FROM organizations_person WHERE id = owner FOR NO KEY UPDATE;
    END IF;
    SELECT array_agg(id) INTO accounts FROM accounts_user WHERE id = checked_user OR person_id = owner;
    IF EXISTS (
        SELECT 1
        FROM accounts_post a
        JOIN accounts_post b ON b.role <> a.role
            AND daterange(a.valid_from, a.valid_to, '[]') && daterange(b.valid_from, b.valid_to, '[]')
        WHERE a.user_id = ANY(accounts) AND b.user_id = ANY(accounts) AND a.role = ANY(exclusive)
    ) THEN
        RAISE EXCEPTION 'account %% would hold an administrator''s post together with another one', checked_user
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'administrators_hold_no_other_post';
    END IF;
END $$;

CREATE FUNCTION redcredit_exclusive_roles_of_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM redcredit_exclusive_roles(NEW.user_id);
    RETURN NULL;
END $$;
CREATE TRIGGER exclusive_roles AFTER INSERT OR UPDATE ON accounts_post
    FOR EACH ROW EXECUTE FUNCTION redcredit_exclusive_roles_of_post();

CREATE FUNCTION redcredit_exclusive_roles_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM redcredit_exclusive_roles(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER exclusive_roles AFTER UPDATE OF person_id ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION redcredit_exclusive_roles_of_user();
"""

BACKWARDS = """
DROP TRIGGER exclusive_roles ON accounts_user;
DROP TRIGGER exclusive_roles ON accounts_post;
DROP FUNCTION redcredit_exclusive_roles_of_user();
DROP FUNCTION redcredit_exclusive_roles_of_post();
DROP FUNCTION redcredit_exclusive_roles(bigint);
"""


class ExclusiveRoles(Operation):
    """Refuse that one person holds one of these roles on the same day as any other role, through any account."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, roles: list[str]) -> None:
        self.roles = roles

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.roles], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        roles = ", ".join(schema_editor.quote_value(role) for role in self.roles)
        schema_editor.execute(FORWARDS % {"roles": roles}, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(BACKWARDS, params=None)

    def describe(self) -> str:
        return f"Let {', '.join(self.roles)} exclude every other role of the same person"
