"""Uploaded tables: exact texts out of good files, one sentence out of every bad one."""

import io
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime, time as clock_time
from decimal import Decimal

import openpyxl
import pytest

from tests.factories.spreadsheets import OLE, SHEET, csv_file, mutants, repacked, saved, sheet_with, workbook
from web import spreadsheet_reader as reader, spreadsheets
from web.spreadsheets import Cell, CellFault, CellProblem, Column, Unreadable, amount_in, code_in, day_in, read_rows

COLUMNS = (
    Column("number", ("contract_no", "合同编号")),
    Column("day", ("date", "日期")),
    Column("amount", ("principal", "本金")),
    Column("penalty", ("penalty", "罚息"), is_required=False),
)
NINE = clock_time(9)
HEADER = ["合同编号", "日期", "本金", "罚息"]
GOOD = workbook([HEADER, ["HT-1", date(2014, 6, 20), 1200.1, 0]])


def read(content: bytes):
    return read_rows(io.BytesIO(content), COLUMNS)


def sentence_of(content: bytes) -> str:
    """Return the sentence a file is refused with, or "" for one that can be read."""
    try:
        read(content)
    except Unreadable as error:
        return str(error)
    return ""


def test_a_workbook_gives_texts_with_their_addresses():
    row = read(GOOD)[0]
    assert (row.number, row["number"].address, row["amount"].address) == (2, "A2", "C2")
    assert (row["number"].text, row["day"].text, row["amount"].text) == ("HT-1", "2014-06-20", "1200.1")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_of_any_office_encoding_is_read(encoding):
    row = read(csv_file([HEADER, ["合同一", "2014年6月20日", "1200.10", ""]], encoding))[0]
    assert (row["number"].text, day_in(row["day"]), amount_in(row["amount"])) == (
        "合同一", date(2014, 6, 20), Decimal("1200.10"),
    )  # fmt: skip


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_a_csv_may_be_separated_by_tabs_or_semicolons(separator):
    text = f"{separator.join(HEADER)}\n{separator.join(['HT-1', '2014-06-20', '1200.10', '0'])}\n"
    assert read(text.encode())[0]["amount"].text == "1200.10"


def test_the_header_may_stand_below_a_title_and_in_english():
    rows = [["某银行回单", None], [], ["Contract_No", "DATE", "principal", "note"], ["HT-1", "2014-06-20", 1, "x"]]
    row = read(workbook(rows))[0]
    assert (row.number, row["number"].text, row["penalty"]) == (4, "HT-1", Cell(""))


def test_missing_and_doubled_columns_are_named():
    assert "本金" in sentence_of(csv_file([["合同编号", "日期"], ["1", "2"]])) or "principal" in sentence_of(
        csv_file([["合同编号", "日期"], ["1", "2"]])
    )
    assert "日期" in sentence_of(csv_file([["合同编号", "日期", "本金", "日期"], ["1", "2", "3", "4"]]))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1200.1, "1200.1"),
        (0.1 + 0.2, "0.3"),
        (1200.1000000000004, "1200.1"),
        (9999999999.99, "9999999999.99"),
        (1200.125, "1200.125"),
        (1e-7, "0.0000001"),
        (100.0, "100"),
        (-0.0, "0"),
        (1e14, "100000000000000"),
        (12, "12"),
    ],
)
def test_a_number_is_the_text_that_excel_shows(value, text):
    assert reader.number_of(value) == (text, reader.NUMBER)


def test_every_fen_of_a_million_yuan_survives_excels_binary_numbers():
    amounts = [Decimal(fen) / 100 for fen in range(0, 100_000_000, 9_973)]
    assert [Decimal(reader.number_of(float(amount))[0]) for amount in amounts] == amounts


@pytest.mark.parametrize("value", [1234567890123456, 123456789012345678.0])
def test_a_reference_that_excel_cut_after_fifteen_digits_is_refused(value):
    row = read(workbook([HEADER, [value, "2014-06-20", 1, 0]]))[0]
    with pytest.raises(CellProblem) as refused:
        code_in(row["number"])
    assert refused.value.fault == CellFault.TOO_LONG


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (Cell("A1", "2014-06-20", reader.DAY), date(2014, 6, 20)),
        (Cell("A1", "2014-06-20 10:31:22", reader.DAY), date(2014, 6, 20)),
        (Cell("A1", "41810", reader.NUMBER), date(2014, 6, 20)),
        (Cell("A1", "20140620", reader.NUMBER), date(2014, 6, 20)),
        (Cell("A1", "２０１４/６/２０"), date(2014, 6, 20)),
    ],
)
def test_a_day_is_understood_as_offices_and_excel_write_it(cell, day):
    assert day_in(cell) == day


def test_a_day_of_excel_comes_out_of_a_workbook_with_and_without_its_format():
    rows = [HEADER, ["1", datetime.combine(date(2014, 6, 20), NINE), 1, 0], ["2", 41810, 1, 0]]
    assert [day_in(row["day"]) for row in read(workbook(rows))] == [date(2014, 6, 20)] * 2


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (Cell("A1", "1200.125", reader.NUMBER), CellFault.NOT_AN_AMOUNT),
        (Cell("A1", "一千"), CellFault.NOT_AN_AMOUNT),
        (Cell("A1", "-1"), CellFault.NEGATIVE),
        (Cell("A1", "#REF!", reader.FAULTY), CellFault.FORMULA),
        (Cell("A1", "1" * 15), CellFault.NOT_AN_AMOUNT),
    ],
)
def test_an_amount_is_never_rounded_or_guessed(cell, fault):
    with pytest.raises(CellProblem) as refused:
        amount_in(cell)
    assert refused.value.fault == fault


