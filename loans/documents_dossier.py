"""A case's whole dossier (贷款档案) as one PDF: cover, contents, its papers in order, what was handed in, its history.

Pictures are printed one a page; other files lie inside the PDF as attachments, named in the list with their hash.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from files.queries import FileMissing, read_content
from finance.money import ZERO
from loans.choices import PAID_OUT_KINDS, EntryKind, PaperKind
from loans.documents import PAPER_LANGUAGE, application_form
from loans.documents_code import PLACE, Content
from loans.documents_contract import contract_of
from loans.documents_forms import (
    NotPrintable,
    assessment_form_content,
    case_for_paper,
    disbursement_notice_content,
    filing_form_content,
    public_facts,
    referral_letter_content,
    subject_of,
)
from loans.models import Application, CasePaper, Loan, LoanEntry, PaperNumber
from loans.queries.care import collection_record, is_corrected, visits_of
from loans.queries.detail import loan_of
from loans.queries.history import history_of
from loans.queries.papers import standing_papers
from loans.queries.versions import published_version
from web.documents import Attached

FOLDER = "loans/documents"


@dataclass(frozen=True)
class Part:
    """A paper of the dossier: its line of the contents and its page."""

    anchor: str
    title: str
    html: SafeString


@dataclass(frozen=True)
class File:
    """A file that was handed in: a picture as data: address, or the name it has inside the PDF."""

    number: int
    paper: CasePaper
    picture: str = ""
    embedded_as: str = ""
    content: bytes = b""

    @property
    def is_lost(self) -> bool:
        return not (self.picture or self.embedded_as)


@dataclass(frozen=True)
class LedgerRow:
    """An entry of the ledger and the principal owed after it (yuan)."""

    entry: LoanEntry
    balance: Decimal
    is_reversed: bool


def dossier_content(application_id: int, *, printed_on: date) -> Content:
    """Return the dossier of a case as it stands, dated `printed_on`: its head tells the day, its content does not."""
    with translation.override(PAPER_LANGUAGE):
        case = case_for_paper(application_id)
        case.version = published_version(case.version_id)
        loan = loan_of(case)
        files = files_of(case)
        parts = [
            Part(f"part-{number}", title, html)
            for number, (title, html) in enumerate(_parts(case, loan, files, printed_on), start=1)
        ]
    return Content(
        kind=PaperKind.DOSSIER,
        subject=subject_of(case),
        number=case.number,
        title=f"贷款档案 {case.number}",
        template=f"{FOLDER}/dossier.html",
        created_on=printed_on,
        context={"case": case, "loan": loan, "parts": parts, "files": files},
        facts=public_facts(case, amount=case.amount_granted or case.amount_asked, office=case.branch.name, day=None),
        case=case,
        attached=[Attached(file.embedded_as, file.content, file.paper.name) for file in files if file.embedded_as],
    )


def files_of(case: Application) -> list[File]:
    """Return the files of a case in order with their content. One that is lost is named all the same."""
    return [_file(number, paper) for number, paper in enumerate(standing_papers(case), start=1)]


def _file(number: int, paper: CasePaper) -> File:
    try:
        content = read_content(paper.attachment)
    except FileMissing:
        return File(number, paper)
    if paper.attachment.is_picture:
        address = f"data:{paper.attachment.content_type};base64,{b64encode(content).decode()}"
        return File(number, paper, picture=address)
    return File(number, paper, embedded_as=f"附件{number:02d}_{paper.attachment.name}", content=content)


def _parts(case: Application, loan: Loan | None, files: Sequence[File], on: date) -> Iterator[tuple[str, SafeString]]:
    """Yield title and page of every paper that the case has by now."""
    yield "申请审批表", _page("_paper_application_form", application_form(case.pk))
    yield from _letter(case, on)
    notices = sorted(case.notices.all(), key=lambda notice: notice.pk)
    if notices:
        yield "公示记录", _page("_dossier_notices", {"notices": notices})
    yield from _filing(case, on)
    if loan is not None:
        yield "借款合同和借据", _page("_paper_contract", {"contract": contract_of(case, on=on)})
        yield "放款通知书", _content(disbursement_notice_content(case.pk, printed_on=on))
        yield "还款台账", _page("_dossier_ledger", {"loan": loan, "rows": ledger_rows(loan)})
        yield from _care(loan, on)
        yield from _assessment(case, on)
    events = [event for event in reversed(history_of(case)) if event.at is not None]
    yield "办理经过", _page("_dossier_history", {"events": events})
    if files:
        yield "附件", _page("_dossier_files", {"files": files})


def _letter(case: Application, on: date) -> Iterator[tuple[str, SafeString]]:
    """The letter once its office has sent it: a dossier gives out no numbers."""
    if PaperNumber.objects.filter(kind=PaperKind.REFERRAL_LETTER, subject=subject_of(case)).exists():
        try:
            yield "推荐函", _content(referral_letter_content(case.pk, printed_on=on))
        except NotPrintable:
            return


def _filing(case: Application, on: date) -> Iterator[tuple[str, SafeString]]:
    """The filing form with the line of this case only: a dossier tells nothing about others."""
    try:
        content = filing_form_content(case.pk, printed_on=on)
    except NotPrintable:
        return
    only = {"cases": [case], "amount": case.amount_asked, "is_extract": True}
    yield "备案表（摘录）", _content(replace(content, context={**content.context, **only}))


def _assessment(case: Application, on: date) -> Iterator[tuple[str, SafeString]]:
    try:
        content = assessment_form_content(case.pk, printed_on=on)
    except NotPrintable:
        return
    if content.decision is not None:
        yield "组织考核表", _content(content)


def _care(loan: Loan, on: date) -> Iterator[tuple[str, SafeString]]:
    visits = [visit for visit in reversed(visits_of(loan)) if not is_corrected(visit)]
    acts = [line.act for line in reversed(collection_record(loan, on=on).lines)]
    if visits or acts:
        yield "贷后走访和催收记录", _page("_dossier_care", {"visits": visits, "collection": acts})


def ledger_rows(loan: Loan) -> list[LedgerRow]:
    """Return all entries, the oldest first, with the principal owed after each. Needs `loan__entries`."""
    rows, balance = [], ZERO
    signs = dict.fromkeys(PAID_OUT_KINDS, 1) | {EntryKind.PRINCIPAL: -1, EntryKind.WRITE_OFF: -1}
    for entry in loan.entries.all():
        is_reversed = hasattr(entry, "reversed_by")
        if not is_reversed and entry.kind != EntryKind.REVERSAL:
            balance += entry.amount * signs.get(EntryKind(entry.kind), 0)
        rows.append(LedgerRow(entry, balance, is_reversed))
    return rows


def _content(content: Content) -> SafeString:
    return _page(content.context["body"], content.context)


def _page(template: str, context: dict[str, Any]) -> SafeString:
    """Return a part without its own code: the one of the dossier is on the cover."""
    name = template if "/" in template else f"{FOLDER}/{template}.html"
    # Rendered by the template engine, which escaped what people wrote; a part is only taken away here.
    return mark_safe(render_to_string(name, context).replace(PLACE, ""))  # noqa: S308
