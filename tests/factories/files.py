"""Files as people send them: photos with everything a telephone writes into them, papers, tables."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from files.storage import attachments

GPS, LATITUDE, ORIENTATION, CAMERA = 0x8825, 2, 0x0112, 0x0110


def picture(size: tuple[int, int] = (80, 60), colour: str = "green", mode: str = "RGB") -> Image.Image:
    """Return a picture that is no single colour, so that packing it is no trick."""
    image = Image.new("RGB", size, colour)
    image.paste("white", (0, 0, size[0] // 2, size[1] // 2))
    return image.convert(mode)


def jpeg(size: tuple[int, int] = (80, 60), colour: str = "green", *, orientation: int = 1) -> bytes:
    """Return a photo with the place and the telephone it was taken with."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[CAMERA] = orientation, "SECRET-TELEPHONE"
    exif.get_ifd(GPS)[LATITUDE] = (26.0, 31.0, 12.0)
    out = io.BytesIO()
    picture(size, colour).save(out, "JPEG", exif=exif, comment=b"SECRET-COMMENT")
    return out.getvalue()


def png(size: tuple[int, int] = (80, 60), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    picture(size, mode=mode).save(out, "PNG")
    return out.getvalue()


def pdf(body: bytes = b"<< /Type /Catalog /Pages 2 0 R >>") -> bytes:
    """Return a small whole PDF whose first object is `body`."""
    objects = [body, b"<< /Type /Pages /Kids [] /Count 0 >>"]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def workbook(**parts: bytes) -> bytes:
    """Return what a spreadsheet program writes; `parts` are added by their path."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            packed.writestr(name, b"<x/>")
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    """Return a sent file with exactly this name, also one that Django would have mended on the way."""
    sent = SimpleUploadedFile("x", content)
    sent._name = name
    return sent


@contextmanager
def passing_cupboard() -> Iterator[None]:
    """Keep attachments in a folder that is gone afterwards: for a county that stands for a whole module."""
    storage = attachments()
    before = storage.location
    with TemporaryDirectory() as folder:
        storage.location = folder
        try:
            yield
        finally:
            storage.location = before
