"""Whether the books are in order: the last check, and a button for the next one."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.choices import Verb
from audit.access import SignedInRequest, demand
from redcredit.invariants.house import INVARIANTS
from redcredit.invariants.reports import newest_report, start_check
from web import clock

READERS = (Verb.VIEW_AUDIT, Verb.MANAGE_FUND, Verb.VIEW_FIGURES)


@require_http_methods(["GET", "HEAD", "POST"])
def invariants(request: SignedInRequest) -> HttpResponse:
    """Show what the last check found; a post starts another one and shows its progress."""
    demand(request, *READERS)
    if request.method == "POST":
        job = start_check(by=request.user, at=clock.now())
        return redirect("jobs:detail", job_id=job.pk)
    return render(request, "redcredit/invariants.html", {"report": newest_report(), "invariants": INVARIANTS})
