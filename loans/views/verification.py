"""The public page of a paper's code: whether the paper is real and still holds. Nobody signs in for it."""

from datetime import date
from decimal import Decimal
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_safe

from audit.access import address_of
from loans.models import IssuedPaper
from loans.operations.public_pages import Deed, count_attempt
from loans.queries.facts import yuan
from loans.queries.issued import Verdict, check_number, verdict_on
from web import clock
from web.display import show_count, show_day
from web.layout import Fact
from web.uppercase import uppercase_amount

NEVER_INDEXED = "noindex, nofollow, noarchive"


@require_safe
@login_not_required
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Answer what is masked of the paper, or that there is none: the same for every code that was never given."""
    if not count_attempt(deed=Deed.LOOK, address=address_of(request) or "", at=clock.now()):
        return _page(request, None, HTTPStatus.TOO_MANY_REQUESTS)
    verdict = verdict_on(code)
    return _page(request, verdict, HTTPStatus.OK if verdict else HTTPStatus.NOT_FOUND)


def _page(request: HttpRequest, verdict: Verdict | None, status: HTTPStatus) -> HttpResponse:
    context = {
        "verdict": verdict,
        "facts": facts_of(verdict.paper) if verdict else [],
        "is_busy": status is HTTPStatus.TOO_MANY_REQUESTS,
    }
    # Without a token nothing sets a cookie.
    response = render(request, "loans/public_paper.html", {**context, "csrf_token": ""}, status=status)
    response.headers["X-Robots-Tag"] = NEVER_INDEXED
    response.headers["Cache-Control"] = "no-store"
    return response


def facts_of(paper: IssuedPaper) -> list[Fact]:
    """Return what the public page says of a paper: it was masked when the paper was made."""
    said = paper.facts
    facts = [
        Fact(pgettext("paper", "Kind of paper"), paper.get_kind_display()),
        Fact(_("Number"), paper.number, mono=True),
        Fact(_("Issued by"), said.get("office", "")),
        Fact(_("Day of the paper"), show_day(date.fromisoformat(said["day"])) if said.get("day") else ""),
        Fact(pgettext("paper", "Borrower"), said.get("name", "")),
        Fact(pgettext("paper", "Cases"), show_count(said["cases"]) if "cases" in said else ""),
    ]
    if said.get("amount"):
        amount = Decimal(said["amount"])
        facts.append(Fact(_("Amount"), yuan(amount), uppercase_amount(amount), wide=True))
    facts += [
        Fact(_("First printed on"), show_day(paper.issued_on)),
        Fact(_("Check number"), check_number(paper.digest), _("It must be the one on the paper."), mono=True),
    ]
    return [fact for fact in facts if fact.value]
