import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from redcredit.local.places import service_account, service_home


@pytest.fixture
def var() -> Iterator[Path]:
    """A short, empty `var` folder that the servers' account can reach. (pytest's own folders are closed and deep.)"""
    folder = Path(tempfile.mkdtemp(prefix="rc-"))
    folder.chmod(0o755)
    home = service_home(folder, service_account())
    yield folder
    shutil.rmtree(folder)
    if home != folder:  # the temporary folder itself was closed to the servers' account
        shutil.rmtree(home, ignore_errors=True)
