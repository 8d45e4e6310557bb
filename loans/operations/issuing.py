"""Writing down which papers were handed out, and under which number."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from loans.models import Application, ApplicationDecision, IssuedPaper, PaperNumber
from loans.queries.issued import digest_of
from loans.steps.locks import hold_name
from loans.steps.numbers import take
from web.clock import day_of


@transaction.atomic
def issue_paper(
    *,
    kind: str,
    subject: str,
    code: str,
    number: str,
    facts: Mapping[str, Any],
    issued_by: User,
    issued_at: datetime,
    application: Application | None = None,
    decision: ApplicationDecision | None = None,
) -> IssuedPaper:
    """Write down a paper that was made, or return the row that says so: printing the same again is nothing new.

    Another content (another code) of the same kind and subject takes the place of what was handed out before. Who may
    have the paper made is asked by whoever makes it (loans.documents_printing). `facts` must be masked.
    """
    hold_name(f"paper {kind} {subject}")
    newest = IssuedPaper.objects.filter(kind=kind, subject=subject).order_by("-sequence").first()
    digest = digest_of(code)
    if newest is not None and newest.digest == digest:
        return newest
    return IssuedPaper.objects.create(
        kind=kind,
        subject=subject,
        sequence=newest.sequence + 1 if newest else 1,
        digest=digest,
        number=number,
        facts=dict(facts),
        application=application,
        decision=decision,
        issued_on=day_of(issued_at),
        issued_at=issued_at,
        issued_by=issued_by,
    )


@transaction.atomic
def number_paper(*, kind: str, subject: str, series: str, year: int) -> PaperNumber:
    """Return the number of a paper on a subject, the next of its office's series when it has none yet.

    It is kept when the printing fails afterwards: the next attempt uses it.
    """
    hold_name(f"number {kind} {subject}")
    found = PaperNumber.objects.filter(kind=kind, subject=subject).first()
    if found is not None:
        return found
    serial = take(f"{kind}-{series}-{year}")
    return PaperNumber.objects.create(kind=kind, subject=subject, series=series, year=year, serial=serial)
