"""The database's own guard of published rules. There is no session variable that switches it off (ADR 0004)."""

from typing import Any

from django.db.migrations.operations.base import Operation

PARTS = ("loans_versionstep", "loans_limittier", "loans_requireddocument")

FORWARDS = """
CREATE FUNCTION redcredit_freeze_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        RAISE EXCEPTION 'version % is published: its rules are frozen', OLD.code
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER freeze_published BEFORE UPDATE OR DELETE ON loans_programmeversion
    FOR EACH ROW EXECUTE FUNCTION redcredit_freeze_version();

CREATE FUNCTION redcredit_freeze_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pinned bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.version_id]
        WHEN 'DELETE' THEN ARRAY[OLD.version_id]
        ELSE ARRAY[OLD.version_id, NEW.version_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM loans_programmeversion WHERE id = ANY(pinned) AND state = 'published') THEN
        RAISE EXCEPTION 'the version of this row in % is published: its rules are frozen', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

PART_TRIGGER = (
    "CREATE TRIGGER freeze_published BEFORE INSERT OR UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION redcredit_freeze_part()"
)


class FreezePublished(Operation):
    """Refuse every change of a published programme version, its steps, tiers and papers."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(FORWARDS, params=None)
        for table in PARTS:
            schema_editor.execute(PART_TRIGGER.format(table=table), params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in ("loans_programmeversion", *PARTS):
            schema_editor.execute(f"DROP TRIGGER freeze_published ON {table}", params=None)
        schema_editor.execute("DROP FUNCTION redcredit_freeze_version()", params=None)
        schema_editor.execute("DROP FUNCTION redcredit_freeze_part()", params=None)

    def describe(self) -> str:
        return "Freeze published programme versions"
