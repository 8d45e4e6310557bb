"""Every write of a job. The order of a job's life: start, claim, report, finish or fail; perhaps restart."""

import hashlib
import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from inbox.operations import News, tell
from inbox.registry import Kind
from jobs.choices import JobState
from jobs.messages import DONE, FAILED
from jobs.models import Job
from jobs.registry import JobFailed, Progress, Result, function_of, is_registered

logger = logging.getLogger(__name__)

RUN_TASK = "jobs.tasks.run_job"
SILENCE_MAX = timedelta(minutes=5)
ATTEMPTS_MAX = 3
FILES_KEPT = timedelta(days=30)
WOKEN_AT_ONCE_MAX = 200
SECONDS_BETWEEN_REPORTS = 1.0
LEFT_THE_PAGE = timedelta(minutes=1)


class NotRestartable(Exception):
    """Only a job that has ended is started again."""


class JobTakenOver(Exception):
    """Another worker holds the job by now: this one was silent too long and must write nothing more."""


def start_job(
    *,
    kind: str,
    title: str,
    owner: Any,
    arguments: Mapping[str, str | int],
    at: datetime,
    request_id: uuid.UUID | None = None,
) -> Job:
    """Write the job down and wake a worker when the transaction is through. Returns at once.

    The same `request_id` of the same owner gives the same job (a double click, a retry). A broker that is down does
    not matter: the job waits and the next sweep wakes it. Raises KeyError for a kind that nobody registered.
    """
    if not is_registered(kind):
        raise KeyError(kind)
    job, is_new = Job.objects.get_or_create(
        owner=owner,
        request_id=request_id or uuid.uuid4(),
        defaults={"kind": kind, "title": title[:200], "arguments": dict(arguments), "created_at": at},
    )
    if is_new:
        logger.info("job.started job=%s kind=%s owner=%s", job.pk, kind, owner.pk)
        transaction.on_commit(partial(wake, job.pk))
    return job


def wake(job_id: uuid.UUID) -> bool:
    """Tell the workers that a job waits. Returns whether the broker took the message."""
    try:
        # Not the task itself but its name: tasks stand above operations. One try is enough, the sweep has more.
        current_app.signature(RUN_TASK, kwargs={"job_id": str(job_id)}).apply_async(retry=False)
    except OperationalError as error:
        logger.warning("job.not_woken job=%s error=%s", job_id, type(error.__cause__ or error).__name__)
        return False
    return True


def run_job(*, job_id: uuid.UUID, now: Callable[[], datetime]) -> None:
    """Do a job if nobody else does it. `now` is the clock: the work takes time.

    Nothing is raised for a job that fails: its row says so. A job that no longer waits is left alone.
    """
    job = claim_job(job_id=job_id, at=now())
    if job is None:
        return
    with translation.override(getattr(job.owner, "language", "") or settings.LANGUAGE_CODE):
        try:
            result = function_of(job.kind)(job, _reporter(job, now))
            finish_job(job=job, result=result, at=now())
        except JobTakenOver:
            logger.warning("job.taken_over job=%s", job.pk)
        except JobFailed as error:
            fail_job(job=job, sentence=str(error), at=now())
        except Exception:
            # The boundary of the program: whatever happens, the person who waits must read that it did.
            logger.exception("job.crashed job=%s kind=%s", job.pk, job.kind)
            fail_job(job=job, sentence=_fault_sentence(job), at=now())


def claim_job(*, job_id: uuid.UUID, at: datetime) -> Job | None:
    """Take a job that waits or whose worker fell silent. Returns None when another worker has it, or it is over.

    One conditional update: of two workers exactly one gets the job. A job that felled its workers `ATTEMPTS_MAX`
    times is not tried again, it fails with a sentence.
    """
    claimable = Job.objects.filter(pk=job_id).claimable(silent_since=at - SILENCE_MAX)
    run_id = uuid.uuid4()
    taken = claimable.filter(attempts__lt=ATTEMPTS_MAX).update(
        state=JobState.RUNNING, run_id=run_id, attempts=F("attempts") + 1,
        started_at=at, heartbeat_at=at, done=0, total=0,
    )  # fmt: skip
    if taken:
        return Job.objects.select_related("owner").get(pk=job_id, run_id=run_id)
    _give_up(job_id=job_id, at=at)
    return None


def report_progress(*, job: Job, done: int, total: int, at: datetime) -> None:
    """Write how far a job is, which also shows that its worker lives. Raises JobTakenOver."""
    _write(job, done=min(done, total) if total else done, total=total, heartbeat_at=at)


