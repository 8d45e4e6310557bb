"""What must be true for the house to serve (else 503), and what somebody should look after soon."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from redis import RedisError

from files.storage import attachments
from redcredit import heartbeat
from redcredit.local import system_packages

DISK_FREE_MIN_PERCENT = 10
LOOPBACK = frozenset({"127.0.0.1", "::1"})
OK, DEGRADED, FAILING = "ok", "degraded", "failing"


@dataclass(frozen=True)
class Condition:
    """One thing that was asked; `problem` is a sentence for the operator, empty when all is well."""

    name: str
    problem: str
    is_vital: bool


def ask_conditions() -> list[Condition]:
    """Ask everything, one after the other; nothing raises."""
    return [Condition(name, question(), is_vital) for name, question, is_vital in QUESTIONS]


def status_of(conditions: list[Condition]) -> str:
    wrong = [condition for condition in conditions if condition.problem]
    if not wrong:
        return OK
    return FAILING if any(condition.is_vital for condition in wrong) else DEGRADED


def may_see_details(request: HttpRequest) -> bool:
    """Whether the asker sits on this machine (and no proxy speaks for somebody else) or knows the token."""
    token, given = settings.HEALTH_TOKEN, request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and constant_time_compare(given, token):
        return True
    return request.META.get("REMOTE_ADDR") in LOOPBACK and "X-Forwarded-For" not in request.headers


def database_problem() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"The database does not answer ({type(error).__name__})."
    return ""


def migrations_problem() -> str:
    try:
        missing = _migrations_on_disk() - set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        return "The database cannot say which migrations it has."
    return f"{len(missing)} migrations are pending: run manage.py migrate." if missing else ""


@lru_cache(maxsize=1)
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    """The program of a process does not change: its migrations are read once."""
    return frozenset(MigrationLoader(None).disk_migrations or ())


def redis_problem() -> str:
    try:
        heartbeat.redis_at(settings.REDIS_URL).ping()
    except RedisError as error:
        return f"Redis does not answer ({type(error).__name__})."
    return ""


def worker_problem() -> str:
    if heartbeat.is_alive(settings.REDIS_URL):
        return ""
    return f"No worker has done anything for {heartbeat.SECONDS_ALIVE} seconds: look at worker and beat."


def disk_problem() -> str:
    full = [str(folder) for folder in _folders() if _free_percent(folder) < DISK_FREE_MIN_PERCENT]
    return f"Less than {DISK_FREE_MIN_PERCENT} % free: {', '.join(full)}." if full else ""


def _folders() -> list[Path]:
    folders = [Path(settings.MEDIA_ROOT), Path(attachments().path(""))]
    return [folder for folder in folders if folder.is_dir()]


def _free_percent(folder: Path) -> float:
    usage = shutil.disk_usage(folder)
    return usage.free * 100 / usage.total


@lru_cache(maxsize=1)
def fonts_problem() -> str:
    """Asked once: a process that started without fonts has none later either."""
    missing = system_packages.missing_of(system_packages.BASE)
    return f"Missing for documents: {' '.join(need.package for need in missing)}." if missing else ""


QUESTIONS: tuple[tuple[str, Callable[[], str], bool], ...] = (
    ("database", database_problem, True),
    ("migrations", migrations_problem, True),
    ("redis", redis_problem, False),
    ("worker", worker_problem, False),
    ("disk", disk_problem, False),
    ("fonts", fonts_problem, False),
)
