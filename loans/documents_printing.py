"""Which papers can be printed of a case, by whom, and the one way to print them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from accounts.choices import Verb
from accounts.models import User
from loans.choices import PaperKind, StepCode
from loans.documents import NotReadable
from loans.documents_code import Content, Paper, make_paper
from loans.documents_dossier import dossier_content
from loans.documents_forms import (
    application_form_content,
    assessment_form_content,
    disbursement_notice_content,
    filing_form_content,
    referral_letter_content,
)
from loans.models import Application
from loans.queries.detail import loan_of
from loans.queries.filed import cases_filed_under
from loans.queries.issued import GIVEN_UP
from web.clock import day_of

CASE_PAPER = "case_paper"
# Whoever handles a case at one of its steps. Who only reads cases gets no copies of identity cards.
HANDLING = (
    Verb.REFER, Verb.REVIEW, Verb.FILE, Verb.CONFIRM_SUBSIDY, Verb.DISBURSE, Verb.CONSENT, Verb.ASSESS,
)  # fmt: skip


class ContentOf(Protocol):
    def __call__(self, application_id: int, *, printed_on: date) -> Content: ...


@dataclass(frozen=True)
class Printable:
    """A paper of a case: what it shows, who may have it made, and whether a case is so far.

    `is_there` asks a case whose decisions are read already; what the paper itself refuses (NotPrintable) counts.
    """

    kind: PaperKind
    content: ContentOf
    verbs: tuple[Verb, ...]
    is_there: Callable[[Application], bool]


def _always(case: Application) -> bool:
    return True


def _is_submitted(case: Application) -> bool:
    return case.submitted_at is not None


def _is_past(*steps: str) -> Callable[[Application], bool]:
    """Whether a case went on from the last of these steps that its version has, and was not given up since."""

    def ask(case: Application) -> bool:
        order = case.version.step_codes
        passed = [step for step in order[: order.index(case.step)] if step in steps]
        wanted = [step for step in order if step in steps]
        return bool(wanted) and passed == wanted and case.state not in GIVEN_UP

    return ask


def _is_lent(case: Application) -> bool:
    return loan_of(case) is not None


def _is_assessed(case: Application) -> bool:
    return _is_lent(case) and case.step == StepCode.ASSESSMENT


PRINTABLES: Mapping[str, Printable] = {
    one.kind: one
    for one in (
        Printable(PaperKind.APPLICATION_FORM, application_form_content, (Verb.VIEW_CASES,), _always),
        Printable(
            PaperKind.REFERRAL_LETTER,
            referral_letter_content,
            (Verb.REFER, Verb.REVIEW),
            _is_past(StepCode.BRANCH_REVIEW, StepCode.PUBLIC_NOTICE),
        ),
        Printable(
            PaperKind.FILING_FORM,
            filing_form_content,
            (Verb.FILE, Verb.CONFIRM_SUBSIDY, Verb.ASSESS),
            lambda case: bool(case.filing_number),
        ),
        Printable(
            PaperKind.DISBURSEMENT_NOTICE, disbursement_notice_content, (Verb.DISBURSE, Verb.CONSENT), _is_lent
        ),
        Printable(PaperKind.ASSESSMENT_FORM, assessment_form_content, (Verb.ASSESS,), _is_assessed),
        Printable(PaperKind.DOSSIER, dossier_content, HANDLING, _is_submitted),
    )
}  # fmt: skip


def printables_of(case: Application, user: User, *, on: date) -> list[Printable]:
    """Return the papers that an account may have printed of a case today. Needs `cases_in_full`; asks nothing more."""
    return [
        one
        for one in PRINTABLES.values()
        if one.is_there(case) and any(user.post_covering(verb, case.place, on=on) for verb in one.verbs)
    ]


def print_paper(*, kind: str, application_id: int, reader: User, at: datetime) -> Paper:
    """Return a paper as PDF and write down that it was handed out. The same case gives the same bytes.

    Raises NotReadable for a case (or another case on the same list) outside what the reader's posts of that day allow
    him to print, NotPrintable for one that is not so far, and what web.documents.render_pdf raises.
    """
    printable = PRINTABLES[kind]
    on = day_of(at)
    reader.forget_posts()
    reachable = Application.objects.for_scope(reader.scope(*printable.verbs, on=on))
    case = reachable.filter(pk=application_id).first()
    if case is None:
        raise NotReadable
    if kind == PaperKind.FILING_FORM:
        listed = cases_filed_under(case.filing_number)
        if listed.count() != reachable.filter(pk__in=listed.values("pk")).count():
            raise NotReadable
    content = printable.content(application_id, printed_on=on)
    return make_paper(content, issued_by=reader, issued_at=at)
