"""Workbooks and CSV files as bytes, good ones and hostile ones."""

import io
import random
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def workbook(rows: Iterable[Sequence[Any]], formats: dict[str, str] | None = None) -> bytes:
    """Return an .xlsx with the rows on its first sheet; `formats` gives cells a number format."""
    book = openpyxl.Workbook(write_only=False)
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    for address, code in (formats or {}).items():
        sheet[address].number_format = code
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_file(rows: Iterable[Sequence[Any]], encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(map(str, row)) for row in rows).encode(encoding)


def repacked(content: bytes, changed: dict[str, bytes], *, added: dict[str, bytes] | None = None) -> bytes:
    """Return the same archive with some entries replaced and others added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
        for name, data in (added or {}).items():
            new.writestr(name, data)
    return stream.getvalue()


def sheet_with(cells: str) -> bytes:
    """Return the XML of a sheet whose rows are given as XML."""
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{name}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def mutants(content: bytes, count: int, seed: int) -> Iterable[bytes]:
    """Yield damaged copies: bytes changed, cut out, doubled; in the packed file or inside one of its entries."""
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    for number in range(count):
        if number % 2:
            yield damaged(content, chance)
        else:
            name = chance.choice(list(entries))
            yield repacked(content, {name: damaged(entries[name], chance)})


def damaged(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randint(1, 40)]
            case 2:
                data[place:place] = data[place : place + 20]
            case _:
                data = data[: max(place, 1)] if chance.random() < 0.2 else data
        if not data:
            data = bytearray(b"\0")
    return bytes(data)
