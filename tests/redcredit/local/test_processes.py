import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from redcredit.local.places import PROJECT
from redcredit.local.processes import (
    Birth,
    Children,
    Stopped,
    end_orphans,
    python,
    read_records,
    run_in_foreground,
    stopping_on_signals,
    wait_until_gone,
)
from redcredit.local.terminal import Failure

SLEEP = ("-c", "import time; time.sleep(60)")


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    """Programs of one launcher, ended after the test."""
    with Children(folder=tmp_path / "launchers", environment=os.environ, cwd=tmp_path) as programs:
        yield programs


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own that nobody has written down yet."""
    with subprocess.Popen(python(*SLEEP), start_new_session=True) as process:
        yield process
        process.kill()


def write_record(folder: Path, launcher: list[float], *births: list[float]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "1.json").write_text(json.dumps([launcher, *births]))


def birth_of(process: subprocess.Popen[bytes]) -> Birth:
    birth = Birth.of(process.pid)
    assert birth is not None
    return birth


def test_a_program_that_ends_well_is_forgotten(children: Children) -> None:
    children.run("short", python("-c", "pass"))
    assert children.running == []


def test_a_program_that_fails_is_named_with_the_end_of_its_log(children: Children, tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"migrate ended with code 3.*\n.*no such table"):
        children.run("migrate", python("-c", "print('no such table'); raise SystemExit(3)"), log=tmp_path / "log")


def test_a_program_that_should_stay_but_ends_stops_the_launcher(children: Children, tmp_path: Path) -> None:
    children.start("web", python("-c", "raise SystemExit(1)"), log=tmp_path / "log").process.wait()
    with pytest.raises(Failure, match="web ended with code 1"):
        children.run("load", python(*SLEEP))


def test_leaving_ends_every_program_and_its_record(tmp_path: Path) -> None:
    with Children(folder=tmp_path / "launchers", environment=os.environ, cwd=tmp_path) as programs:
        child = programs.start("web", python(*SLEEP))
        assert [record.children for record in read_records(tmp_path / "launchers")] == [[child.birth]]
    assert not child.birth.is_alive()
    assert read_records(tmp_path / "launchers") == []


def test_what_programs_write_can_be_read_by_their_owner_only(children: Children, tmp_path: Path) -> None:
    children.run("writer", python("-c", "open('paper', 'w').close()"), log=tmp_path / "log" / "writer.log")
    assert (tmp_path / "paper").stat().st_mode & 0o077 == 0
    assert (tmp_path / "log" / "writer.log").stat().st_mode & 0o077 == 0


def test_a_log_that_grew_large_is_put_aside_once(children: Children, tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * 5_000_001)
    children.run("web", python("-c", "print('new')"), log=log)
    assert log.read_text() == "new\n"
    assert (tmp_path / "web.old.log").exists()


def test_programs_of_a_killed_launcher_are_ended(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    birth = birth_of(sleeper)
    write_record(tmp_path, [999_999_999, 1.0], [birth.pid, birth.born_at])
    end_orphans(tmp_path)
    assert not birth.is_alive()
    assert read_records(tmp_path) == []


def test_programs_of_a_living_launcher_are_left_alone(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    launcher, child = Birth.of(os.getpid()), birth_of(sleeper)
    assert launcher is not None
    write_record(tmp_path, [launcher.pid, launcher.born_at], [child.pid, child.born_at])
    end_orphans(tmp_path)
    assert child.is_alive()


def test_a_process_that_only_inherited_the_number_is_left_alone(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    birth = birth_of(sleeper)
    write_record(tmp_path, [999_999_999, 1.0], [birth.pid, birth.born_at - 1000])
    end_orphans(tmp_path)
    assert birth.is_alive()


def test_a_record_without_sense_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "7.json").write_text("[[1,")
    assert read_records(tmp_path) == []
    assert not (tmp_path / "7.json").exists()


def test_the_first_signal_stops_and_the_second_changes_nothing() -> None:
    with stopping_on_signals():
        with pytest.raises(Stopped, match="SIGTERM"):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)


def test_the_exit_code_of_a_foreground_program_comes_through(tmp_path: Path) -> None:
    code = run_in_foreground(python("-c", "raise SystemExit(7)"), cwd=tmp_path, environment=os.environ)
    assert code == 7


def test_a_program_that_a_signal_ended_reports_it_as_a_shell_does(tmp_path: Path) -> None:
    suicide = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    assert run_in_foreground(python("-c", suicide), cwd=tmp_path, environment=os.environ) == 128 + signal.SIGTERM


def test_a_signal_to_the_launcher_alone_reaches_its_foreground_program(tmp_path: Path) -> None:
    launcher = (
        "import os; from pathlib import Path; from redcredit.local.processes import python, run_in_foreground\n"
        "code = \"print('ready', flush=True); import time; time.sleep(60)\"\n"
        "raise SystemExit(run_in_foreground(python('-c', code), cwd=Path('/'), environment=os.environ))"
    )
    with subprocess.Popen([sys.executable, "-c", launcher], cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 128 + signal.SIGTERM


def test_waiting_for_a_process_ends_when_it_is_gone(sleeper: subprocess.Popen[bytes]) -> None:
    birth = birth_of(sleeper)
    sleeper.kill()
    began = time.monotonic()
    wait_until_gone(birth, seconds_max=30)
    assert time.monotonic() - began < 10
