"""Jobs in the situations of their life. Kind `sample` is registered here; what it does, a test says by `work`."""

import hashlib
import uuid
from datetime import timedelta

import factory
from django.core.files.base import ContentFile

from jobs.choices import JobState
from jobs.models import Job
from jobs.registry import Result, register
from tests.factories.accounts import UserFactory
from tests.factories.county import NOON

PAPER = Result(content=b"%PDF-1.7 sample", name="申请审批表 532931-2014-00001.pdf", content_type="application/pdf")

# Tests replace the entry; the function itself stays, as a kind is registered once.
work = {"sample": lambda job, progress: PAPER}


@register("sample")
def do_sample(job, progress):
    return work["sample"](job, progress)


class JobFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Job
        skip_postgeneration_save = True

    kind = "sample"
    # The case is of no county: a real case that happened to have the number would look like a leak.
    title = factory.Sequence(lambda n: f"申请审批表 000000-2014-{n:05}")
    owner = factory.SubFactory(UserFactory)
    created_at = NOON

    class Params:
        running = factory.Trait(
            state=JobState.RUNNING, run_id=factory.LazyFunction(uuid.uuid4), attempts=1,
            started_at=NOON, heartbeat_at=NOON,
        )  # fmt: skip
        failed = factory.Trait(
            state=JobState.FAILED,
            attempts=1,
            started_at=NOON,
            finished_at=NOON + timedelta(seconds=2),
            error="字体缺字。",
        )
        finished = factory.Trait(
            state=JobState.DONE, attempts=1, started_at=NOON, finished_at=NOON + timedelta(seconds=2),
            file=factory.LazyFunction(lambda: ContentFile(PAPER.content, name="sample")),
            file_name=PAPER.name, content_type=PAPER.content_type, sha256=hashlib.sha256(PAPER.content).hexdigest(),
        )  # fmt: skip
