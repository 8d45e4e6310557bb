"""Locks between launchers. The kernel gives them back when a launcher dies, however it dies."""

import fcntl
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Self

from redcredit.local.terminal import Failure


class FileLock:
    """An flock on a file of its own: exclusive, or shared by many. As a context manager it waits to be alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIOWrapper | None = None

    def take(self) -> None:
        """Wait until nobody else holds the lock, and hold it alone."""
        fcntl.flock(self._open(), fcntl.LOCK_EX)

    def try_to_take(self) -> bool:
        """Hold the lock alone if that is possible at once, else return False; a share held before is then lost."""
        try:
            fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def share(self) -> None:
        """Hold the lock together with others."""
        fcntl.flock(self._open(), fcntl.LOCK_SH)

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _open(self) -> TextIOWrapper:
        if self._file is None:
            try:
                self._file = self.path.open("w")
            except PermissionError:
                owner = self.path.owner() if self.path.exists() else "another account"
                raise Failure(
                    f"{self.path} belongs to {owner}: run as that account, or delete {self.path.parent}."
                ) from None
        return self._file
