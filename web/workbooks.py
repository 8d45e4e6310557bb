"""Excel workbooks that the house hands out, written row by row. No text becomes a formula."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE_LENGTH_MAX = 31
WIDTH_MIN, WIDTH_MAX = 10, 40


def workbook_of(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str) -> bytes:
    """Return a workbook of one sheet: numbers stay numbers, days stay days, its head stays in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:TITLE_LENGTH_MAX])
    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns, start=1):
        width = min(max(2 * len(column) + 4, WIDTH_MIN), WIDTH_MAX)
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([_heading(sheet, column) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _heading(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, Decimal):
        cell.number_format = "#,##0.00##"
    return cell
