"""The check as a job: by night and when somebody asks. Its report is the job's file, which the page reads."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import system_user
from jobs.choices import JobState
from jobs.models import Job
from jobs.operations import start_job
from jobs.queries import ResultMissing, read_result
from redcredit.invariants.checking import Finding, Invariant
from redcredit.invariants.house import INVARIANTS
from web.clock import day_of

JOB_KIND = "check_invariants"
NIGHT = uuid.UUID("0c7f4e0e-8f0b-4f39-9d53-7b6a44c3e1a7")


@dataclass(frozen=True)
class Answer:
    """What the last check said of an invariant: the rows that break it, in words; None where it was not asked."""

    invariant: Invariant
    rows: Sequence[str] | None

    @property
    def holds(self) -> bool:
        return self.rows is not None and not self.rows


@dataclass(frozen=True)
class Report:
    """The last check that came to an end."""

    finished_at: datetime
    answers: Sequence[Answer]

    @property
    def broken(self) -> int:
        return sum(bool(answer.rows) for answer in self.answers)


def start_check(*, by: User, at: datetime, request_id: uuid.UUID | None = None) -> Job:
    """Let a worker check all invariants."""
    return start_job(
        kind=JOB_KIND, title=_("Check of the books"), owner=by, arguments={}, at=at, request_id=request_id
    )


def start_nightly_check(*, at: datetime) -> Job:
    """Start the check of a day, in the calendar's name; a second call on the same day starts nothing."""
    return start_check(by=system_user(), at=at, request_id=uuid.uuid5(NIGHT, day_of(at).isoformat()))


def write_report(findings: Sequence[Finding]) -> bytes:
    """Put findings into the file of a job."""
    return json.dumps({finding.invariant.name: finding.lines for finding in findings}, ensure_ascii=False).encode()


def newest_report() -> Report | None:
    """Return the last report that is still kept."""
    done = Job.objects.filter(kind=JOB_KIND, state=JobState.DONE).exclude(file="").order_by("-finished_at")
    for job in done[:3]:
        try:
            rows = json.loads(read_result(job=job))
        except ResultMissing:
            continue
        assert job.finished_at is not None  # a job that is done has its time
        return Report(job.finished_at, [Answer(one, rows.get(one.name)) for one in INVARIANTS])
    return None
