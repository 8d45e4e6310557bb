"""What no wheel brings: Pango and Chinese fonts for documents, a browser for tests."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from redcredit.local.terminal import Failure, talk

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT_OPTIONS = ("-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300")


@dataclass(frozen=True)
class Need:
    """One thing the machine must have, and the Debian package that brings it."""

    package: str
    purpose: str
    is_there: Callable[[], bool]


def has_library(name: str, *, version: str = "0") -> bool:
    """Can this shared library be loaded?"""
    for file_name in (f"lib{name}.so.{version}", f"lib{name}.{version}.dylib"):
        try:
            ctypes.CDLL(file_name)
        except OSError:
            continue
        return True
    return False


def has_chinese_fonts() -> bool:
    """Are Noto Sans and Noto Serif CJK installed? They know every character of the national standard list."""
    return all(any(_find_fonts(f"{family}CJK*")) for family in ("NotoSans", "NotoSerif"))


def _find_fonts(pattern: str) -> list[Path]:
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return [path for folder in folders if folder.is_dir() for path in folder.rglob(pattern)]


def browser_program() -> str | None:
    """Return the path of an installed Chromium, or None when there is none or only Playwright's own."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def has_browser() -> bool:
    """Is there a Chromium that tests can drive, be it the system's or Playwright's own build?"""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return browser_program() is not None or any(cache.glob("chromium*/INSTALLATION_COMPLETE"))


BASE = (
    Need("libpango-1.0-0", "text in PDF documents", partial(has_library, "pango-1.0")),
    Need("libpangoft2-1.0-0", "text in PDF documents", partial(has_library, "pangoft2-1.0")),
    Need("libharfbuzz-subset0", "fonts inside PDF documents", partial(has_library, "harfbuzz-subset")),
    Need("fonts-noto-cjk", "Chinese characters in PDF documents", has_chinese_fonts),
)
CHROMIUM = Need("chromium", "the browser tests", has_browser)
FOR_TESTS = (
    CHROMIUM,
    Need("libatomic1", "the browser tests", partial(has_library, "atomic", version="1")),
    Need("poppler-utils", "looking at PDF documents in tests", lambda: shutil.which("pdftoppm") is not None),
)


def require(needs: tuple[Need, ...]) -> None:
    """Install what is missing where that is possible without asking; otherwise raise Failure that names it all."""
    missing = missing_of(needs)
    prefix = root_prefix()
    if missing and shutil.which("apt-get") and prefix is not None:
        _install(missing, prefix=prefix)
        missing = missing_of(needs)
    if missing:
        things = "; ".join(f"{need.package} ({need.purpose})" for need in missing)
        names = " ".join(need.package for need in missing)
        raise Failure(f"System packages are missing: {things}. Install them with: sudo apt-get install {names}")


def root_prefix() -> list[str] | None:
    """Return what to put before a command that needs root, or None when root is not to be had without a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def missing_of(needs: tuple[Need, ...]) -> list[Need]:
    """Return those that this machine does not have."""
    return [need for need in needs if not need.is_there()]


def _install(missing: list[Need], *, prefix: list[str]) -> None:
    if CHROMIUM in missing and _chromium_is_a_snap():
        missing = [need for need in missing if need is not CHROMIUM]
        _install_playwrights_chromium()
    if not missing:
        return
    packages = [need.package for need in missing]
    talk(f"installing system packages: {' '.join(packages)}")
    install = ["apt-get", "install", *APT_OPTIONS, *packages]
    # The list of packages may be missing or old; fetching it first would slow down every machine where it is neither.
    if _apt(install, prefix=prefix) != 0 and _apt(["apt-get", "update", "-qq"], prefix=prefix) == 0:
        _apt(install, prefix=prefix)


def _apt(command: list[str], *, prefix: list[str]) -> int:
    done = subprocess.run(
        [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        talk(f"{' '.join(command[:2])} failed:\n{done.stdout[-2000:].strip()}")
    return done.returncode


def _chromium_is_a_snap() -> bool:
    """Ubuntu's chromium packages only fetch a snap, which containers and servers mostly cannot run."""
    release = Path("/etc/os-release")
    return release.exists() and "ubuntu" in release.read_text().lower()


def _install_playwrights_chromium() -> None:
    talk("installing Playwright's own Chromium (Ubuntu has none outside a snap)")
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        check=False,
    )
