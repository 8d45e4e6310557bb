"""The claim form (风险补偿申请表) as it goes to the offices. Chinese whatever the reader's language."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from accounts.models import User
from finance.money import ZERO
from loans.queries.care import collection_record
from risk.choices import ClaimFileKind, ClaimOutcome, ClaimPaper, ClaimState
from risk.flow import READERS
from risk.models import Claim, ClaimDecision
from risk.queries.claims import claims_in_full
from risk.rules import ratio_percent
from web.documents import render_pdf
from web.uppercase import uppercase_amount

CLAIM_FORM = "claim_form"
PAPER_LANGUAGE = "zh-hans"
# Whose opinion stands in which box, in the order of the chain.
BOXES = (
    (ClaimState.TO_FILE, "信用社申请意见"),
    (ClaimState.TO_CHECK, "主管部门初审意见"),
    (ClaimState.TO_VERIFY, "县财政局审核意见"),
    (ClaimState.TO_APPROVE, "县领导小组审批意见"),
)
EFFECTIVE = (ClaimOutcome.FILE, ClaimOutcome.PASS, ClaimOutcome.REJECT)


class NotReadable(Exception):
    """The reader may not see the claim, or not any more."""

    def __init__(self) -> None:
        super().__init__(gettext("This claim is outside your area, so its form cannot be printed."))


@dataclass(frozen=True)
class Box:
    """One office's box: its heading, and what it decided on the present filing; None: still to be filled in."""

    title: str
    decision: ClaimDecision | None

    @property
    def is_against(self) -> bool:
        return self.decision is not None and self.decision.outcome == ClaimOutcome.REJECT


@dataclass(frozen=True)
class ClaimForm:
    """The finished paper and what it is called."""

    claim: Claim
    content: bytes
    name: str


def print_claim_form(*, claim_id: int, reader: User, on: date) -> ClaimForm:
    """Return the claim form for an account inside what its posts of that day reach.

    Raises NotReadable and what web.documents.render_pdf raises.
    """
    reader.forget_posts()
    readable = Claim.objects.for_scope(reader.scope(*READERS, on=on))
    claim = claims_in_full().filter(pk__in=readable, pk=claim_id).first()
    if claim is None:
        raise NotReadable
    title = f"风险补偿申请表 {claim.number}"
    with translation.override(PAPER_LANGUAGE):
        context = context_of(claim, on)
        pdf = render_pdf("risk/documents/claim_form.html", context, title=title, created_on=on)
    return ClaimForm(claim, pdf, f"{title.replace(' ', '_')}.pdf")


def context_of(claim: Claim, on: date) -> dict[str, Any]:
    """Return what the form shows. Before filing its amounts are boxes to write in. Needs `claims_in_full`."""
    shares = [share for share in claim.shares.all() if share.round == claim.round]
    weights = sum((share.weight for share in shares), start=ZERO)
    return {
        "claim": claim,
        "loan": claim.loan,
        "is_filed": claim.filed_on is not None,
        "shares": [(share, ratio_percent(share.weight, weights)) for share in shares],
        "uppercase": uppercase_amount(claim.fund_part) if claim.filed_on else "",
        "collection": collection_record(claim.loan, on=on).lines,
        "papers": _papers(claim),
        "boxes": boxes_of(claim),
        "recoveries": claim.recoveries.all(),
    }


def _papers(claim: Claim) -> list[dict[str, Any]]:
    handed_in = {paper.paper: paper for paper in claim.papers.all() if paper.round == claim.round}
    scanned = {file.kind for file in claim.files.all()}
    return [
        {
            "name": str(ClaimPaper(code).label),
            "entry": handed_in.get(code),
            "is_scanned": ClaimFileKind(code) in scanned,
        }
        for code in ClaimPaper.values
    ]


def boxes_of(claim: Claim) -> list[Box]:
    """Return the boxes of the offices with what each decided on the present filing."""
    decisions: dict[str, ClaimDecision] = {}
    for decision in reversed(claim.decisions.all()):  # the oldest first
        if decision.round == claim.round and decision.outcome in EFFECTIVE:
            step = ClaimState.TO_FILE if decision.outcome == ClaimOutcome.FILE else decision.step
            decisions[step] = decision
    return [Box(title, decisions.get(state)) for state, title in BOXES]
