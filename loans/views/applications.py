"""The clerk's page: find the applicant, write down what he says, save or submit."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import Verb
from audit.access import SignedInRequest, demand, get_in_scope, refuse
from loans.forms.applications import ApplicationForm, FormOptions, initial_of
from loans.forms.search import ApplicantSearchForm
from loans.models import Application, ProgrammeVersion
from loans.operations import (
    Blocked,
    Conflict,
    NotAllowed,
    create_application,
    edit_application,
    submit_application,
)
from loans.operations.applications import says_the_same
from loans.queries.detail import return_of
from loans.queries.programmes import versions_for_new_cases
from loans.queries.register import (
    branches_for,
    entities_in_being,
    find_entities,
    find_people,
    outlets_for,
    people_with_place,
)
from loans.views.access import DIGITS_MAX, case_or_404, conflict, conflict_page, not_allowed
from organizations.models import Person
from web import clock

COUNTY_DIGITS = 6
SUBMIT = "submit"


@require_http_methods(["GET", "HEAD", "POST"])
def find_applicant(request: SignedInRequest) -> HttpResponse:
    """Search the register by POST: an identity number must not stand in an address or a log."""
    demand(request, Verb.REFER)
    on = clock.today()
    scope = request.user.people_scope(Verb.REFER, on=on)
    form = ApplicantSearchForm(request.POST or None)
    found: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        found["people"] = find_people(scope=scope, text=text)
        found["entities"] = find_entities(scope=scope, text=text, on=on)
    return render(request, "loans/find_applicant.html", {"form": form, "searched": bool(found), **found})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """A new application for the person named in the address."""
    demand(request, Verb.REFER)
    on = clock.today()
    key = request.POST.get("person", "") or request.GET.get("person", "")
    if not key:
        return redirect("loans:find-applicant")
    person = person_or_404(request, key, on=on)
    versions = versions_for_new_cases(county_path=person.division.path[:COUNTY_DIGITS], on=on)
    options = options_for(request, person, versions, on=on)
    form = application_form(request, person, options, initial=first_guess(request, options))
    if request.method == "POST" and form.is_valid():
        answer = write_down(request, form)
        if answer is not None:
            return answer
    return render(request, "loans/application.html", {"form": form, "person": person, "case": None, "returned": None})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, case_id: int) -> HttpResponse:
    """A draft, or a case returned to the clerk."""
    on = clock.today()
    case = case_or_404(request, case_id, on=on)
    if request.user.post_covering(Verb.REFER, case.place, on=on) is None:
        refuse(request, Application, case_id)
    options = options_for(request, case.person, [case.version], on=on)
    form = application_form(request, case.person, options, initial=initial_of(case))
    if not case.is_editable:
        return moved_answer(request, case, form)
    if request.method == "POST" and form.is_valid():
        answer = write_down(request, form, case=case)
        if answer is not None:
            return answer
    context = {"form": form, "person": case.person, "case": case, "returned": return_of(case)}
    return render(request, "loans/application.html", context)


def moved_answer(request: SignedInRequest, case: Application, form: ApplicationForm) -> HttpResponse:
    """Answer for a case that is no longer the clerk's: a second click is done, a bookmark leads to the case."""
    if request.method != "POST":
        messages.info(request, _("This application is no longer open for changes."))
    elif not (form.is_valid() and says_the_same(case, form.application_data())):
        return conflict_page(request, case, next(iter(case.decisions.all()), None))
    return redirect("loans:case", case_id=case.pk)


def person_or_404(request: SignedInRequest, key: str, *, on: date) -> Person:
    """Return the person if he is in the register of the clerk's area; whoever else does not exist."""
    if not (key.isascii() and key.isdigit() and len(key) < DIGITS_MAX):
        refuse(request, Person, key[:18])
    scope = request.user.people_scope(Verb.REFER, on=on)
    return get_in_scope(people_with_place(), scope, int(key), request)


def options_for(
    request: SignedInRequest, person: Person, versions: list[ProgrammeVersion], *, on: date
) -> FormOptions:  # fmt: skip
    user = request.user
    scope = user.people_scope(Verb.REFER, on=on)
    return FormOptions(
        versions=versions,
        branches=branches_for(person=person, scope=user.scope(Verb.REFER, on=on), on=on),
        outlets=outlets_for(division=person.division, on=on),
        entities=list(entities_in_being(scope=scope, on=on).order_by("pinyin", "pk")),
        scope=scope,
    )


def first_guess(request: SignedInRequest, options: FormOptions) -> dict[str, Any]:
    """Return what a new form begins with: the applicant's branch and the outlet that serves his village."""
    entity = request.GET.get("entity", "")
    known = {body.pk: body.kind for body in options.entities}
    guess: dict[str, Any] = {"branch": options.branches.first, "outlet": options.outlets.first, "term_months": 12}
    if options.versions:
        guess["version"] = options.versions[0].pk
    if entity.isascii() and entity.isdigit() and len(entity) < DIGITS_MAX and int(entity) in known:
        guess |= {"entity": int(entity), "borrower_kind": known[int(entity)]}
    return guess


def application_form(
    request: SignedInRequest, person: Person, options: FormOptions, *, initial: dict[str, Any]
) -> ApplicationForm:
    return ApplicationForm(
        request.POST or None,
        person=person,
        options=options,
        action=request.POST.get("action", SUBMIT),
        initial=initial,
    )


def write_down(
    request: SignedInRequest, form: ApplicationForm, case: Application | None = None
) -> HttpResponse | None:
    """Save or submit; None when the page must be shown again with the reasons."""
    is_submitted = request.POST.get("action") == SUBMIT
    try:
        written = submit(request, form, case) if is_submitted else save(request, form, case)
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except Conflict as error:
        # A second click posts what the first one wrote.
        if says_the_same(error.application, form.application_data()):
            return redirect("loans:case", case_id=error.application.pk)
        return conflict(request, error)
    except NotAllowed as error:
        not_allowed(request, error, case_id=case.pk if case else None)
    text = _("%(number)s is submitted.") if is_submitted else _("%(number)s is saved as a draft.")
    messages.success(request, text % {"number": written.number})
    return redirect("loans:case", case_id=written.pk)


def save(request: SignedInRequest, form: ApplicationForm, case: Application | None) -> Application:
    if case is None:
        return create_application(
            data=form.application_data(),
            request_id=form.cleaned_data["request_id"],
            created_by=request.user,
            created_at=clock.now(),
        )
    return edit_application(
        application_id=case.pk,
        data=form.application_data(),
        revision=form.cleaned_data["revision"] or 0,
        edited_by=request.user,
        edited_at=clock.now(),
    )


def submit(request: SignedInRequest, form: ApplicationForm, case: Application | None) -> Application:
    return submit_application(
        data=form.application_data(),
        request_id=form.cleaned_data["request_id"],
        submitted_by=request.user,
        submitted_at=clock.now(),
        application_id=case.pk if case else None,
        revision=form.cleaned_data["revision"] or 0,
    )
