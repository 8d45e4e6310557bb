"""A long work that a person can watch. The row is the truth; Celery only wakes it."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jobs.choices import OPEN_STATES, JobState


def result_path(job: "Job", filename: str) -> str:
    """A name that nobody can guess and that tells nothing: the name to save it under is a column."""
    return f"jobs/{uuid.uuid4().hex}"


class JobQuerySet(models.QuerySet["Job"]):
    def of_owner(self, owner: Any) -> "JobQuerySet":
        """The jobs a person may see: his own."""
        return self.filter(owner=owner)

    def claimable(self, *, silent_since: datetime) -> "JobQuerySet":
        """The jobs a worker may take: those that wait, and those whose worker has been silent since a moment."""
        return self.filter(Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, heartbeat_at__lt=silent_since))

    def ended(self) -> "JobQuerySet":
        return self.exclude(state__in=OPEN_STATES)


class Job(models.Model):
    """`done` of `total` steps (a total of 0: nobody knows yet). `attempts` counts the workers that took the job."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40, db_collation="C")
    title = models.CharField(_("job"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs", verbose_name=_("account")
    )
    # Ids and ISO dates only: no names, no numbers of people, no amounts.
    arguments = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(_("asked for at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Which run holds the job: a worker that was taken for dead and comes back cannot write any more.
    run_id = models.UUIDField(null=True, blank=True, editable=False)
    error = models.CharField(_("reason"), max_length=500, blank=True)

    file = models.FileField(upload_to=result_path, max_length=100, blank=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_collation="C")

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "request_id"], name="job_is_asked_for_once"),
            models.CheckConstraint(
                name="job_has_the_times_of_its_state",
                condition=Q(state="waiting", run_id=None, finished_at=None)
                | Q(state="running", run_id__isnull=False, heartbeat_at__isnull=False, finished_at=None)
                | Q(state__in=["done", "failed"], run_id=None, finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="failed_job_says_why", condition=Q(state="failed") ^ Q(error="")
            ),
            models.CheckConstraint(
                name="job_does_not_do_more_than_all", condition=Q(total=0) | Q(done__lte=F("total"))
            ),
            models.CheckConstraint(
                name="result_of_a_job_has_name_and_hash",
                condition=Q(file="") | (Q(state="done") & ~Q(file_name="") & ~Q(content_type="") & ~Q(sha256="")),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="jobs_of_owner"),
            models.Index(fields=["created_at"], name="open_jobs", condition=Q(state__in=["waiting", "running"])),
            models.Index(fields=["finished_at"], name="jobs_with_a_file", condition=~Q(file="")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_failed(self) -> bool:
        return self.state == JobState.FAILED

    @property
    def is_file_gone(self) -> bool:
        """The job made a file which is kept no longer."""
        return bool(self.file_name) and not self.file

    @property
    def percent(self) -> int:
        """Whole percent done, rounded down: 100 only when all is done."""
        return self.done * 100 // self.total if self.total else 0
