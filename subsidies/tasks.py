"""Long work on batches. Read at start by jobs.apps, which registers the kinds of job."""

from jobs.models import Job
from jobs.registry import Progress, register
from subsidies.operations.batches import JOB_KIND
from subsidies.operations.computing import compute_batch
from web import clock


@register(JOB_KIND)
def subsidy_batch(job: Job, progress: Progress) -> None:
    """Compute the batch `batch_id`; killed in the middle, the next worker goes on with the ranges that are left."""
    compute_batch(batch_id=job.arguments["batch_id"], now=clock.now, progress=progress)
