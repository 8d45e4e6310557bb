"""The accounts of the house: for the system administrator. Rights are not given here (see views/posts.py)."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import operations, queries
from accounts.choices import Verb
from accounts.forms import AccountFilter, AccountForm
from accounts.models import User
from accounts.operations import UnableToAppoint
from accounts.passwords import first_password
from audit.access import SignedInRequest, demand
from web import clock

PAGE_SIZE = 50


@require_safe
def account_list(request: SignedInRequest) -> HttpResponse:
    demand(request, Verb.MANAGE_ACCOUNTS)
    form = AccountFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    accounts = queries.get_accounts(text=wanted.get("q", ""), state=wanted.get("state", ""), on=clock.today())
    context = {
        "form": form,
        "page": Paginator(accounts, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "accounts/account_list.html", context)


@require_safe
def account_detail(request: SignedInRequest, user_id: int) -> HttpResponse:
    """One account with its posts: read by the administrators of both kinds."""
    demand(request, Verb.MANAGE_ACCOUNTS, Verb.APPOINT)
    account = _account(user_id)
    today = clock.today()
    context = {
        "account": account,
        "posts": account.posts.select_related(
            "organization", "appointed_by", "dismissed_by", "stands_in_for__user"
        ).order_by("-valid_from"),
        "failures": queries.count_failed_sign_ins(user=account),
        "may_manage": request.user.may(Verb.MANAGE_ACCOUNTS, on=today),
        "may_appoint": request.user.may(Verb.APPOINT, on=today),
        "today": today,
    }
    return render(request, "accounts/account_detail.html", context)


@sensitive_variables("password")
@require_http_methods(["GET", "HEAD", "POST"])
def account_open(request: SignedInRequest) -> HttpResponse:
    """Open an account; the next page tells its first password, once."""
    demand(request, Verb.MANAGE_ACCOUNTS)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = first_password()
        try:
            account = operations.open_account(
                username=form.cleaned_data["username"],
                name=form.cleaned_data["name"],
                person=form.cleaned_data["id_number"],
                password=password,
                opened_by=request.user,
                opened_at=clock.now(),
            )
        except UnableToAppoint as error:
            form.add_error("username", str(error))
        else:
            return render(request, "accounts/first_password.html", {"account": account, "password": password})
    return render(request, "accounts/account_form.html", {"form": form})


@sensitive_variables("password")
@require_POST
def account_reset(request: SignedInRequest, user_id: int) -> HttpResponse:
    """Give a new first password, told once."""
    demand(request, Verb.MANAGE_ACCOUNTS)
    account, password = _account(user_id), first_password()
    try:
        operations.reset_password(user=account, password=password, changed_by=request.user, changed_at=clock.now())
    except UnableToAppoint as error:
        messages.error(request, str(error))
        return redirect("accounts:account-detail", user_id)
    return render(request, "accounts/first_password.html", {"account": account, "password": password})


@require_POST
def account_close(request: SignedInRequest, user_id: int) -> HttpResponse:
    demand(request, Verb.MANAGE_ACCOUNTS)
    account = _account(user_id)
    return _act(
        request,
        account,
        lambda: operations.set_active(user=account, active=False, changed_by=request.user, changed_at=clock.now()),
        _("The account has been closed."),
    )


@require_POST
def account_reopen(request: SignedInRequest, user_id: int) -> HttpResponse:
    demand(request, Verb.MANAGE_ACCOUNTS)
    account = _account(user_id)
    return _act(
        request,
        account,
        lambda: operations.set_active(user=account, active=True, changed_by=request.user, changed_at=clock.now()),
        _("The account is open again."),
    )


@require_POST
def account_unlock(request: SignedInRequest, user_id: int) -> HttpResponse:
    demand(request, Verb.MANAGE_ACCOUNTS)
    account = _account(user_id)
    return _act(
        request,
        account,
        lambda: operations.unlock(user=account, changed_by=request.user, changed_at=clock.now()),
        _("The account is unlocked."),
    )


def _account(user_id: int) -> User:
    return get_object_or_404(User, pk=user_id, is_system=False)


def _act(request: SignedInRequest, account: User, act: Callable[[], None], done: str) -> HttpResponse:
    try:
        act()
    except UnableToAppoint as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("accounts:account-detail", account.pk)
