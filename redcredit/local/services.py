"""PostgreSQL and Valkey for this checkout, started when somebody needs them and stopped by the last one out."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from redcredit.local import postgres, valkey
from redcredit.local.locks import FileLock
from redcredit.local.places import Account, make_folder, service_account, service_home, socket_folder
from redcredit.local.terminal import Failure, talk

DATABASE = "redcredit"


@dataclass(frozen=True)
class Servers:
    """The two servers over one data folder, without any question of who uses them."""

    folder: Path
    postgres: postgres.Postgres
    valkey: valkey.Valkey

    def stop(self) -> None:
        """Stop both; nothing happens when they do not run."""
        self.valkey.stop()
        self.postgres.stop()


def servers_in(name: str, *, var: Path, settings: dict[str, str]) -> Servers:
    """Lay out the servers of the data folder `name` (made if missing) under the place chosen for this checkout."""
    account = service_account()
    home = service_home(var, account)
    if home != var:
        make_folder(home, mode=0o711)
    folder = _open_folders(home, name, account)
    sockets = socket_folder(folder, account)
    return Servers(
        folder=folder,
        postgres=postgres.Postgres(
            folder=folder,
            sockets=sockets,
            binaries=postgres.binaries_folder(home=home, account=account),
            account=account,
            settings=settings,
        ),
        valkey=valkey.Valkey(
            folder=folder, sockets=sockets, program=valkey.program(home=home, account=account), account=account
        ),
    )


def _open_folders(home: Path, name: str, account: Account | None) -> Path:
    """Make each folder on the way; the servers' account must be able to pass, and nobody to list."""
    folder = home
    for part in Path(name).parts:
        folder = make_folder(folder / part, mode=0o700 if account is None else 0o711)
    return folder


class Services:
    """The servers in use. Several launchers may share them: the last one to leave stops them.

    Two locks order this. The gate is held alone while starting or stopping; `users` is shared while one is inside.
    """

    def __init__(self, servers: Servers, *, fresh: bool = False) -> None:
        self.servers = servers
        self.fresh = fresh
        self.is_new_database = False
        self._gate = FileLock(servers.folder / "gate.lock")
        self._users = FileLock(servers.folder / "users.lock")

    @property
    def environment(self) -> dict[str, str]:
        """What Django must find in its environment to use these servers."""
        return {"DATABASE_URL": self.servers.postgres.url(DATABASE), "REDIS_URL": self.servers.valkey.url}

    def __enter__(self) -> Self:
        with self._gate:
            if self.fresh and not self._users.try_to_take():
                self._users.release()
                raise Failure("Another ./run uses this database at the moment: stop it first (./run stop).")
            self._users.share()
            try:
                self._start()
            except BaseException:
                self._leave()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._gate:
            self._leave()

    def _start(self) -> None:
        began = time.monotonic()
        started = self.servers.postgres.start()
        if self.fresh:
            self.servers.postgres.drop_database(DATABASE)
        self.is_new_database = self.servers.postgres.ensure_database(DATABASE)
        self.servers.valkey.start()
        if self.fresh:
            self.servers.valkey.empty()
        verb = "started" if started else "running already"
        talk(f"PostgreSQL and Valkey: {verb} ({time.monotonic() - began:.1f} s)")

    def _leave(self) -> None:
        if not self._users.try_to_take():
            talk("PostgreSQL and Valkey: left running, another ./run uses them")
        else:
            self.servers.stop()
        self._users.release()


def demo_servers(*, var: Path) -> Servers:
    """The demo's servers; their data stay."""
    return servers_in("services", var=var, settings=postgres.DURABLE)


class ThrowawayServices:
    """Servers for one test run, in a folder of their own, tuned for speed and deleted afterwards."""

    PARENT = "test-services"

    def __init__(self, *, var: Path, name: str) -> None:
        """`name` is this run's own, such as its process number."""
        self.var = var
        self.servers = servers_in(f"{self.PARENT}/{name}", var=var, settings=postgres.THROWAWAY)
        self._services = Services(self.servers)

    @property
    def environment(self) -> dict[str, str]:
        """What Django must find in its environment to use these servers."""
        return self._services.environment

    def __enter__(self) -> Self:
        self._services.__enter__()
        sweep_throwaways(var=self.var)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._services.__exit__(kind, error, trace)
        _delete(self.servers)


def sweep_throwaways(*, var: Path) -> None:
    """Stop and delete the servers of test runs that were killed before they could do it themselves."""
    parent = service_home(var, service_account()) / ThrowawayServices.PARENT
    for folder in sorted(parent.iterdir()) if parent.exists() else []:
        users = FileLock(folder / "users.lock")
        if users.try_to_take():
            servers = servers_in(f"{ThrowawayServices.PARENT}/{folder.name}", var=var, settings=postgres.THROWAWAY)
            servers.stop()
            _delete(servers)
        users.release()


def _delete(servers: Servers) -> None:
    shutil.rmtree(servers.folder, ignore_errors=True)
    shutil.rmtree(servers.postgres.sockets, ignore_errors=True)
