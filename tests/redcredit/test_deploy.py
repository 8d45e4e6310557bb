"""Compose file, image, settings and docs/deploy.md speak of the same things."""

import re

import pytest
import yaml

from redcredit.celery import app
from redcredit.local.places import PROJECT

COMPOSE_TEXT = (PROJECT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
DOCS = (PROJECT / "docs" / "deploy.md").read_text()
SETTINGS = "".join((PROJECT / "redcredit" / "settings" / f"{name}.py").read_text() for name in ("base", "production"))
APPLICATION = ("web", "worker", "beat")
# Only Compose and the database's image know these; the application never sees them.
OF_THE_HOST = {"POSTGRES_PASSWORD", "DATABASE_OWNER_PASSWORD", "DATABASE_PASSWORD", "BACKUP_FOLDER", "BACKUP_KEEP"}
OF_THE_IMAGE = {"DJANGO_SETTINGS_MODULE", "REDCREDIT_VAR_DIR"}

READ = set(re.findall(r'env\.\w+\("([A-Z_]+)"', SETTINGS))
SAID = set(re.findall(r"`([A-Z][A-Z_]{4,})`", DOCS))
ASKED = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE_TEXT))
GIVEN = {name for service in APPLICATION for name in COMPOSE["services"][service]["environment"]}


def test_every_variable_that_the_settings_read_is_given_or_in_the_image():
    assert {"REDCREDIT_VAR_DIR"} == READ - GIVEN
    assert all(f"{name}=" in (PROJECT / "Dockerfile").read_text() for name in OF_THE_IMAGE)


def test_nothing_is_given_that_the_settings_do_not_read():
    assert set() == GIVEN - READ


def test_the_guide_names_every_variable_and_no_other():
    assert READ | ASKED | OF_THE_IMAGE | {"REDCREDIT_PG_BIN"} == SAID


def test_what_is_asked_of_the_host_reaches_the_application_or_is_the_host_s_own():
    assert ASKED - GIVEN == OF_THE_HOST


def test_no_secret_has_a_default():
    secrets = {name for name in ASKED if "PASSWORD" in name or name.endswith("_KEY")}
    assert all(f"${{{name}:?}}" in COMPOSE_TEXT and f"${{{name}:-" not in COMPOSE_TEXT for name in secrets)


@pytest.mark.parametrize("service", APPLICATION)
def test_who_serves_connects_as_the_role_that_owns_nothing(service):
    address = COMPOSE["services"][service]["environment"]["DATABASE_URL"]
    assert address.startswith("postgresql://redcredit:")


@pytest.mark.parametrize("service", ["migrate", "backup"])
def test_only_who_migrates_or_keeps_connects_as_the_owner(service):
    address = COMPOSE["services"][service]["environment"]["DATABASE_URL"]
    assert address.startswith("postgresql://redcredit_owner:")


@pytest.mark.parametrize("service", ["db", "redis", *APPLICATION])
def test_whatever_runs_says_whether_it_is_well(service):
    assert COMPOSE["services"][service]["healthcheck"]["test"]


@pytest.mark.parametrize("service", APPLICATION)
def test_nobody_serves_before_the_tables_are_right(service):
    assert COMPOSE["services"][service]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_image_does_not_run_as_root():
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER redcredit"]


def test_the_roles_of_the_script_are_those_of_the_addresses():
    script = (PROJECT / "deploy" / "roles.sh").read_text()
    assert set(re.findall(r"CREATE ROLE (\w+)", script)) == {"redcredit", "redcredit_owner"}


def test_beat_asks_for_its_mark_more_often_than_it_fades():
    assert app.conf.beat_schedule["beat-of-the-heart"]["schedule"] <= 60
