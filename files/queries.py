"""Reading attachments, and whether disk and table agree."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.db.models.fields.files import FieldFile

from files.models import Attachment
from files.storage import attachments

# A younger file may belong to a row that is just being written.
ORPHAN_AGE = timedelta(hours=24)


class FileMissing(Exception):
    """The file is not on the disk, or is not what was stored."""


class Fault(StrEnum):
    MISSING = "missing"
    CHANGED = "changed"
    ORPHAN = "orphan"


@dataclass(frozen=True)
class Finding:
    """What is wrong with one stored file. `attachment` is empty for an orphan."""

    fault: Fault
    stored_name: str
    attachment: str = ""


def read_content(attachment: Attachment) -> bytes:
    """Return the kept bytes. Raises FileMissing, also for a file that was changed on the disk."""
    content = _read(attachment.file)
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise FileMissing
    return content


def read_thumbnail(attachment: Attachment) -> bytes:
    """Return the small picture (a JPEG). Raises FileMissing."""
    if not attachment.thumbnail:
        raise FileMissing
    return _read(attachment.thumbnail)


def _read(stored: FieldFile) -> bytes:
    try:
        with stored.storage.open(str(stored.name), "rb") as opened:
            content: bytes = opened.read()
    except OSError as error:
        raise FileMissing from error
    return content


def find_faults(*, at: datetime) -> Iterator[Finding]:
    """Yield every row without its file, every file with another hash, every file without a row for a day."""
    known: set[str] = set()
    for attachment in Attachment.objects.order_by("pk").iterator(chunk_size=500):
        known |= {str(stored.name) for stored in (attachment.file, attachment.thumbnail) if stored}
        yield from _faults_of(attachment)
    root = Path(attachments().path(""))
    for folder, _folders, names in os.walk(root):
        for path in sorted(Path(folder) / name for name in names):
            stored_name = path.relative_to(root).as_posix()
            if stored_name not in known and path.stat().st_mtime < (at - ORPHAN_AGE).timestamp():
                yield Finding(Fault.ORPHAN, stored_name)


def _faults_of(attachment: Attachment) -> Iterator[Finding]:
    name, key = str(attachment.file.name), str(attachment.uuid)
    try:
        read_content(attachment)
    except FileMissing as error:
        yield Finding(Fault.MISSING if error.__cause__ else Fault.CHANGED, name, key)
    small = attachment.thumbnail
    if small and not small.storage.exists(str(small.name)):
        yield Finding(Fault.MISSING, str(small.name), key)
