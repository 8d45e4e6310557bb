"""Database guards as migration operations. There is no session variable that switches them off (ADR 0004)."""

from typing import Any

from django.db.migrations.operations.base import Operation

FUNCTION = """
CREATE OR REPLACE FUNCTION redcredit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are written once: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""


class AppendOnly(Operation):
    """Refuse UPDATE and DELETE on a table, from Python and from psql alike.

    TRUNCATE is not guarded by a trigger: tests that run in real transactions clean up with it. In production the
    application's database role is not granted TRUNCATE.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str) -> None:
        self.table = table

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.table], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = schema_editor.quote_name(self.table)
        schema_editor.execute(FUNCTION, params=None)
        schema_editor.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION redcredit_refuse_change()",
            params=None,
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"DROP TRIGGER append_only ON {schema_editor.quote_name(self.table)}", params=None)

    def describe(self) -> str:
        return f"Let rows of {self.table} be written once"
