"""The database's own guard of closed batches: their lines and snapshot are written once (ADR 0004)."""

from typing import Any

from django.db.migrations.operations.base import Operation

FORWARDS = """
CREATE FUNCTION redcredit_refuse_closed_batch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := CASE TG_OP
        WHEN 'DELETE' THEN ARRAY[OLD.batch_id]
        ELSE ARRAY[OLD.batch_id, NEW.batch_id] END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM subsidies_subsidybatch
        WHERE id = ANY(touched) AND state IN ('approved', 'paying', 'reconciled')
    ) THEN
        RAISE EXCEPTION 'the batch of this row in % is closed: it never changes', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION redcredit_refuse_rows_of_closed_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM subsidies_subsidybatch
        WHERE id IN (SELECT batch_id FROM added) AND state IN ('approved', 'paying', 'reconciled')
    ) THEN
        RAISE EXCEPTION 'a batch of these rows in % is closed: it never changes', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

-- One expression without a query in it: the planner puts it in place, which is forty times faster than a call.
CREATE FUNCTION redcredit_units(anchor date, day date, convention text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN convention <> 'zhubi' THEN day - anchor ELSE
        30 * (12 * (extract(year FROM day) - extract(year FROM anchor))
              + extract(month FROM day) - extract(month FROM anchor))::int
        + CASE
            WHEN extract(day FROM day) >= extract(day FROM anchor)
                THEN (extract(day FROM day) - extract(day FROM anchor))::int
            -- The month's end stands for the day that it lacks.
            WHEN extract(day FROM day + 1) = 1 THEN 0
            -- The last whole month ended in the month before, on the anchor's day or at that month's end.
            ELSE (extract(day FROM day) - 30
                  + greatest(extract(day FROM day - extract(day FROM day)::int) - extract(day FROM anchor), 0))::int
        END
    END
$$;
"""

TABLES = ("subsidies_subsidyline", "subsidies_inputsegment")


class FreezeClosedBatches(Operation):
    """Refuse every change of the lines and the snapshot of a closed batch; count days as finance.daycount does."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(FORWARDS, params=None)
        for table in TABLES:
            schema_editor.execute(
                f"CREATE TRIGGER closed_batch BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION redcredit_refuse_closed_batch()",
                params=None,
            )
            # Once per statement, not per row: a batch writes a million of them.
            schema_editor.execute(
                f"CREATE TRIGGER closed_batch_grows AFTER INSERT ON {table} REFERENCING NEW TABLE AS added "
                "FOR EACH STATEMENT EXECUTE FUNCTION redcredit_refuse_rows_of_closed_batch()",
                params=None,
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER closed_batch ON {table}", params=None)
            schema_editor.execute(f"DROP TRIGGER closed_batch_grows ON {table}", params=None)
        schema_editor.execute("DROP FUNCTION redcredit_refuse_closed_batch()", params=None)
        schema_editor.execute("DROP FUNCTION redcredit_refuse_rows_of_closed_batch()", params=None)
        schema_editor.execute("DROP FUNCTION redcredit_units(date, date, text)", params=None)

    def describe(self) -> str:
        return "Freeze closed subsidy batches"


# Of a statement's rows, before and after: one question a statement, where the triggers for each row asked one a row.
SET_BASED = """
CREATE OR REPLACE FUNCTION redcredit_refuse_rows_of_closed_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM subsidies_subsidybatch
        WHERE id IN (SELECT batch_id FROM touched) AND state IN ('approved', 'paying', 'reconciled')
    ) THEN
        RAISE EXCEPTION 'a batch of these rows in % is closed: it never changes', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
DROP FUNCTION redcredit_refuse_closed_batch();
"""
# Name of the trigger, when it fires, which rows it looks at.
TRIGGERS = (
    ("closed_batch_grows", "INSERT", "NEW"),
    ("closed_batch_shrinks", "DELETE", "OLD"),
    ("closed_batch_loses", "UPDATE", "OLD"),
    ("closed_batch_gains", "UPDATE", "NEW"),
)


class FreezeClosedBatchesBySets(Operation):
    """Refuse the same as FreezeClosedBatches, asking once per statement: an estimate's rows go a million at a time."""

    reversible = False
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER closed_batch ON {table}", params=None)
            schema_editor.execute(f"DROP TRIGGER closed_batch_grows ON {table}", params=None)
        schema_editor.execute(SET_BASED, params=None)
        for table in TABLES:
            for name, event, rows in TRIGGERS:
                schema_editor.execute(
                    f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows} TABLE AS touched "
                    "FOR EACH STATEMENT EXECUTE FUNCTION redcredit_refuse_rows_of_closed_batch()",
                    params=None,
                )

    def describe(self) -> str:
        return "Freeze closed subsidy batches, asking once per statement"
