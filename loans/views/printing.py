"""Having the papers of a case printed: one address for all of them."""

from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jobs.operations import start_job
from loans.documents_printing import CASE_PAPER, printables_of
from loans.views.access import account, case_or_404
from web import clock


@require_POST
def print_case_paper(request: HttpRequest, case_id: int, paper: str) -> HttpResponse:
    """Let a paper be made, and show how far it is. The page's id makes two clicks one job."""
    on = clock.today()
    case = case_or_404(request, case_id, on=on)
    user = account(request)
    printable = next((one for one in printables_of(case, user, on=on) if one.kind == paper), None)
    if printable is None:
        raise Http404
    job = start_job(
        kind=CASE_PAPER,
        title=_("%(paper)s %(number)s") % {"paper": printable.kind.label, "number": case.number},
        owner=user,
        arguments={"application_id": case.pk, "paper": printable.kind.value},
        at=clock.now(),
        request_id=_request_id(request, paper),
    )
    messages.info(request, _("The paper is being made."))
    return redirect("jobs:detail", job_id=job.pk)


def _request_id(request: HttpRequest, paper: str) -> UUID:
    """Return an id of this paper on this page: the menu has one id for all its papers."""
    try:
        return uuid5(UUID(request.POST.get("request_id", "")), paper)
    except ValueError:
        return uuid4()
