"""The papers of a batch: roster by township, public notice, summary, workbook. Chinese whatever the reader's language.

A roster is printed in parts and joined, so that ten thousand rows take no more memory than one part does.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from accounts.models import User
from finance.money import ZERO
from jobs.registry import Progress
from loans.models import PayoutAccount
from organizations.scope import Scope
from subsidies.models import PaymentFile, SubsidyBatch, SubsidyLine
from subsidies.operations.entitled import NAME_READERS
from subsidies.queries.bank_files import HEADINGS, bank_csv, bank_rows
from subsidies.queries.townships import TownshipSum, paper_lines, township_sums
from web.documents import Attached, render_pdf
from web.joined_documents import count_pages, join_pdfs
from web.masking import masked_name
from web.text import harmless
from web.uppercase import uppercase_amount
from web.workbooks import CONTENT_TYPE as XLSX, workbook_of

PAYMENT_FILE, SUBSIDY_PAPER = "payment_file", "subsidy_paper"
ROSTER, NOTICE, SUMMARY, WORKBOOK = "roster", "notice", "summary", "workbook"
PAPER_LANGUAGE = "zh-hans"
ROWS_A_PAGE = 22
PAGES_A_PART = 36
PDF, ZIP = "application/pdf", "application/zip"
COLUMNS = (
    "序号", "乡镇", "村", "姓名", "身份证号", "合同编号", "贷款金额", "贷款日期", "到期日期", "年利率（%）",
    "贴息期间", "天数", "已付利息", "贴息率（%）", "贴息金额", "一卡通账号", "备注",
)  # fmt: skip
EPOCH = (1980, 1, 1, 0, 0, 0)


class NothingToPrint(Exception):
    """No line of the batch lies in the reader's area."""

    def __init__(self) -> None:
        super().__init__(gettext("No line of this batch that moves money lies in your area."))


@dataclass(frozen=True)
class Paper:
    """A finished file. `name` is what it is saved as."""

    content: bytes
    name: str
    content_type: str


@dataclass(frozen=True)
class Row:
    """One line of a roster, in the order of COLUMNS. Numbers are masked: a roster is passed on."""

    number: int
    township: str
    village: str
    name: str
    id_number: str
    contract_number: str
    principal: Decimal
    start_date: date
    due_date: date
    rate_percent: Decimal
    period: str
    days: int
    interest_paid: Decimal
    subsidy_percent: Decimal
    amount: Decimal
    account: str
    remark: str

    @property
    def masked_name(self) -> str:
        """A person's name as the public reads it; a body has no identity number and is named in full."""
        return masked_name(self.name) if self.id_number else self.name


@dataclass(frozen=True)
class Sheet:
    """One page of a roster: its rows, what they come to, and what all rows so far come to."""

    number: int
    rows: Sequence[Row]
    total: Decimal
    running: Decimal


def print_roster(
    *,
    batch: SubsidyBatch,
    scope: Scope,
    place: str,
    on: date,
    is_notice: bool = False,
    progress: Progress | None = None,
) -> Paper:
    """Return the roster (花名册) or the masked public notice of a township, or of each township as a ZIP.

    `place` is the path of a township, "" for all. Raises NothingToPrint and what web.documents.render_pdf raises.
    """
    townships = township_sums(batch=batch, scope=scope, place=place)
    if not townships:
        raise NothingToPrint
    kind = "贴息公示" if is_notice else "贴息花名册"
    papers = []
    for done, township in enumerate(townships, start=1):
        papers.append(_township_paper(batch, scope, township, kind, on, is_notice=is_notice))
        if progress is not None:
            progress(done, len(townships))
    if len(papers) == 1:
        return papers[0]
    return Paper(packed(papers), f"{kind}{_period(batch)}.zip", ZIP)


def _township_paper(
    batch: SubsidyBatch, scope: Scope, township: TownshipSum, kind: str, on: date, *, is_notice: bool
) -> Paper:
    """Print a township in parts and join them: page numbers and totals run on, the CSV inside holds every row."""
    title = f"{kind} {township.name} {_period(batch)}"
    sheets = list(sheets_of(rows_of(paper_lines(batch=batch, scope=scope, place=township.path))))
    template = "subsidies/documents/notice.html" if is_notice else "subsidies/documents/roster.html"
    attached = () if is_notice else (Attached("花名册.csv", _csv(sheets), "花名册数据"),)
    context = {"batch": batch, "township": township, "uppercase": uppercase_of(township.amount)}

    def parts(pages: int) -> list[bytes]:
        made: list[bytes] = []
        first_page = 1
        for number, part in enumerate(chunks(sheets, PAGES_A_PART)):
            numbers = {"first_page": first_page, "pages": pages}
            is_last = (number + 1) * PAGES_A_PART >= len(sheets)
            pdf = render_pdf(
                template, context | numbers | {"sheets": part, "is_last": is_last}, title=title, created_on=on,
                attached=() if number else attached,
            )  # fmt: skip
            first_page += count_pages(pdf)
            made.append(pdf)
        return made

    made = parts(len(sheets))
    pages = sum(map(count_pages, made))
    if pages != len(sheets):  # a row so high that its sheet went on to a second page
        made = parts(pages)
    return Paper(join_pdfs(made), f"{title.replace(' ', '_')}.pdf", PDF)


