"""Who acts where: for the security administrator. An appointment is three steps; their choices stand in the URL."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import operations, queries
from accounts.choices import Verb
from accounts.forms import AppointForm, DismissForm, PostFilter
from accounts.models import Post, User
from accounts.operations import UnableToAppoint
from audit.access import SignedInRequest, demand, refuse
from organizations.models import Organization
from organizations.queries import find_organizations
from web import clock

PAGE_SIZE = 50


@require_safe
def post_list(request: SignedInRequest) -> HttpResponse:
    demand(request, Verb.APPOINT)
    form = PostFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    today = clock.today()
    posts = queries.get_posts(
        scope=request.user.people_scope(Verb.APPOINT, on=today),
        text=wanted.get("q", ""),
        role=wanted.get("role", ""),
        state=wanted.get("state", ""),
        on=today,
    )
    context = {
        "form": form,
        "page": Paginator(posts, PAGE_SIZE).get_page(request.GET.get("page")),
        "today": today,
    }
    return render(request, "accounts/post_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: SignedInRequest) -> HttpResponse:
    """First whom, then where, then as what and from when."""
    demand(request, Verb.APPOINT)
    account = _chosen_account(request)
    if account is None:
        found = queries.find_accounts(text=request.GET.get("q", "").strip()) if "q" in request.GET else []
        return render(request, "accounts/appoint_account.html", {"found": found, "q": request.GET.get("q", "")})
    organization = _chosen_organization(request)
    if organization is None:
        return _choose_organization(request, account)
    return _finish_appointment(request, account, organization)


def _chosen_account(request: SignedInRequest) -> User | None:
    key = request.GET.get("account", "")
    return get_object_or_404(User, pk=key, is_system=False) if key.isdecimal() else None


def _chosen_organization(request: SignedInRequest) -> Organization | None:
    key = request.GET.get("organization", "")
    if not key.isdecimal():
        return None
    organization = get_object_or_404(Organization.objects.select_related("division"), pk=key)
    reach = request.user.people_scope(Verb.APPOINT, on=clock.today())
    if not organization.division.path.startswith(reach.division_paths):
        refuse(request, Organization, key)
    return organization


def _choose_organization(request: SignedInRequest, account: User) -> HttpResponse:
    today = clock.today()
    found = find_organizations(
        text=request.GET.get("q", "").strip(), scope=request.user.people_scope(Verb.APPOINT, on=today), on=today
    )
    context = {"account": account, "found": found, "q": request.GET.get("q", "")}
    return render(request, "accounts/appoint_organization.html", context)


def _finish_appointment(request: SignedInRequest, account: User, organization: Organization) -> HttpResponse:
    form = AppointForm(request.POST or None, organization=organization, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.appoint(
                user=account,
                organization=organization,
                appointed_by=request.user,
                appointed_at=clock.now(),
                **form.cleaned_data,
            )
        except UnableToAppoint as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(account)s has been appointed.") % {"account": account})
            return redirect("accounts:account-detail", account.pk)
    context = {"form": form, "account": account, "organization": organization}
    return render(request, "accounts/appoint_post.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: SignedInRequest, post_id: int) -> HttpResponse:
    demand(request, Verb.APPOINT)
    post = get_object_or_404(Post.objects.select_related("user", "organization__division"), pk=post_id)
    if not post.organization.division.path.startswith(
        request.user.people_scope(Verb.APPOINT, on=clock.today()).division_paths
    ):
        refuse(request, Post, post_id)
    form = DismissForm(request.POST or None, initial={"last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.dismiss(
                post=post,
                last_day=form.cleaned_data["last_day"],
                dismissed_by=request.user,
                dismissed_at=clock.now(),
            )
        except UnableToAppoint as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The post of %(account)s has been ended.") % {"account": post.user})
            return redirect("accounts:account-detail", post.user_id)
    return render(request, "accounts/dismiss.html", {"form": form, "post": post})
