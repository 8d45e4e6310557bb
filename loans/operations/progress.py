"""How far a guided application is: what still keeps it from being submitted, and on which page that is put right."""

from collections.abc import Sequence
from copy import copy
from datetime import date

from loans.choices import DraftPage
from loans.models import Application, ApplicationDraft
from loans.queries.papers import Papers
from loans.steps.facts import Problem
from loans.steps.requests import request_problems

FIELDS_OF: dict[str, Sequence[str]] = {
    DraftPage.APPLICANT: ("person", "borrower_kind", "version", "entity", "branch", "outlet"),
    DraftPage.REFERRAL: ("introducer", "visited_on", "is_no_relative"),
    DraftPage.PAPERS: ("papers",),
    DraftPage.CHECK: ("consent_signed_on", "declarations", ""),
}


def page_of(field: str) -> DraftPage:
    """Return the page on which a field is put right; whatever is not told apart belongs to the project."""
    return next((DraftPage(page) for page, fields in FIELDS_OF.items() if field in fields), DraftPage.PROJECT)


def problems_of(case: Application, *, on: date) -> list[Problem]:
    """Return everything that keeps a case from being submitted on a day, as the submission itself would say it.

    The consents are asked for last: until then they count as signed today, so that the rules speak already.
    """
    if case.consent_signed_on is None:
        case = copy(case)
        case.consent_signed_on = on
    return request_problems(case, case.version, on)


def problems_on(page: DraftPage, problems: Sequence[Problem]) -> list[Problem]:
    """Return those that one page can put right."""
    return [problem for problem in problems if problem.field and page_of(problem.field) == page]


def done_pages(
    draft: ApplicationDraft | None, problems: Sequence[Problem], papers: Papers | None = None
) -> set[DraftPage]:
    """Return the pages on which nothing is left to do."""
    unfinished = set(draft.unfinished) if draft else set()
    done = {DraftPage.APPLICANT, DraftPage.PROJECT}
    if draft is not None and draft.introducer_id and draft.visited_on and draft.is_no_relative:
        done.add(DraftPage.REFERRAL)
    if papers is not None and papers.requirements and not papers.missing:
        done.add(DraftPage.PAPERS)
    return done - {page_of(problem.field) for problem in problems} - {DraftPage(page) for page in unfinished}
