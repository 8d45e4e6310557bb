"""Taking back a decision that was made a moment ago."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.access import refuse
from loans.models import Application
from loans.operations import Blocked, Conflict, NotAllowed, recall_decision
from loans.operations.turns import turn_of
from loans.queries.recalls import recalled_of
from loans.tables import decision_url
from loans.views.access import account, case_or_404, conflict, not_allowed
from web import clock


@require_POST
def recall(request: HttpRequest, case_id: int, decision_id: int) -> HttpResponse:
    """Undo one's own last decision on a case and open the case again."""
    on = clock.today()
    case = case_or_404(request, case_id, on=on)
    decision = next((one for one in case.decisions.all() if one.pk == decision_id), None)
    if decision is None or decision.decided_by_id != account(request).pk:
        refuse(request, Application, case_id)
    was_taken_back = decision.pk in recalled_of(case)
    try:
        recall_decision(decision_id=decision.pk, recalled_by=account(request), recalled_at=clock.now())
    except Blocked as error:
        messages.error(request, " ".join(problem.message for problem in error.problems))
        return redirect("loans:case", case_id=case.pk)
    except Conflict as error:
        return conflict(request, error)
    except NotAllowed as error:
        not_allowed(request, error, case_id=case.pk)
    if not was_taken_back:
        messages.success(request, _("Your decision is taken back. The case stands as before."))
    case = case_or_404(request, case_id, on=on)
    address = decision_url(case) if turn_of(case, account(request), on=on) else reverse("loans:case", args=[case.pk])
    return redirect(address)
