"""`./run manage …`: Django's command line on the demo's database, with the services running."""

from pathlib import Path

from redcredit.local.places import PROJECT
from redcredit.local.prepare import demo_environment, prepare_database, prepare_translations, without_timeouts
from redcredit.local.processes import Children, python, run_in_foreground
from redcredit.local.services import Services, demo_servers

# These look after the tables themselves.
OWN_MIGRATIONS = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "squashmigrations", "optimizemigration"}


def run_manage(arguments: list[str], *, var: Path) -> int:
    """Run one management command and return its exit code. Only the command itself writes to standard output."""
    with Services(demo_servers(var=var)) as services:
        environment = demo_environment(services, var=var)
        with Children(folder=var / "launchers", environment=environment, cwd=PROJECT) as children:
            prepare_translations()
            if not OWN_MIGRATIONS.intersection(arguments[:1]):
                prepare_database(services, children, log=var / "log" / "migrate.log", only_if_changed=True)
            return run_in_foreground(
                python("manage.py", *arguments), cwd=PROJECT, environment=without_timeouts(environment)
            )
