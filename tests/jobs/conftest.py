import pytest

from tests.factories import jobs


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of tests go to a folder of their own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def work(monkeypatch):
    """Say what a job of kind `sample` does: `work(function)`."""

    def becomes(function):
        monkeypatch.setitem(jobs.work, "sample", function)

    return becomes
