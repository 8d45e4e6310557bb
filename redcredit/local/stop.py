"""`./run stop`: nothing of this checkout runs afterwards."""

import os
import signal
from pathlib import Path

from redcredit.local.locks import FileLock
from redcredit.local.processes import end_orphans, read_records, wait_until_gone
from redcredit.local.services import demo_servers, sweep_throwaways
from redcredit.local.terminal import talk

# A launcher first lets running jobs finish; see processes.STOP_SECONDS_MAX.
LAUNCHER_SECONDS_MAX = 60


def stop_everything(*, var: Path) -> None:
    """End every launcher of this checkout, what killed ones left, and the services. Calling it twice does no harm."""
    folder = var / "launchers"
    for record in read_records(folder):
        if record.launcher.is_alive():
            talk(f"stopping ./run with process number {record.launcher.pid}")
            os.kill(record.launcher.pid, signal.SIGTERM)
            wait_until_gone(record.launcher, seconds_max=LAUNCHER_SECONDS_MAX)
        if record.launcher.is_alive():
            os.kill(record.launcher.pid, signal.SIGKILL)
            wait_until_gone(record.launcher, seconds_max=5)
    end_orphans(folder)
    servers = demo_servers(var=var)
    with FileLock(servers.folder / "gate.lock"):
        servers.stop()
    sweep_throwaways(var=var)
    talk("everything is stopped")
