"""`./run demo`: the whole product on this machine, with the demo county in it."""

import contextlib
import errno
import http.client
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from redcredit.local.locks import FileLock
from redcredit.local.places import PROJECT
from redcredit.local.prepare import demo_environment, prepare_database, prepare_translations, without_timeouts
from redcredit.local.processes import POLL_SECONDS, Children, end_orphans, python
from redcredit.local.services import Services, demo_servers
from redcredit.local.terminal import Failure, show

HOST = "127.0.0.1"
ANSWER_SECONDS_MAX = 60
WEB_PROCESSES = 2
WEB_THREADS = 4
JOBS_AT_ONCE = 2


@dataclass(frozen=True)
class Demo:
    """One running demo: its programs, and the folder its logs and notes are in."""

    children: Children
    folder: Path
    var: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}/"


def run_demo(*, var: Path, port: int, fresh: bool) -> None:
    """Start everything and stay until somebody ends it. Raises Failure when a program ends by itself."""
    began = time.monotonic()
    end_orphans(var / "launchers")
    refuse_busy_port(port)
    with Services(demo_servers(var=var), fresh=fresh) as services:
        folder = services.servers.folder
        if fresh:
            _forget_files(var=var, folder=folder)
        environment = demo_environment(services, var=var) | {"SITE_URL": f"http://{HOST}:{port}"}
        with Children(folder=var / "launchers", environment=environment, cwd=PROJECT) as children:
            prepare_translations()
            prepare_database(services, children, log=var / "log" / "migrate.log", only_if_changed=False)
            demo = Demo(children=children, folder=folder, var=var, port=port)
            _start_web(demo)
            show(f"{demo.address} answers after {time.monotonic() - began:.0f} s")
            _load_county(demo)
            _start_worker(demo)
            _show_accounts(demo)
            _watch(demo)


def refuse_busy_port(port: int) -> None:
    """Raise Failure when another program listens on this port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            why = (
                "is used by another program" if error.errno == errno.EADDRINUSE else "may not be used by this account"
            )
            raise Failure(f"Port {port} {why}: choose another one with ./run demo --port {port + 1}.") from None


def _forget_files(*, var: Path, folder: Path) -> None:
    """Delete what belongs to the database that was just dropped."""
    shutil.rmtree(var / "media", ignore_errors=True)
    (folder / "migrated").unlink(missing_ok=True)
    for schedule in folder.glob("beat-schedule*"):
        schedule.unlink()


def _start_web(demo: Demo) -> None:
    words = ["-m", "gunicorn", "redcredit.wsgi", "--bind", f"{HOST}:{demo.port}", "--preload"]
    words += ["--workers", str(WEB_PROCESSES), "--worker-class", "gthread", "--threads", str(WEB_THREADS)]
    words += ["--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"]
    demo.children.start("web", python(*words), log=_log(demo, "web"))
    deadline = time.monotonic() + ANSWER_SECONDS_MAX
    while time.monotonic() < deadline:
        demo.children.refuse_ended()
        status = _ask(demo.port)
        if status is not None and status < http.client.INTERNAL_SERVER_ERROR:
            return
        if status is not None:
            raise Failure(f"The first page fails with status {status}, see {_log(demo, 'web')}.")
        time.sleep(POLL_SECONDS)
    raise Failure(f"The web server does not answer after {ANSWER_SECONDS_MAX} s, see {_log(demo, 'web')}.")


def _ask(port: int) -> int | None:
    """Return the status of the first page, or None while nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        except (ConnectionError, TimeoutError):
            return None


def _load_county(demo: Demo) -> None:
    # The command itself knows whether the county is there already; a second launcher waits for the first one.
    with FileLock(demo.folder / "load.lock"):
        patient = without_timeouts(demo.children.environment)
        demo.children.run("load_demo", python("manage.py", "load_demo"), environment=patient)


def _start_worker(demo: Demo) -> None:
    name = f"demo-{demo.port}@%h"
    words = ["-m", "celery", "-A", "redcredit", "worker", "-l", "WARNING", "-P", "prefork", "-n", name]
    words += ["-c", str(JOBS_AT_ONCE), "--without-mingle", "--without-gossip"]
    demo.children.start("worker", python(*words), log=_log(demo, "worker"))


def _start_beat(demo: Demo) -> None:
    words = ["-m", "celery", "-A", "redcredit", "beat", "-l", "WARNING", "--pidfile="]
    words += ["-s", str(demo.folder / "beat-schedule")]
    demo.children.start("beat", python(*words), log=_log(demo, "beat"))


def _show_accounts(demo: Demo) -> None:
    done = subprocess.run(
        python("manage.py", "demo_accounts"),
        cwd=demo.children.cwd,
        env=dict(demo.children.environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"The demo accounts cannot be listed: {done.stderr.strip()}")
    show(f"\n{demo.address}\n")
    for line in done.stdout.splitlines():
        account, role, password = line.split("\t")
        show(f"  {account:<14}{password:<18}{role}")
    show("\nCtrl-C stops everything; the data stay.")


def _watch(demo: Demo) -> None:
    """Stay until a program ends or a signal comes. Of several demos on one database exactly one runs the clockwork."""
    turn = FileLock(demo.folder / "beat.lock")
    has_beat = False
    while True:
        if not has_beat and turn.try_to_take():
            has_beat = True
            _start_beat(demo)
        demo.children.refuse_ended()
        time.sleep(POLL_SECONDS * 5)


def _log(demo: Demo, name: str) -> Path:
    return demo.var / "log" / f"{name}-{demo.port}.log"
