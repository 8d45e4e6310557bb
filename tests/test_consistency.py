"""What the code base promises about itself."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from loans.flow import ROUTES
from loans.steps import STEPS
from workflow.engine import Effect
from workflow.models import Decision

ROOT = Path(settings.BASE_DIR)
OURS = [config for config in apps.get_app_configs() if Path(config.path).parent == ROOT]
# Parts that have no life of their own: they go with the whole, and money is never among them.
PARTS = {"ServedUnit.application", "HelpCommitment.application", "OrganizationPermission.user"} | {
    "ApplicationDraft.application",
    "OrganizationPermission.content_object",
    "OrganizationPermission.permission",
}
SCOPED = {"Application", "Loan", "Person", "Household", "Entity"}


def our_models() -> list[type[models.Model]]:
    return [model for config in OURS for model in config.get_models()]


def test_no_foreign_key_cascades_but_to_a_part_of_the_same_thing():
    cascading = {
        f"{model.__name__}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    }
    assert cascading - PARTS == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "table",
    [
        "audit_auditevent",
        "loans_loanentry",
        "loans_visit",
        "loans_visitphoto",
        "loans_collectionact",
        "loans_committeefiling",
        "loans_filingitem",
        "loans_issuedpaper",
        "loans_papernumber",
        "loans_casepaperseen",
        "loans_paperwithdrawal",
        "loans_missingpaper",
    ],
)
def test_a_ledger_is_written_once(table):
    assert has_append_only_trigger(table)


@pytest.mark.django_db
def test_every_decision_table_is_written_once():
    tables = [model._meta.db_table for model in our_models() if issubclass(model, Decision)]
    assert tables
    assert [table for table in tables if not has_append_only_trigger(table)] == []


def has_append_only_trigger(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'append_only' AND tgenabled = 'O'",
            [table],
        )
        return cursor.fetchone() is not None


def test_every_route_has_its_rule_and_every_rule_its_route():
    """But for taking back: who decided may, by the rule of what he decided."""
    routes = {key for key, route in ROUTES.items() if route.effect is not Effect.UNDO}
    rules = {(str(step), str(outcome)) for step, instance in STEPS.items() for outcome in instance.rules}
    assert {(str(step), str(outcome)) for step, outcome in routes} == {
        pair for pair in rules if pair != ("assessment", "withdraw")
    }


def view_files() -> list[Path]:
    return [
        path
        for config in OURS
        for pattern in ("views.py", "views/*.py", "tables.py", "tasks.py")
        for path in Path(config.path).glob(pattern)
    ]


@pytest.mark.parametrize("path", view_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_views_ask_for_scoped_rows(path):
    """In a view, `.objects` of a scoped model must be followed at once by `.for_scope(`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    allowed = {
        id(node.func.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "for_scope"
    }
    found = [
        f"{node.value.id}.objects in line {node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "objects"
        and isinstance(node.value, ast.Name)
        and node.value.id in SCOPED
        and id(node) not in allowed
    ]
    assert found == []


def test_only_the_clock_reads_the_system_clock():
    """Ruff bans the calls; this bans going around it with `time.time()`."""
    offenders = [
        str(path.relative_to(ROOT))
        for config in OURS
        for path in Path(config.path).rglob("*.py")
        if "migrations" not in path.parts and path.name != "clock.py" and "time.time()" in path.read_text("utf-8")
    ]
    assert offenders == []


def test_nothing_of_this_machine_is_in_a_tracked_template_or_module():
    """Everything is served from here: no address of another host in a page."""
    offenders = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if "http://" in path.read_text("utf-8").replace("http://www.w3.org", "")
    ]
    assert offenders == []