@pytest.mark.parametrize("text", ["", "2014-02-30", "六月", "99999999", "2014-06"])
def test_what_is_no_day_is_said(text):
    with pytest.raises(CellProblem):
        day_in(Cell("A1", text))


def bomb_of(size: int) -> bytes:
    return repacked(GOOD, {}, added={"xl/media/image1.png": bytes(size)})


def hostile_files() -> dict[str, bytes]:
    """Return the files somebody could upload to hurt, by what is wrong with them."""
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    deep = b"<a>" * 200_000
    wide = [HEADER + [f"c{n}" for n in range(60)], list(range(64))]
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(300):
            archive.writestr(f"{number}.xml", "<a/>")
    return {
        "nothing": b"",
        "one byte": b"P",
        "zip magic only": b"PK\x03\x04",
        "empty zip": b"PK\x05\x06" + bytes(18),
        "old excel": OLE,
        "png": b"\x89PNG\r\n\x1a\n" + bytes(200),
        "html": b"<html><script>alert(1)</script></html>",
        "program": b"\x7fELF" + bytes(range(256)) * 20,
        "far corner": repacked(GOOD, {SHEET: sheet_with(far)}),
        "unpacks to 60 MB": bomb_of(60 * 1024 * 1024),
        "packed a thousandfold": bomb_of(20 * 1024 * 1024),
        "300 entries": many.getvalue(),
        "document type": repacked(GOOD, {SHEET: entity + sheet_with("")}),
        "document type in utf-16": repacked(GOOD, {SHEET: (entity + sheet_with("")).decode().encode("utf-16")}),
        "deep xml": repacked(GOOD, {SHEET: b"<worksheet>" + deep}),
        "no workbook inside": repacked(GOOD, {"xl/workbook.xml": b"<x/>"}),
        "a date that is none": repacked(GOOD, {SHEET: sheet_with('<row r="1"><c t="d"><v>9</v></c></row>')}),
        "a shared text that is not there": repacked(
            GOOD, {SHEET: sheet_with('<row r="1"><c r="A1" t="s"><v>999999999</v></c></row>')}
        ),
        "a row number that is none": repacked(GOOD, {SHEET: sheet_with('<row r="x"><c r="A1"><v>9</v></c></row>')}),
        "60 columns": workbook(wide),
        "20,100 rows": csv_file([HEADER] + [["1", "2014-06-20", "1", "0"]] * 20_100),
        "a novel in one cell": csv_file([HEADER, ["长" * 600, "2014-06-20", "1", "0"]]),
        "an open quotation": b'a,b\n"never closed',
        "11 MB": b"1,2,3\n" * 2_000_000,
        "only a header": csv_file([HEADER]),
        "nul": b"a,b\0,c\n1,2,3",
    }  # fmt: skip


HOSTILE = hostile_files()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence_in_good_time(name):
    begun = time.monotonic()
    assert sentence_of(HOSTILE[name])
    assert time.monotonic() - begun < spreadsheets.SECONDS_MAX


def test_a_damaged_file_gives_rows_or_a_sentence_and_never_anything_else():
    """The damage is read in this process: starting a program for each of 600 files would take a minute."""
    outcomes = [reader.answer(content) for content in mutants(GOOD, 600, seed=20140620)]
    assert all(answer.keys() <= {"rows", "fault"} for answer in outcomes)
    assert all(answer["fault"] in spreadsheets.SENTENCES for answer in outcomes if "fault" in answer)
    assert sum("fault" in answer for answer in outcomes) > 100


def test_damaged_files_go_through_the_real_boundary_too():
    sentences = [sentence_of(content) for content in mutants(GOOD, 24, seed=7)]
    assert any(sentences)


def test_a_reader_that_dies_is_a_sentence(monkeypatch):
    killed = subprocess.CompletedProcess([], -9, b"", b"")
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: killed)
    assert sentence_of(GOOD)


def test_a_reader_that_hangs_is_a_sentence(monkeypatch):
    def hang(*args, **kwargs):
        raise subprocess.TimeoutExpired("reader", 30)

    monkeypatch.setattr(subprocess, "run", hang)
    assert sentence_of(GOOD)


def test_the_reader_lives_within_its_memory_and_reads_nothing_of_the_project():
    program = (
        "import resource, runpy, sys; m = runpy.run_path(sys.argv[1]); m['limit_resources']();"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], 'django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, reader.__file__], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(512 * 1024 * 1024), "False"]


def test_a_table_of_the_greatest_size_is_read():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    for number in range(19_999):
        sheet.append([f"HT-{number:06}", "2014-06-20", 1200.1 + number, 0])
    rows = read(saved(book))
    assert (len(rows), rows[-1]["number"].text) == (19_999, "HT-019998")
