"""What the application's own database role may do. Tables belong to another role, the owner, which only migrates.

Rights come first, constraints second, triggers third (ADR 0004): a role that owns a table can switch its triggers off.
The rights are read from the database itself: which tables are there, and which of them a guard keeps.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import sql  # type: ignore[import-untyped]  # it comes without types

ALL = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
# Only a migration writes these; the application must be able to read them.
OF_THE_OWNER = frozenset({"django_migrations", "django_content_type", "auth_permission"})
# The guards of audit/guards.py and loans/guards.py, known by their functions.
REFUSES_CHANGE, KEEPS_ROW = "redcredit_refuse_change", "redcredit_keep_row"
BITS = {"UPDATE": 16, "DELETE": 8}  # of pg_trigger.tgtype

_TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY c.relname
"""
_GUARDS = """
SELECT t.tgrelid::regclass::text, p.proname, t.tgtype, encode(t.tgargs, 'escape')
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND p.proname = ANY(%s)
"""
_TABLE_RIGHTS = """
SELECT c.relname, p.privilege_type FROM pg_class c, aclexplode(c.relacl) p
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND p.grantee = %s::regrole
"""
_COLUMN_RIGHTS = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) p
WHERE c.relnamespace = 'public'::regnamespace AND p.grantee = %s::regrole AND p.privilege_type = 'UPDATE'
"""
_ROLE = """
SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = %s
"""
_OWNS = """
SELECT pg_has_role(%s, datdba, 'MEMBER') OR EXISTS (
    SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_has_role(%s, relowner, 'MEMBER')
) FROM pg_database WHERE datname = current_database()
"""


class UnfitRole(Exception):
    """The role cannot be the application's; the message is for the operator."""


@dataclass(frozen=True)
class Rights:
    """What may be done with one table: with all of it, and UPDATE of single columns."""

    table: str
    whole: frozenset[str]
    columns: frozenset[str] = field(default=frozenset())


def wanted_rights(connection: BaseDatabaseWrapper) -> dict[str, Rights]:
    """Return what the application may do with each table of this database, derived from its guards."""
    rights = {}
    for (table,) in _ask(connection, _TABLES):
        rights[table] = Rights(table, frozenset({"SELECT"}) if table in OF_THE_OWNER else ALL)
    for table, function, events, arguments in _ask(connection, _GUARDS, [[REFUSES_CHANGE, KEEPS_ROW]]):
        refused = {right for right, bit in BITS.items() if events & bit}
        columns = frozenset(filter(None, arguments.split("\\000"))) if function == KEEPS_ROW else frozenset()
        rights[table] = Rights(table, rights[table].whole - refused, columns)
    return rights


def held_rights(connection: BaseDatabaseWrapper, role: str) -> dict[str, Rights]:
    """Return what a role was granted in this database, table by table."""
    whole: dict[str, set[str]] = {}
    columns: dict[str, set[str]] = {}
    for table, right in _ask(connection, _TABLE_RIGHTS, [_quoted(connection, role)]):
        whole.setdefault(table, set()).add(right)
    for table, column in _ask(connection, _COLUMN_RIGHTS, [_quoted(connection, role)]):
        columns.setdefault(table, set()).add(column)
    return {
        table: Rights(table, frozenset(whole.get(table, ())), frozenset(columns.get(table, ())))
        for table in whole.keys() | columns.keys()
    }


def wrong_rights(connection: BaseDatabaseWrapper, role: str) -> list[str]:
    """Return the tables on which a role has other rights than the application's. Raises UnfitRole."""
    check_role(connection, role)
    wanted, held = wanted_rights(connection), held_rights(connection, role)
    return sorted(
        table
        for table in wanted.keys() | held.keys()
        if wanted.get(table) != held.get(table, Rights(table, frozenset()))
    )


def check_role(connection: BaseDatabaseWrapper, role: str) -> None:
    """Raise UnfitRole when a role is missing or could take more than it is given."""
    known = _ask(connection, _ROLE, [role])
    if not known:
        raise UnfitRole(f"There is no role “{role}” on this server. Make it first: see deploy/roles.sh.")
    if known[0][0]:
        raise UnfitRole(f"The role “{role}” has rights over the whole server: it would make every guard worthless.")
    if _ask(connection, _OWNS, [role, role])[0][0]:
        raise UnfitRole(f"The role “{role}” owns this database or tables of it: an owner can switch guards off.")


def grant_rights(connection: BaseDatabaseWrapper, role: str) -> int:
    """Give a role exactly the application's rights; what it had besides is taken away. Return how many tables.

    Call it as the owner of the tables, in a transaction, after every migration. Raises UnfitRole.
    """
    check_role(connection, role)
    wanted = wanted_rights(connection)
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute(_prepared(connection, name))
        for rights in wanted.values():
            cursor.execute(_granted(rights, name))
    return len(wanted)


def _prepared(connection: BaseDatabaseWrapper, role: sql.Identifier) -> sql.Composed:
    """From nothing: connecting, looking into the schema, drawing numbers; no table yet, nothing to create in."""
    database = sql.Identifier(connection.settings_dict["NAME"])
    return sql.SQL(
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role};"
        "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role};"
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role};"
        "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {role};"
        "GRANT CONNECT ON DATABASE {database} TO {role};"
        "GRANT USAGE ON SCHEMA public TO {role};"
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"
    ).format(role=role, database=database)


def _granted(rights: Rights, role: sql.Identifier) -> sql.Composed:
    words = [sql.SQL(right) for right in sorted(rights.whole)]
    if rights.columns:
        columns = sql.SQL(", ").join(sql.Identifier(column) for column in sorted(rights.columns))
        words.append(sql.SQL("UPDATE ({})").format(columns))
    return sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(", ").join(words), sql.Identifier(rights.table), role)


def _quoted(connection: BaseDatabaseWrapper, role: str) -> str:
    return connection.ops.quote_name(role)


def _ask(
    connection: BaseDatabaseWrapper, statement: str, parameters: list[Any] | None = None
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
