"""Files of tests go to a folder of their own."""

import pytest


@pytest.fixture(autouse=True)
def _cupboard(cupboard):
    """Return nothing: a test that looks at the disk asks for `cupboard`."""
