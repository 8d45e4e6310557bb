"""Coming in and going out."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import operations
from accounts.demo import demo_accounts
from accounts.forms import SignInForm
from accounts.models import User
from audit.access import SignedInRequest, address_of
from audit.choices import Action
from audit.operations import record, record_sign_in_attempt
from web import clock

WISH_COOKIE_AGE = 365 * 24 * 3600
# The process as the county names it, for the first page. What a programme really asks is in its version.
SIX_STEPS = (
    _("Introduction by a Party member"),
    _("Branch review"),
    _("Committee filing"),
    _("Government subsidy"),
    _("Lending by the credit union"),
    _("Organisational assessment"),
)


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The same sentence for an unknown account and a wrong password; five failures lock the account name."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            return _welcome(request, user)
        _record_failure(request, form.cleaned_data["username"])
        form.add_error(None, gettext("Account or password is wrong. After five failures the account is locked."))
    return _sign_in_page(request, form)


def _sign_in_page(request: HttpRequest, form: SignInForm) -> HttpResponse:
    context = {
        "form": form,
        "next": _next_page(request, ""),
        "steps": SIX_STEPS,
        "demo_accounts": demo_accounts(),
        "support_contact": settings.SUPPORT_CONTACT,
    }
    return render(request, "accounts/sign_in.html", context)


def _record_failure(request: HttpRequest, username: str) -> None:
    locked = getattr(request, "axes_locked_out", False)
    action = Action.LOCKED if locked else Action.SIGN_IN_FAILED
    record_sign_in_attempt(action=action, username=username, at=clock.now(), address=address_of(request))


def _welcome(request: HttpRequest, user: User) -> HttpResponse:
    login(request, user)
    user.last_login = clock.now()  # Django wrote the machine's time; the demo's calendar says another
    user.save(update_fields=["last_login"])
    record(action=Action.SIGN_IN, actor=user, at=user.last_login, subject=user, address=address_of(request))
    response = redirect(_next_page(request, resolve_url(settings.LOGIN_REDIRECT_URL)))
    keep_theme(response, user.theme)
    return response


def keep_theme(response: HttpResponse, theme: str) -> None:
    """Tell the browser which colours to draw: the frame reads a cookie, so that no page flashes."""
    if theme:
        response.set_cookie(
            "theme", theme, max_age=WISH_COOKIE_AGE, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie("theme", samesite="Lax")


def _next_page(request: HttpRequest, fallback: str) -> str:
    """Return the page somebody wanted before he was asked to sign in, unless it leads away from here."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and safe else fallback


def locked_out(request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any) -> HttpResponse:
    """The answer to a locked account name. It says the same whether the account exists or not."""
    minutes = int(settings.AXES_COOLOFF_TIME * 60)
    context = {"minutes": minutes, "failures": settings.AXES_FAILURE_LIMIT}
    return render(request, "accounts/locked.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)


@require_POST
def sign_out(request: SignedInRequest) -> HttpResponse:
    record(
        action=Action.SIGN_OUT, actor=request.user, at=clock.now(), subject=request.user, address=address_of(request)
    )
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on: a cookie for everybody, and a wish kept with the account."""
    response = redirect(_next_page(request, resolve_url(settings.LOGIN_REDIRECT_URL)))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        keep_language(response, language)
        if isinstance(request.user, User):
            operations.set_preferences(user=request.user, language=language)
    return response


def keep_language(response: HttpResponse, language: str) -> None:
    """Remember the language in a cookie, for the pages before signing in."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=WISH_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
