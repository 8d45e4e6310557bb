"""The demo's secrets: made once per checkout, readable by their owner only, never committed."""

import contextlib
import os
import secrets
from pathlib import Path

from redcredit.local.places import make_folder

NAMES = ("SECRET_KEY", "PERSONAL_DATA_KEY")
KEY_BYTES = 48


def demo_keys(folder: Path) -> dict[str, str]:
    """Return the keys by the names of their settings; a missing one is made.

    Losing PERSONAL_DATA_KEY makes the identity numbers in the demo's database unreadable.
    """
    make_folder(folder, mode=0o700)
    return {name: _read_or_make(folder / name.lower()) for name in NAMES}


def _read_or_make(path: Path) -> str:
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(KEY_BYTES) + "\n")
        # A link appears whole or not at all, and the second of two launchers keeps the first one's key.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
