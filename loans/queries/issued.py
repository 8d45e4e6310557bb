"""Codes of papers, and what a code says about its paper today."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from loans.choices import PaperKind
from loans.models import Application, IssuedPaper
from loans.queries.filed import count_and_sum
from loans.queries.standing import standing_decisions
from organizations.personal_data import blind_index
from workflow.engine import State

CODE_BYTES = 18  # 144 bits: nobody guesses one, and the address still makes a small QR
CHECK_DIGITS = 8
# A case that ended so has no papers that still hold.
GIVEN_UP = (State.REJECTED, State.DECLINED, State.WITHDRAWN)


class PaperState(StrEnum):
    VALID = "valid"
    SUPERSEDED = "superseded"
    VOID = "void"


@dataclass(frozen=True)
class Verdict:
    """A paper and whether it still holds. `newer` is what took its place."""

    paper: IssuedPaper
    state: PaperState
    newer: IssuedPaper | None = None


def code_of(*, kind: str, subject: str, content: str) -> str:
    """Return the code of a paper: 24 letters, digits, - and _, by the house's key from all that the paper says."""
    said = sha256(content.encode()).hexdigest()
    key = blind_index(f"{kind}\n{subject}\n{said}", column="loans.issued_paper")
    return urlsafe_b64encode(key[:CODE_BYTES]).decode()


def digest_of(code: str) -> str:
    """Return what is stored of a code. Comparing it tells nothing about the code, however long it takes."""
    return sha256(code.encode()).hexdigest()


def check_number_of(code: str) -> str:
    """Return the short number that stands on the paper and on its public page: 3F9A-22C1."""
    return check_number(digest_of(code))


def check_number(digest: str) -> str:
    shown = digest[:CHECK_DIGITS].upper()
    return f"{shown[: CHECK_DIGITS // 2]}-{shown[CHECK_DIGITS // 2 :]}"


def verdict_on(code: str) -> Verdict | None:
    """Return what a code says about its paper; None for a code that was never given."""
    paper = IssuedPaper.objects.filter(digest=digest_of(code)).order_by("-sequence").first()
    if paper is None:
        return None
    newest = IssuedPaper.objects.filter(kind=paper.kind, subject=paper.subject).order_by("-sequence")[0]
    if newest.digest != paper.digest:
        return Verdict(paper, PaperState.SUPERSEDED, newest)
    return Verdict(paper, PaperState.VALID if _holds(paper) else PaperState.VOID)


def _holds(paper: IssuedPaper) -> bool:
    """Whether what the paper rests on was not undone since."""
    if paper.kind == PaperKind.FILING_FORM:
        return _filing_holds(paper)
    if paper.decision_id is None or paper.application_id is None:
        return True
    case = (
        Application.objects.select_related("version")
        .prefetch_related("decisions", "version__steps")
        .get(pk=paper.application_id)
    )
    if case.state in GIVEN_UP:
        return False
    return any(decision.pk == paper.decision_id for decision in standing_decisions(case))


def _filing_holds(paper: IssuedPaper) -> bool:
    """Whether the same cases, by count and sum, still stand under the number."""
    cases, amount = count_and_sum(paper.number)
    return cases == paper.facts.get("cases") and str(amount) == paper.facts.get("amount")
