"""Real workers at once, each with its own connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from jobs import operations
from jobs.choices import JobState
from tests.factories.county import NOON
from tests.factories.jobs import PAPER, JobFactory

WORKERS = 6


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_exactly_one_does_the_job(work):
    job, ran, together = JobFactory(), [], Barrier(WORKERS)
    work(lambda job, progress: ran.append(job.pk) or PAPER)

    def worker(number):
        together.wait()
        try:
            operations.run_job(job_id=job.pk, now=lambda: NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(worker, range(WORKERS)))
    job.refresh_from_db()
    assert ran == [job.pk]
    assert (job.state, job.attempts) == (JobState.DONE, 1)