def finish_job(*, job: Job, result: Result | None, at: datetime) -> None:
    """Close a job. The file is on the disk before the row names it. Raises JobTakenOver (and keeps no file)."""
    fields: dict[str, object] = {}
    if result is not None:
        job.file.save(result.name, ContentFile(result.content), save=False)
        fields = {
            "file": job.file.name,
            "file_name": result.name,
            "content_type": result.content_type,
            "sha256": hashlib.sha256(result.content).hexdigest(),
        }
    try:
        with transaction.atomic():
            _write(job, state=JobState.DONE, run_id=None, finished_at=at, **fields)
            _tell_owner(job, DONE, at)
    except BaseException:
        if result is not None:
            job.file.delete(save=False)
        raise
    logger.info("job.done job=%s kind=%s", job.pk, job.kind)


def fail_job(*, job: Job, sentence: str, at: datetime) -> None:
    """Close a job that was not done, with the reason for the person who waits."""
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, run_id=job.run_id, state=JobState.RUNNING).update(
            state=JobState.FAILED, run_id=None, finished_at=at, error=sentence[:500] or _fault_sentence(job)
        )
        if changed:
            _tell_owner(job, FAILED, at)
    logger.info("job.failed job=%s kind=%s written=%s", job.pk, job.kind, bool(changed))


@transaction.atomic
def restart_job(*, job: Job, at: datetime) -> None:
    """Let an ended job wait again; the file it made goes. Raises NotRestartable, so a second click does nothing."""
    changed = (
        Job.objects.filter(pk=job.pk)
        .ended()
        .update(
            state=JobState.WAITING, created_at=at, started_at=None, heartbeat_at=None, finished_at=None,
            attempts=0, done=0, total=0, error="", file="", file_name="", content_type="", sha256="",
        )
    )  # fmt: skip
    if not changed:
        raise NotRestartable
    logger.info("job.restarted job=%s kind=%s", job.pk, job.kind)
    if job.file:
        transaction.on_commit(partial(default_storage.delete, str(job.file)))
    transaction.on_commit(partial(wake, job.pk))


def tidy_jobs(*, at: datetime) -> None:
    """The minute's sweep: wake what waits, take care of what lost its worker, delete files that are too old."""
    wake_waiting_jobs(at=at)
    remove_old_files(at=at)


def wake_waiting_jobs(*, at: datetime) -> int:
    """Wake what waits and what lost its worker, oldest first. Returns how many; stops at a broker that is down."""
    waiting = Job.objects.claimable(silent_since=at - SILENCE_MAX).order_by("created_at", "pk")
    woken = 0
    for job_id in waiting.values_list("pk", flat=True)[:WOKEN_AT_ONCE_MAX]:
        if not wake(job_id):
            break
        woken += 1
    return woken


def remove_old_files(*, at: datetime) -> int:
    """Delete the files of jobs that ended long ago: they hold personal data, and the job can be started again."""
    old = Job.objects.exclude(file="").filter(finished_at__lt=at - FILES_KEPT).order_by("finished_at")
    removed = 0
    for job_id, name in old.values_list("pk", "file")[:WOKEN_AT_ONCE_MAX]:
        default_storage.delete(name)
        removed += Job.objects.filter(pk=job_id, file=name).update(file="")
    return removed


def _reporter(job: Job, now: Callable[[], datetime]) -> Progress:
    """Return the `progress` a job's function is given: it writes at most once a second, and the last step always."""
    written_at = float("-inf")

    def progress(done: int, total: int) -> None:
        nonlocal written_at
        if monotonic() - written_at >= SECONDS_BETWEEN_REPORTS or total == done > 0:
            report_progress(job=job, done=done, total=total, at=now())
            written_at = monotonic()

    return progress


def _write(job: Job, **fields: object) -> None:
    """Change a running job, if this run still holds it."""
    held = Job.objects.filter(pk=job.pk, run_id=job.run_id, state=JobState.RUNNING)
    if not held.update(**fields):
        raise JobTakenOver(str(job.pk))


def _tell_owner(job: Job, kind: Kind, at: datetime) -> None:
    """Tell whoever asked for the job, unless he has hardly had time to leave its page."""
    if at - job.created_at >= LEFT_THE_PAGE:
        news = News(
            recipient_id=job.owner_id,
            key=f"job:{job.pk}:{job.created_at:%Y%m%d%H%M%S}",
            kind=kind.code,
            facts={"title": job.title},
            url=reverse("jobs:detail", args=[job.pk]),
        )
        tell([news], at=at)


def _give_up(*, job_id: uuid.UUID, at: datetime) -> None:
    hopeless = Job.objects.filter(pk=job_id, attempts__gte=ATTEMPTS_MAX).claimable(silent_since=at - SILENCE_MAX)
    sentence = _("The job was begun %(times)s times and never came to its end. Please tell the administrator.")
    if hopeless.update(
        state=JobState.FAILED, run_id=None, finished_at=at, error=sentence % {"times": ATTEMPTS_MAX}
    ):  # fmt: skip
        logger.error("job.given_up job=%s", job_id)


def _fault_sentence(job: Job) -> str:
    return _("The program could not finish this job. Please tell the administrator its number: %(number)s.") % {
        "number": str(job.pk)[:8]
    }
