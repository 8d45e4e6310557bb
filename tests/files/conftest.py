"""A folder of its own for the files of each test."""

import pytest

from files.storage import attachments


@pytest.fixture(autouse=True)
def cupboard(tmp_path, monkeypatch):
    """Return where attachments lie during a test."""
    # The field of the model holds the storage itself, so the storage moves.
    monkeypatch.setattr(attachments(), "location", str(tmp_path))
    return tmp_path
