"""`./run test` and `./run check`: every part is run, and what failed is listed at the end."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from redcredit.local.places import PROJECT
from redcredit.local.prepare import prepare_translations
from redcredit.local.processes import Child, Children, python, run_in_foreground
from redcredit.local.services import ThrowawayServices
from redcredit.local.system_packages import browser_program
from redcredit.local.terminal import Failure, show

# As many as the smallest machine of ours has cores. One file stays in one process: its tests share fixtures. The order
# stays as well: tests in real transactions empty the tables, and pytest-django puts them last for that reason.
PARALLEL = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
# Loading the whole county takes one core ten minutes: it is part of ./run soak. The sample of it is loaded here.
WHOLE_COUNTY = "tests/redcredit/test_whole_county.py"
FAST_ONLY = ("-m", "not slow", "--ignore=tests/browser")


@dataclass(frozen=True)
class Part:
    """One program of the check, with what it needs in its environment besides the usual.

    One that `starts_early` runs beside those before it and is waited for when its turn comes.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    starts_early: bool = False


# `check --deploy` looks at production's settings; what a county fills in is invented here.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "redcredit.settings.production",
    "SECRET_KEY": "not-a-secret-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "PERSONAL_DATA_KEY": "not-a-secret-either-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "loans.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://loans.example.org",
    "SITE_URL": "https://loans.example.org",
}


def static_parts() -> list[Part]:
    """Return what can be said about the code without running a test."""
    return [
        Part("format", python("-m", "ruff", "format", "--check", ".")),
        Part("lint", python("-m", "ruff", "check", ".")),
        Part("imports", [_script("lint-imports"), "--no-logo"]),
        Part("templates", python("-m", "djlint", "--check", "--lint", "templates")),
        Part("django", python("manage.py", "check", "--database", "default", "--fail-level", "WARNING")),
        Part("migrations", python("manage.py", "makemigrations", "--check", "--dry-run")),
        Part("deploy", python("manage.py", "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
        # As long as all others together, on one core.
        Part("types", python("-m", "mypy", "."), starts_early=True),
    ]


def run_test(arguments: list[str], *, var: Path) -> int:
    """Run all parts and all tests; with arguments, only pytest with these. Return the exit code."""
    if arguments:
        return run_parts([Part("tests", python("-m", "pytest", *arguments), browser_environment())], var=var)
    return run_parts([*static_parts(), Part("tests", _pytest(), browser_environment())], var=var)


def run_check(*, var: Path) -> int:
    """Run the quick part. Return the exit code."""
    return run_parts([*static_parts(), Part("tests", _pytest(*FAST_ONLY))], var=var)


def run_parts(parts: list[Part], *, var: Path) -> int:
    """Run parts one after the other on services of their own, list what failed, and return the exit code."""
    failed = []
    times = []
    with ThrowawayServices(var=var, name=str(os.getpid())) as services:
        environment = _test_environment(services)
        with Children(folder=var / "launchers", environment=environment, cwd=PROJECT) as children:
            early = _start_early(parts, children, var)
            prepare_translations()
            for part in parts:
                show(f"\n== {part.name}: {' '.join(_readable(part.command))}")
                began = time.monotonic()
                own = {**environment, **part.environment}
                code = (
                    _wait_for(early[part.name])
                    if part.name in early
                    else run_in_foreground(part.command, cwd=PROJECT, environment=own)
                )
                times.append(f"  {part.name:<12}{time.monotonic() - began:>7.1f} s  {'ok' if code == 0 else 'FAILED'}")
                if code != 0:
                    failed.append(part.name)
                if code in {130, 143}:  # somebody pressed Ctrl-C, or ended us
                    break
    show("\n" + "\n".join(times))
    show(f"\nFailed: {', '.join(failed)}" if failed else "\nAll parts passed.")
    return 1 if failed else 0


def _start_early(parts: list[Part], children: Children, var: Path) -> dict[str, Child]:
    return {
        part.name: children.start(part.name, part.command, log=var / f"{part.name}-{os.getpid()}.log")
        for part in parts
        if part.starts_early
    }


def _wait_for(child: Child) -> int:
    """Wait for a program that started early, and say what it said meanwhile."""
    code = child.process.wait()
    if child.log is not None:
        show(child.log.read_text(errors="replace").rstrip())
        child.log.unlink()
    return code


def _test_environment(services: ThrowawayServices) -> dict[str, str]:
    ours = {"DJANGO_SETTINGS_MODULE": "redcredit.settings.test", "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **services.environment, **ours}


def browser_environment() -> dict[str, str]:
    """A missing browser is an error in a full run, never a skipped test."""
    program = browser_program()
    return {"REQUIRE_BROWSER": "1"} | ({"BROWSER_PROGRAM": program} if program else {})


def _pytest(*more: str) -> list[str]:
    return python("-m", "pytest", *PARALLEL, f"--ignore={WHOLE_COUNTY}", *more)


def _script(name: str) -> str:
    # The project has no activated environment: programs are named by their full path beside our Python.
    path = Path(python()[0]).with_name(name)
    if not path.exists():
        raise Failure(f"{name} is missing in .venv: delete .venv and call ./run again.")
    return str(path)


def _readable(command: list[str]) -> list[str]:
    return [Path(command[0]).name, *command[1:]]
