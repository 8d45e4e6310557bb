"""Run as a program of its own: reads a workbook or CSV from standard input, writes its cells as JSON to the output.

Only `web.spreadsheets` starts it. A file of strangers is opened nowhere else: here memory, time and size are limited,
and whatever it does to the parser, the web process goes on. Nothing of the project is imported and nothing is
translated: a fault is a code, and a cell is a pair of text and kind (see KINDS).
"""

import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import openpyxl

MEGABYTE = 1024 * 1024
MEMORY_MAX = 512 * MEGABYTE
CPU_SECONDS_MAX = 20
FILE_MAX = 10 * MEGABYTE
ROWS_MAX, COLUMNS_MAX = 20_000, 50
CELL_LENGTH_MAX = 500
TEXT_MAX = 20 * MEGABYTE
ENTRIES_MAX, UNPACKED_MAX, RATIO_MAX = 200, 50 * MEGABYTE, 100
# A file of a few kilobytes may be packed as tightly as it likes.
RATIO_COUNTS_FROM = MEGABYTE
PIECE = 64 * 1024
DIGITS_MAX = 15
"""What Excel keeps of a number: longer ones (accounts, references) lost their last digits when they were typed."""

KINDS = TEXT, NUMBER, DAY, FAULTY, TOO_LONG = "t", "n", "d", "e", "l"
Cell = tuple[str, str]
_EMPTY: Cell = ("", TEXT)

ZIP_MAGIC, OLE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Unreadable(Exception):
    """The argument is a code of `web.spreadsheets.SENTENCES`."""


def read(content: bytes) -> list[tuple[int, list[Cell]]]:
    """Return the rows that hold something, each with its number on the sheet. Raises Unreadable."""
    if len(content) > FILE_MAX:
        raise Unreadable("too_large")
    if content.startswith(ZIP_MAGIC):
        check_zip(content)
        rows = workbook_rows(content)
    elif content.startswith(OLE_MAGIC):
        raise Unreadable("old_format")
    else:
        rows = csv_rows(content)
    return list(limited(rows))


def limited(rows: Iterable[list[Cell]]) -> Iterator[tuple[int, list[Cell]]]:
    """Leave out empty rows; refuse what is more than a person's table."""
    total = 0
    for number, row in enumerate(rows, start=1):
        if number > ROWS_MAX + 1:
            raise Unreadable("too_many_rows")
        while row and row[-1] == _EMPTY:
            row.pop()
        if len(row) > COLUMNS_MAX:
            raise Unreadable("too_many_columns")
        total += sum(len(text) for text, _ in row)
        if total > TEXT_MAX or any(len(text) > CELL_LENGTH_MAX for text, _ in row):
            raise Unreadable("too_much_text")
        if row:
            yield number, row


def check_zip(content: bytes) -> None:
    """Refuse an archive that unpacks to too much, or whose XML brings a document type. Raises Unreadable."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > ENTRIES_MAX or unpacked > UNPACKED_MAX:
            raise Unreadable("bomb")
        if any(e.file_size > max(RATIO_COUNTS_FROM, e.compress_size * RATIO_MAX) for e in entries):
            raise Unreadable("bomb")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Unreadable("encrypted")
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")):
                check_xml(archive, entry)


def check_xml(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    with archive.open(entry) as stream:
        before = b""
        while piece := stream.read(PIECE):
            # In UTF-16 every other byte is NUL, and a document type could hide between them.
            if b"\0" in piece or _DOCTYPE.search(before + piece):
                raise Unreadable("dangerous")
            before = piece[-16:]


def workbook_rows(content: bytes) -> Iterator[list[Cell]]:
    """Yield the rows of the first sheet. Openpyxl's full mode would make a million cells of one at the far corner."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    if not book.worksheets:
        raise Unreadable("no_table")
    sheet = book.worksheets[0]
    # The file may claim any size, and a wrong claim hides rows.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_row=ROWS_MAX + 2, max_col=COLUMNS_MAX + 1, values_only=True):
        yield [cell_of(value) for value in row]


def cell_of(value: Any) -> Cell:
    match value:
        case None:
            return _EMPTY
        case bool():
            return str(value).upper(), TEXT
        case int() | float():
            return number_of(value)
        case datetime():
            return value.isoformat(" ") if value.time() != time() else value.date().isoformat(), DAY
        case date():
            return value.isoformat(), DAY
        case time() | timedelta():
            return str(value), FAULTY
        case str() if value.startswith("#") and value.endswith(("!", "?", "A")) and value[1:2].isupper():
            return value, FAULTY
    return str(value).strip(), TEXT


def number_of(value: int | float) -> Cell:
    """Return a number as Excel shows it: a sum that is 1200.0999999999999 inside is 1200.1.

    Fifteen digits are exact for every amount below ten million millions.
    """
    if isinstance(value, int):
        digits = str(value)
        return digits, TOO_LONG if len(digits.lstrip("-")) > DIGITS_MAX else NUMBER
    if value != value or abs(value) == float("inf"):
        return "", FAULTY
    exact = Decimal(format(value, f".{DIGITS_MAX}g"))
    shown = format(exact.normalize() if exact else Decimal(0), "f")
    return shown, TOO_LONG if abs(exact) >= Decimal(10) ** DIGITS_MAX else NUMBER


def csv_rows(content: bytes) -> Iterator[list[Cell]]:
    text = decoded(content)
    if "\0" in text:
        raise Unreadable("no_table")
    head = text[:10_000]
    delimiter = max(",\t;", key=head.count)
    csv.field_size_limit(CELL_LENGTH_MAX)
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
        # A leading apostrophe is how our own files and Excel keep digits a text.
        yield [(value.strip().removeprefix("'"), TEXT) for value in row]


def decoded(content: bytes) -> str:
    if content.startswith(_UTF16):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def limit_resources() -> None:
    for kind, limit in (
        (resource.RLIMIT_AS, MEMORY_MAX),
        (resource.RLIMIT_CPU, CPU_SECONDS_MAX),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def answer(content: bytes) -> dict[str, Any]:
    """Return `rows`, or a `fault`. Broken workbooks raise a dozen kinds of exception, all of which mean one thing."""
    try:
        return {"rows": read(content)}
    except Unreadable as error:
        return {"fault": str(error)}
    except MemoryError:
        return {"fault": "bomb"}
    except (csv.Error, UnicodeDecodeError):
        return {"fault": "no_table"}
    except Exception:
        return {"fault": "broken"}


def main() -> None:
    limit_resources()
    content = sys.stdin.buffer.read(FILE_MAX + 1)
    sys.stdout.write(json.dumps(answer(content)))


if __name__ == "__main__":
    main()
