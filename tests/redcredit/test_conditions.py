"""/health/: what it asks, what it answers, and to whom it says why."""

import json
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client, RequestFactory
from redis import ConnectionError as NoRedis

from redcredit import conditions, heartbeat, tasks
from redcredit.conditions import Condition, may_see_details, status_of


@pytest.fixture
def all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tuple((name, lambda: "", vital) for name, _question, vital in conditions.QUESTIONS)
    monkeypatch.setattr(conditions, "QUESTIONS", asked)


def let_fail(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    asked = tuple((one, (lambda: "Out.") if one == name else ask, vital) for one, ask, vital in conditions.QUESTIONS)
    monkeypatch.setattr(conditions, "QUESTIONS", asked)


@pytest.mark.usefixtures("all_is_well")
@pytest.mark.parametrize(
    ("name", "code", "status"),
    [("", 200, "ok"), ("database", 503, "failing"), ("migrations", 503, "failing"), ("redis", 200, "degraded"),
     ("worker", 200, "degraded"), ("disk", 200, "degraded"), ("fonts", 200, "degraded")],
)  # fmt: skip
def test_only_what_no_page_can_do_without_refuses_requests(monkeypatch, name, code, status):
    let_fail(monkeypatch, name)
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()["status"]) == (code, status)


@pytest.mark.django_db
def test_the_database_of_this_test_is_there_and_up_to_date():
    assert (conditions.database_problem(), conditions.migrations_problem()) == ("", "")


def test_a_pending_migration_is_told(monkeypatch):
    monkeypatch.setattr(conditions, "_migrations_on_disk", lambda: frozenset({("loans", "9999_later")}))
    recorder = SimpleNamespace(applied_migrations=dict)
    monkeypatch.setattr(conditions, "MigrationRecorder", lambda connection: recorder)
    assert conditions.migrations_problem() == "1 migrations are pending: run manage.py migrate."


def test_a_database_that_is_away_is_a_sentence_and_no_error(monkeypatch):
    def cursor() -> None:
        raise OperationalError("password of the server")

    monkeypatch.setattr(conditions, "connection", SimpleNamespace(cursor=cursor))
    assert conditions.database_problem() == "The database does not answer (OperationalError)."


def test_a_full_disk_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(conditions, "_folders", lambda: [tmp_path])
    monkeypatch.setattr(conditions.shutil, "disk_usage", lambda folder: SimpleNamespace(free=9, total=100))
    assert conditions.disk_problem() == f"Less than 10 % free: {tmp_path}."


def test_a_beat_is_heard_until_it_fades(monkeypatch):
    monkeypatch.setattr(heartbeat, "KEY", "redcredit:heartbeat:test")
    tasks.beat_of_the_heart()
    assert heartbeat.seconds_since(settings.REDIS_URL) in (0, 1, 2)
    heartbeat.redis_at(settings.REDIS_URL).delete(heartbeat.KEY)
    assert not heartbeat.is_alive(settings.REDIS_URL)
    assert "look at worker and beat" in conditions.worker_problem()


def test_a_redis_that_is_away_is_a_sentence_and_no_error(monkeypatch):
    def refuse(url: str) -> None:
        raise NoRedis("no such file")

    monkeypatch.setattr(heartbeat, "redis_at", refuse)
    assert conditions.redis_problem() == "Redis does not answer (ConnectionError)."
    assert not heartbeat.is_alive(settings.REDIS_URL)


@pytest.mark.parametrize(
    ("asker", "headers", "sees"),
    [
        ("127.0.0.1", {}, True),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("10.1.2.3", {}, False),
        ("10.1.2.3", {"Authorization": "Bearer wrong"}, False),
        ("10.1.2.3", {"Authorization": "Bearer a word"}, True),
    ],
)
def test_details_are_for_this_machine_and_for_the_token(settings, asker, headers, sees):
    settings.HEALTH_TOKEN = "a word"
    assert may_see_details(RequestFactory(headers=headers).get("/health/", REMOTE_ADDR=asker)) is sees


def test_without_a_token_none_opens(settings):
    settings.HEALTH_TOKEN = ""
    request = RequestFactory(headers={"Authorization": "Bearer "}).get("/health/", REMOTE_ADDR="10.1.2.3")
    assert not may_see_details(request)


@pytest.mark.usefixtures("all_is_well")
def test_a_stranger_is_told_that_and_not_why(monkeypatch):
    let_fail(monkeypatch, "disk")
    assert json.loads(Client(REMOTE_ADDR="10.1.2.3").get("/health/").content) == {"status": "degraded"}
    assert Client().get("/health/").json()["conditions"]["disk"] == "Out."


def test_a_process_is_alive_without_asking_anybody():
    assert Client().get("/health/alive/").json() == {"status": "ok"}


def test_one_vital_failure_outweighs_everything():
    assert status_of([Condition("a", "", True), Condition("b", "x", False), Condition("c", "x", True)]) == "failing"
