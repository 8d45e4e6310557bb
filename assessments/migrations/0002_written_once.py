"""Scores, appeals, results, rewards and payouts are written once; a scheme in force keeps its parts."""

from django.db import migrations

from audit.guards import AppendOnly

TABLES = (
    "campaigndecision",
    "measuredvalue",
    "scoresheet",
    "scorerecord",
    "appeal",
    "appealdecision",
    "result",
    "consequence",
    "rewardbudget",
    "rewardpayee",
    "rewardline",
    "rewardpayout",
)
PARTS = {
    "schemegroup": "SELECT 1 FROM assessments_scheme s WHERE s.id = %s.scheme_id AND s.state = 'published'",
    "rewardtier": "SELECT 1 FROM assessments_scheme s WHERE s.id = %s.scheme_id AND s.state = 'published'",
    "rewardprize": "SELECT 1 FROM assessments_scheme s WHERE s.id = %s.scheme_id AND s.state = 'published'",
    "schemeitem": (
        "SELECT 1 FROM assessments_schemegroup g JOIN assessments_scheme s ON s.id = g.scheme_id"
        " WHERE g.id = %s.group_id AND s.state = 'published'"
    ),
}


def guard(table: str, condition: str) -> migrations.RunSQL:
    """Refuse every change of a part of a scheme that is in force."""
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION assessments_keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'INSERT' AND EXISTS ({condition.replace('%s', 'OLD')}) THEN
                RAISE EXCEPTION 'a scheme in force keeps its parts' USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP <> 'DELETE' AND EXISTS ({condition.replace('%s', 'NEW')}) THEN
                RAISE EXCEPTION 'a scheme in force keeps its parts' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        END $$;
        CREATE TRIGGER scheme_in_force BEFORE INSERT OR UPDATE OR DELETE ON assessments_{table}
        FOR EACH ROW EXECUTE FUNCTION assessments_keep_{table}();
        """,
        f"""
        DROP TRIGGER scheme_in_force ON assessments_{table};
        DROP FUNCTION assessments_keep_{table}();
        """,
    )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_schemes_and_rounds")]

    operations = [
        *(AppendOnly(f"assessments_{table}") for table in TABLES),
        *(guard(table, condition) for table, condition in PARTS.items()),
    ]
