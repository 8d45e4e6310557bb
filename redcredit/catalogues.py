"""The translations' compiled form (.mo), which is not committed. Babel makes it, so no gettext programs are needed."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def find_catalogues(project: Path) -> list[Path]:
    """Return the .po files of the project's own applications."""
    return sorted(project.glob("*/locale/*/LC_MESSAGES/django.po"))


def compiled_path(catalogue: Path) -> Path:
    """Return where the compiled form of a catalogue belongs."""
    return catalogue.with_suffix(".mo")


def is_stale(catalogue: Path) -> bool:
    """Is the compiled form missing, or older than its source?"""
    compiled = compiled_path(catalogue)
    return not compiled.exists() or compiled.stat().st_mtime_ns < catalogue.stat().st_mtime_ns


def compile_catalogues(project: Path) -> list[Path]:
    """Compile each catalogue that is stale; return those. Entries marked fuzzy are left out, as gettext does.

    Raises babel's PoFileError for a file that cannot be read.
    """
    stale = [catalogue for catalogue in find_catalogues(project) if is_stale(catalogue)]
    for catalogue in stale:
        _compile(catalogue)
    return stale


def _compile(catalogue: Path) -> None:
    with catalogue.open("rb") as source:
        messages = read_po(source, locale=catalogue.parent.parent.name, abort_invalid=True)
    half_done = catalogue.with_suffix(f".{os.getpid()}")
    with half_done.open("wb") as target:
        write_mo(target, messages)
    half_done.replace(compiled_path(catalogue))
