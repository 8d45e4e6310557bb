"""Late cases as the level above sees them, and reminding those who hold them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe

from audit.access import refuse
from loans.late_tables import LateCaseTable
from loans.operations import Blocked, NotAllowed
from loans.operations.telling import urge_case
from loans.queries.cases import BY_DEADLINE
from loans.queries.late import SUPERVISORS, late_rows
from loans.queries.paging import keyset_page
from loans.views.access import account, case_or_404, not_allowed
from loans.views.paging import page_urls
from web import clock
from web.display import show_count
from workflow.queries import work_calendar


@require_safe
def late_list(request: HttpRequest) -> HttpResponse:
    user, on = account(request), clock.today()
    if not user.may(*SUPERVISORS, on=on):
        refuse(request)
    page = keyset_page(
        late_rows(user, on=on),
        keyset=BY_DEADLINE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    table = LateCaseTable(
        page.rows,
        on=on,
        calendar=work_calendar(),
        request=request,
        empty_text=_("No case of your area is late."),
    )
    return render(request, "loans/late.html", {"table": table, "urls": page_urls(request, page)})


@require_POST
def urge(request: HttpRequest, case_id: int) -> HttpResponse:
    """Remind whoever holds the case; once a day is enough."""
    case = case_or_404(request, case_id, on=clock.today())
    try:
        told = urge_case(application_id=case.pk, urged_by=account(request), urged_at=clock.now())
    except Blocked as error:
        messages.info(request, " ".join(problem.message for problem in error.problems))
    except NotAllowed as error:
        not_allowed(request, error, case_id=case_id)
    else:
        say_who_was_told(request, told)
    return redirect("loans:late")


def say_who_was_told(request: HttpRequest, told: int) -> None:
    if not told:
        messages.info(request, _("They were reminded today already."))
        return
    text = ngettext("%(number)s person was reminded.", "%(number)s people were reminded.", told)
    messages.success(request, text % {"number": show_count(told)})