def print_summary(*, batch: SubsidyBatch, scope: Scope, on: date) -> Paper:
    """Return the summary by township (汇总表). Raises NothingToPrint and what render_pdf raises."""
    townships = township_sums(batch=batch, scope=scope)
    if not townships:
        raise NothingToPrint
    total = TownshipSum(
        path="",
        name="合计",
        loans=sum(row.loans for row in townships),
        borrowers=sum(row.borrowers for row in townships),
        principal=sum((row.principal for row in townships), start=ZERO),
        ordinary=sum((row.ordinary for row in townships), start=ZERO),
        difference=sum((row.difference for row in townships), start=ZERO),
    )
    title = f"贴息汇总表 {_period(batch)}"
    context = {"batch": batch, "townships": townships, "total": total, "uppercase": uppercase_of(total.amount)}
    pdf = render_pdf("subsidies/documents/summary.html", context, title=title, created_on=on)
    return Paper(pdf, f"{title.replace(' ', '_')}.pdf", PDF)


def roster_workbook(*, batch: SubsidyBatch, scope: Scope, place: str = "") -> Paper:
    """Return the roster as a workbook, written row by row. A text that looks like a formula stays a text."""
    if not township_sums(batch=batch, scope=scope, place=place):
        raise NothingToPrint
    rows = (astuple(row) for row in rows_of(paper_lines(batch=batch, scope=scope, place=place)))
    return Paper(workbook_of(COLUMNS, rows, title="花名册"), f"贴息花名册_{_period(batch)}.xlsx", XLSX)


def payment_papers(file: PaymentFile) -> Paper:
    """Return what the bank is handed: the fixed CSV and the same as a workbook. It holds full account numbers."""
    rows = (astuple(row) for row in bank_rows(file))
    papers = [
        Paper(bank_csv(bank_rows(file)), f"{file.number}.csv", "text/csv"),
        Paper(workbook_of(HEADINGS, rows, title="付款清单"), f"{file.number}.xlsx", XLSX),
    ]
    return Paper(packed(papers), f"贴息付款文件_{file.number}.zip", ZIP)


def rows_of(lines: Iterable[SubsidyLine]) -> Iterator[Row]:
    """Yield the rows of lines in their order, read in chunks. The accounts of a chunk are one query."""
    number = 0
    iterator = lines.iterator(chunk_size=1000) if hasattr(lines, "iterator") else iter(lines)
    for chunk in chunks(iterator, 1000):
        accounts = _accounts_of(chunk)
        for line in chunk:
            number += 1
            yield _row(number, line, accounts)


def _accounts_of(lines: Sequence[SubsidyLine]) -> dict[tuple[str, int], str]:
    cases = [line.loan.application for line in lines]
    accounts = PayoutAccount.objects.filter(valid_to=None)
    of_people = accounts.filter(person__in={case.person_id for case in cases if not case.entity_id})
    of_bodies = accounts.filter(entity__in={case.entity_id for case in cases if case.entity_id})
    found = {("person", account.person_id or 0): account.number_masked for account in of_people}
    return found | {("entity", account.entity_id or 0): account.number_masked for account in of_bodies}


def _row(number: int, line: SubsidyLine, accounts: dict[tuple[str, int], str]) -> Row:
    loan, case = line.loan, line.loan.application
    owner = ("entity", case.entity_id) if case.entity_id else ("person", case.person_id)
    township = loan.division.parent
    with translation.override(PAPER_LANGUAGE):
        remarks = [
            line.get_kind_display() if line.corrects_id else "",
            line.get_reason_display() if line.reason else "",
            f"名义借款人：{case.person.name}" if case.is_nominal else "",
        ]
    return Row(
        number=number,
        township=township.name if township else "",
        village=loan.division.name,
        name=case.borrower_name,
        id_number="" if case.entity_id else case.person.id_number_masked,
        contract_number=loan.contract_number,
        principal=loan.principal,
        start_date=loan.start_date,
        due_date=loan.due_date,
        rate_percent=loan.rate_percent,
        period=f"{line.first_day:%Y.%m.%d}-{line.last_day:%Y.%m.%d}",
        days=line.days,
        interest_paid=line.interest_paid,
        subsidy_percent=line.rate_percent,
        amount=line.amount,
        account=accounts.get(owner, ""),
        remark="，".join(filter(None, remarks)),
    )


def sheets_of(rows: Iterable[Row]) -> Iterator[Sheet]:
    """Cut rows into pages with their totals; the running total goes on from page to page."""
    running = ZERO
    for number, page in enumerate(chunks(rows, ROWS_A_PAGE), start=1):
        total = sum((row.amount for row in page), start=ZERO)
        running += total
        yield Sheet(number=number, rows=page, total=total, running=running)


def chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def uppercase_of(amount: Decimal) -> str:
    """The amount in capital numerals; what is taken back is 负."""
    return uppercase_amount(amount) if amount >= 0 else f"负{uppercase_amount(-amount)}"


def _csv(sheets: Sequence[Sheet]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([harmless(value) for value in astuple(row)] for sheet in sheets for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def packed(papers: Sequence[Paper]) -> bytes:
    """Return a ZIP; the same papers give the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for paper in papers:
            archive.writestr(zipfile.ZipInfo(paper.name, EPOCH), paper.content, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def print_paper(
    *, batch_id: int, paper: str, place: str, reader: User, on: date, progress: Progress | None = None
) -> Paper:
    """Return one paper of a batch for an account, inside what its posts of that day reach.

    Raises NothingToPrint (also when the posts are gone) and what web.documents.render_pdf raises.
    """
    batch = SubsidyBatch.objects.select_related("programme__division").get(pk=batch_id)
    reader.forget_posts()
    scope = reader.scope(*NAME_READERS, on=on)
    match paper:
        case "summary":
            return print_summary(batch=batch, scope=scope, on=on)
        case "workbook":
            return roster_workbook(batch=batch, scope=scope, place=place)
    is_notice = paper == NOTICE
    return print_roster(batch=batch, scope=scope, place=place, on=on, is_notice=is_notice, progress=progress)


def _period(batch: SubsidyBatch) -> str:
    return f"{batch.first_day:%Y%m%d}-{batch.last_day:%Y%m%d}"
