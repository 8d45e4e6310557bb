"""Joining documents that were made in parts because the whole would need too much memory."""

from collections.abc import Sequence
from io import BytesIO

from pypdf import PdfReader, PdfWriter


def count_pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def join_pdfs(parts: Sequence[bytes]) -> bytes:
    """Return one PDF of several that `web.documents.render_pdf` made; the same parts give the same bytes.

    Title, colour profile and attached files are those of the first part. What the parts have in common (fonts cut to
    the same characters, the profile) is kept once.
    """
    if len(parts) == 1:
        return parts[0]
    writer = PdfWriter(clone_from=BytesIO(parts[0]))
    for part in parts[1:]:
        writer.append(BytesIO(part), import_outline=False)
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    joined = BytesIO()
    writer.write(joined)
    return joined.getvalue()
