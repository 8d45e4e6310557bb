"""Cooperatives, collectives, family farms and enterprises."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.access import SignedInRequest, demand, get_in_scope
from organizations import operations, queries
from organizations.forms import EntityChangeForm, EntityFilter, EntityForm, LastDayForm
from organizations.models import Entity, Person
from organizations.operations import Refused
from organizations.scope import KEEPING_VERBS, READING_VERBS
from organizations.views.pages import form_page, list_page
from organizations.views.reach import divisions_to_filter, keeping_scope, reading_scope, villages_to_keep
from web import clock


@require_safe
def entity_list(request: SignedInRequest) -> HttpResponse:
    demand(request, *READING_VERBS)
    scope = reading_scope(request)
    form = EntityFilter(request.GET, divisions=divisions_to_filter(scope))
    form.fields["q"].label = _("Name, pinyin initials or code")
    rows = queries.get_entities(scope=scope, **form.wanted)
    context = {"may_keep": bool(keeping_scope(request)), "today": clock.today()}
    return list_page(request, "organizations/entity_list.html", form=form, rows=rows, **context)


@require_safe
def entity_detail(request: SignedInRequest, entity_id: int) -> HttpResponse:
    entity = get_in_scope(queries.entities_in_full(), reading_scope(request), entity_id, request)
    context = {"entity": entity, "may_keep": keeping_scope(request).covers_division(entity.division.path)}
    return render(request, "organizations/entity_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def entity_register(request: SignedInRequest) -> HttpResponse:
    demand(request, *KEEPING_VERBS)

    def act(representative: str, **cleaned: Any) -> str:
        entity = operations.register_entity(
            representative=_representative(request, representative),
            registered_by=request.user,
            registered_at=clock.now(),
            **cleaned,
        )
        messages.success(request, _("%(name)s has been registered.") % {"name": entity})
        return reverse("organizations:entity", args=[entity.pk])

    form = EntityForm(request.POST or None, divisions=villages_to_keep(request))
    title = _("Register a cooperative or collective")
    return form_page(request, form, act=act, title=title, back=reverse("organizations:entities"))


def _representative(request: SignedInRequest, id_number: str) -> Person | None:
    """Return the person with this number. Raises Refused when nobody within reach has it."""
    if not id_number:
        return None
    try:
        person = queries.find_person(operations.checked_id_number(id_number))
    except Refused as error:
        raise Refused(str(error), "representative") from error
    if person is None or not reading_scope(request).covers_division(person.division.path):
        raise Refused(_("Nobody with this ID number is in the register of your area."), "representative")
    return person


def _kept(request: SignedInRequest, entity_id: int) -> Entity:
    return get_in_scope(queries.entities_in_full(), keeping_scope(request), entity_id, request)


@require_http_methods(["GET", "HEAD", "POST"])
def entity_change(request: SignedInRequest, entity_id: int) -> HttpResponse:
    entity = _kept(request, entity_id)
    form = EntityChangeForm(
        request.POST or None, initial={"name": entity.name, "registration_code": entity.registration_code}
    )
    back = reverse("organizations:entity", args=[entity.pk])

    def act(representative: str, **cleaned: Any) -> str:
        operations.change_entity(
            entity=entity,
            representative=_representative(request, representative) or entity.representative,
            changed_by=request.user,
            changed_at=clock.now(),
            **cleaned,
        )
        messages.success(request, _("The changes have been saved."))
        return back

    return form_page(request, form, act=act, title=_("Change “%(name)s”") % {"name": entity}, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def entity_dissolve(request: SignedInRequest, entity_id: int) -> HttpResponse:
    entity = _kept(request, entity_id)
    form = LastDayForm(request.POST or None, initial={"last_day": clock.today()})
    back = reverse("organizations:entity", args=[entity.pk])

    def act(last_day: Any) -> str:
        operations.dissolve_entity(
            entity=entity, last_day=last_day, changed_by=request.user, changed_at=clock.now()
        )  # fmt: skip
        messages.success(request, _("The changes have been saved."))
        return back

    return form_page(request, form, act=act, title=_("Dissolve “%(name)s”") % {"name": entity}, back=back)
