"""Before an application: the number first, registering on the way, what is known already, what to bring."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import Verb
from audit.access import SignedInRequest, demand, get_in_scope, refuse
from loans.choices import BorrowerKind
from loans.forms.applicants import ChecklistForm, RegisterApplicantForm
from loans.forms.applications import ApplicantPageForm, FormOptions
from loans.forms.search import ApplicantSearchForm
from loans.models import Application, ProgrammeVersion
from loans.operations import Blocked, NotAllowed as CaseNotAllowed
from loans.operations.applicants import register_applicant
from loans.operations.applications import ApplicationData
from loans.operations.drafts import begin_draft
from loans.queries.applicants import Known, known_of
from loans.queries.drafts import CHECKLIST_DATA, pages_of
from loans.queries.papers import documents_asked
from loans.queries.programmes import versions_for_new_cases
from loans.queries.register import (
    NumberNote,
    branches_for,
    entities_in_being,
    find_entities,
    find_people,
    note_on_number,
    outlets_for,
    people_with_place,
)
from loans.queries.versions import published_version
from loans.views.access import not_allowed as answer_refusal
from organizations.models import Person
from organizations.operations import AlreadyRegistered, NotAllowed, Refused
from organizations.queries import get_villages
from web import clock
from web.text import number_in

COUNTY_DIGITS = 6


@sensitive_variables("text", "note")
@require_http_methods(["GET", "HEAD", "POST"])
def find_applicant(request: SignedInRequest) -> HttpResponse:
    """Search the register by POST: an identity number must not stand in an address or a log."""
    demand(request, Verb.REFER)
    on = clock.today()
    scope = request.user.people_scope(Verb.REFER, on=on)
    form = ApplicantSearchForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "searched": False}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        note = note_on_number(scope=scope, text=text)
        people, entities = find_people(scope=scope, text=text), find_entities(scope=scope, text=text, on=on)
        context |= {"searched": True, "people": people, "entities": entities, "note": note}
        if not people and not entities and (note is None or note.is_free):
            number = note.number if note else ""
            context["register_form"] = register_form(request, initial={"id_number": number})
    return render(request, "loans/find_applicant.html", context)


@sensitive_variables("text")
@require_POST
def check_applicant(request: SignedInRequest) -> HttpResponse:
    """What a number tells while it is being typed: its check character, who holds it (a fragment)."""
    demand(request, Verb.REFER)
    form = ApplicantSearchForm(request.POST)
    note: NumberNote | None = None
    if form.is_valid():
        scope = request.user.people_scope(Verb.REFER, on=clock.today())
        note = note_on_number(scope=scope, text=form.cleaned_data["text"])
    return render(request, "loans/_number_note.html", {"note": note})


def register_form(request: SignedInRequest, **kwargs: Any) -> RegisterApplicantForm:
    scope = request.user.people_scope(Verb.REFER, on=clock.today())
    villages = get_villages(scope=scope)
    only = list(villages[:2])
    initial = kwargs.pop("initial", {}) | ({"division": only[0]} if len(only) == 1 else {})
    return RegisterApplicantForm(
        request.POST if kwargs.pop("is_posted", False) else None,
        divisions=villages,
        scope=scope,
        initial=initial,
        **kwargs,
    )


@require_POST
def register(request: SignedInRequest) -> HttpResponse:
    """Write somebody new into the register and go on with his application."""
    demand(request, Verb.REFER)
    form = register_form(request, is_posted=True)
    if form.is_valid():
        try:
            person = register_applicant(
                **form.applicant(), registered_by=request.user, registered_at=clock.now()
            )  # fmt: skip
            return redirect(new_url(person))
        except AlreadyRegistered as error:
            # A second click: the first one has registered him.
            scope = request.user.people_scope(Verb.REFER, on=clock.today())
            if scope.covers_division(error.person.division.path) and error.person.name == form.cleaned_data["name"]:
                return redirect(new_url(error.person))
            form.add_error("id_number", str(error))
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except NotAllowed:
            refuse(request)
    context = {"form": ApplicantSearchForm(), "searched": True, "register_form": form, "people": [], "entities": []}
    return render(request, "loans/find_applicant.html", context)


def new_url(person: Person) -> str:
    return f"{reverse('loans:application-new')}?person={person.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Page 1 of a new application, for the person named in the address. Saved, it is a draft."""
    demand(request, Verb.REFER)
    on = clock.today()
    key = request.POST.get("person", "") or request.GET.get("person", "")
    if not key:
        return redirect("loans:find-applicant")
    person = person_or_404(request, key, on=on)
    versions = versions_for_new_cases(county_path=person.division.path[:COUNTY_DIGITS], on=on)
    options = options_for(request, person, versions, on=on)
    form = ApplicantPageForm(request.POST or None, options=options, initial=first_guess(request, options))
    if request.method == "POST" and form.is_valid():
        answer = begin(request, person, form)
        if answer is not None:
            return answer
    known = known_of(person, request.user, on=on)
    return render(request, "loans/application_applicant.html", applicant_context(request, person, form, known))


