"""Real servers, started and stopped: what a fresh machine, a second launcher and a crash need."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from redcredit.local import postgres
from redcredit.local.postgres import Postgres
from redcredit.local.services import Servers, Services, ThrowawayServices, servers_in, sweep_throwaways
from redcredit.local.terminal import Failure

pytestmark = pytest.mark.slow


@pytest.fixture
def servers(var: Path) -> Iterator[Servers]:
    """Servers that do not run yet; whatever a test leaves running is stopped."""
    laid_out = servers_in("services", var=var, settings=postgres.THROWAWAY)
    yield laid_out
    laid_out.stop()


def ask(server: Postgres, statement: str, database: str = "redcredit") -> object:
    connection = psycopg2.connect(host=str(server.sockets), user="postgres", dbname=database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return None if cursor.description is None else cursor.fetchone()[0]
    finally:
        connection.commit()
        connection.close()


def test_servers_start_and_nothing_is_left_running(servers: Servers) -> None:
    with Services(servers) as services:
        assert services.is_new_database
        assert servers.postgres.answers()
        assert servers.valkey.answers()
    assert not servers.postgres.answers()
    assert not servers.valkey.answers()


def test_a_second_start_keeps_the_data(servers: Servers) -> None:
    with Services(servers):
        ask(servers.postgres, "CREATE TABLE kept AS SELECT 42 AS n")
    with Services(servers) as services:
        assert not services.is_new_database
        assert ask(servers.postgres, "SELECT n FROM kept") == 42


def test_a_fresh_start_begins_with_an_empty_database(servers: Servers) -> None:
    with Services(servers):
        ask(servers.postgres, "CREATE TABLE forgotten (n int)")
    with Services(servers, fresh=True) as services:
        assert services.is_new_database
        assert ask(servers.postgres, "SELECT to_regclass('forgotten')") is None


def test_the_last_of_two_launchers_stops_the_servers(servers: Servers) -> None:
    with Services(servers):
        with Services(servers):
            pass
        assert servers.postgres.answers()
    assert not servers.postgres.answers()


def test_a_fresh_start_is_refused_while_somebody_uses_the_database(servers: Servers) -> None:
    with Services(servers):
        with pytest.raises(Failure, match="Another ./run uses this database"), Services(servers, fresh=True):
            pass
        assert servers.postgres.answers()


def test_servers_that_were_killed_start_again_with_their_data(servers: Servers) -> None:
    with Services(servers):
        ask(servers.postgres, "CREATE TABLE kept AS SELECT 42 AS n")
        ask(servers.postgres, "CHECKPOINT")
        pid = int((servers.postgres.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        with Services(servers):
            assert ask(servers.postgres, "SELECT n FROM kept") == 42


def test_a_left_over_process_number_of_another_program_does_not_prevent_the_start(servers: Servers) -> None:
    with Services(servers):
        pass
    left_over = servers.postgres.data / "postmaster.pid"
    left_over.write_text(f"{os.getpid()}\n{servers.postgres.data}\n")
    with Services(servers):
        assert servers.postgres.answers()


def test_a_half_made_cluster_is_made_anew(servers: Servers) -> None:
    half_done = servers.postgres.data.with_suffix(".init")
    half_done.mkdir()
    (half_done / "PG_VERSION").write_text("18")
    with Services(servers):
        assert servers.postgres.answers()


def test_data_of_another_major_version_are_refused_in_a_sentence(servers: Servers) -> None:
    servers.postgres.data.mkdir()
    (servers.postgres.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Failure, match="was made by PostgreSQL 9, the programs here are"), Services(servers):
        pass
    (servers.postgres.data / "PG_VERSION").unlink()
    servers.postgres.data.rmdir()


def test_chinese_text_can_be_searched(servers: Servers) -> None:
    with Services(servers):
        ask(servers.postgres, "CREATE EXTENSION pg_trgm")
        assert ask(servers.postgres, "SELECT cardinality(show_trgm('供应链'))") == 4


def test_postgres_listens_to_this_machine_only(servers: Servers) -> None:
    with Services(servers):
        assert ask(servers.postgres, "SHOW listen_addresses") == ""
        assert servers.postgres.sockets.stat().st_mode & 0o077 == 0


def test_throwaway_servers_leave_no_file_behind(var: Path) -> None:
    with ThrowawayServices(var=var, name="1") as services:
        assert services.servers.postgres.answers()
    assert list((var / "test-services").iterdir()) == []


def test_servers_of_a_killed_test_run_are_swept_away(var: Path) -> None:
    killed = servers_in("test-services/1", var=var, settings=postgres.THROWAWAY)
    killed.postgres.start()
    killed.valkey.start()
    (killed.folder / "users.lock").touch()
    sweep_throwaways(var=var)
    assert not killed.postgres.answers()
    assert not killed.valkey.answers()
    assert not killed.folder.exists()


def test_servers_of_another_running_test_run_are_left_alone(var: Path) -> None:
    with ThrowawayServices(var=var, name="1") as mine:
        sweep_throwaways(var=var)
        assert mine.servers.postgres.answers()
