"""The papers of statistics: a report (A4, landscape) as frozen or as it stands, as PDF or workbook. Always Chinese."""

from dataclasses import dataclass
from datetime import date

from django.utils import translation

from accounts.choices import Verb
from accounts.models import User
from dashboards.figures import Selection
from dashboards.figures.periods import Period
from dashboards.models import ReportEdition
from dashboards.statistics.definitions import Report
from dashboards.statistics.queries import county_of, filled, marks_of
from dashboards.statistics.sheet import Marks, Sheet, sheet_of_json
from dashboards.statistics.table import table_of
from dashboards.statistics.workbooks import workbook_of_sheet
from web.clock import day_of
from web.display import show_day_long
from web.documents import render_pdf
from web.workbooks import CONTENT_TYPE as XLSX_TYPE

PAPER_LANGUAGE = "zh-hans"
PDF, XLSX = "pdf", "xlsx"
PDF_TYPE = "application/pdf"
CHECK_DIGITS = 12
UNFINISHED = "未定稿"
MANY_COLUMNS = 18


@dataclass(frozen=True)
class Paper:
    """A finished file; `name` is what it is saved as."""

    content: bytes
    name: str
    content_type: str


def print_edition(edition: ReportEdition, *, form: str) -> Paper:
    """Return an edition as PDF or XLSX: the same bytes whenever it is asked for. Raises what render_pdf raises."""
    number = "" if edition.number == 1 else f"，第{edition.number}版"
    return _paper(
        sheet_of_json(edition.sheet),
        marks=marks_of(edition),
        label=number,
        made_on=day_of(edition.made_at),
        form=form,
        reason=edition.reason,
        check=edition.sha256[:CHECK_DIGITS].upper(),
    )


def print_report(report: Report, period: Period, *, reader: User, on: date, form: str) -> Paper:
    """Return the report of a period as the reader sees it today, marked as not final."""
    reader.forget_posts()
    selection = Selection(
        scope=reader.scope(Verb.VIEW_FIGURES, on=on), registers=reader.people_scope(Verb.VIEW_FIGURES, on=on), as_of=on
    )
    with translation.override(PAPER_LANGUAGE):
        sheet = filled(report, period, selection=selection, county=county_of(selection.registers), today=on)
    return _paper(sheet, marks={}, label=f"，{UNFINISHED}", made_on=on, form=form)


def _paper(
    sheet: Sheet, *, marks: Marks, label: str, made_on: date, form: str, reason: str = "", check: str = ""
) -> Paper:
    with translation.override(PAPER_LANGUAGE):
        name = f"{sheet.title}_{sheet.place}_{sheet.period_label}{label.replace('，', '_')}"
        if form == XLSX:
            content = workbook_of_sheet(sheet, edition=label, made_on=show_day_long(made_on), marks=marks)
            return Paper(content, f"{name}.xlsx", XLSX_TYPE)
        context = {
            "sheet": sheet, "table": table_of(sheet, marks=marks), "label": label, "reason": reason, "check": check,
            "is_wide": len(sheet.columns) > MANY_COLUMNS,
        }  # fmt: skip
        content = render_pdf("dashboards/documents/report.html", context, title=sheet.title, created_on=made_on)
    return Paper(content, f"{name}.pdf", PDF_TYPE)
