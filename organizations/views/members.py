"""The register of Party members: read by those who keep or decide, written by the organisation department."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.access import SignedInRequest, demand, get_in_scope, refuse
from organizations import operations, queries
from organizations.forms import AdmitForm, FullMemberForm, LeaveForm, MemberFilter, StandingForm, TransferForm
from organizations.models import PartyMember
from organizations.scope import READING_VERBS
from organizations.views.pages import form_page, list_page
from organizations.views.reach import branches_to_manage, divisions_to_filter, managing_scope, reading_scope
from web import clock


@require_safe
def member_list(request: SignedInRequest) -> HttpResponse:
    demand(request, *READING_VERBS)
    scope = reading_scope(request)
    form = MemberFilter(request.GET, divisions=divisions_to_filter(scope))
    rows = queries.get_members(scope=scope, on=clock.today(), **form.wanted)
    return list_page(request, "organizations/member_list.html", form=form, rows=rows)


@require_http_methods(["GET", "HEAD", "POST"])
def admit(request: SignedInRequest, person_id: int) -> HttpResponse:
    person = get_in_scope(queries.people_in_full(), managing_scope(request), person_id, request)
    form = AdmitForm(request.POST or None, branches=branches_to_manage(request))
    back = reverse("organizations:person", args=[person.pk])

    def act(**cleaned: Any) -> str:
        operations.admit_member(person=person, admitted_by=request.user, admitted_at=clock.now(), **cleaned)
        messages.success(request, _("%(name)s is in the register of Party members now.") % {"name": person})
        return back

    title = _("Register “%(name)s” as a Party member") % {"name": person}
    return form_page(request, form, act=act, title=title, back=back)


def _managed(request: SignedInRequest, member_id: int) -> PartyMember:
    member = get_object_or_404(PartyMember.objects.select_related("person__division"), pk=member_id)
    if not managing_scope(request).covers_division(member.person.division.path):
        refuse(request, PartyMember, member_id)
    return member


def _member_page(
    request: SignedInRequest, member: PartyMember, form: Any, operation: Callable[..., None], title: str, actor: str
) -> HttpResponse:
    """A page that changes one membership; `actor` is how the operation calls who does it (changed, moved)."""
    back = reverse("organizations:person", args=[member.person_id])

    def act(**cleaned: Any) -> str:
        operation(member=member, **{f"{actor}_by": request.user, f"{actor}_at": clock.now()}, **cleaned)
        messages.success(request, _("The changes have been saved."))
        return back

    return form_page(request, form, act=act, title=title % {"name": member}, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def make_full(request: SignedInRequest, member_id: int) -> HttpResponse:
    member = _managed(request, member_id)
    form = FullMemberForm(request.POST or None, initial={"full_from": clock.today()})
    return _member_page(
        request, member, form, operations.make_full, _("“%(name)s” becomes a full member"), "changed"
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: SignedInRequest, member_id: int) -> HttpResponse:
    member = _managed(request, member_id)
    form = TransferForm(
        request.POST or None, branches=branches_to_manage(request), initial={"first_day": clock.today()}
    )  # fmt: skip
    return _member_page(
        request, member, form, operations.transfer_member, _("Transfer “%(name)s” to another branch"), "moved"
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: SignedInRequest, member_id: int) -> HttpResponse:
    member = _managed(request, member_id)
    form = StandingForm(request.POST or None, initial={"standing": member.standing})
    return _member_page(request, member, form, operations.set_standing, _("Standing of “%(name)s”"), "changed")


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedInRequest, member_id: int) -> HttpResponse:
    member = _managed(request, member_id)
    form = LeaveForm(request.POST or None, initial={"left_on": clock.today()})
    return _member_page(
        request, member, form, operations.end_membership, _("“%(name)s” leaves the Party"), "changed"
    )  # fmt: skip
