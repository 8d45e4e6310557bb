"""What the calendar does in this room, and its papers. Read at start by jobs.apps, which registers kinds of job."""

from celery import shared_task

from audit.choices import Action
from audit.operations import record
from jobs.models import Job
from jobs.registry import JobFailed, Progress, Result, register
from risk.documents import CLAIM_FORM, NotReadable, print_claim_form
from risk.operations import daily
from web import clock
from web.documents import FontsMissing, MissingGlyphs

PDF = "application/pdf"


@shared_task
def run_daily_risk() -> None:
    daily.run_daily_risk(at=clock.now())


@register(CLAIM_FORM)
def claim_form(job: Job, progress: Progress) -> Result:
    """Print the form of `claim_id`, inside what its owner's posts (still) reach."""
    at = clock.now()
    progress(0, 1)
    try:
        form = print_claim_form(claim_id=job.arguments["claim_id"], reader=job.owner, on=clock.day_of(at))
    except (NotReadable, MissingGlyphs, FontsMissing) as error:
        raise JobFailed(str(error)) from error
    record(action=Action.EXPORTED, actor=job.owner, at=at, subject=form.claim, detail={"paper": form.name})
    progress(1, 1)
    return Result(content=form.content, name=form.name, content_type=PDF)
