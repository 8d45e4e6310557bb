"""What the calendar does in this room, and its papers. Read at start by jobs.apps, which registers kinds of job."""

from celery import shared_task

from assessments.documents_households import (
    AWARD_CERTIFICATE,
    DRAW_RECORD,
    NotPrintable,
    print_certificate,
    print_draw,
)
from assessments.documents_rounds import (
    RANKING_LIST,
    SCORE_SHEET,
    NotReadable,
    print_ranking,
    print_sheet,
)
from assessments.operations.telling_problems import tell_late_problems
from audit.choices import Action
from audit.operations import record
from jobs.models import Job
from jobs.registry import JobFailed, Progress, Result, register
from web import clock
from web.documents import FontsMissing, MissingGlyphs

PDF = "application/pdf"


@shared_task
def run_daily_assessments() -> None:
    tell_late_problems(at=clock.now())


@register(AWARD_CERTIFICATE)
def award_certificate(job: Job, progress: Progress) -> Result:
    """Print the certificate of `honour_id`, inside what its owner's posts (still) reach."""
    at = clock.now()
    progress(0, 1)
    try:
        paper = print_certificate(honour_id=job.arguments["honour_id"], reader=job.owner, at=at)
    except (NotPrintable, MissingGlyphs, FontsMissing) as error:
        raise JobFailed(str(error)) from error
    record(action=Action.EXPORTED, actor=job.owner, at=at, label=paper.name, detail={"paper": paper.name})
    progress(1, 1)
    return Result(content=paper.content, name=paper.name, content_type=PDF)


@register(DRAW_RECORD)
def draw_record(job: Job, progress: Progress) -> Result:
    """Print the record of `inspection_id`, inside what its owner's posts (still) reach."""
    at = clock.now()
    progress(0, 1)
    try:
        paper = print_draw(inspection_id=job.arguments["inspection_id"], reader=job.owner, on=clock.day_of(at))
    except (NotPrintable, MissingGlyphs, FontsMissing) as error:
        raise JobFailed(str(error)) from error
    record(action=Action.EXPORTED, actor=job.owner, at=at, subject=paper.inspection, detail={"paper": paper.name})
    progress(1, 1)
    return Result(content=paper.content, name=paper.name, content_type=PDF)


@register(SCORE_SHEET)
def score_sheet(job: Job, progress: Progress) -> Result:
    """Print the sheet of `subject_id`, inside what its owner's posts (still) reach."""
    at = clock.now()
    progress(0, 1)
    try:
        paper = print_sheet(subject_id=job.arguments["subject_id"], reader=job.owner, on=clock.day_of(at))
    except (NotReadable, MissingGlyphs, FontsMissing) as error:
        raise JobFailed(str(error)) from error
    record(action=Action.EXPORTED, actor=job.owner, at=at, label=paper.name, detail={"paper": paper.name})
    progress(1, 1)
    return Result(content=paper.content, name=paper.name, content_type=PDF)


@register(RANKING_LIST)
def ranking_list(job: Job, progress: Progress) -> Result:
    """Print the ranking of `campaign_id` with its rewards, as far as its owner may see them."""
    at = clock.now()
    progress(0, 1)
    try:
        paper = print_ranking(campaign_id=job.arguments["campaign_id"], reader=job.owner, on=clock.day_of(at))
    except (NotReadable, MissingGlyphs, FontsMissing) as error:
        raise JobFailed(str(error)) from error
    record(action=Action.EXPORTED, actor=job.owner, at=at, label=paper.name, detail={"paper": paper.name})
    progress(1, 1)
    return Result(content=paper.content, name=paper.name, content_type=PDF)
