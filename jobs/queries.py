import hashlib
import uuid
from typing import Any

from jobs.models import Job, JobQuerySet


class ResultMissing(Exception):
    """There is no file to hand out: the job made none, it is kept no longer, or it is not what the job wrote."""


def jobs_of(*, owner: Any) -> JobQuerySet:
    """The jobs a person asked for, the latest first."""
    return Job.objects.of_owner(owner).order_by("-created_at", "-pk")


def get_job(*, owner: Any, job_id: uuid.UUID) -> Job:
    """Return one of a person's own jobs. Raises Job.DoesNotExist for everybody else's."""
    return Job.objects.of_owner(owner).get(pk=job_id)


def read_result(*, job: Job) -> bytes:
    """Return the file a job made. Raises ResultMissing, also for a file that was changed on the disk."""
    if not job.file:
        raise ResultMissing
    try:
        with job.file.open("rb") as stored:
            content: bytes = stored.read()
    except FileNotFoundError as error:
        raise ResultMissing from error
    if hashlib.sha256(content).hexdigest() != job.sha256:
        raise ResultMissing
    return content
