import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from redcredit.local.places import service_account, service_home


@pytest.fixture
def var() -> Iterator[Path]:
    """A short, empty `var` folder that the servers' account can reach. (pytest's own folders are closed and deep.)"""
    with empty_var() as folder:
        yield folder


@pytest.fixture(scope="module")
def kept_var() -> Iterator[Path]:
    """Such a folder for all tests of a module: making the tables takes the first of them half a minute."""
    with empty_var() as folder:
        yield folder


@contextmanager
def empty_var() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="rc-"))
    folder.chmod(0o755)
    home = service_home(folder, service_account())
    yield folder
    shutil.rmtree(folder)
    if home != folder:  # the temporary folder itself was closed to the servers' account
        shutil.rmtree(home, ignore_errors=True)
