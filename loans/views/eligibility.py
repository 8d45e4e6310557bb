"""The panel beside an application: every rule live, reasons for the soft ones, and what the loan would cost."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import Verb
from audit.access import get_in_scope
from loans.forms.eligibility import TypedForm, helped_in, promises, reasons_in
from loans.models import Application
from loans.operations import Blocked, Conflict, NotAllowed, write_reasons
from loans.queries.eligibility import reasons_of, rows_of
from loans.queries.help import teller
from loans.queries.rule_rows import Level, Row, finding_of, say
from loans.queries.situation import Situation, cases_to_judge
from loans.queries.trial import trial_facts, trial_of
from loans.queries.versions import published_version
from loans.views.access import account, conflict, not_allowed, view_scope
from organizations.models import Person
from web import clock

# What asks for attention comes first; what is kept is folded away.
ORDER = (Level.BROKEN, Level.SOFT, Level.NOTED, Level.OPEN)


@require_safe
def panel(request: HttpRequest, case_id: int) -> HttpResponse:
    """Every rule on what is typed so far: the fragment that a form asks for on every change, or a page of its own."""
    case = judged_or_404(request, case_id)
    template = "loans/_eligibility.html" if is_fragment(request) else "loans/eligibility.html"
    return render(request, template, panel_context(request, case, request.GET))


@require_POST
def reasons(request: HttpRequest, case_id: int) -> HttpResponse:
    """Keep the reasons typed for soft rules, and show the panel anew."""
    case = judged_or_404(request, case_id)
    typed = situation_on(request, case, request.POST)
    try:
        write_reasons(
            application_id=case.pk,
            reasons=reasons_in(request.POST),
            asked=typed.asked,
            written_by=account(request),
            written_at=clock.now(),
        )
    except Blocked as error:
        if not is_fragment(request):
            messages.error(request, " ".join(problem.message for problem in error.problems))
    except Conflict as error:
        return conflict(request, error)
    except NotAllowed as error:
        not_allowed(request, error, case_id=case.pk)
    else:
        if not is_fragment(request):
            messages.success(request, _("The reason is kept."))
    if not is_fragment(request):
        return redirect("loans:eligibility", case_id=case.pk)
    return render(request, "loans/_eligibility.html", panel_context(request, case, request.POST))


def is_fragment(request: HttpRequest) -> bool:
    """Whether the script of a page asks: without it the panel is a page."""
    return bool(request.headers.get("HX-Request"))


def judged_or_404(request: HttpRequest, case_id: int) -> Application:
    on = clock.today()
    case: Application = get_in_scope(cases_to_judge(), view_scope(request, on=on), case_id, request)
    case.version = published_version(case.version_id)
    return case


def situation_on(request: HttpRequest, case: Application, data: QueryDict) -> Situation:
    """Return the case as it would be with what is typed."""
    user, on = account(request), clock.today()
    named = helped_in(data, data.getlist)
    people: dict[int, Person] = {}
    if named:
        scope = user.people_scope(Verb.REFER, on=on)
        rows = Person.objects.for_scope(scope).filter(pk__in=[key for key, _kind in named])
        people = {person.pk: person for person in rows.select_related("party_member")}
    return Situation(
        case,
        case.version,
        on,
        asked=TypedForm(data).asked(case, case.version),
        tells=teller(user, on),
        promises=None if named is None else promises(case, named, people),
    )


def panel_context(request: HttpRequest, case: Application, data: QueryDict) -> dict[str, Any]:
    situation = situation_on(request, case, data)
    rows = rows_of(situation)
    trial = trial_of(case.version, situation.asked, situation.on, concession=situation.benefits.concession)
    lines = reason_lines(case, rows)
    may_write = case.is_editable and account(request).post_covering(Verb.REFER, case.place, on=situation.on)
    return {
        "case": case,
        "urgent": sorted((row for row in rows if row.level in ORDER), key=lambda row: ORDER.index(row.level)),
        "kept": [row for row in rows if row.level == Level.KEPT],
        "broken": sum(row.level == Level.BROKEN for row in rows),
        "reasons": lines,
        "missing": [line for line in lines if line["written"] is None],
        "may_write": bool(may_write),
        "trial": trial_facts(trial) if trial else [],
    }


def reason_lines(case: Application, rows: list[Row]) -> list[dict[str, object]]:
    """Return the soft rules that ask for a reason, each with the one that stands."""
    soft = [breach for row in rows for breach in row.soft]
    written = reasons_of(case.pk) if soft else {}
    return [
        {"code": one.code, "finding": say(one), "written": written.get((one.code, finding_of(one)))} for one in soft
    ]
