"""Long work on batches. Read at start by jobs.apps, which registers the kinds of job."""

from django.utils.translation import gettext as _

from audit.choices import Action
from audit.operations import record
from jobs.models import Job
from jobs.registry import JobFailed, Progress, Result, register
from organizations.scope import NotAllowed
from subsidies.documents import PAYMENT_FILE, PDF, SUBSIDY_PAPER, NothingToPrint, payment_papers, print_paper
from subsidies.documents_approval import APPROVAL, print_approval
from subsidies.models import SubsidyBatch
from subsidies.operations.batches import JOB_KIND
from subsidies.operations.computing import compute_batch
from subsidies.operations.errors import Blocked
from subsidies.operations.payments import make_payment_file
from web import clock
from web.documents import FontsMissing, MissingGlyphs

# The database works on as many ranges of a batch at once; a server has two cores at least.
RANGE_WORKERS = 2


@register(JOB_KIND)
def subsidy_batch(job: Job, progress: Progress) -> None:
    """Compute the batch `batch_id`; killed in the middle, the next worker goes on with the ranges that are left."""
    compute_batch(batch_id=job.arguments["batch_id"], now=clock.now, progress=progress, workers=RANGE_WORKERS)


@register(SUBSIDY_PAPER)
def subsidy_paper(job: Job, progress: Progress) -> Result:
    """Print a paper of the batch `batch_id`, inside what its owner's posts (still) reach."""
    at = clock.now()
    progress(0, 1)
    try:
        if job.arguments["paper"] == APPROVAL:
            return _approval(job, progress)
        paper = print_paper(
            batch_id=job.arguments["batch_id"],
            paper=job.arguments["paper"],
            place=job.arguments["place"],
            reader=job.owner,
            on=clock.day_of(at),
            progress=progress,
        )
    except (NothingToPrint, MissingGlyphs, FontsMissing) as error:
        raise JobFailed(str(error)) from error
    batch = SubsidyBatch.objects.get(pk=job.arguments["batch_id"])
    record(action=Action.EXPORTED, actor=job.owner, at=at, subject=batch, detail={"paper": paper.name})
    return Result(content=paper.content, name=paper.name, content_type=paper.content_type)


def _approval(job: Job, progress: Progress) -> Result:
    at = clock.now()
    paper = print_approval(batch_id=job.arguments["batch_id"], reader=job.owner, at=at)
    batch = SubsidyBatch.objects.get(pk=job.arguments["batch_id"])
    record(action=Action.EXPORTED, actor=job.owner, at=at, subject=batch, detail={"paper": paper.name})
    progress(1, 1)
    return Result(content=paper.content, name=paper.name, content_type=PDF)


@register(PAYMENT_FILE)
def payment_file(job: Job, progress: Progress) -> Result:
    """Make the file for the bank of the batch `batch_id`; begun again, it is the same file."""
    at = clock.now()
    progress(0, 1)
    try:
        file = make_payment_file(batch_id=job.arguments["batch_id"], made_by=job.owner, made_at=at)
    except NotAllowed as error:
        raise JobFailed(str(error) or _("You may not make payment files any more.")) from error
    except Blocked as error:
        raise JobFailed(str(error)) from error
    paper = payment_papers(file)
    detail = {"file": paper.name, "payments": file.payments_count}
    record(action=Action.EXPORTED, actor=job.owner, at=at, subject=file, detail=detail)
    progress(1, 1)
    return Result(content=paper.content, name=paper.name, content_type=paper.content_type)
