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


KEEP_ROW = """
CREATE OR REPLACE FUNCTION redcredit_keep_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are kept: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""


class KeepRows(Operation):
    """Refuse DELETE, and every UPDATE that touches more than the columns named."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, changeable: tuple[str, ...]) -> None:
        self.table, self.changeable = table, changeable

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.table, self.changeable], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        names = ", ".join(f"'{name}'" for name in self.changeable)
        schema_editor.execute(KEEP_ROW, params=None)
        schema_editor.execute(
            f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {schema_editor.quote_name(self.table)} "
            f"FOR EACH ROW EXECUTE FUNCTION redcredit_keep_row({names})",
            params=None,
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"DROP TRIGGER kept ON {schema_editor.quote_name(self.table)}", params=None)

    def describe(self) -> str:
        return f"Keep the rows of {self.table}"


MEETING_FORWARDS = """
CREATE FUNCTION redcredit_close_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'closed' THEN
        RAISE EXCEPTION 'meeting % is closed: its record is kept', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER closed_meeting BEFORE UPDATE OR DELETE ON loans_meeting
    FOR EACH ROW EXECUTE FUNCTION redcredit_close_meeting();

CREATE FUNCTION redcredit_close_meeting_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    opened text[] := ARRAY['decision_id', 'failure'];
BEGIN
    -- What became of an item is written after the meeting: its decision once, why there is none as often as tried.
    IF TG_TABLE_NAME = 'loans_meetingitem' AND TG_OP = 'UPDATE'
            AND was - opened = becomes - opened AND was ->> 'decision_id' IS NULL THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT 1 FROM loans_meeting WHERE state = 'closed' AND id IN (
            (was ->> 'meeting_id')::bigint, (becomes ->> 'meeting_id')::bigint,
            (SELECT meeting_id FROM loans_meetingitem WHERE id = (was ->> 'item_id')::bigint),
            (SELECT meeting_id FROM loans_meetingitem WHERE id = (becomes ->> 'item_id')::bigint)
        )
    ) THEN
        RAISE EXCEPTION 'the meeting of this row in % is closed: its record is kept', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
MEETING_PARTS = ("loans_meetingattendance", "loans_meetingitem", "loans_meetingrecusal")


class FreezeClosedMeetings(Operation):
    """Refuse every change of a closed meeting: its record, attendance, counts and recusals."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(MEETING_FORWARDS, params=None)
        for table in MEETING_PARTS:
            schema_editor.execute(
                f"CREATE TRIGGER closed_meeting BEFORE INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION redcredit_close_meeting_part()",
                params=None,
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in ("loans_meeting", *MEETING_PARTS):
            schema_editor.execute(f"DROP TRIGGER closed_meeting ON {table}", params=None)
        schema_editor.execute("DROP FUNCTION redcredit_close_meeting()", params=None)
        schema_editor.execute("DROP FUNCTION redcredit_close_meeting_part()", params=None)

    def describe(self) -> str:
        return "Freeze closed branch meetings"
