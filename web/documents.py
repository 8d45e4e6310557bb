"""Documents as PDF: A4, always Chinese, printable in ten years (PDF/A-3u), and never with a box for a character.

`render_pdf` takes a template that extends "web/document.html". The same values give the same bytes, so the hash of
a document can be kept and checked. People's text may hold anything: nothing outside the template is read through it.
"""

import gc
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from web import fonts

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
COMMAND = f"apt-get install -y --no-install-recommends {PACKAGES}"
PDF_VARIANT = "pdf/a-3u"
COLOURS = "sRGB2014"
DOCUMENT_LANGUAGE = "zh-hans"
# Signs and characters of names that a poor font lacks; rendered once by `font_problems`.
PROBE = "贷款贴息审批公示㎡〔〕■□√￥¥①—…“”䶮㛃楤堃喆昇赟玥祎𠮷𬭎"

_unavailable = ""
try:
    fonts.use_private_configuration(Path(settings.VAR_DIR))
    # After the line above, because fontconfig reads its variable while WeasyPrint is imported.
    import weasyprint
    from weasyprint.css import ColorProfile
    from weasyprint.text import ffi
    from weasyprint.urls import FatalURLFetchingError, URLFetcher
except OSError as error:  # Pango is not installed, or VAR_DIR cannot be written
    _unavailable = str(error)


@dataclass(frozen=True)
class Attached:
    """A file inside the PDF: whoever has the paper has its data too."""

    name: str
    content: bytes
    description: str = ""


class MissingGlyphs(Exception):
    """No installed font knows these characters. The document was not made: a box on a contract is not a name."""

    def __init__(self, characters: set[str]) -> None:
        self.characters = "".join(sorted(characters))
        named = "、".join(f"{character} (U+{ord(character):04X})" for character in self.characters)
        super().__init__(gettext("No installed font knows these characters, so no document was made: %s") % named)


class FontsMissing(Exception):
    """This machine cannot make documents. The text says what is missing and the command that mends it."""


class OutsideAddress(Exception):
    """The template or a text in it pointed at a file or address. Only data: addresses are read."""


def render_pdf(
    template: str,
    context: dict[str, Any],
    *,
    title: str,
    created_on: date,
    attached: Sequence[Attached] = (),
) -> bytes:
    """Return the PDF of `template`, which finds `title` and `created_on` in its context besides `context`.

    Raises MissingGlyphs, FontsMissing, or OutsideAddress; all three mean that nothing was made.
    """
    html = html_of(template, context, title=title, created_on=created_on)
    return pdf_of(html, attached=attached, made_at=moment_of(created_on))


def html_of(template: str, context: dict[str, Any], *, title: str, created_on: date) -> str:
    """Return the text that `render_pdf` makes a PDF of: for papers whose content decides on a part of them."""
    with translation.override(DOCUMENT_LANGUAGE):
        return render_to_string(template, {**context, "title": title, "created_on": created_on})


def moment_of(created_on: date) -> datetime:
    """Return the moment for files attached to a paper of a day: the present one would be other bytes each time."""
    return datetime.combine(created_on, time(), tzinfo=UTC)


def pdf_of(html: str, *, attached: Sequence[Attached] = (), made_at: datetime | None = None) -> bytes:
    """Return the PDF of a whole HTML text. For `render_pdf` and the self-check; raises what `render_pdf` raises."""
    require_fonts()
    files = [
        weasyprint.Attachment(
            string=one.content, name=one.name, description=one.description, created=made_at, modified=made_at,
            relationship="Data",
        )
        for one in attached
    ]  # fmt: skip
    with _noting_missing_glyphs() as missing, _without_collector():
        try:
            pdf: bytes = weasyprint.HTML(string=html, url_fetcher=_data_only()).write_pdf(
                pdf_variant=PDF_VARIANT,
                output_intent=COLOURS,
                color_profiles={COLOURS: _colour_profile()},
                attachments=files,
            )
        except FatalURLFetchingError as error:  # a BaseException of WeasyPrint's own
            raise OutsideAddress(str(error)) from None
    if missing:
        raise MissingGlyphs(missing)
    return pdf


def font_problems() -> list[str]:
    """Return what keeps this machine from making documents, in the user's language with the command; [] is good."""
    try:
        require_fonts()
        if ffi.harfbuzz_subset is None:
            return [_hint(gettext("The library libharfbuzz-subset is missing: documents would take half a minute."))]
        for family in ("serif", "sans-serif", "仿宋_GB2312"):
            pdf_of(f'<html lang="zh-CN"><title>{family}</title><p style="font-family: {family}">{PROBE}<b>{PROBE}</b>')
    except (FontsMissing, MissingGlyphs) as error:
        return [str(error)]
    return []


def require_fonts() -> None:
    """Raise FontsMissing unless the libraries and the Chinese fonts are there. Without any font Pango would crash."""
    if _unavailable:
        reason = gettext("Documents cannot be made: %(reason)s.") % {"reason": _unavailable.splitlines()[0]}
        raise FontsMissing(_hint(reason))
    if not _has_fonts():
        raise FontsMissing(_hint(gettext("Documents cannot be made: the Noto CJK fonts are not installed.")))


@cache
def _has_fonts() -> bool:
    names = [path.name for path in fonts.system_files()]
    return all(any(name.startswith(wanted) for name in names) for wanted in fonts.FONT_FILES)


def _hint(problem: str) -> str:
    return f"{problem} {gettext('Run:')} {COMMAND}"


def _data_only() -> Any:
    """A fetcher for data: addresses; everything else stops the document instead of leaving a hole in it."""
    return URLFetcher(allowed_protocols=("data",), fail_on_errors=True)


def _colour_profile() -> Any:
    """The sRGB profile an archive file must carry. WeasyPrint would open it for every document and never close it."""
    content = resources.files("weasyprint.pdf").joinpath(f"{COLOURS}.icc").read_bytes()
    return ColorProfile(BytesIO(content), f"{COLOURS}.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


@contextmanager
def _without_collector() -> Iterator[None]:
    """WeasyPrint builds a large tree of boxes; without the garbage collector it takes a third less time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.collect()


_missing: ContextVar[set[str] | None] = ContextVar("missing_glyphs", default=None)


class _MissingGlyphFilter(logging.Filter):
    """WeasyPrint tells about a missing glyph only in its log. Note the character, and keep the log's noise away."""

    def filter(self, record: logging.LogRecord) -> bool:
        found = _missing.get()
        if found is not None and str(record.msg).startswith(".notdef") and isinstance(record.args, tuple):
            found.add(str(record.args[0]))
        return record.levelno >= logging.ERROR


_logger = logging.getLogger("weasyprint")
_logger.setLevel(logging.WARNING)  # the settings may ask for less, but then a missing glyph would be unheard
_logger.addFilter(_MissingGlyphFilter())


@contextmanager
def _noting_missing_glyphs() -> Iterator[set[str]]:
    found: set[str] = set()
    token = _missing.set(found)
    try:
        yield found
    finally:
        _missing.reset(token)
