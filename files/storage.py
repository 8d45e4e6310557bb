"""Where attachments lie: a folder of their own that no web server knows."""

import os
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage, storages

ALIAS = "attachments"


class DurableStorage(FileSystemStorage):
    """Writes through to the disk before it says so: a row never names a file that a power cut has taken."""

    def _save(self, name: str, content: Any) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]  # missing in the stubs
        path = self.path(saved)
        _sync(path)
        _sync(os.path.dirname(path))
        return saved


def attachments() -> Storage:
    """The storage of the settings, asked for when it is used: tests have their own."""
    return storages[ALIAS]


def _sync(path: str) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
