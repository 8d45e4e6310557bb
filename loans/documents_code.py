"""Papers that anybody can check: how the code on a paper comes about, and the one way such a paper is made.

The code depends on what the paper says and on nothing else: the same paper gets the same code and the same bytes,
and a changed one another. Who may have a paper made is asked before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from loans.models import Application, ApplicationDecision
from loans.operations.issuing import issue_paper
from loans.queries.issued import check_number_of, code_of
from web.documents import Attached, html_of, moment_of, pdf_of

# Where the code goes. People's text is escaped before it gets into a paper, so nobody can write this.
PLACE = "<!--code-->"


@dataclass(frozen=True)
class Content:
    """What a paper shows, and what of it the public page may say: `facts` hold no unmasked name and no number of a
    person. `created_on` is the paper's own day; only a paper without one is dated by the day of printing.
    """

    kind: str
    subject: str
    number: str
    title: str
    template: str
    created_on: date
    context: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    case: Application | None = None
    decision: ApplicationDecision | None = None
    attached: Sequence[Attached] = ()


@dataclass(frozen=True)
class Paper:
    """A finished PDF. `name` is what it is saved as; `case` is empty for a paper on many."""

    case: Application | None
    content: bytes
    name: str


def make_paper(content: Content, *, issued_by: User, issued_at: datetime) -> Paper:
    """Return the PDF with its code, and write down that it was handed out.

    Raises what web.documents.render_pdf raises; then nothing is written down.
    """
    html = html_of(content.template, content.context, title=content.title, created_on=content.created_on)
    code = code_of(kind=content.kind, subject=content.subject, content=_body_of(html))
    html = html.replace(PLACE, _mark_of(code))
    pdf = pdf_of(html, attached=content.attached, made_at=moment_of(content.created_on))
    issue_paper(
        kind=content.kind,
        subject=content.subject,
        code=code,
        number=content.number,
        facts=content.facts,
        application=content.case,
        decision=content.decision,
        issued_by=issued_by,
        issued_at=issued_at,
    )
    return Paper(case=content.case, content=pdf, name=f"{content.title}.pdf")


def address_of(code: str) -> str:
    """Return the address of the public page of a code: what the QR on the paper says."""
    return settings.SITE_URL.rstrip("/") + reverse("public:paper", args=[code])


def _body_of(html: str) -> str:
    """Return what the paper says. The head names the day of printing, which is no content."""
    return html[html.index("<body") :]


def _mark_of(code: str) -> str:
    context = {"url": address_of(code), "check_number": check_number_of(code)}
    return render_to_string("loans/documents/_code.html", context)
