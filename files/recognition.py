"""What a file is, told by its bytes alone. Pure: no Django, no disk, nothing is executed or drawn here."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from files.choices import FileKind

PDF_HEAD = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n ]")
PDF_TAIL = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")
# What a reader would run, open or be led astray by. Papers of an office have none of it. Long words only: they are
# looked for in packed pictures, too, where three letters in a row come about by chance.
PDF_ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|Encrypt|SubmitForm|ImportData)\b|/XFA\s*[\[\d]"
)
PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
PDF_STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n(.*?)endstream", re.DOTALL)
PDF_INFLATED_MAX = 20 * 1024 * 1024

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_HEADER_LENGTH = 13
INFLATED_AT_ONCE = 1024 * 1024
JPEG_HEAD = b"\xff\xd8\xff"
JPEG_SCAN, JPEG_END = 0xDA, b"\xff\xd9"
ZIP_HEAD = b"PK\x03\x04"
# Markers of a JPEG that stand alone, without a length.
JPEG_BARE = {0x01, *range(0xD0, 0xD9)}
# Start of frame: the marker that carries the size. C4, C8 and CC in between are something else.
JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}

WORKBOOK_PARTS = {"[Content_Types].xml", "xl/workbook.xml"}
WORKBOOK_PARTS_MAX = 2_000
WORKBOOK_INFLATED_MAX = 100 * 1024 * 1024


class Malformed(ValueError):
    """The file is not what it begins as, or carries what no paper needs."""


class ActiveContent(Malformed):
    """A document that wants to do something: scripts, attachments, launching, a password."""


def kind_of(content: bytes) -> FileKind | None:
    """Return the kind that the first bytes announce, or None for anything else."""
    if PDF_HEAD.match(content):
        return FileKind.PDF
    if content.startswith(PNG_HEAD):
        return FileKind.PNG
    if content.startswith(JPEG_HEAD):
        return FileKind.JPEG
    return FileKind.XLSX if content.startswith(ZIP_HEAD) else None


def check_pdf(content: bytes) -> None:
    """Go on only if this is one whole passive PDF: its end is the file's end and leads to its table of objects.

    Raises Malformed, and ActiveContent for scripts, attachments and passwords, also inside compressed objects.
    """
    tail = PDF_TAIL.search(content, max(0, len(content) - 1100))
    if tail is None:
        raise Malformed
    table = content[int(tail[1]) : int(tail[1]) + 40].lstrip()
    if not re.match(rb"xref\b|\d+\s+\d+\s+obj\b", table):
        raise Malformed
    for part in (content, *_object_streams(content)):
        if PDF_ACTIVE.search(PDF_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), part)):
            raise ActiveContent


def _object_streams(content: bytes) -> Iterator[bytes]:
    left = PDF_INFLATED_MAX
    for found in PDF_STREAM.finditer(content):
        reader = zlib.decompressobj()
        try:
            part = reader.decompress(found[1], left)
        except zlib.error as error:
            raise Malformed from error
        left -= len(part)
        if left <= 0:
            raise Malformed
        yield part


def picture_size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels as the head says, before anything is unpacked. Raises Malformed.

    The picture must be whole: WeasyPrint tells Pillow, for the whole process, to draw broken pictures as well.
    """
    size = _png_size(content) if content.startswith(PNG_HEAD) else _jpeg_size(content)
    if not size[0] or not size[1]:
        raise Malformed
    return size


def check_png_pixels(content: bytes) -> None:
    """Go on only if the packed pixels of a PNG come to their end. Call it after `picture_size` was bearable."""
    reader = zlib.decompressobj()
    try:
        for kind, part in _png_chunks(content):
            while kind == b"IDAT" and part and not reader.eof:
                reader.decompress(part, INFLATED_AT_ONCE)
                part = reader.unconsumed_tail
    except zlib.error as error:
        raise Malformed from error
    if not reader.eof:
        raise Malformed


def _png_size(content: bytes) -> tuple[int, int]:
    chunks = list(_png_chunks(content))
    if chunks[0][0] != b"IHDR" or len(chunks[0][1]) != PNG_HEADER_LENGTH:
        raise Malformed
    width, height = struct.unpack(">II", chunks[0][1][:8])
    return width, height


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the parts up to the last one, IEND. Raises Malformed for a wrong sum or a missing end."""
    place = len(PNG_HEAD)
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        kind, part = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        place += 12 + length
        if zlib.crc32(kind + part) != int.from_bytes(content[place - 4 : place], "big"):
            raise Malformed
        yield kind, part
        if kind == b"IEND":
            return
    raise Malformed


def _jpeg_size(content: bytes) -> tuple[int, int]:
    place, size = 2, (0, 0)
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1  # fill bytes before a marker
            continue
        if marker in JPEG_BARE:
            place += 2
            continue
        if marker in JPEG_FRAMES and place + 9 <= len(content):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            size = width, height
        if marker == JPEG_SCAN:
            if JPEG_END not in content[place:]:
                raise Malformed
            return size
        place += 2 + max(2, int.from_bytes(content[place + 2 : place + 4], "big"))
    raise Malformed


def check_workbook(content: bytes) -> None:
    """Go on only if this is a workbook without macros and of bearable size unpacked. Raises Malformed, ActiveContent.

    Nothing is unpacked here: whoever reads it does so in a process of its own, with limits of its own.
    """
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Malformed from error
    names = {part.filename for part in parts}
    if len(parts) > WORKBOOK_PARTS_MAX or not names >= WORKBOOK_PARTS:
        raise Malformed
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise Malformed
    if sum(part.file_size for part in parts) > WORKBOOK_INFLATED_MAX:
        raise Malformed
    if any(name.endswith(("vbaProject.bin", ".exe", ".dll")) or name.startswith("xl/embeddings/") for name in names):
        raise ActiveContent
