"""The tree of organizations and its single nodes, and the list of divisions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from audit.access import SignedInRequest, demand, refuse
from organizations import operations, queries
from organizations.choices import OrganizationKind
from organizations.forms import (
    DivisionForm,
    OrganizationChangeForm,
    OrganizationForm,
    RegisterFilter,
    ServiceAreaForm,
)
from organizations.models import Organization
from organizations.scope import MANAGE
from organizations.views.pages import form_page, list_page
from organizations.views.reach import divisions_to_filter, managing_scope, reading_scope
from web import clock


@require_safe
def tree(request: SignedInRequest) -> HttpResponse:
    """The roots and, opened, what sits directly below them. Names of offices are no secret; their members are."""
    context = {
        "roots": queries.get_top_of_tree(on=clock.today()),
        "q": request.GET.get("q", ""),
        "found": _search(request),
        "may_manage": bool(managing_scope(request)),
    }
    return render(request, "organizations/tree.html", context)


def _search(request: SignedInRequest) -> list[Organization] | None:
    text = request.GET.get("q", "").strip()
    return list(queries.search_organizations(text=text)) if text else None


@require_safe
def tree_children(request: SignedInRequest, organization_id: int) -> HttpResponse:
    """The part of the tree below one organization, asked for when it is opened."""
    parent = get_object_or_404(Organization, pk=organization_id)
    nodes = queries.get_tree_nodes(parent=parent, on=clock.today())
    return render(request, "organizations/_tree_nodes.html", {"nodes": nodes})


@require_safe
def organization_detail(request: SignedInRequest, organization_id: int) -> HttpResponse:
    organization = _organization(organization_id)
    today = clock.today()
    strength = queries.get_strength(organization, on=today)
    context = {
        "organization": organization,
        "ancestors": queries.get_ancestors(organization),
        "nodes": queries.get_tree_nodes(parent=organization, on=today),
        "strength": strength,
        "warnings": [_size_sentence(code, organization) for code in queries.size_warnings(organization, strength)],
        "placements": organization.placements.select_related("parent").order_by("-valid_from", "-pk"),
        "posts": organization.posts.select_related("user").order_by("-valid_from", "-pk")[:50],
        "areas": organization.service_areas.select_related("division").order_by("division__code"),
        "members": _members(request, organization),
        "may_manage": managing_scope(request).covers_division(organization.division.path),
        "is_outlet": organization.kind == OrganizationKind.OUTLET,
        "today": today,
    }
    return render(request, "organizations/organization_detail.html", context)


def _organization(organization_id: int) -> Organization:
    found: Organization = get_object_or_404(Organization.objects.select_related("division"), pk=organization_id)
    return found


def _members(request: SignedInRequest, organization: Organization) -> list[Any]:
    """The members of a branch, for those who may read the register of its village."""
    if not organization.is_branch:
        return []
    return list(
        queries.get_members(scope=reading_scope(request), branch=organization, on=clock.today())[:200]
    )  # fmt: skip


def _size_sentence(code: str, organization: Organization) -> str:
    limit = queries.size_limit(organization, code)
    sentences = {
        "full_members_min": ngettext(
            "Fewer than %(limit)s full member: a joint branch with a neighbour is usual.",
            "Fewer than %(limit)s full members: a joint branch with a neighbour is usual.",
            limit,
        ),
        "members_min": ngettext("Fewer than %(limit)s member.", "Fewer than %(limit)s members.", limit),
        "members_max": ngettext("More than %(limit)s member.", "More than %(limit)s members.", limit),
    }
    return sentences[code] % {"limit": limit}


@require_http_methods(["GET", "HEAD", "POST"])
def organization_add(request: SignedInRequest, organization_id: int) -> HttpResponse:
    """A new organization below this one."""
    parent = _managed(request, organization_id)
    title = _("New organization under “%(parent)s”") % {"parent": parent}
    return _add(request, parent, title, reverse("organizations:detail", args=[parent.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def root_add(request: SignedInRequest) -> HttpResponse:
    """A new organization at the top of the tree: county committee, county government, county credit union."""
    demand(request, MANAGE)
    return _add(request, None, _("New organization at the top"), reverse("organizations:tree"))


def _add(request: SignedInRequest, parent: Organization | None, title: str, back: str) -> HttpResponse:
    form = OrganizationForm(
        request.POST or None,
        divisions=queries.get_divisions(scope=managing_scope(request)),
        initial={"division": parent.division if parent else None, "valid_from": clock.today()},
    )

    def act(**cleaned: Any) -> str:
        added = operations.add_organization(parent=parent, added_by=request.user, added_at=clock.now(), **cleaned)
        messages.success(request, _("“%(organization)s” has been added.") % {"organization": added})
        return reverse("organizations:detail", args=[added.pk])

    return form_page(request, form, act=act, title=title, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def organization_change(request: SignedInRequest, organization_id: int) -> HttpResponse:
    organization = _managed(request, organization_id)
    form = OrganizationChangeForm(
        request.POST or None,
        divisions=queries.get_divisions(scope=managing_scope(request)),
        initial={
            "name": organization.name,
            "short_name": organization.short_name,
            "phone": organization.phone,
            "division": organization.division,
        },
    )
    back = reverse("organizations:detail", args=[organization.pk])

    def act(**cleaned: Any) -> str:
        operations.change_organization(
            organization=organization, changed_by=request.user, changed_at=clock.now(), **cleaned
        )
        messages.success(request, _("The changes have been saved."))
        return back

    return form_page(request, form, act=act, title=_("Change “%(name)s”") % {"name": organization}, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def service_areas(request: SignedInRequest, organization_id: int) -> HttpResponse:
    """Which townships and villages an outlet serves."""
    outlet = _managed(request, organization_id)
    if outlet.kind != OrganizationKind.OUTLET:
        raise Http404
    divisions = queries.get_divisions(scope=managing_scope(request)).filter(level__in=["township", "village"])
    chosen = list(outlet.service_areas.values_list("division", flat=True))
    form = ServiceAreaForm(request.POST or None, divisions=divisions, initial={"divisions": chosen})
    back = reverse("organizations:detail", args=[outlet.pk])

    def act(divisions: Any) -> str:
        operations.set_service_areas(
            outlet=outlet, divisions=divisions, changed_by=request.user, changed_at=clock.now()
        )  # fmt: skip
        messages.success(request, _("The service area has been saved."))
        return back

    return form_page(request, form, act=act, title=_("Service area of “%(name)s”") % {"name": outlet}, back=back)


def _managed(request: SignedInRequest, organization_id: int) -> Organization:
    """Return an organization the account may change; for everybody else it does not exist."""
    organization = _organization(organization_id)
    if not managing_scope(request).covers_division(organization.division.path):
        refuse(request, Organization, organization_id)
    return organization


@require_safe
def division_list(request: SignedInRequest) -> HttpResponse:
    demand(request, MANAGE)
    scope = managing_scope(request)
    form = RegisterFilter(request.GET, divisions=[d for d in divisions_to_filter(scope) if d.level == "township"])
    form.fields["q"].label = _("Name or code")
    form.fields["division"].label = _("Township")
    rows = queries.list_divisions(scope=scope, **form.wanted)
    return list_page(request, "organizations/division_list.html", form=form, rows=rows)


@require_http_methods(["GET", "HEAD", "POST"])
def division_add(request: SignedInRequest) -> HttpResponse:
    demand(request, MANAGE)

    def act(**cleaned: Any) -> str:
        added = operations.add_division(added_by=request.user, added_at=clock.now(), **cleaned)
        messages.success(request, _("“%(name)s” has been added.") % {"name": added})
        return reverse("organizations:divisions")

    form = DivisionForm(request.POST or None)
    return form_page(request, form, act=act, title=_("New division"), back=reverse("organizations:divisions"))
