"""The command that compares the disk with the table."""

import os
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from files.operations import store_upload
from files.queries import Fault, find_faults
from tests.factories.accounts import UserFactory
from tests.factories.county import NOON
from tests.factories.files import jpeg, pdf, upload


@pytest.fixture
def attachment(db):
    return store_upload(upload=upload(jpeg(), "a.jpg"), by=UserFactory(), at=NOON)


def orphan(cupboard, *, hours: int):
    path = cupboard / "ab" / "orphan"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    moment = NOON.timestamp() - hours * 3600
    os.utime(path, (moment, moment))
    return path


def faults(at=NOON) -> list[tuple[Fault, str]]:
    return [(finding.fault, finding.attachment) for finding in find_faults(at=at)]


def test_nothing_is_wrong_with_what_was_just_stored(attachment, noon):
    said = StringIO()
    call_command("verify_files", stdout=said)
    assert "as they were stored" in said.getvalue()
    assert faults() == []


def test_a_row_without_its_file_is_named(attachment, cupboard):
    (cupboard / attachment.file.name).unlink()
    assert faults() == [(Fault.MISSING, str(attachment.uuid))]


def test_a_row_without_its_small_picture_is_named(attachment, cupboard):
    (cupboard / attachment.thumbnail.name).unlink()
    assert faults() == [(Fault.MISSING, str(attachment.uuid))]


def test_a_changed_file_is_named(attachment, cupboard):
    (cupboard / attachment.file.name).write_bytes(pdf())
    assert faults() == [(Fault.CHANGED, str(attachment.uuid))]


def test_a_file_without_a_row_is_named_after_a_day(attachment, cupboard):
    orphan(cupboard, hours=23)
    assert faults() == []
    assert faults(NOON + timedelta(hours=2)) == [(Fault.ORPHAN, "")]


def test_the_command_fails_where_something_is_wrong_and_sweeps_only_what_belongs_to_nothing(
    attachment, cupboard, noon
):
    path = orphan(cupboard, hours=48)
    with pytest.raises(CommandError):
        call_command("verify_files", stdout=StringIO())
    call_command("verify_files", "--sweep", stdout=StringIO())
    assert not path.exists()
    assert (cupboard / attachment.file.name).exists()
