"""The page of a decision: the dossier on the left, the decision on the right; and what comes after it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.access import refuse
from loans.choices import Outcome, StepCode
from loans.forms.branch import BranchReviewForm, NoticeForm, ReferralForm
from loans.forms.county import AssessmentForm, FilingForm, SubsidyForm
from loans.forms.decisions import DecisionForm, WithdrawForm
from loans.forms.lender import DisbursementForm
from loans.models import Application, ApplicationDecision, Objection
from loans.operations import Blocked, Conflict, NotAllowed, decide as decide_case
from loans.operations.turns import Turn, turn_of
from loans.queries.detail import open_objections
from loans.queries.register import introducers, members_of
from loans.views.access import account, case_or_404, conflict, conflict_page, not_allowed, posted_number
from loans.views.cases import dossier, rights_on
from loans.views.panels import panel_of
from loans.views.review import (
    address_after,
    case_page,
    is_reviewed,
    meeting_before,
    papers_are_seen,
    remember_meeting,
)
from web import clock

FORMS: dict[str, type[DecisionForm]] = {
    StepCode.REFERRAL: ReferralForm,
    StepCode.BRANCH_REVIEW: BranchReviewForm,
    StepCode.PUBLIC_NOTICE: NoticeForm,
    StepCode.COMMITTEE_FILING: FilingForm,
    StepCode.SUBSIDY_CONFIRMATION: SubsidyForm,
    StepCode.DISBURSEMENT: DisbursementForm,
    StepCode.ASSESSMENT: AssessmentForm,
}
# Forms whose first day is today.
DATED = (NoticeForm, FilingForm, DisbursementForm)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, case_id: int, step: str) -> HttpResponse:
    on = clock.today()
    case = case_or_404(request, case_id, on=on)
    if step not in FORMS or step not in case.version.step_codes:
        refuse(request, Application, case_id)
    if case.step != step or has_moved(request, case):
        return moved_answer(request, case, step)
    turn = turn_of(case, account(request), on=on)
    if not turn and request.method != "POST" and (objection := objection_to_settle(request, case)):
        return redirect("loans:settle", case_id=case.pk, objection_id=objection.pk)
    require_turn(request, case, turn)
    form = decision_form(request, case, turn.outcomes, on)
    if request.method == "POST" and form.is_valid() and may_agree(request, case, form):
        answer = carry_out(request, case, form)
        if answer is not None:
            return answer
    panel = panel_of(case, account(request), at=clock.now())
    context = {
        **dossier(case, request),
        "form": form,
        "panel": panel,
        "step_name": case.version.step(step).name,
        "may": rights_on(case, request),
    }
    if is_reviewed(step):
        return case_page(request, case, context)
    return render(request, "loans/decide.html", context)


def may_agree(request: HttpRequest, case: Application, form: DecisionForm) -> bool:
    """Whether the page lets the account decide so: nobody agrees in a review without having seen the papers."""
    return not is_reviewed(case.step) or papers_are_seen(form, case, account(request))


def objection_to_settle(request: HttpRequest, case: Application) -> Objection | None:
    """Return the objection that the committee must settle before a notice can be decided upon."""
    return next(iter(open_objections(case)), None) if rights_on(case, request)["settle"] else None


def require_turn(request: HttpRequest, case: Application, turn: Turn) -> None:
    """Go on only if there is something to decide; else say why not, or that there is nothing here."""
    if turn:
        return
    if turn.reason:
        raise PermissionDenied(turn.reason)
    refuse(request, Application, case.pk)


def decision_form(request: HttpRequest, case: Application, outcomes: Sequence[str], on: date) -> DecisionForm:
    kind = FORMS[case.step]
    extra: dict[str, Any] = {"on": on} if kind in DATED else {}
    if kind is ReferralForm:
        extra = referral_choices(case, request)
    if kind is BranchReviewForm:
        extra = {"initial": meeting_before(request, case)}
    return kind(request.POST or None, case=case, outcomes=outcomes, **extra)


def referral_choices(case: Application, request: HttpRequest) -> dict[str, Any]:
    """Return the members the page shows: those searched for, else those of the branch; a chosen one stays."""
    township = case.division_path[:9]
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    candidates = introducers(
        township_path=township,
        text=text,
        branch_path=case.branch_path,
        applicant_id=case.person_id,
        household_id=case.household_id,
    )
    members = members_of(township)
    chosen = posted_number(request, "introducer")
    if chosen is not None and chosen not in dict(candidates):
        member = members.select_related("person").filter(pk=chosen).first()
        candidates = [(member.pk, member.person.name), *candidates] if member else candidates
    return {"candidates": candidates, "members": members}


def carry_out(request: HttpRequest, case: Application, form: DecisionForm) -> HttpResponse | None:
    """Decide; None when the form must be shown again with the reasons."""
    step = case.step
    try:
        decision = decide_case(
            application_id=case.pk,
            step=step,
            decided_by=account(request),
            decided_at=clock.now(),
            **form.decision(),
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except Conflict as error:
        return conflict(request, error)
    except NotAllowed as error:
        not_allowed(request, error, case_id=case.pk)
    if step == StepCode.BRANCH_REVIEW:
        remember_meeting(request, case, form)
    return decided(request, case, decision)


def decided(request: HttpRequest, case: Application, decision: ApplicationDecision) -> HttpResponse:
    """Say what was done and lead on to the next case of the queue."""
    step, outcome = decision.step, decision.outcome
    if is_reviewed(step) and outcome != Outcome.WITHDRAW:
        return redirect(address_after(request, step, decision))
    messages.success(
        request,
        _("%(number)s %(name)s: %(outcome)s.")
        % {"number": case.number, "name": case.borrower_name, "outcome": Outcome(outcome).label},
    )
    return redirect(f"{reverse('loans:case', args=[case.pk])}?done={step}")


def has_moved(request: HttpRequest, case: Application) -> bool:
    """Whether the case was changed since the page that is posted was shown."""
    seen = posted_number(request, "revision")
    return seen is not None and seen != case.revision


def moved_answer(request: HttpRequest, case: Application, step: str) -> HttpResponse:
    """Answer for a case that has gone on: a second click is done, a lost race told, a bookmark leads to the case."""
    if request.method != "POST":
        messages.info(request, _("This case is at another step now."))
        return redirect("loans:case", case_id=case.pk)
    last = next(iter(case.decisions.all()), None)
    outcome = request.POST.get("outcome", "")
    is_second_click = (
        last is not None
        and (last.step, last.outcome, last.decided_by_id) == (step, outcome, account(request).pk)
        and posted_number(request, "revision") == case.revision - 1
    )
    if last is not None and is_second_click:
        return decided(request, case, last)
    return conflict_page(request, case, last)


@require_safe
def introducer_choices(request: HttpRequest, case_id: int) -> HttpResponse:
    """The members found by a name or initials, as the radio buttons of the referral form (a fragment)."""
    on = clock.today()
    case = case_or_404(request, case_id, on=on)
    turn = turn_of(case, account(request), on=on)
    if case.step != StepCode.REFERRAL or not turn:
        refuse(request, Application, case_id)
    form = decision_form(request, case, turn.outcomes, on)
    return render(request, "loans/_introducers.html", {"field": form["introducer"]})


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, case_id: int) -> HttpResponse:
    """The applicant takes his request back, until money is paid."""
    on = clock.today()
    case = case_or_404(request, case_id, on=on)
    step = case.step
    if has_moved(request, case):
        return moved_answer(request, case, step)
    if not turn_of(case, account(request), on=on).may_withdraw:
        refuse(request, Application, case_id)
    form = WithdrawForm(request.POST or None, case=case, outcomes=[Outcome.WITHDRAW])
    if request.method == "POST" and form.is_valid():
        answer = carry_out(request, case, form)
        if answer is not None:
            return answer
    return render(request, "loans/withdraw.html", {**dossier(case, request), "form": form})
