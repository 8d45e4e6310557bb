"""Whether a request may be submitted: the version's rules on the case as it is written down."""

from datetime import date

from django.utils.translation import gettext as _

from loans.choices import Purpose
from loans.models import Application, ProgrammeVersion
from loans.queries.eligibility import deciding_rows, hard_breaches, reasons_of, soft_breaches
from loans.queries.papers import missing_documents
from loans.queries.rule_rows import Row, finding_of, say
from loans.queries.situation import Situation
from loans.rules import Breach
from loans.steps.base import sentence
from loans.steps.facts import Problem

NEEDED_TO_SUBMIT = (
    "tier",
    "amount_asked",
    "term_months",
    "repayment_method",
    "purpose",
    "project_name",
    "plan",
    "project_total",
    "own_funds",
    "annual_income",
    "existing_loans",
    "consent_signed_on",
)


def request_problems(case: Application, version: ProgrammeVersion, on: date) -> list[Problem]:
    """Return every reason why a case cannot be submitted on a day: empty fields, then broken rules."""
    return problems_at(Situation(case, version, on))


def problems_at(situation: Situation) -> list[Problem]:
    """Return why a case cannot be submitted: nothing is read again that the situation knows already."""
    case = situation.case
    empty = [name for name in NEEDED_TO_SUBMIT if getattr(case, name) in (None, "")]
    if empty:
        return [Problem(_("Please fill this in before submitting."), name) for name in empty]
    rows = deciding_rows(situation)
    return [
        *(sentence(breach) for breach in hard_breaches(rows)),
        *_reason_problems(case, soft_breaches(rows)),
        *_other_problems(case, situation.on),
        *_paper_problems(case),
    ]


def _reason_problems(case: Application, breaches: list[Breach]) -> list[Problem]:
    """Return the soft rules that speak against a case and for which nobody has written a reason yet."""
    if not breaches:
        return []
    reasons = reasons_of(case.pk)
    text = _("%(finding)s Write down why the application goes on all the same.")
    return [
        Problem(text % {"finding": say(breach)}, "reasons")
        for breach in breaches
        if (breach.code, finding_of(breach)) not in reasons
    ]


def reasons_kept(case: Application, rows: list[Row]) -> list[dict[str, str]]:
    """Return the reasons for the soft rules of these rows as the record of a submission keeps them."""
    breaches = soft_breaches(rows)
    if not breaches:
        return []
    reasons = reasons_of(case.pk)
    found = [(breach, reasons.get((breach.code, finding_of(breach)))) for breach in breaches]
    return [
        {"rule": breach.code, "finding": say(breach), "reason": row.reason, "by": row.written_by.name}
        for breach, row in found
        if row is not None
    ]


def _other_problems(case: Application, on: date) -> list[Problem]:
    problems = []
    if case.consent_signed_on and case.consent_signed_on > on:
        problems.append(Problem(_("The day lies in the future."), "consent_signed_on"))
    if case.purpose == Purpose.CONSUMPTION:
        problems.append(Problem(_("The programme does not lend for consumption."), "purpose"))
    return problems


def _paper_problems(case: Application) -> list[Problem]:
    """Return the papers without which the version takes no application, and for which no file is there."""
    sentence_of = _("The paper “%(name)s” is missing.")
    return [
        Problem(sentence_of % {"name": document.name}, "papers")
        for document in missing_documents(case, only_blocking=True)
    ]
