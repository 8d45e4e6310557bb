"""Taking a file in. What is kept has been recognised, checked and, if it is a picture, drawn anew."""

import hashlib
import logging
import unicodedata
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from files.choices import PAPERS, PICTURES, FileKind
from files.models import Attachment
from files.pictures import TooManyPixels, redraw, turn
from files.queries import read_content
from files.recognition import ActiveContent, Malformed, check_pdf, check_workbook, kind_of

logger = logging.getLogger(__name__)

SIZE_MAX = 10 * 1024 * 1024
MEGABYTE = 1024 * 1024
NAME_LENGTH_MAX = 100
SEPARATORS = {"/", "\\"}
# Control, private and unassigned characters, and those that turn the reading direction to hide an ending.
SHAPELESS = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


class NotAcceptable(Exception):
    """A file that the house does not take. The message says why and what to do."""


class UnableToStore(Exception):
    """The disk took nothing: no row was written either."""


class Upload(Protocol):
    """What a form hands over (Django's UploadedFile)."""

    name: str | None
    size: int | None

    def read(self, num_bytes: Any = ...) -> Any: ...


@dataclass(frozen=True)
class Prepared:
    """A file that may be kept: checked, cleaned, not yet written anywhere."""

    name: str
    kind: FileKind
    content: bytes = field(repr=False)
    thumbnail: bytes = field(repr=False, default=b"")

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def store_upload(*, upload: Upload, by: Any, at: datetime, kinds: Set[FileKind] = PAPERS) -> Attachment:
    """Check a file and keep it: the two steps below in one. Raises NotAcceptable, UnableToStore."""
    return store(prepared=prepare(upload=upload, kinds=kinds), by=by, at=at)


def prepare(*, upload: Upload, kinds: Set[FileKind] = PAPERS) -> Prepared:
    """Return the file in the form in which it may be kept. Raises NotAcceptable with a sentence for the person.

    The ending, the first bytes and the whole structure must agree. Of a photo only the pixels are kept.
    """
    name = upload.name or ""
    _refuse_name(name)
    content = _read(upload)
    kind = _recognise(name, content, kinds)
    try:
        return _checked(name, kind, content)
    except TooManyPixels as error:
        raise NotAcceptable(_("“%(name)s” has too many pixels. Please take a smaller picture.") % _of(name)) from error
    except ActiveContent as error:
        raise NotAcceptable(
            _("“%(name)s” holds scripts, attachments, macros or a password. Please print it to a plain PDF.")
            % _of(name)
        ) from error
    except Malformed as error:
        raise NotAcceptable(_("“%(name)s” is damaged or is not what its ending says.") % _of(name)) from error


def store(*, prepared: Prepared, by: Any, at: datetime) -> Attachment:
    """Write the file through to the disk, then its row. Raises UnableToStore when the disk is full or gone.

    When the surrounding transaction fails later, the file stays without a row until `verify_files --sweep`.
    """
    attachment = Attachment(
        name=prepared.name,
        content_type=prepared.kind.content_type,
        size=len(prepared.content),
        sha256=prepared.sha256,
        uploaded_by=by,
        uploaded_at=at,
    )
    try:
        attachment.file.save(prepared.name, ContentFile(prepared.content), save=False)
        if prepared.thumbnail:
            attachment.thumbnail.save("small", ContentFile(prepared.thumbnail), save=False)
        with transaction.atomic():
            attachment.save(force_insert=True)
    except BaseException as error:
        discard(attachment)
        if isinstance(error, OSError):
            logger.exception("files.not_stored")
            raise UnableToStore(
                _("The file could not be stored, the disk may be full. Please tell the administrator.")
            ) from error
        raise
    return attachment


def turned(*, attachment: Attachment, quarter_turns: int) -> Prepared:
    """Return a kept picture turned clockwise by quarters, not yet stored. Raises queries.FileMissing, Malformed."""
    kind = next(kind for kind in PICTURES if kind.content_type == attachment.content_type)
    redrawn = turn(read_content(attachment), kind, quarter_turns)
    return Prepared(attachment.name, kind, redrawn.content, redrawn.thumbnail)


def discard(attachment: Attachment) -> None:
    """Take the files of an attachment without a row off the disk again."""
    for stored in (attachment.file, attachment.thumbnail):
        if stored:
            stored.storage.delete(str(stored.name))


def _of(name: str) -> dict[str, str]:
    shown = "".join(character for character in name if unicodedata.category(character) not in SHAPELESS)
    return {"name": shown[:40]}


def _refuse_name(name: str) -> None:
    if not name or len(name) > NAME_LENGTH_MAX:
        raise NotAcceptable(
            _("The name of a file has at most %(length)s characters: “%(name)s…”.")
            % {"length": NAME_LENGTH_MAX, **_of(name)}
        )
    is_odd = any(c in SEPARATORS or unicodedata.category(c) in SHAPELESS for c in name)
    if is_odd or name.startswith(".") or name != name.strip():
        raise NotAcceptable(_("The name “%(name)s” holds characters that no file name has.") % _of(name))


def _read(upload: Upload) -> bytes:
    content: bytes = upload.read(SIZE_MAX + 1) if (upload.size or 0) <= SIZE_MAX else b""
    if (upload.size or 0) > SIZE_MAX or len(content) > SIZE_MAX:
        raise NotAcceptable(
            _("“%(name)s” is larger than %(limit)s MB.") % {"limit": SIZE_MAX // MEGABYTE, **_of(upload.name or "")}
        )
    if not content:
        raise NotAcceptable(_("“%(name)s” is empty.") % _of(upload.name or ""))
    return content


def _recognise(name: str, content: bytes, kinds: Set[FileKind]) -> FileKind:
    kind = kind_of(content)
    ending = name.rpartition(".")[2].lower()
    if kind is None or kind not in kinds:
        wanted = "、".join(one.value for one in FileKind if one in kinds)
        raise NotAcceptable(_("“%(name)s” is not taken: only %(wanted)s.") % {"wanted": wanted, **_of(name)})
    if "." not in name or ending not in kind.endings:
        raise NotAcceptable(_("“%(name)s” is damaged or is not what its ending says.") % _of(name))
    return kind


def _checked(name: str, kind: FileKind, content: bytes) -> Prepared:
    if kind in PICTURES:
        redrawn = redraw(content, kind)
        return Prepared(name, kind, redrawn.content, redrawn.thumbnail)
    if kind is FileKind.PDF:
        check_pdf(content)
    else:
        check_workbook(content)
    return Prepared(name, kind, content)
