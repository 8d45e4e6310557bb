"""Real workers at once, each with its own connection."""

import pytest

from jobs import operations
from jobs.choices import JobState
from tests.factories.county import NOON
from tests.factories.jobs import PAPER, JobFactory
from tests.races import race

WORKERS = 6


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_exactly_one_does_the_job(work):
    job, ran = JobFactory(), []
    work(lambda job, progress: ran.append(job.pk) or PAPER)

    race((), *[lambda: operations.run_job(job_id=job.pk, now=lambda: NOON)] * WORKERS)
    job.refresh_from_db()
    assert ran == [job.pk]
    assert (job.state, job.attempts) == (JobState.DONE, 1)
