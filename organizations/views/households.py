"""Households and their members."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.access import SignedInRequest, demand, get_in_scope
from organizations import operations, queries
from organizations.forms import HouseholdChangeForm, HouseholdForm, HouseholdMemberForm, PeopleFilter
from organizations.models import Household, Person
from organizations.operations import Refused
from organizations.scope import KEEPING_VERBS, READING_VERBS
from organizations.views.pages import form_page, list_page
from organizations.views.reach import divisions_to_filter, keeping_scope, reading_scope, villages_to_keep
from web import clock


@require_safe
def household_list(request: SignedInRequest) -> HttpResponse:
    demand(request, *READING_VERBS)
    scope = reading_scope(request)
    form = PeopleFilter(request.GET, divisions=divisions_to_filter(scope))
    form.fields["q"].label = _("Household number or name of a member")
    wanted = form.wanted
    poor = wanted.pop("poor", False)
    today = clock.today()
    rows = queries.get_households(scope=scope, poor_on=today if poor else None, **wanted)
    context = {"may_keep": bool(keeping_scope(request)), "today": today}
    return list_page(request, "organizations/household_list.html", form=form, rows=rows, **context)


@require_safe
def household_detail(request: SignedInRequest, household_id: int) -> HttpResponse:
    household = get_in_scope(queries.households_in_full(), reading_scope(request), household_id, request)
    context = {
        "household": household,
        "members": sorted(household.members.all(), key=lambda p: (p.relation != "head", p.birth_date)),
        "is_poor": household.is_registered_poor(clock.today()),
        "may_keep": keeping_scope(request).covers_division(household.division.path),
    }
    return render(request, "organizations/household_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def household_add(request: SignedInRequest) -> HttpResponse:
    demand(request, *KEEPING_VERBS)
    form = HouseholdForm(request.POST or None, divisions=villages_to_keep(request))

    def act(**cleaned: Any) -> str:
        household = operations.create_household(created_by=request.user, created_at=clock.now(), **cleaned)
        messages.success(request, _("Household %(code)s has been added.") % {"code": household})
        return reverse("organizations:household", args=[household.pk])

    return form_page(request, form, act=act, title=_("New household"), back=reverse("organizations:households"))


def _kept(request: SignedInRequest, household_id: int) -> Household:
    return get_in_scope(queries.households_in_full(), keeping_scope(request), household_id, request)


@require_http_methods(["GET", "HEAD", "POST"])
def household_change(request: SignedInRequest, household_id: int) -> HttpResponse:
    household = _kept(request, household_id)
    form = HouseholdChangeForm(
        request.POST or None,
        initial={"address": household.address, "poor_from": household.poor_from, "poor_to": household.poor_to},
    )
    back = reverse("organizations:household", args=[household.pk])

    def act(**cleaned: Any) -> str:
        operations.change_household(
            household=household, changed_by=request.user, changed_at=clock.now(), **cleaned
        )  # fmt: skip
        messages.success(request, _("The changes have been saved."))
        return back

    return form_page(request, form, act=act, title=_("Change household %(code)s") % {"code": household}, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def household_add_member(request: SignedInRequest, household_id: int) -> HttpResponse:
    household = _kept(request, household_id)
    back = reverse("organizations:household", args=[household.pk])

    def act(id_number: str, relation: str) -> str:
        person = queries.find_person(operations.checked_id_number(id_number))
        if person is None or not keeping_scope(request).covers_division(person.division.path):
            raise Refused(_("Nobody with this ID number is in the register of your area."), "id_number")
        operations.add_member(
            household=household, person=person, relation=relation, added_by=request.user, added_at=clock.now()
        )
        messages.success(request, _("%(name)s belongs to the household now.") % {"name": person})
        return back

    title = _("New member of household %(code)s") % {"code": household}
    return form_page(request, HouseholdMemberForm(request.POST or None), act=act, title=title, back=back)


@require_POST
def household_remove_member(request: SignedInRequest, household_id: int, person_id: int) -> HttpResponse:
    household, person = _kept(request, household_id), _member(request, household_id, person_id)
    return _act(
        request,
        household,
        lambda: operations.remove_member(person=person, removed_by=request.user, removed_at=clock.now()),
    )


@require_POST
def household_set_head(request: SignedInRequest, household_id: int, person_id: int) -> HttpResponse:
    household, person = _kept(request, household_id), _member(request, household_id, person_id)
    return _act(
        request,
        household,
        lambda: operations.set_head(person=person, changed_by=request.user, changed_at=clock.now()),
    )


def _member(request: SignedInRequest, household_id: int, person_id: int) -> Person:
    people = queries.people_in_full().filter(household=household_id)
    return get_in_scope(people, keeping_scope(request), person_id, request)


def _act(request: SignedInRequest, household: Household, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The changes have been saved."))
    return redirect("organizations:household", household.pk)
