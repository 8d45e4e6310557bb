"""What a person sees of his own jobs. Everybody else's do not exist."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseStopPolling
from django_tables2 import RequestConfig

from jobs import operations, queries
from jobs.models import Job
from jobs.tables import JobTable
from web import clock

PER_PAGE = 25


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    table = JobTable(queries.jobs_of(owner=request.user), empty_text=_("No jobs yet"))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "jobs/list.html", {"table": table})


@require_GET
def job_detail(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    return render(request, "jobs/detail.html", {"job": own_job_or_404(request, job_id)})


@require_GET
def job_progress(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The part of the page that is asked for every two seconds; the last answer ends the asking (286)."""
    job = own_job_or_404(request, job_id)
    response = render(request, "jobs/_job.html", {"job": job})
    return response if job.is_open else HttpResponseStopPolling(response.content)


@require_GET
def job_file(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    job = own_job_or_404(request, job_id)
    try:
        content = queries.read_result(job=job)
    except queries.ResultMissing:
        messages.error(request, _("The file is not there any more. Please start the job again."))
        return redirect("jobs:detail", job_id=job.pk)
    response = HttpResponse(content, content_type=job.content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=job.file_name)
    # Said here too and not only by the middlewares: this answer is the one that must never be kept or guessed at.
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def restart(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    job = own_job_or_404(request, job_id)
    try:
        operations.restart_job(job=job, at=clock.now())
    except operations.NotRestartable:
        messages.warning(request, _("This job is already under way."))
    return redirect("jobs:detail", job_id=job.pk)


def own_job_or_404(request: HttpRequest, job_id: uuid.UUID) -> Job:
    try:
        return queries.get_job(owner=request.user, job_id=job_id)
    except Job.DoesNotExist:
        raise Http404 from None
