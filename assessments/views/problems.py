"""The register of problems: list with statistics, a new one, one with what was done."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.choices_inspections import ProblemOutcome, ProblemState
from assessments.forms.inspections import CategoryForm, HandleForm, ProblemFilterForm, ProblemForm
from assessments.models import InspectionItem, ProblemCategory, ReportedProblem
from assessments.operations.problems import (
    HANDLING,
    UPWARDS,
    ProblemMoved,
    add_category,
    handle_problem,
    post_for,
    register_problem,
)
from assessments.queries.problems import (
    BY_DEADLINE,
    ProblemFilter,
    by_category,
    by_township,
    history_of,
    owners_for,
    places_for,
    problem_rows,
    problems_in_full,
)
from assessments.tables_households import ProblemTable, problem_tag
from assessments.views.access_households import PROBLEM_READERS, county_of, demand, moved
from audit.access import not_allowed, refuse
from loans.operations.errors import Blocked, NotAllowed
from loans.queries.paging import keyset_page
from loans.queries.places import places_of
from loans.views.access import account
from loans.views.paging import page_urls
from organizations.models import Division
from web import clock
from web.display import show_day
from web.layout import Fact


@require_http_methods(["GET", "HEAD", "POST"])
def problem_list(request: HttpRequest) -> HttpResponse:
    """The register with its statistics; the county's department adds a category."""
    on = clock.today()
    user = demand(request, *PROBLEM_READERS, on=on)
    added = CategoryForm(request.POST or None) if user.may(*UPWARDS, on=on) else None
    if request.method == "POST":
        if added is None:
            not_allowed(request, NotAllowed())
        if added.is_valid() and _add(request, added, on):
            return redirect("assessments:problems")
    places = places_of(user.people_scope(*PROBLEM_READERS, on=on))
    form = ProblemFilterForm(request.GET or None, categories=list(ProblemCategory.objects.all()), places=places)
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    everything = problem_rows(user, filters=ProblemFilter(), on=on)
    page = keyset_page(
        problem_rows(user, filters=ProblemFilter(**chosen), on=on),
        keyset=BY_DEADLINE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "form": form,
        "table": ProblemTable(page.rows, on=on),
        "urls": page_urls(request, page),
        "by_category": by_category(everything, on=on),
        "by_township": by_township(everything, on=on),
        "may_register": user.may(*HANDLING, on=on),
        "added": added,
    }
    return render(request, "assessments/problem_list.html", context)


def _add(request: HttpRequest, form: CategoryForm, on: date) -> bool:
    user = account(request)
    try:
        add_category(
            name=form.cleaned_data["name"], county=county_of(user, *UPWARDS, on=on), added_by=user, at=clock.now()
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return False
    except NotAllowed as error:
        not_allowed(request, error)
    messages.success(request, _("The category is added."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def problem_new(request: HttpRequest) -> HttpResponse:
    """Register a problem; `?item=` names the loan of an inspection at which it was found."""
    on = clock.today()
    user = demand(request, *HANDLING, on=on)
    item = _item(request, on)
    places = places_for(user, on=on)
    form = ProblemForm(request.POST or None, places=places, owners=owners_for(user, on=on))
    if request.method == "POST" and form.is_valid():
        kept = dict(form.cleaned_data)
        division = Division.objects.get(path=kept.pop("division"))
        try:
            problem = register_problem(division=division, **kept, item=item, reported_by=user, at=clock.now())
        except Blocked as error:
            form.add_problems(error.problems)
        except NotAllowed as error:
            not_allowed(request, error, ReportedProblem)
        else:
            messages.success(request, _("The problem is registered, its owner is told."))
            return redirect("assessments:problem", problem_id=problem.pk)
    return render(request, "assessments/problem_new.html", {"form": form, "item": item})


def _item(request: HttpRequest, on: date) -> InspectionItem | None:
    text = request.GET.get("item", "")
    if not text.isdecimal() or len(text) > 18:
        return None
    rows = InspectionItem.objects.for_scope(account(request).scope(*HANDLING, on=on))
    return rows.select_related("inspection", "loan__application__person").filter(pk=int(text)).first()


@require_http_methods(["GET", "HEAD", "POST"])
def problem_detail(request: HttpRequest, problem_id: int) -> HttpResponse:
    on = clock.today()
    user = account(request)
    problem = problems_in_full(user, on=on).filter(pk=problem_id).first()
    if problem is None:
        refuse(request, ReportedProblem, problem_id)
    outcomes = outcomes_for(request, problem, on)
    form = HandleForm(_data(request), revision=problem.revision, outcomes=outcomes) if outcomes else None
    if request.method == "POST":
        answer = _carry_out(request, problem, form)
        if answer is not None:
            return answer
    context = {
        "problem": problem,
        "tag": problem_tag(problem, on),
        "facts": facts_of(problem),
        "history": history_of(problem),
        "form": form,
    }
    return render(request, "assessments/problem_detail.html", context)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def outcomes_for(request: HttpRequest, problem: ReportedProblem, on: date) -> list[str]:
    """Return what the account may do about a problem now."""
    user = account(request)
    if problem.state == ProblemState.SOLVED:
        return []
    found: list[str] = []
    if post_for(problem, user, HANDLING, on=on) is not None:
        found += [ProblemOutcome.SOLVE, ProblemOutcome.EXTEND]
    if post_for(problem, user, UPWARDS, on=on) is not None:
        found.append(ProblemOutcome.ESCALATE)
        if problem.state == ProblemState.ESCALATED:
            found.append(ProblemOutcome.REPLY)
    return found


def _carry_out(request: HttpRequest, problem: ReportedProblem, form: HandleForm | None) -> HttpResponse | None:
    url = reverse("assessments:problem", args=[problem.pk])
    if form is None:
        if request.POST.get("revision") != str(problem.revision):
            last = problem.steps.order_by("-sequence").first()
            return moved(request, last, last.get_outcome_display() if last else "", url)
        not_allowed(request, NotAllowed(), ReportedProblem, problem.pk)
    if not form.is_valid():
        return None
    kept = form.cleaned_data
    try:
        handle_problem(
            problem_id=problem.pk,
            outcome=kept["outcome"],
            revision=kept["revision"],
            words=kept["words"],
            handled_by=account(request),
            at=clock.now(),
            due_date=kept["due_date"],
            level=kept["level"],
        )
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except ProblemMoved as error:
        last = error.last_step
        return moved(request, last, last.get_outcome_display() if last else "", url)
    except NotAllowed as error:
        not_allowed(request, error, ReportedProblem, problem.pk)
    messages.success(request, _("It is written down."))
    return redirect("assessments:problem", problem_id=problem.pk)


def facts_of(problem: ReportedProblem) -> list[Fact]:
    facts = [
        Fact(_("Category"), problem.category.name),
        Fact(_("Place"), str(problem.division)),
        Fact(_("Who solves it"), problem.owner.name),
        Fact(_("Deadline"), show_day(problem.due_date)),
        Fact(_("Registered by"), problem.reported_by.name, show_day(clock.day_of(problem.reported_at))),
    ]
    if problem.item is not None:
        facts.append(Fact(_("Found at"), problem.item.loan.contract_number, problem.item.inspection.title, mono=True))
    if problem.escalated_to:
        answered = _("answered") if problem.has_reply else _("not answered yet")
        facts.append(Fact(_("Reported to"), str(problem.get_escalated_to_display()), answered))
    if problem.solved_on:
        facts.append(Fact(_("Solved on"), show_day(problem.solved_on)))
    return [*facts, Fact(_("Problem"), problem.text, wide=True)]
