import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from redcredit.local.locks import FileLock
from redcredit.local.places import PROJECT


@pytest.fixture
def locks(tmp_path: Path) -> Iterator[tuple[FileLock, FileLock]]:
    """Two launchers' hands on the same lock."""
    pair = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    yield pair
    for lock in pair:
        lock.release()


def test_a_lock_that_somebody_holds_is_not_taken(locks: tuple[FileLock, FileLock]) -> None:
    holder, other = locks
    holder.take()
    assert not other.try_to_take()


def test_a_lock_given_back_can_be_taken(locks: tuple[FileLock, FileLock]) -> None:
    holder, other = locks
    with holder:
        assert not other.try_to_take()
    assert other.try_to_take()


def test_a_shared_lock_is_taken_only_by_the_last_one(locks: tuple[FileLock, FileLock]) -> None:
    first, second = locks
    first.share()
    second.share()
    assert not first.try_to_take()
    first.release()
    assert second.try_to_take()


def test_the_kernel_gives_the_lock_of_a_killed_process_back(locks: tuple[FileLock, FileLock]) -> None:
    code = (
        "import sys, time; from pathlib import Path; from redcredit.local.locks import FileLock\n"
        "lock = FileLock(Path(sys.argv[1])); lock.take(); print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(locks[0].path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert not locks[0].try_to_take()
        process.kill()
    assert locks[0].try_to_take()
