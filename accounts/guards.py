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


DELEGATIONS_FORWARDS = """
CREATE FUNCTION redcredit_check_delegation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lent accounts_post;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.stands_in_for_id IS DISTINCT FROM NEW.stands_in_for_id THEN
        RAISE EXCEPTION 'a post never becomes another one''s' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM accounts_post d WHERE d.stands_in_for_id = NEW.id AND (d.organization_id, d.role)
            IS DISTINCT FROM (NEW.organization_id, NEW.role) OR d.stands_in_for_id = NEW.id
            AND NOT daterange(d.valid_from, d.valid_to, '[]') <@ daterange(NEW.valid_from, NEW.valid_to, '[]')
    ) THEN
        RAISE EXCEPTION 'post % is delegated for longer than it would last', NEW.id
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'a_delegation_lies_within_the_post';
    END IF;
    IF NEW.stands_in_for_id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO lent FROM accounts_post WHERE id = NEW.stands_in_for_id FOR NO KEY UPDATE;
    IF lent.stands_in_for_id IS NOT NULL
            OR (lent.organization_id, lent.role) IS DISTINCT FROM (NEW.organization_id, NEW.role)
            OR NOT daterange(NEW.valid_from, NEW.valid_to, '[]') <@ daterange(lent.valid_from, lent.valid_to, '[]')
    THEN
        RAISE EXCEPTION 'post % is no delegation of post %', NEW.id, lent.id
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'a_delegation_lies_within_the_post';
    END IF;
    IF EXISTS (
        SELECT 1 FROM accounts_user a, accounts_user b
        WHERE a.id = NEW.user_id AND b.id IN (lent.user_id, NEW.appointed_by_id)
            AND (a.id = b.id OR a.person_id = b.person_id)
    ) THEN
        RAISE EXCEPTION 'nobody stands in for himself, and nobody grants it to himself'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'nobody_stands_in_for_himself';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER delegation AFTER INSERT OR UPDATE ON accounts_post
    FOR EACH ROW EXECUTE FUNCTION redcredit_check_delegation();
"""
DELEGATIONS_BACKWARDS = """
DROP TRIGGER delegation ON accounts_post;
DROP FUNCTION redcredit_check_delegation();
"""


class GuardDelegations(Operation):
    """Refuse a delegation that is not of another person's own post, or outlasts it."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(DELEGATIONS_FORWARDS, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(DELEGATIONS_BACKWARDS, params=None)

    def describe(self) -> str:
        return "Let a delegation be of another person's own post, within its days"
