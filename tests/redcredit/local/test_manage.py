"""`./run manage` and `./run stop` as a person calls them, on a checkout's data folder of their own."""

import os
import subprocess
from pathlib import Path

import pytest

from redcredit.local.places import PROJECT
from redcredit.local.processes import python
from redcredit.local.services import demo_servers

pytestmark = pytest.mark.slow


def call(*words: str, var: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "REDCREDIT_VAR_DIR": str(var)}
    return subprocess.run(
        python("-m", "redcredit.local", *words),
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_on_a_new_checkout_prints_nothing_but_its_own_output(kept_var: Path) -> None:
    code = "from accounts.models import User; print(User.objects.count())"
    done = call("manage", "shell", "-v0", "-c", code, var=kept_var)
    assert (done.stdout, done.returncode) == ("0\n", 0), done.stderr
    assert "PostgreSQL and Valkey: started" in done.stderr


def test_a_commands_exit_code_comes_through_and_its_services_end_with_it(kept_var: Path) -> None:
    done = call("manage", "shell", "-v0", "-c", "raise SystemExit(7)", var=kept_var)
    assert done.returncode == 7, done.stderr
    assert not demo_servers(var=kept_var).postgres.answers()
    assert list((kept_var / "launchers").iterdir()) == []


def test_a_database_in_the_callers_environment_is_not_touched(kept_var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@nowhere.invalid/other")
    code = "from django.conf import settings; print(settings.DATABASES['default']['HOST'])"
    done = call("manage", "shell", "-v0", "-c", code, var=kept_var)
    assert done.stdout.strip() == str(demo_servers(var=kept_var).postgres.sockets), done.stderr


def test_stopping_ends_services_that_nobody_uses_and_may_be_repeated(var: Path) -> None:
    servers = demo_servers(var=var)
    servers.postgres.start()
    servers.valkey.start()
    assert call("stop", var=var).returncode == 0
    assert not servers.postgres.answers()
    assert not servers.valkey.answers()
    assert call("stop", var=var).returncode == 0
