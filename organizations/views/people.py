"""The register of people. Numbers and telephones are masked; the full number needs a reason and is recorded."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.access import SignedInRequest, address_of, demand, get_in_scope, note_denial
from organizations import operations, queries
from organizations.forms import (
    IdNumberForm,
    MovePersonForm,
    PeopleFilter,
    PersonChangeForm,
    PersonForm,
    RevealForm,
)
from organizations.models import Person
from organizations.operations import NotAllowed, Refused, TooManyReveals
from organizations.scope import KEEPING_VERBS, READING_VERBS, REVEALING_VERBS
from organizations.views.pages import form_page, list_page
from organizations.views.reach import (
    divisions_to_filter,
    keeping_scope,
    managing_scope,
    reading_scope,
    villages_to_keep,
)
from web import clock
from web.forms import IdNumberField


@require_safe
def person_list(request: SignedInRequest) -> HttpResponse:
    demand(request, *READING_VERBS)
    scope = reading_scope(request)
    form = PeopleFilter(request.GET, divisions=divisions_to_filter(scope))
    wanted = form.wanted
    poor = wanted.pop("poor", False)
    rows = queries.get_people(scope=scope, poor_on=clock.today() if poor else None, **wanted)
    context = {"may_keep": bool(keeping_scope(request)), "today": clock.today()}
    return list_page(request, "organizations/person_list.html", form=form, rows=rows, **context)


@require_safe
def person_detail(request: SignedInRequest, person_id: int) -> HttpResponse:
    person = _readable(request, person_id)
    return render(request, "organizations/person_detail.html", _person_context(request, person))


def _readable(request: SignedInRequest, person_id: int) -> Person:
    return get_in_scope(queries.people_in_full(), reading_scope(request), person_id, request)


def _person_context(request: SignedInRequest, person: Person) -> dict[str, Any]:
    member = queries.membership_of(person)
    household = person.household
    today = clock.today()
    return {
        "person": person,
        "age": person.age_on(today),
        "housemates": [mate for mate in household.members.all() if mate.pk != person.pk] if household else [],
        "is_poor": household.is_registered_poor(today) if household else False,
        "member": member,
        "history": queries.history_of(member) if member else [],
        "may_keep": keeping_scope(request).covers_division(person.division.path),
        "may_manage": managing_scope(request).covers_division(person.division.path),
        "may_reveal": request.user.people_scope(*REVEALING_VERBS, on=today).covers_division(person.division.path),
        "reveal_form": RevealForm(),
    }


@sensitive_variables("number")
@require_POST
def reveal(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Show the full number once. The line of the audit trail is written before, in the same transaction."""
    person = _readable(request, person_id)
    form = RevealForm(request.POST)
    context: dict[str, Any] = {"person": person, "reveal_form": form}
    status = HTTPStatus.OK
    if form.is_valid():
        try:
            context["number"] = operations.reveal_id_number(
                person=person,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=clock.now(),
                address=address_of(request),
            )
        except NotAllowed:
            note_denial(request, Person, person_id)
            status = HTTPStatus.NOT_FOUND
        except TooManyReveals as error:
            note_denial(request, Person, person_id)
            context["problem"], status = str(error), HTTPStatus.TOO_MANY_REQUESTS
    if request.headers.get("HX-Request"):
        return render(request, "organizations/_id_number.html", {**context, "may_reveal": True}, status=status)
    return render(
        request, "organizations/person_detail.html", {**_person_context(request, person), **context}, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
def person_register(request: SignedInRequest) -> HttpResponse:
    """The identity number first: it finds somebody already known."""
    demand(request, *KEEPING_VERBS)
    form = PersonForm(request.POST or None, divisions=villages_to_keep(request), initial=_only_village(request))

    def act(**cleaned: Any) -> str:
        person = operations.register_person(registered_by=request.user, registered_at=clock.now(), **cleaned)
        messages.success(request, _("%(name)s has been registered.") % {"name": person})
        return reverse("organizations:person", args=[person.pk])

    return form_page(
        request,
        form,
        act=act,
        title=_("Register a person"),
        back=reverse("organizations:people"),
        template="organizations/person_form.html",
        scope=keeping_scope(request),
        existing=_existing_in_reach(request, form),
    )


def _only_village(request: SignedInRequest) -> dict[str, Any]:
    villages = list(villages_to_keep(request)[:2])
    return {"division": villages[0]} if len(villages) == 1 else {}


def _existing_in_reach(request: SignedInRequest, form: PersonForm) -> Person | None:
    """Who holds the typed number already, if the account may know him."""
    return _find(request, form.data.get("id_number", "")) if form.is_bound else None


def _find(request: SignedInRequest, typed: str) -> Person | None:
    try:
        person = queries.find_person(operations.checked_id_number(IdNumberField(required=False).clean(typed)))
    except Refused:
        return None
    if person is None or not reading_scope(request).covers_division(person.division.path):
        return None
    return person


@sensitive_variables("typed", "number")
@require_POST
def check_number(request: SignedInRequest) -> HttpResponse:
    """What a typed number tells: who holds it, or birth date and sex. Asked for while the form is being filled."""
    demand(request, *KEEPING_VERBS)
    typed = IdNumberField(required=False).clean(request.POST.get("id_number", ""))
    context: dict[str, Any] = {}
    if typed:
        try:
            number = operations.checked_id_number(typed)
        except Refused as error:
            context["problem"] = str(error)
        else:
            context |= {"number": number, "is_known": queries.find_person(number) is not None}
            context["existing"] = _find(request, typed)
    return render(request, "organizations/_number_check.html", context)


def _kept(request: SignedInRequest, person_id: int) -> Person:
    return get_in_scope(queries.people_in_full(), keeping_scope(request), person_id, request)


@require_http_methods(["GET", "HEAD", "POST"])
def person_change(request: SignedInRequest, person_id: int) -> HttpResponse:
    person = _kept(request, person_id)
    form = PersonChangeForm(
        request.POST or None, initial={"name": person.name, "ethnic_group": person.ethnic_group}
    )  # fmt: skip
    back = reverse("organizations:person", args=[person.pk])

    def act(**cleaned: Any) -> str:
        operations.change_person(person=person, changed_by=request.user, changed_at=clock.now(), **cleaned)
        messages.success(request, _("The changes have been saved."))
        return back

    return form_page(request, form, act=act, title=_("Change “%(name)s”") % {"name": person}, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def person_correct_number(request: SignedInRequest, person_id: int) -> HttpResponse:
    person = _kept(request, person_id)
    form = IdNumberForm(request.POST or None)
    back = reverse("organizations:person", args=[person.pk])

    def act(**cleaned: Any) -> str:
        operations.correct_id_number(person=person, changed_by=request.user, changed_at=clock.now(), **cleaned)
        messages.success(request, _("The ID number has been corrected."))
        return back

    title = _("Correct the ID number of “%(name)s”") % {"name": person}
    return form_page(request, form, act=act, title=title, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def person_move(request: SignedInRequest, person_id: int) -> HttpResponse:
    person = _kept(request, person_id)
    form = MovePersonForm(request.POST or None, divisions=villages_to_keep(request))
    back = reverse("organizations:person", args=[person.pk])

    def act(division: Any) -> str:
        operations.move_person(person=person, division=division, moved_by=request.user, moved_at=clock.now())
        messages.success(request, _("%(name)s now lives in %(village)s.") % {"name": person, "village": division})
        return back

    return form_page(
        request, form, act=act, title=_("Move “%(name)s” to another village") % {"name": person}, back=back
    )
