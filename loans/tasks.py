"""Long work on cases, and what the calendar does. Read at start by jobs.apps, which registers the kinds of job."""

from celery import shared_task

from audit.choices import Action
from audit.operations import record
from jobs.models import Job
from jobs.registry import JobFailed, Progress, Result, register
from loans import documents, documents_contract
from loans.documents_contract import LOAN_CONTRACTS
from loans.documents_forms import NotPrintable
from loans.documents_meeting import MEETING_MINUTES, print_minutes
from loans.documents_notice import NOTICE_POSTER, NothingToShow, print_poster
from loans.documents_printing import CASE_PAPER, print_paper
from loans.operations import daily
from loans.operations.public_pages import forget_attempts
from loans.operations.statements import BOOK_STATEMENT, book_lines, refresh_late_differences
from web import clock
from web.documents import FontsMissing, MissingGlyphs

PDF = "application/pdf"


@shared_task
def run_daily_work() -> None:
    daily.run_daily_work(at=clock.now())
    refresh_late_differences()
    forget_attempts(at=clock.now())


@register(CASE_PAPER)
def case_paper(job: Job, progress: Progress) -> Result:
    """Print the `paper` of `application_id`, if its owner may (still) have it printed."""
    at = clock.now()
    progress(0, 1)
    try:
        paper = print_paper(
            kind=job.arguments["paper"], application_id=job.arguments["application_id"], reader=job.owner, at=at
        )
    except (documents.NotReadable, NotPrintable, MissingGlyphs, FontsMissing) as error:
        raise JobFailed(str(error)) from error
    detail = {"paper": paper.name}
    record(action=Action.EXPORTED, actor=job.owner, at=at, subject=paper.case, label=paper.name, detail=detail)
    progress(1, 1)
    return Result(content=paper.content, name=paper.name, content_type=PDF)


@register(LOAN_CONTRACTS)
def loan_contracts(job: Job, progress: Progress) -> Result:
    """Print contract and note of the cases in `applications` (their keys, with commas between)."""
    at = clock.now()
    keys = [int(key) for key in str(job.arguments["applications"]).split(",") if key.isdigit()]
    progress(0, len(keys))
    try:
        paper = documents_contract.print_contracts(application_ids=keys, reader=job.owner, on=clock.day_of(at))
    except (documents.NotReadable, documents_contract.NotAgreed, MissingGlyphs, FontsMissing) as error:
        raise JobFailed(str(error)) from error
    record(action=Action.EXPORTED, actor=job.owner, at=at, label=paper.name, detail={"cases": list(paper.numbers)})
    progress(len(keys), len(keys))
    return Result(content=paper.content, name=paper.name, content_type=PDF)


@register(MEETING_MINUTES)
def meeting_minutes(job: Job, progress: Progress) -> Result:
    """Print the record of `meeting_id`, if its owner may (still) read the branch's meetings."""
    at = clock.now()
    progress(0, 1)
    try:
        paper = print_minutes(meeting_id=job.arguments["meeting_id"], reader=job.owner, at=at)
    except (documents.NotReadable, MissingGlyphs, FontsMissing) as error:
        raise JobFailed(str(error)) from error
    record(action=Action.EXPORTED, actor=job.owner, at=at, label=paper.name, detail={"paper": paper.name})
    progress(1, 1)
    return Result(content=paper.content, name=paper.name, content_type=PDF)


@register(BOOK_STATEMENT)
def book_statement(job: Job, progress: Progress) -> None:
    """Book the new lines of `statement_id` in the name of whoever asked for it."""
    book_lines(statement_id=job.arguments["statement_id"], booked_by=job.owner, now=clock.now, progress=progress)


@register(NOTICE_POSTER)
def notice_poster(job: Job, progress: Progress) -> Result:
    """Print the poster of `roster_id`, if its owner may (still) see a case of it."""
    at = clock.now()
    progress(0, 1)
    try:
        paper = print_poster(roster_id=job.arguments["roster_id"], reader=job.owner, on=clock.day_of(at))
    except (NothingToShow, MissingGlyphs, FontsMissing) as error:
        raise JobFailed(str(error)) from error
    record(action=Action.EXPORTED, actor=job.owner, at=at, subject=paper.roster, detail={"paper": paper.name})
    progress(1, 1)
    return Result(content=paper.content, name=paper.name, content_type=PDF)
