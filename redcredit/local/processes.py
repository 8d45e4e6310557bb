"""The programs that `./run` starts, and how all of them end: by Ctrl-C, by `./run stop`, or after a kill -9."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

import psutil

from redcredit.local.places import make_folder
from redcredit.local.terminal import Failure, talk

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_SECONDS_MAX = 15
LOG_BYTES_MAX = 5_000_000
POLL_SECONDS = 0.1


class Stopped(BaseException):
    """Somebody asked this launcher to end. Like KeyboardInterrupt it is no Exception: nothing may swallow it."""


@contextlib.contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Turn the first ending signal into Stopped; later ones are ignored, since they would break the cleaning up."""
    seen = False

    def on_signal(number: int, frame: FrameType | None) -> None:
        nonlocal seen
        if not seen:
            seen = True
            raise Stopped(signal.Signals(number).name)

    before = {number: signal.signal(number, on_signal) for number in ENDING_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(frozen=True)
class Birth:
    """Which process it is: a number alone is used again, a number with its time of birth is not."""

    pid: int
    born_at: float

    @classmethod
    def of(cls, pid: int) -> "Birth | None":
        """Return the process that has this number now, or None."""
        try:
            return cls(pid=pid, born_at=psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return None

    def is_alive(self) -> bool:
        """Does this very process still run? (One that only waits to be collected does not.)"""
        try:
            process = psutil.Process(self.pid)
            return abs(process.create_time() - self.born_at) < 1 and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


def end_group(birth: Birth) -> None:
    """Ask a process to end; if it has not within some seconds, end its whole group. Nothing happens if it is gone."""
    if not birth.is_alive():
        return
    os.kill(birth.pid, signal.SIGTERM)
    wait_until_gone(birth, seconds_max=STOP_SECONDS_MAX)
    if birth.is_alive():
        with contextlib.suppress(ProcessLookupError):
            os.killpg(birth.pid, signal.SIGKILL)
        wait_until_gone(birth, seconds_max=2)


def wait_until_gone(birth: Birth, *, seconds_max: float) -> None:
    """Wait for the end of a process that need not be our child."""
    deadline = time.monotonic() + seconds_max
    while birth.is_alive() and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


@dataclass
class Child:
    """A program of ours, in a session of its own: only this launcher forwards signals to it."""

    name: str
    process: subprocess.Popen[bytes]
    birth: Birth
    log: Path | None = None

    def explain_end(self) -> str:
        """Say how the program ended, with the end of its log."""
        text = f"{self.name} ended with code {self.process.returncode}"
        if self.log is not None:
            text += f", see {self.log}:\n{self.log.read_text(errors='replace')[-2000:]}"
        return text


@dataclass
class Children:
    """All programs of one launcher. They are written down, so that a later launcher can end what a killed one left."""

    folder: Path
    environment: Mapping[str, str]
    cwd: Path
    running: list[Child] = field(default_factory=list)

    def __enter__(self) -> Self:
        make_folder(self.folder, mode=0o700)
        self._write_down()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # All at once first: each may take seconds for a clean end.
        for child in self.running:
            if child.process.poll() is None:
                child.process.terminate()
        for child in self.running:
            self._collect(child)
        self._record.unlink(missing_ok=True)

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Child:
        """Start a program that stays; its output goes to `log`, or to this terminal."""
        output = _open_log(log) if log is not None else None
        process = subprocess.Popen(
            command,
            cwd=self.cwd,
            env=dict(self.environment if environment is None else environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            start_new_session=True,
            umask=0o077,  # what they write down is about people
        )
        if output is not None:
            os.close(output)
        child = Child(name=name, process=process, birth=_birth_of_child(process.pid), log=log)
        self.running.append(child)
        self._write_down()
        return child

    def run(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Run a program to its end. Raises Failure when it fails, or when one that should stay ends meanwhile."""
        child = self.start(name, command, log=log, environment=environment)
        while child.process.poll() is None:
            self.refuse_ended(but=child)
            time.sleep(POLL_SECONDS)
        self.running.remove(child)
        self._write_down()
        if child.process.returncode != 0:
            raise Failure(child.explain_end())

    def refuse_ended(self, *, but: Child | None = None) -> None:
        """Raise Failure when a program that should stay has ended."""
        for child in self.running:
            if child is not but and child.process.poll() is not None:
                raise Failure(child.explain_end())

    @property
    def _record(self) -> Path:
        return self.folder / f"{os.getpid()}.json"

    def _collect(self, child: Child) -> None:
        try:
            child.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()

    def _write_down(self) -> None:
        births = [_birth_of_child(os.getpid()), *(child.birth for child in self.running)]
        half_done = self._record.with_suffix(".new")
        half_done.write_text(json.dumps([[birth.pid, birth.born_at] for birth in births]))
        half_done.replace(self._record)


@dataclass(frozen=True)
class Record:
    """What a launcher wrote down: itself, and the programs it started."""

    path: Path
    launcher: Birth
    children: list[Birth]


def read_records(folder: Path) -> list[Record]:
    """Return what the launchers of this checkout wrote down; a file without sense is deleted."""
    records = []
    for path in sorted(folder.glob("*.json")) if folder.exists() else []:
        try:
            launcher, *children = [
                Birth(pid=int(pid), born_at=float(born)) for pid, born in json.loads(path.read_text())
            ]
        except (ValueError, TypeError):
            path.unlink(missing_ok=True)
            continue
        records.append(Record(path=path, launcher=launcher, children=children))
    return records


def end_orphans(folder: Path) -> None:
    """End the programs of launchers that were killed and could not do it themselves."""
    for record in read_records(folder):
        if record.launcher.is_alive():
            continue
        for child in record.children:
            end_group(child)
        record.path.unlink(missing_ok=True)
        talk("ended what a killed ./run had left running")


def run_in_foreground(command: Sequence[str], *, cwd: Path, environment: Mapping[str, str]) -> int:
    """Run a program on this terminal, with its input and output, and return its exit code.

    Ctrl-C reaches it from the terminal itself; a signal sent to this launcher alone is passed on.
    """
    process = subprocess.Popen(command, cwd=cwd, env=dict(environment))

    def pass_on(number: int, frame: FrameType | None) -> None:
        if number != signal.SIGINT:
            process.send_signal(number)

    before = {number: signal.signal(number, pass_on) for number in ENDING_SIGNALS}
    try:
        code = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    # A shell says 128 + n for a program that a signal ended.
    return code if code >= 0 else 128 - code


def python(*arguments: str) -> list[str]:
    """Return the command line of this environment's Python."""
    return [sys.executable, *arguments]


def _birth_of_child(pid: int) -> Birth:
    # Our own child keeps its number until we collect it, so the process is always found.
    birth = Birth.of(pid)
    assert birth is not None
    return birth


def _open_log(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
        path.replace(path.with_suffix(".old.log"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
