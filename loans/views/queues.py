"""The queue of a step: what waits for this account, the most urgent first."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from audit.access import refuse
from loans.choices import StepCode
from loans.forms.filters import QueueFilterForm
from loans.queries.cases import BY_URGENCY, queue_rows
from loans.queries.desk import DeskState
from loans.queries.paging import keyset_page
from loans.queries.places import places_of
from loans.queries.work import TURN, steps_of
from loans.tables import QueueTable
from loans.views.access import account
from loans.views.paging import page_urls, queue_url
from loans.views.review import is_reviewed, queue_page, summary
from web import clock
from workflow.queries import work_calendar


@require_safe
def queue(request: HttpRequest, step: str) -> HttpResponse:
    user, on = account(request), clock.today()
    if step not in steps_of(user, on=on):
        refuse(request)
    if step == StepCode.DISBURSEMENT:
        return redirect(desk_url(request))
    if is_reviewed(step):
        return queue_page(request, step)
    places = places_of(user.people_scope(*TURN[step], on=on))
    form = QueueFilterForm(request.GET or None, places=places)
    rows = queue_rows(user=user, step=step, filters=form.filters(), on=on)
    page = keyset_page(
        rows, keyset=BY_URGENCY, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    first = page.rows[0] if page.rows else None
    return render(
        request,
        "loans/queue.html",
        {
            "step": StepCode(step),
            "form": form,
            "table": QueueTable(page.rows, on=on, calendar=work_calendar()),
            "summary": summary(first.total, first.total_overdue or 0) if first else summary(0, 0),
            "urls": page_urls(request, page),
        },
    )


def desk_url(request: HttpRequest) -> str:
    """Return the lender's desk instead of its old queue, narrowed as the old address was."""
    state = {"overdue": DeskState.OVERDUE, "today": DeskState.DUE_TODAY}.get(request.GET.get("due", ""))
    wanted = {"state": state, "place": request.GET.get("place", "")}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{queue_url(StepCode.DISBURSEMENT)}?{query}" if query else queue_url(StepCode.DISBURSEMENT)
