"""The worker's door. A message is only a hint: what is to be done stands in the row."""

import uuid

from celery import shared_task

from jobs import operations
from web import clock

# Longer than any job may take, shorter than the broker's visibility timeout. The sweep finds a job that was cut off.
SECONDS_MAX = 540


@shared_task(name=operations.RUN_TASK, time_limit=SECONDS_MAX)
def run_job(*, job_id: str) -> None:
    operations.run_job(job_id=uuid.UUID(job_id), now=clock.now)


@shared_task
def wake_waiting_jobs() -> None:
    operations.tidy_jobs(at=clock.now())
