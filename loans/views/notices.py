"""Objections to a public notice: written down by whoever hears them, settled by the township committee."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.access import refuse
from loans.choices import ObjectionState
from loans.forms.branch import ObjectionForm, SettlementForm
from loans.models import Application
from loans.operations import Blocked, Conflict, NotAllowed, record_objection, settle_objection
from loans.queries.detail import running_notice_of
from loans.views.access import account, case_or_404, conflict, not_allowed
from loans.views.cases import dossier, rights_on
from web import clock


@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, case_id: int) -> HttpResponse:
    on = clock.today()
    case = case_or_404(request, case_id, on=on)
    notice = running_notice_of(case)
    if notice is None or not rights_on(case, request)["object"]:
        refuse(request, Application, case_id)
    form = ObjectionForm(request.POST or None, notice=notice, on=on)
    if request.method == "POST" and form.is_valid():
        try:
            record_objection(
                notice_id=notice.pk, recorded_by=account(request), recorded_at=clock.now(), **form.cleaned_data
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except NotAllowed as error:
            not_allowed(request, error, case_id=case_id)
        else:
            messages.success(request, _("The objection is recorded; the notice waits until it is settled."))
            return redirect("loans:case", case_id=case_id)
    return render(request, "loans/objection.html", {**dossier(case, request), "form": form, "notice": notice})


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, case_id: int, objection_id: int) -> HttpResponse:
    case = case_or_404(request, case_id, on=clock.today())
    objections = [one for notice in case.notices.all() for one in notice.objections.all() if one.pk == objection_id]
    if not objections or not rights_on(case, request)["settle"]:
        refuse(request, Application, case_id)
    if request.method != "POST" and objections[0].state != ObjectionState.OPEN:
        return redirect("loans:objection", objection_id=objection_id)
    form = SettlementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            settle_objection(
                objection_id=objection_id,
                upheld=form.is_upheld,
                finding=form.cleaned_data["finding"],
                investigators=form.cleaned_data["investigators"],
                method=form.cleaned_data["method"],
                settled_by=account(request),
                settled_at=clock.now(),
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except Conflict as error:
            return conflict(request, error)
        except NotAllowed as error:
            not_allowed(request, error, case_id=case_id)
        else:
            messages.success(request, _("The finding is recorded. Please tell the objector."))
            return redirect("loans:objection", objection_id=objection_id)
    context = {**dossier(case, request), "form": form, "objection": objections[0]}
    return render(request, "loans/settlement.html", context)
