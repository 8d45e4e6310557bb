"""The kinds of file that the house takes: nothing else comes in."""

from enum import StrEnum


class FileKind(StrEnum):
    """A kind of file; the value is the ending under which it is handed out again."""

    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    XLSX = "xlsx"

    @property
    def endings(self) -> tuple[str, ...]:
        return ("jpg", "jpeg") if self is FileKind.JPEG else (self.value,)

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self]


CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PICTURES = frozenset({FileKind.JPEG, FileKind.PNG})
PAPERS = frozenset({FileKind.PDF, *PICTURES})
# A table is read once and by machine; it is never kept among the papers of a case.
IMPORTS = frozenset({FileKind.XLSX})
