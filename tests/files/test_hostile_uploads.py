"""What nobody should send, sent: every one is refused with a sentence, and nothing of it stays on the disk."""

import io
import struct
import zipfile
import zlib

import pytest

from files.choices import IMPORTS, PAPERS
from files.operations import SIZE_MAX, NotAcceptable, prepare
from tests.factories.files import jpeg, pdf, png, upload, workbook

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that says it is so large; its pixels are nothing but zeros, packed a thousandfold."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose head says it is so large."""
    photo = jpeg()
    place = photo.index(b"\xff\xc0") + 5
    return photo[:place] + struct.pack(">HH", height, width) + photo[place + 4 :]


def packed(content: bytes) -> bytes:
    return zlib.compress(content)


def with_objects(content: bytes) -> bytes:
    """A PDF that keeps `content` in a compressed stream of objects."""
    stream = packed(content)
    return pdf(b"<< /Type /ObjStm /N 1 /First 4 /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream")


def zipped(name: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def bomb_workbook() -> bytes:
    return workbook(**{"xl/worksheets/sheet1.xml": b"0" * (101 * 1024 * 1024)})


# label → (name, content)
HOSTILE = {
    "empty": ("a.jpg", b""),
    "one byte": ("a.png", b"\x89"),
    "html as a photo": ("a.jpg", HTML),
    "html as a pdf": ("a.pdf", HTML),
    "html behind a pdf's head": ("a.pdf", b"%PDF-1.4\n" + HTML),
    "html page": ("a.html", HTML),
    "svg": ("a.svg", SVG),
    "svg as a picture": ("a.png", SVG),
    "script": ("a.js", b"alert(1)"),
    "program": ("a.exe", b"MZ\x90\x00"),
    "program as a photo": ("a.jpg", b"MZ\x90\x00" * 100),
    "script of a shell": ("a.pdf", b"#!/bin/sh\nrm -rf /\n"),
    "virus test": ("a.pdf", EICAR),
    "virus test as a photo": ("a.jpg", EICAR),
    "virus test behind a pdf": ("a.pdf", pdf() + EICAR),
    "gif": ("a.gif", b"GIF89a\x01\x00\x01\x00\x80\x00\x00;"),
    "gif as a png": ("a.png", b"GIF89a\x01\x00\x01\x00\x80\x00\x00;"),
    "webp as a photo": ("a.jpg", b"RIFF\x1a\x00\x00\x00WEBPVP8 "),
    "photo as a pdf": ("a.pdf", jpeg()),
    "pdf as a photo": ("a.jpg", pdf()),
    "png as a jpg": ("a.jpg", png()),
    "photo without an ending": ("photo", jpeg()),
    "two endings": ("photo.jpg.exe", jpeg()),
    "archive": ("a.zip", zipped("a.txt")),
    "archive as a photo": ("a.jpg", zipped("a.txt")),
    "workbook among papers": ("a.xlsx", workbook()),
    "pdf in front of an archive": ("a.pdf", pdf() + zipped("a.txt")),
    "archive in front of a pdf": ("a.pdf", zipped("a.txt") + pdf()),
    "pdf cut short": ("a.pdf", pdf()[:-30]),
    "pdf without its table": ("a.pdf", pdf().replace(b"xref\n0", b"xxxx\n0")),
    "pdf with a script": ("a.pdf", pdf(b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>")),
    "pdf with a disguised script": ("a.pdf", pdf(b"<< /OpenAction << /S /J#61vaScript >> >>")),
    "pdf with a packed script": ("a.pdf", with_objects(b"1 0 << /S /JavaScript /JS (x) >>")),
    "pdf with a form of its own": ("a.pdf", pdf(b"<< /AcroForm << /XFA [(x) 5 0 R] >> >>")),
    "pdf that launches": ("a.pdf", pdf(b"<< /S /Launch /F (cmd.exe) >>")),
    "pdf with a file inside": ("a.pdf", pdf(b"<< /Names << /EmbeddedFiles 3 0 R >> >>")),
    "pdf with a password": ("a.pdf", pdf(b"<< /Encrypt 3 0 R >>")),
    "pdf bomb": ("a.pdf", with_objects(b"0" * (21 * 1024 * 1024))),
    "pdf with broken packing": ("a.pdf", with_objects(b"x").replace(b"stream\nx", b"stream\ny")),
    "photo cut short": ("a.jpg", jpeg((600, 400))[:900]),
    "photo of nothing": ("a.jpg", b"\xff\xd8\xff\xd9"),
    "photo without a frame": ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 40),
    "png bomb": ("a.png", png_of(40_000, 40_000, packed(b"\x00" * 1_000_000))),
    "png without pixels": ("a.png", png_of(100, 100)),
    "png of no size": ("a.png", png_of(0, 0)),
    "png with a wrong sum": ("a.png", png()[:40] + b"\x00\x00" + png()[42:]),
    "jpeg bomb": ("a.jpg", jpeg_of(65_000, 65_000)),
    "too large": ("a.jpg", jpeg() + b"\x00" * SIZE_MAX),
    "name with a path": ("../../etc/passwd.jpg", jpeg()),
    "name with a backslash": ("..\\windows\\a.jpg", jpeg()),
    "name with a NUL": ("a\x00.jpg", jpeg()),
    "name of 255 bytes": ("a" * 251 + ".jpg", jpeg()),
    "name with a line end": ("a\n.jpg", jpeg()),
    "name that turns round": ("a\u202egpj.exe", jpeg()),
    "name that hides": (".htaccess", jpeg()),
    "name that is empty": ("", jpeg()),
}


@pytest.mark.parametrize("label", HOSTILE)
def test_what_no_office_sends_is_refused_with_a_sentence(label):
    name, content = HOSTILE[label]
    with pytest.raises(NotAcceptable) as refused:
        prepare(upload=upload(content, name), kinds=PAPERS)
    sentence = str(refused.value)
    assert sentence.endswith(("。", "…”。"))
    assert "\x00" not in sentence
    assert "\u202e" not in sentence


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", workbook(**{"xl/vbaProject.bin": b"macro"})),
        ("a.xlsx", workbook(**{"xl/embeddings/oleObject1.bin": b"x"})),
        ("a.xlsx", workbook(**{"../../evil": b"x"})),
        ("a.xlsx", zipped("word/document.xml")),
        ("a.xlsx", workbook()[:-20]),
        ("a.xlsx", pdf()),
        ("a.xlsm", workbook()),
    ],
    ids=["macro", "object", "path", "document", "cut short", "pdf", "ending"],
)
def test_a_table_that_is_none_or_does_something_is_refused(name, content):
    with pytest.raises(NotAcceptable):
        prepare(upload=upload(content, name), kinds=IMPORTS)


def test_a_table_that_would_fill_the_memory_is_refused_without_unpacking_it():
    with pytest.raises(NotAcceptable):
        prepare(upload=upload(bomb_workbook(), "a.xlsx"), kinds=IMPORTS)


def test_there_are_more_than_forty_of_them():
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize(
    "content",
    [jpeg() + zipped("a.txt", EICAR), jpeg() + HTML, png() + HTML, png() + pdf()],
    ids=["archive", "page", "page in a png", "pdf"],
)
def test_what_hangs_on_a_photo_is_not_kept(content):
    """Telephones append films to photos themselves, so the photo is taken, and only the photo."""
    kept = prepare(upload=upload(content, "a.png" if content.startswith(b"\x89") else "a.jpg"))
    assert not any(trace in kept.content + kept.thumbnail for trace in (b"PK\x03\x04", b"script", b"%PDF", b"EICAR"))
