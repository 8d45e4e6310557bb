"""What `./run` understands, and the files that lead to it."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from redcredit.local.__main__ import parse_arguments
from redcredit.local.demo import HOST, refuse_busy_port
from redcredit.local.places import PROJECT
from redcredit.local.prepare import migrations_fingerprint
from redcredit.local.processes import python
from redcredit.local.soak import soak_parts
from redcredit.local.terminal import Failure
from redcredit.local.verify import Part, run_parts, static_parts


def test_the_demo_has_a_port_and_keeps_its_data_unless_told_otherwise() -> None:
    arguments = parse_arguments(["demo"])
    assert (arguments.port, arguments.fresh) == (8000, False)


def test_the_demo_takes_another_port_and_starts_over() -> None:
    arguments = parse_arguments(["demo", "--fresh", "--port", "8123"])
    assert (arguments.port, arguments.fresh) == (8123, True)


@pytest.mark.parametrize("command", ["test", "manage"])
def test_options_of_other_programs_are_handed_on_untouched(command: str) -> None:
    assert parse_arguments([command, "-k", "--help", "--", "x"]).arguments == ["-k", "--help", "--", "x"]


@pytest.mark.parametrize("words", [[], ["dance"], ["demo", "--port", "many"], ["check", "x"]])
def test_what_is_not_understood_is_refused_with_the_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(words)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_port_in_use_is_refused_in_a_sentence_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Failure, match=rf"Port {port} is used by another program.*--port {port + 1}"):
            refuse_busy_port(port)


def test_a_free_port_is_accepted() -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        port = other.getsockname()[1]
    refuse_busy_port(port)


def test_a_changed_migration_changes_the_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").touch()
    migration = tmp_path / "loans" / "migrations" / "0001_start.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("first")
    before = migrations_fingerprint(tmp_path)
    assert migrations_fingerprint(tmp_path) == before
    migration.write_text("second")
    assert migrations_fingerprint(tmp_path) != before


def test_every_part_of_the_check_is_a_program_that_exists() -> None:
    for part in [*static_parts(), *soak_parts()]:
        assert Path(part.command[0]).exists(), part.name


@pytest.mark.parametrize("name", ["run", ".ci/run"])
def test_the_scripts_can_be_executed_and_parsed(name: str) -> None:
    path = PROJECT / name
    assert os.access(path, os.X_OK)
    shell = "bash" if "bash" in path.read_text().split("\n", 1)[0] else "sh"
    assert subprocess.run([shell, "-n", str(path)], check=False).returncode == 0


def test_continuous_integration_runs_exactly_the_full_test() -> None:
    assert (PROJECT / ".ci" / "run").read_text().splitlines()[-1] == "exec ./run test"


def test_the_lock_file_pins_with_hashes_and_names_no_registry() -> None:
    text = (PROJECT / "requirements.lock").read_text()
    assert "http" not in text
    assert "--index-url" not in text
    pinned = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert all("==" in line and line.endswith("\\") for line in pinned)


def test_a_part_that_starts_early_runs_beside_the_others_and_counts_like_them(
    var: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redcredit.local.verify.prepare_translations", lambda: None)
    sign = tmp_path / "begun"
    waits = f"import pathlib, time\nwhile not pathlib.Path({str(sign)!r}).exists(): time.sleep(0.05)"
    begins = f"import pathlib\npathlib.Path({str(sign)!r}).touch()\nprint('early words')\nraise SystemExit(3)"
    parts = [Part("first", python("-c", waits)), Part("early", python("-c", begins), starts_early=True)]
    assert run_parts(parts, var=var) == 1
    said = capfd.readouterr().out
    assert said.index("== early") < said.index("early words") < said.index("Failed: early")
    assert list(var.glob("early-*.log")) == []


def test_only_the_types_start_early_and_they_come_last() -> None:
    parts = static_parts()
    assert [part.name for part in parts if part.starts_early] == [parts[-1].name] == ["types"]