def applicant_context(
    request: SignedInRequest, person: Person, form: ApplicantPageForm, known: Known, case: Application | None = None
) -> dict[str, Any]:
    """Return what page 1 shows, before and after there is a draft."""
    on = clock.today()
    kind = form["borrower_kind"].value() or BorrowerKind.HOUSEHOLD
    version = form["version"].value() or ""
    return {
        "form": form,
        "person": person,
        "age": person.age_on(on),
        "known": known,
        "case": case,
        "page_kind": "applicant",
        "checklist_url": f"{reverse('loans:checklist')}?version={version}&borrower_kind={kind}",
    }


def begin(request: SignedInRequest, person: Person, form: ApplicantPageForm) -> HttpResponse | None:
    """Write the draft and go on to page 2; None when the page must be shown again with the reasons."""
    kept = form.cleaned_data
    data = ApplicationData(
        version_id=kept["version"],
        borrower_kind=kept["borrower_kind"],
        person_id=person.pk,
        branch_id=kept["branch"],
        outlet_id=kept["outlet"],
        entity_id=kept["entity"],
    )
    try:
        case = begin_draft(
            data=data, request_id=kept["request_id"], begun_by=request.user, begun_at=clock.now()
        )  # fmt: skip
    except Blocked as error:
        form.add_problems(error.problems)
        return None
    except CaseNotAllowed as error:
        answer_refusal(request, error)
    return redirect("loans:application-page", case_id=case.pk, page=pages_of(published_version(case.version_id))[1])


def person_or_404(request: SignedInRequest, key: str, *, on: date) -> Person:
    """Return the person if he is in the register of the clerk's area; whoever else does not exist."""
    number = number_in(key)
    if number is None:
        refuse(request, Person, key[:18])
    scope = request.user.people_scope(Verb.REFER, on=on)
    return get_in_scope(people_with_place(), scope, number, request)


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
    )


def first_guess(request: SignedInRequest, options: FormOptions) -> dict[str, Any]:
    """Return what a new form begins with: the applicant's branch and the outlet that serves his village."""
    entity = number_in(request.GET.get("entity", ""))
    known = {body.pk: body.kind for body in options.entities}
    guess: dict[str, Any] = {"branch": options.branches.first, "outlet": options.outlets.first}
    if options.versions:
        guess["version"] = options.versions[0].pk
    if entity in known:
        guess |= {"entity": entity, "borrower_kind": known[entity]}
    return guess


@require_safe
def checklist(request: SignedInRequest) -> HttpResponse:
    """The papers and data that one kind of borrower brings, on one sheet: one visit is enough."""
    demand(request, Verb.REFER)
    on = clock.today()
    counties = request.user.people_scope(Verb.REFER, on=on).division_paths
    county = min(counties, default="")[:COUNTY_DIGITS]
    versions = versions_for_new_cases(county_path=county, on=on)
    form = ChecklistForm(request.GET or None, versions=versions)
    version = form.chosen_version
    context: dict[str, Any] = {"form": form, "version": version, "today": on}
    if version is not None:
        kind = form.chosen_kind
        context |= {
            "kind_label": BorrowerKind(kind).label,
            "papers": documents_asked(version, kind),
            "data": [label for label, kinds in CHECKLIST_DATA if not kinds or kind in kinds],
        }
    status = HTTPStatus.OK if version is not None else HTTPStatus.NOT_FOUND
    return render(request, "loans/checklist.html", context, status=status)
