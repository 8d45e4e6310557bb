"""A report as an Excel workbook: the head of the printed form, merged, with number formats. Same sheet, same bytes."""

import io
import zipfile
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dashboards.statistics.sheet import Cell, Head, Marks, Row, Sheet, show_change
from finance.money import exact, round_to_cent
from web.display import YUAN_IN_WAN

EPOCH = (1980, 1, 1, 0, 0, 0)
MADE = datetime(1980, 1, 1)  # noqa: DTZ001  # a workbook knows no time zones; the same sheet gives the same bytes
TITLE_ROW, LINE_ROW, GROUP_ROW, HEAD_ROW = 1, 2, 3, 4
FORMATS = {"count": "#,##0", "wan": "#,##0.00", "percent": "0.00", "times": "0.00"}
THIN = Side(style="thin", color="999999")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
MARKED = PatternFill("solid", fgColor="FFF2CC")
FIRST_WIDTH, WIDTH, TEXT_WIDTH = 16, 11, 24


def workbook_of_sheet(sheet: Sheet, *, edition: str, made_on: str, marks: Marks) -> bytes:
    """Return the workbook. `edition` and `made_on` are printed; `marks` say what the earlier edition showed."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = sheet.period
    heads = [head for head in sheet.columns if head.form != "hidden"]
    _write_head(page, sheet, heads, edition)
    for at, row in enumerate(sheet.lines, start=HEAD_ROW + 1):
        _write_row(page, at, row, heads, marks, is_total=row is sheet.total)
    below = HEAD_ROW + 1 + len(sheet.lines)
    for at, row in enumerate(sheet.changes, start=below):
        _write(page, at, 1, row.label)
        for column, head in enumerate(heads, start=2):
            _write(page, at, column, show_change(row.cells[head.code]) if head.code in row.cells else "")
    _write_foot(page, below + len(sheet.changes), sheet, len(heads) + 1, made_on)
    page.freeze_panes = f"B{HEAD_ROW + 1}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{GROUP_ROW}:{HEAD_ROW}"
    return _bytes_of(book)


def _write_head(page: Worksheet, sheet: Sheet, heads: list[Head], edition: str) -> None:
    last = len(heads) + 1
    page.merge_cells(start_row=TITLE_ROW, start_column=1, end_row=TITLE_ROW, end_column=last)
    title = page.cell(TITLE_ROW, 1, f"{sheet.title}（{sheet.period_label}{edition}）")
    title.font, title.alignment = Font(bold=True, size=16), CENTRE
    page.row_dimensions[TITLE_ROW].height = 30
    page.merge_cells(start_row=LINE_ROW, start_column=1, end_row=LINE_ROW, end_column=max(last // 2, 1))
    page.cell(LINE_ROW, 1, f"填报单位（盖章）：{sheet.signers.unit or sheet.place}")
    page.merge_cells(start_row=LINE_ROW, start_column=max(last // 2, 1) + 1, end_row=LINE_ROW, end_column=last)
    page.cell(LINE_ROW, max(last // 2, 1) + 1, f"单位：{sheet.unit}").alignment = Alignment(horizontal="right")
    _write(page, GROUP_ROW, 1, "县市" if sheet.report == "prefecture_summary" else "乡镇", head=True)
    page.merge_cells(start_row=GROUP_ROW, start_column=1, end_row=HEAD_ROW, end_column=1)
    page.column_dimensions["A"].width = FIRST_WIDTH
    column = 2
    for group, members in groupby(heads, key=lambda head: head.group or head.code):
        grouped = list(members)
        if grouped[0].group:
            _write(page, GROUP_ROW, column, group, head=True)
            page.merge_cells(
                start_row=GROUP_ROW, start_column=column, end_row=GROUP_ROW, end_column=column + len(grouped) - 1
            )
        for head in grouped:
            _write(page, HEAD_ROW if head.group else GROUP_ROW, column, head.title, head=True)
            if not head.group:
                page.merge_cells(start_row=GROUP_ROW, start_column=column, end_row=HEAD_ROW, end_column=column)
            width = TEXT_WIDTH if head.form == "text" else WIDTH
            page.column_dimensions[get_column_letter(column)].width = width
            column += 1
    page.row_dimensions[HEAD_ROW].height = 32


def _write_row(page: Worksheet, at: int, row: Row, heads: list[Head], marks: Marks, *, is_total: bool) -> None:
    _write(page, at, 1, row.label, bold=is_total)
    for column, head in enumerate(heads, start=2):
        box: Any = _write(page, at, column, _plain(head, row.cells.get(head.code)), bold=is_total)
        box.number_format = FORMATS.get(head.form, "General")
        if (row.key, head.code) in marks:
            box.fill = MARKED
            box.comment = Comment(f"上一版：{marks[row.key, head.code] or '空'}", "")


def _plain(head: Head, value: Cell) -> Any:
    """Numbers stay numbers; amounts in ten thousands as printed, so that Excel adds up what one reads."""
    if value is None:
        return "--"
    if isinstance(value, str):
        return value
    return round_to_cent(exact(value) / exact(YUAN_IN_WAN)) if head.form == "wan" else value


def _write(page: Worksheet, at: int, column: int, value: Any, *, head: bool = False, bold: bool = False) -> Any:
    cell: Any = page.cell(at, column, value)
    cell.border = BOX
    if isinstance(value, str):
        cell.data_type = "s"  # no text becomes a formula
    cell.font = Font(bold=head or bold)
    if head:
        cell.alignment = CENTRE
    elif isinstance(value, Decimal | int) or column > 1:
        cell.alignment = Alignment(horizontal="right", wrap_text=isinstance(value, str))
    return cell


def _write_foot(page: Worksheet, at: int, sheet: Sheet, width: int, made_on: str) -> None:
    signers = sheet.signers
    line = "　　".join(
        f"{label}：{value}"
        for label, value in (
            ("单位负责人", signers.head), ("填表人", signers.filled_by), ("联系电话", signers.telephone),
            ("填报日期", made_on),
        )
    )  # fmt: skip
    for offset, text in enumerate(filter(None, (line, f"说明：{sheet.note}" if sheet.note else ""))):
        page.merge_cells(start_row=at + offset, start_column=1, end_row=at + offset, end_column=width)
        page.cell(at + offset, 1, text)


def _bytes_of(book: Workbook) -> bytes:
    """The workbook packed anew with one fixed time: openpyxl would write the present moment into it."""
    book.properties.created = book.properties.modified = MADE
    raw, content = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _without_moment(part)
            new.writestr(zipfile.ZipInfo(name, EPOCH), part, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _without_moment(part: bytes) -> bytes:
    """openpyxl sets the time of saving over ours."""
    head, mark, rest = part.partition(b"<dcterms:modified")
    _old, end, tail = rest.partition(b"</dcterms:modified>")
    return head + (mark + b' xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z' + end + tail if mark else b"")
