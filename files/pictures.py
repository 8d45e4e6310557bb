"""Photos are drawn anew before they are kept: what was hidden in the file, the place it was taken at, is gone."""

import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from files.choices import FileKind
from files.recognition import Malformed, check_png_pixels, picture_size

PIXELS_MAX = 50_000_000
SIDE_MAX = 2560  # pixels: an A4 page at 220 dots an inch, legible on paper
THUMBNAIL_SIDE = 320
QUALITY = 85
FORMATS = {FileKind.JPEG: ("JPEG", "MPO"), FileKind.PNG: ("PNG",)}
# What Pillow raises on broken files; it has no exception of its own for all of them.
BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, OverflowError, TypeError, struct.error,
    zlib.error, UnidentifiedImageError, Image.DecompressionBombError,
)  # fmt: skip


class TooManyPixels(Malformed):
    """The picture would be so large unpacked that the server must not try."""


@dataclass(frozen=True)
class Redrawn:
    """A picture without anything but its pixels, and its small form (always a JPEG)."""

    content: bytes
    thumbnail: bytes


def redraw(content: bytes, kind: FileKind) -> Redrawn:
    """Return the picture upright, at most SIDE_MAX pixels wide and high. Raises Malformed, TooManyPixels."""
    width, height = picture_size(content)
    if width * height > PIXELS_MAX:
        raise TooManyPixels
    if kind is FileKind.PNG:
        check_png_pixels(content)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS[kind]) as opened:
            # A JPEG can be unpacked at a half or a quarter of its size at once: less memory for large photos.
            opened.draft("RGB", (SIDE_MAX, SIDE_MAX))
            opened.load()
            picture = ImageOps.exif_transpose(opened)
        picture = _plain(picture, kind)
        picture.thumbnail((SIDE_MAX, SIDE_MAX))
        return Redrawn(content=_written(picture, kind), thumbnail=_small(picture))
    except BROKEN as error:
        raise Malformed from error


def turn(content: bytes, kind: FileKind, quarter_turns: int) -> Redrawn:
    """Return a kept picture turned clockwise by quarters. Raises Malformed."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS[kind]) as opened:
            opened.load()
            picture = _plain(opened.rotate(-90 * (quarter_turns % 4), expand=True), kind)
        return Redrawn(content=_written(picture, kind), thumbnail=_small(picture))
    except BROKEN as error:
        raise Malformed from error


def _plain(picture: Image.Image, kind: FileKind) -> Image.Image:
    """Return the pixels alone, in a mode that the kind can hold."""
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if kind is FileKind.PNG and has_alpha else "L" if picture.mode in ("1", "L") else "RGB"
    plain = picture.convert(mode)
    plain.info.clear()
    return plain


def _written(picture: Image.Image, kind: FileKind) -> bytes:
    out = io.BytesIO()
    if kind is FileKind.PNG:
        picture.save(out, "PNG")
    else:
        picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _small(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    if small.mode == "RGBA":
        paper = Image.new("RGBA", small.size, "white")
        small = Image.alpha_composite(paper, small)
    return _written(small.convert("RGB"), FileKind.JPEG)
