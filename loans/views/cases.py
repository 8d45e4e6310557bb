"""All cases an account may see, and one of them in full."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import Verb
from audit.exports import export_list
from loans.choices import StepCode
from loans.documents_printing import printables_of
from loans.forms.filters import CaseFilterForm, years_until
from loans.models import Application
from loans.operations.help import REPORTING_VERBS
from loans.operations.recall import decision_to_recall
from loans.operations.turns import turn_of
from loans.queries import facts
from loans.queries.bar import bar_of
from loans.queries.benefits import benefit_facts
from loans.queries.cases import NEWEST_FIRST, case_rows, next_waiting
from loans.queries.detail import loan_of, open_objections, return_of, running_notice_of
from loans.queries.elapsed import elapsed_of
from loans.queries.help import help_lines
from loans.queries.history import history_of
from loans.queries.paging import keyset_page
from loans.queries.places import places_of
from loans.queries.published import is_outdated
from loans.queries.schedules import schedule_of, total_interest
from loans.queries.tags import status_tag
from loans.queries.work import steps_of
from loans.tables import CaseTable, decision_url
from loans.views.access import account, case_or_404, view_scope
from loans.views.paging import page_urls
from loans.views.papers import paper_panel
from organizations.scope import READING_VERBS
from web import clock
from workflow.queries import work_calendar


@require_http_methods(["GET", "HEAD", "POST"])
def case_list(request: HttpRequest) -> HttpResponse:
    user, on = account(request), clock.today()
    scope = view_scope(request, on=on)
    places = places_of(user.people_scope(Verb.VIEW_CASES, on=on))
    form = CaseFilterForm(request.GET or None, places=places, years=years_until(on.year))
    rows = case_rows(user=user, scope=scope, filters=form.filters(), on=on)
    calendar = work_calendar()
    if request.method == "POST":
        return export_list(
            request,
            rows=rows.order_by(*NEWEST_FIRST.order()),
            table=lambda chunk: CaseTable(chunk, on=on, calendar=calendar),
            name=_("All cases"),
        )
    page = keyset_page(
        rows, keyset=NEWEST_FIRST, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    return render(
        request,
        "loans/case_list.html",
        {
            "form": form,
            "table": CaseTable(page.rows, on=on, calendar=calendar),
            "urls": page_urls(request, page),
            "may_register": user.may(Verb.REFER, on=on),
        },
    )


@require_safe
def case_detail(request: HttpRequest, case_id: int) -> HttpResponse:
    on = clock.today()
    case = case_or_404(request, case_id, on=on)
    user = account(request)
    step = request.GET.get("done", "")
    is_own_queue = step in steps_of(user, on=on)
    following = next_waiting(user=user, step=step, on=on) if is_own_queue else None
    return render(
        request,
        "loans/case_detail.html",
        {
            **dossier(case, request),
            "steps": bar_of(case, on=on, calendar=work_calendar()),
            "elapsed": elapsed_of(case, on=on, calendar=work_calendar()),
            "events": history_of(case),
            "recallable": decision_to_recall(case, user, at=clock.now()),
            "turn": turn_of(case, user, on=on),
            "may": rights_on(case, request),
            "printables": printables_of(case, user, on=on),
            "request_id": uuid4(),
            "done_step": StepCode(step) if is_own_queue else "",
            "following": following,
            "following_url": decision_url(following) if following else "",
        },
    )


def dossier(case: Application, request: HttpRequest) -> dict[str, object]:
    """Return what the detail page and the decision pages show of a case."""
    on = clock.today()
    loan = loan_of(case)
    notice = running_notice_of(case)
    instalments = schedule_of(loan) if loan else []
    return {
        "case": case,
        "status": status_tag(case, in_notice=notice is not None, is_objected=bool(open_objections(case))),
        "returned": return_of(case),
        "applicant": facts.applicant_facts(case, on=on),
        "asked": [*facts.request_facts(case), *benefit_facts(case)],
        "found": [
            *facts.reason_facts(case),
            *facts.referral_facts(case),
            *facts.meeting_facts(case),
            *facts.county_facts(case),
            *facts.credit_facts(case),
            *facts.assessment_facts(case),
        ],
        "loan": loan,
        "loan_facts": [*facts.loan_facts(loan), facts.owed_fact(loan)] if loan else [],
        "instalments": instalments,
        "interest_total": total_interest(instalments),
        "promises": help_lines(case),
        "papers": paper_panel(case, account(request), on=on, is_compact=True),
        "is_member": is_party_member(case),
        "is_outdated": notice is not None and is_outdated(notice, case),
        "today": on,
    }


def is_party_member(case: Application) -> bool:
    member = getattr(case.person, "party_member", None)
    return member is not None and member.left_on is None


def rights_on(case: Application, request: HttpRequest) -> dict[str, bool]:
    """Return what else the account may do on the case: the links of its page."""
    user, on = account(request), clock.today()

    def may(*verbs: Verb) -> bool:
        return any(user.post_covering(verb, case.place, on=on) for verb in verbs)

    notice = running_notice_of(case)
    return {
        "edit": case.is_editable and may(Verb.REFER),
        "object": notice is not None and may(Verb.REFER, Verb.REVIEW, Verb.FILE),
        "settle": notice is not None and may(Verb.FILE),
        "follow": may(Verb.FILE, Verb.REVIEW, Verb.ASSESS),
        "verify": case.step == StepCode.BRANCH_REVIEW and may(Verb.REVIEW),
        "lapse": loan_of(case) is not None and may(*REPORTING_VERBS),
        "repay": loan_of(case) is not None and may(Verb.DISBURSE),
        "reveal": user.people_scope(*READING_VERBS, on=on).covers_division(case.person.division.path),
    }
