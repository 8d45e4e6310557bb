import subprocess
from pathlib import Path

import pytest

from redcredit.local import system_packages
from redcredit.local.system_packages import Need, has_library, require
from redcredit.local.terminal import Failure


class Machine:
    """A machine that notes which commands it was given. What apt installs is there afterwards."""

    def __init__(self, *, sudo_works: bool = True, known_packages: set[str] | None = None, lists: bool = True) -> None:
        self.sudo_works = sudo_works
        self.known = known_packages or {"fonts-noto-cjk", "chromium"}
        self.lists = lists
        self.installed: set[str] = set()
        self.commands: list[str] = []

    def need(self, package: str) -> Need:
        return Need(package, "a test", lambda: package in self.installed)

    def run(self, command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        self.commands.append(" ".join(command))
        return subprocess.CompletedProcess(command, self._carry_out(command), stdout="")

    def _carry_out(self, command: list[str]) -> int:
        if command[-1] == "true":
            return 0 if self.sudo_works else 1
        if "update" in command:
            self.lists = True
            return 0
        wanted = {word for word in command if word in self.known}
        if not self.lists or not wanted:
            return 100
        self.installed |= wanted
        return 0


def put(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, *, root: bool, apt: bool = True, sudo: bool = True
) -> Machine:
    """Make the code under test believe that it runs on this machine."""
    programs = ["apt-get"] * apt + ["sudo"] * sudo
    monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0 if root else 1000)
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: name if name in programs else None)
    monkeypatch.setattr(system_packages.subprocess, "run", machine.run)
    return machine


def test_nothing_is_run_when_everything_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = put(Machine(), monkeypatch, root=True)
    machine.installed.add("fonts-noto-cjk")
    require((machine.need("fonts-noto-cjk"),))
    assert machine.commands == []


def test_root_installs_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = put(Machine(), monkeypatch, root=True)
    require((machine.need("fonts-noto-cjk"),))
    assert machine.installed == {"fonts-noto-cjk"}
    assert not any("sudo" in command for command in machine.commands)


def test_a_machine_without_package_lists_fetches_them_first(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = put(Machine(lists=False), monkeypatch, root=True)
    require((machine.need("chromium"),))
    assert machine.installed == {"chromium"}


def test_an_ordinary_user_uses_sudo_where_it_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = put(Machine(), monkeypatch, root=False)
    require((machine.need("chromium"),))
    assert any(command.startswith("sudo -n env") for command in machine.commands)


@pytest.mark.parametrize("sudo", [True, False])
def test_without_root_the_packages_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch, sudo: bool) -> None:
    machine = put(Machine(sudo_works=False), monkeypatch, root=False, sudo=sudo)
    with pytest.raises(Failure, match="sudo apt-get install fonts-noto-cjk chromium$"):
        require((machine.need("fonts-noto-cjk"), machine.need("chromium")))


def test_a_machine_without_apt_names_the_packages_too(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = put(Machine(), monkeypatch, root=True, apt=False)
    with pytest.raises(Failure, match="System packages are missing: chromium"):
        require((machine.need("chromium"),))


def test_a_package_that_cannot_be_installed_is_a_failure_not_a_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = put(Machine(known_packages={"other"}), monkeypatch, root=True)
    with pytest.raises(Failure, match="System packages are missing: chromium"):
        require((machine.need("chromium"),))


def test_a_library_that_no_machine_has_is_not_found() -> None:
    assert not has_library("red-credit-invented")


def test_this_machine_has_what_documents_need() -> None:
    assert system_packages.missing_of(system_packages.BASE) == []


def test_playwrights_own_chromium_counts_as_a_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: None)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert not system_packages.has_browser()
    (tmp_path / "chromium-1").mkdir()
    (tmp_path / "chromium-1" / "INSTALLATION_COMPLETE").touch()
    assert system_packages.has_browser()
