import os
import subprocess
from pathlib import Path

import pytest

from redcredit.local.places import PROJECT
from redcredit.local.processes import python
from redcredit.local.verify import PRODUCTION
from redcredit.settings.database import database_from_url


def django(*arguments: str, without: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Call manage.py with exactly these settings in its environment."""
    given = {"PATH": os.environ["PATH"], **PRODUCTION, **environment}
    given.pop(without, None)
    return subprocess.run(
        python("manage.py", *arguments), cwd=PROJECT, env=given, capture_output=True, text=True, check=False
    )


def test_an_ordinary_address_is_taken_apart() -> None:
    database = database_from_url("postgresql://credit:s%40crèt@db.example.org:5433/county")
    assert (database["USER"], database["PASSWORD"]) == ("credit", "s@crèt")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.org", "5433", "county")


def test_the_folder_of_a_socket_may_stand_in_the_hosts_place() -> None:
    database = database_from_url("postgresql://postgres@%2Fsrv%2Fred%20credit%2Frun/redcredit")
    assert (database["HOST"], database["PORT"]) == ("/srv/red credit/run", "")


def test_another_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="postgresql://"):
        database_from_url("sqlite:///county.db")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SECRET_KEY", "PERSONAL_DATA_KEY", "ALLOWED_HOSTS", "SITE_URL"])
def test_production_does_not_start_without(name: str) -> None:
    done = django("check", without=name)
    assert done.returncode != 0
    assert f"Set the {name} environment variable" in done.stderr


@pytest.mark.slow
def test_the_demo_never_falls_back_to_a_known_key(tmp_path: Path) -> None:
    done = django("check", without="PERSONAL_DATA_KEY", DJANGO_SETTINGS_MODULE="redcredit.settings.demo")
    assert "Set the PERSONAL_DATA_KEY environment variable" in done.stderr


@pytest.mark.slow
def test_a_command_line_may_take_longer_than_a_page() -> None:
    code = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS']['options'])"
    page = django("shell", "-v0", "-c", code)
    patient = django("shell", "-v0", "-c", code, DATABASE_STATEMENT_TIMEOUT="0")
    assert page.stdout.strip() == "-c statement_timeout=10000 -c lock_timeout=3000"
    assert "statement_timeout=0" in patient.stdout
