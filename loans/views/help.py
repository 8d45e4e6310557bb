"""Promises of help: the branch verifies them at its review, branch or committee report what is not kept."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import Verb
from audit.access import refuse
from loans.choices import StepCode
from loans.forms.eligibility import LapseForm, VerificationForm
from loans.models import Application
from loans.operations import Blocked, NotAllowed, report_lapse, verify_commitments
from loans.operations.help import reporting_post
from loans.queries.detail import loan_of
from loans.queries.help import verdicts_of
from loans.tables import decision_url
from loans.views.access import account, case_or_404, not_allowed
from loans.views.cases import dossier
from web import clock


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, case_id: int) -> HttpResponse:
    """What the branch found about each of those whom the borrower promises to help."""
    on = clock.today()
    case = case_or_404(request, case_id, on=on)
    commitments = list(case.commitments.all())
    if account(request).post_covering(Verb.REVIEW, case.place, on=on) is None:
        refuse(request, Application, case_id)
    if case.step != StepCode.BRANCH_REVIEW:
        messages.info(request, _("This case is at another step now."))
        return redirect("loans:case", case_id=case.pk)
    form = VerificationForm(request.POST or None, commitments=commitments, verdicts=verdicts_of(case))
    if request.method == "POST" and form.is_valid():
        try:
            verify_commitments(
                application_id=case.pk,
                findings=form.findings(),
                verified_by=account(request),
                verified_at=clock.now(),
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except NotAllowed as error:
            not_allowed(request, error, case_id=case_id)
        else:
            messages.success(request, _("What the branch found is written down."))
            return redirect(decision_url(case))
    return render(request, "loans/help_verify.html", {**dossier(case, request), "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def lapse(request: HttpRequest, case_id: int, person_id: int) -> HttpResponse:
    """Report that a promise of help is not kept."""
    on = clock.today()
    case = case_or_404(request, case_id, on=on)
    commitment = next((one for one in case.commitments.all() if one.person_id == person_id), None)
    is_possible = commitment is not None and loan_of(case) is not None
    if not is_possible or reporting_post(case, account(request), on) is None:
        refuse(request, Application, case_id)
    form = LapseForm(request.POST or None, on=on)
    if request.method == "POST" and form.is_valid():
        try:
            report_lapse(
                application_id=case.pk,
                person_id=person_id,
                reported_by=account(request),
                reported_at=clock.now(),
                **form.cleaned_data,
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except NotAllowed as error:
            not_allowed(request, error, case_id=case_id)
        else:
            messages.success(request, _("It is written down that the promise is not kept."))
            return redirect("loans:case", case_id=case.pk)
    return render(request, "loans/help_lapse.html", {**dossier(case, request), "form": form, "commitment": commitment})
