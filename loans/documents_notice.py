"""The poster of a public notice (公示): what hangs on the board. Chinese whatever the reader's language."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from accounts.choices import Verb
from accounts.models import User
from finance.money import ZERO
from loans.models import NoticeRoster
from loans.queries.rosters import poster_lines, public_roster
from web.clock import day_of
from web.documents import render_pdf

NOTICE_POSTER = "notice_poster"
PAPER_LANGUAGE = "zh-hans"


class NothingToShow(Exception):
    """The sheet lies outside the reader's area, or all its lines were taken down."""


@dataclass(frozen=True)
class Paper:
    """A finished PDF. `name` is what it is saved as."""

    roster: NoticeRoster
    content: bytes
    name: str


def print_poster(*, roster_id: int, reader: User, on: date) -> Paper:
    """Return the poster of a sheet. It is dated by the day of publishing: the same sheet gives the same bytes.

    Raises NothingToShow with a sentence, and what web.documents.render_pdf raises.
    """
    scope = reader.scope(Verb.VIEW_CASES, on=on)
    found = NoticeRoster.objects.for_scope(scope).filter(pk=roster_id).first()
    if found is None:
        raise NothingToShow(gettext("This notice is outside your area, so it cannot be printed."))
    roster = public_roster(found.token)
    assert roster is not None  # it was found just now
    with translation.override(PAPER_LANGUAGE):
        lines = poster_lines(roster)
    if not lines:
        raise NothingToShow(gettext("All cases of this notice were taken down: there is nothing to print."))
    published_on = day_of(roster.published_at)
    context = {
        "roster": roster,
        "lines": lines,
        "total": sum((line.amount for line in lines), start=ZERO),
        "published_on": published_on,
        "public_url": public_url(roster),
    }
    title = f"公示 {roster.number}"
    pdf = render_pdf("loans/documents/notice_poster.html", context, title=title, created_on=published_on)
    return Paper(roster=roster, content=pdf, name=f"{title.replace(' ', '_')}.pdf")


def public_url(roster: NoticeRoster) -> str:
    """Return the address of the sheet's public page, as the QR code names it."""
    return settings.SITE_URL.rstrip("/") + reverse("public:notice", args=[roster.token])
