"""Moving and closing organizations: pages of the registers whose acts reach into the cases, so the root connects."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.access import SignedInRequest, refuse
from loans.operations import relocation
from organizations import queries
from organizations.forms import LastDayForm, MoveForm
from organizations.models import Organization
from organizations.views.pages import form_page
from organizations.views.reach import managing_scope
from web import clock


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedInRequest, organization_id: int) -> HttpResponse:
    """First the new organization above is searched, then the move is confirmed. The choice stands in the address."""
    organization = _managed(request, organization_id)
    key = request.GET.get("parent", "")
    if not key.isdecimal():
        return _choose_parent(request, organization)
    parent = _managed(request, int(key))
    back = reverse("organizations:detail", args=[organization.pk])

    def act(confirmed: bool) -> str:
        relocation.relocate(
            organization=organization,
            parent=parent,
            moved_by=request.user,
            moved_at=clock.now(),
            confirmed=confirmed,
        )
        messages.success(request, _("“%(name)s” has been moved.") % {"name": organization})
        return back

    return form_page(
        request,
        MoveForm(request.POST or None),
        act=act,
        title=_("Move “%(name)s”") % {"name": organization},
        back=back,
        template="organizations/move.html",
        organization=organization,
        before=Organization.objects.get_parent(organization),
        parent=parent,
    )


def _choose_parent(request: SignedInRequest, organization: Organization) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    found = queries.find_organizations(text=text, scope=managing_scope(request), on=clock.today())
    context = {"organization": organization, "found": found, "q": text}
    return render(request, "organizations/move_where.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedInRequest, organization_id: int) -> HttpResponse:
    organization = _managed(request, organization_id)
    back = reverse("organizations:detail", args=[organization.pk])

    def act(last_day: Any) -> str:
        relocation.close_organization(
            organization=organization, last_day=last_day, closed_by=request.user, closed_at=clock.now()
        )
        messages.success(request, _("“%(name)s” has been closed.") % {"name": organization})
        return back

    return form_page(
        request,
        LastDayForm(request.POST or None, initial={"last_day": clock.today()}),
        act=act,
        title=_("Close “%(name)s”") % {"name": organization},
        back=back,
    )


def _managed(request: SignedInRequest, organization_id: int) -> Organization:
    """Return an organization within the account's reach; for everybody else it does not exist."""
    organizations = Organization.objects.select_related("division")
    organization: Organization = get_object_or_404(organizations, pk=organization_id)
    if not managing_scope(request).covers_division(organization.division.path):
        refuse(request, Organization, organization_id)
    return organization
