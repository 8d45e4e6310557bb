"""The house's own long work. Read at start by jobs.apps, which registers the kinds of job."""

from celery import shared_task
from django.conf import settings
from django.utils import translation

from jobs.models import Job
from jobs.registry import Progress, Result, register
from redcredit import heartbeat
from redcredit.invariants.checking import check
from redcredit.invariants.house import INVARIANTS
from redcredit.invariants.reports import JOB_KIND, start_nightly_check, write_report
from web import clock


@shared_task(ignore_result=True, expires=heartbeat.SECONDS_ALIVE)
def beat_of_the_heart() -> None:
    heartbeat.leave_mark(settings.REDIS_URL)


@shared_task
def check_invariants_nightly() -> None:
    with translation.override("zh-hans"):
        start_nightly_check(at=clock.now())


@register(JOB_KIND)
def check_invariants(job: Job, progress: Progress) -> Result:
    """Ask every invariant; what breaks them is the report, not a failure of the job."""
    findings = []
    for finding in check(INVARIANTS):
        findings.append(finding)
        progress(len(findings), len(INVARIANTS))
    return Result(content=write_report(findings), name="invariants.json", content_type="application/json")
