"""What every page is told: the frame around it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import Post, User
from loans.queries.work import Pile, piles_of
from redcredit.navigation import navigation_of
from web import clock
from web.display import show_day
from web.layout import Layout


def layout(request: HttpRequest) -> dict[str, Any]:
    """Return `layout`; it is built only where a template draws the frame, so a fragment does not pay for it."""
    return {"layout": SimpleLazyObject(lambda: _layout(request)), "demo": settings.DEMO}


def piles_for(request: HttpRequest) -> dict[str, Pile]:
    """Return the piles of the signed-in account, counted once per request for navigation and home page."""
    piles: dict[str, Pile] | None = getattr(request, "_piles", None)
    if piles is None:
        assert isinstance(request.user, User)  # login is required on every page that asks
        piles = piles_of(request.user, on=clock.today())
        setattr(request, "_piles", piles)  # noqa: B010  # Django's request has no such attribute of its own
    return piles


def _layout(request: HttpRequest) -> Layout:
    language_url = reverse("accounts:language")
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return Layout(language_url=language_url, demo_notice=_demo_notice())
    today = clock.today()
    post = _first_post(user)
    return Layout(
        navigation=navigation_of(user, on=today, path=request.path, piles=piles_for(request)),
        organization_name=post.organization.name if post else "",
        role_name=post.get_role_display() if post else _("no post"),
        person_name=user.name,
        demo_notice=_demo_notice(),
        home_url=reverse("home"),
        search_url=reverse("search"),
        account_url=reverse("accounts:preferences"),
        help_url=reverse("help"),
        notices_url=reverse("inbox:list"),
        unread=user.unread_count,
        theme=user.theme,
        large_text=user.large_text,
        language_url=language_url,
        logout_url=reverse("accounts:logout"),
    )


def _first_post(user: User) -> Post | None:
    return next(iter(user.posts_in_force(clock.today())), None)


def _demo_notice() -> str:
    if not settings.DEMO:
        return ""
    return _("Demo county with invented people. Today is %(day)s.") % {"day": show_day(clock.today())}
