"""Let the papers of a batch be made: roster, public notice, summary, workbook."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from audit.access import refuse
from jobs.operations import start_job
from loans.views.access import account
from subsidies.documents import NOTICE, ROSTER, SUBSIDY_PAPER, SUMMARY, WORKBOOK
from subsidies.documents_approval import APPROVAL
from subsidies.models import SubsidyBatch
from subsidies.views.access import (
    batch_or_404,
    read_scope,
    sees_names,
)
from web import clock
from web.layout import Text

TITLES: dict[str, Text] = {
    ROSTER: gettext_lazy("Roster %(batch)s"),
    NOTICE: gettext_lazy("Public notice %(batch)s"),
    SUMMARY: gettext_lazy("Summary by township %(batch)s"),
    APPROVAL: gettext_lazy("Subsidy approval form %(batch)s"),
    WORKBOOK: gettext_lazy("Roster as a workbook %(batch)s"),
}
PLACE_LENGTH_MAX = 12


@require_POST
def paper(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Start the job of one paper; `place` narrows it to a township."""
    read_scope(request)
    batch = batch_or_404(request, batch_id)
    kind, place = request.POST.get("kind", ""), request.POST.get("place", "")
    is_place = not place or (place.isascii() and place.isdigit() and len(place) <= PLACE_LENGTH_MAX)
    if kind not in TITLES or not is_place or not sees_names(request):
        refuse(request, SubsidyBatch, batch_id)
    job = start_job(
        kind=SUBSIDY_PAPER,
        title=str(TITLES[kind]) % {"batch": batch},
        owner=account(request),
        arguments={"batch_id": batch.pk, "paper": kind, "place": place},
        at=clock.now(),
    )
    return redirect("jobs:detail", job_id=job.pk)
