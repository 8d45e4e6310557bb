"""The public page of a notice, by the code on its paper: who is proposed, and how to object. Nobody signs in here."""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from audit.access import address_of
from loans.forms.rosters import PublicObjectionForm
from loans.models import NoticeRoster, PublicNotice
from loans.operations import Blocked
from loans.operations.public_pages import Deed, TooMany, count_attempt, receive_objection
from loans.queries.rosters import Shown, public_lines, public_roster
from loans.views.verification import NEVER_INDEXED
from web import clock
from web.views import page_not_found


@require_safe
@login_not_required
def notice(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """What hangs, while it hangs; afterwards a sentence without any name."""
    roster, lines, refusal = looked_up(request, token)
    if refusal is not None:
        return refusal
    on = clock.today()
    context = {"roster": roster, "lines": lines, "days_left": (roster.ends_on - on).days + 1}
    return page(request, "loans/public_notice.html", context)


# Whoever is not signed in has no session that somebody could abuse: the form needs no cookie and no secret.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def objection(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    roster, lines, refusal = looked_up(request, token)
    if refusal is not None:
        return refusal
    form = PublicObjectionForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            receive_objection(
                token=token,
                position=form.cleaned_data["position"],
                said=form.said(),
                request_id=form.cleaned_data["request_id"],
                address=address_of(request) or "",
                at=clock.now(),
            )
        except Blocked as error:
            form.add_problems(error.problems)
        except TooMany:
            form.add_error(None, _("Too many objections came from here within the hour. Please telephone instead."))
            return page(request, "loans/public_objection.html", {"roster": roster, "form": form}, status=429)
        except PublicNotice.DoesNotExist as error:
            raise Http404 from error
        else:
            return answered(redirect("public:received", token=token))
    return page(request, "loans/public_objection.html", {"roster": roster, "form": form})


@require_safe
@login_not_required
def received(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    roster, _lines, refusal = looked_up(request, token)
    return refusal if refusal is not None else page(request, "loans/public_received.html", {"roster": roster})


def looked_up(request: HttpRequest, token: uuid.UUID) -> tuple[Any, list[Shown], HttpResponse | None]:
    """Return the sheet and what it shows today, or the answer instead: too often, unknown, not begun or ended."""
    if not count_attempt(deed=Deed.LOOK, address=address_of(request) or "", at=clock.now()):
        return None, [], message(request, "busy", HTTPStatus.TOO_MANY_REQUESTS)
    roster: NoticeRoster | None = public_roster(token)
    if roster is None:
        return None, [], answered(page_not_found(request, Http404()))
    on = clock.today()
    if on < roster.starts_on:
        return None, [], message(request, "early", HTTPStatus.NOT_FOUND)
    lines = public_lines(roster, on=on)
    if not lines:
        return None, [], message(request, "ended", HTTPStatus.GONE)
    return roster, lines, None


def message(request: HttpRequest, kind: str, status: HTTPStatus) -> HttpResponse:
    return page(request, "loans/public_message.html", {"kind": kind}, status=status)


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = HTTPStatus.OK) -> HttpResponse:
    # Without a token nothing sets a cookie.
    return answered(render(request, template, {**context, "csrf_token": ""}, status=status))


def answered(response: HttpResponse) -> HttpResponse:
    """Let no search engine and no shared computer keep the page."""
    response.headers["X-Robots-Tag"] = NEVER_INDEXED
    response.headers["Cache-Control"] = "no-store"
    return response
