"""Writing a loan off: one person of the lender proposes it with its paper, another one decides."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from files.operations import Prepared, store
from loans.choices import EntryKind, LoanState, Side, WriteOffState
from loans.models import Loan, WriteOffRequest
from loans.operations.errors import Blocked, NotAllowed
from loans.operations.servicing.desk import Desk, day_problems, open_desk, require, require_live
from loans.steps.facts import Problem


@transaction.atomic
def propose_write_off(
    *,
    loan_id: int,
    value_date: date,
    document_number: str,
    reason: str,
    paper: Prepared,
    recorded_by: User,
    recorded_at: datetime,
) -> WriteOffRequest:
    """Propose to take what is left of the principal off the books (核销); nothing is booked yet.

    `paper` is the finding of the loss, `document_number` its number. Proposed again by the same person in the same
    words, it is the same proposal. Raises Blocked, NotAllowed, files.operations.UnableToStore.
    """
    desk = open_desk(loan_id=loan_id, user=recorded_by, at=recorded_at)
    waiting = WriteOffRequest.objects.waiting().filter(loan=desk.loan).first()
    if waiting is not None:
        told = (waiting.value_date, waiting.document_number, waiting.reason, waiting.proposer_key)
        if told == (value_date, document_number, reason, recorded_by.person_key):
            return waiting
        raise Blocked([Problem(_("A proposal to write this loan off waits for its decision already."))])
    require_live(desk)
    require(_problems(desk, value_date, document_number, reason))
    proposal = WriteOffRequest.objects.create(
        loan=desk.loan,
        value_date=value_date,
        amount=desk.ledger().outstanding(date.max),
        document_number=document_number,
        reason=reason,
        paper=store(prepared=paper, by=recorded_by, at=recorded_at),
        proposed_by=recorded_by,
        proposer_key=recorded_by.person_key,
        proposed_at=recorded_at,
    )
    record(
        action=Action.CREATED, actor=recorded_by, at=recorded_at, subject=proposal, reason=reason,
        detail={"amount": ["", str(proposal.amount)]},
    )  # fmt: skip
    return proposal


def _problems(desk: Desk, value_date: date, document_number: str, reason: str) -> list[Problem]:
    problems = day_problems(desk, value_date)
    if not reason.strip():
        problems.append(Problem(_("Please give the reason."), "reason"))
    if not document_number.strip():
        problems.append(Problem(_("Please name the paper that approves it."), "document_number"))
    if not problems:
        problems = _overdue_problems(desk, value_date)
    return problems


def _overdue_problems(desk: Desk, value_date: date) -> list[Problem]:
    if desk.account(value_date).overdue_since is None:
        return [Problem(_("The loan is not overdue: nothing can be written off."), "value_date")]
    return []


@transaction.atomic
def decide_write_off(
    *, request_id: int, is_approved: bool, opinion: str, decided_by: User, decided_at: datetime
) -> WriteOffRequest:
    """Decide on a proposal as another person with a manager's post of the lender (CONSENT).

    Approved, what is left of the principal that day leaves the books and the case moves on; the claim on the borrower
    stays (账销案存). Decided the same way again, nothing more happens. Raises Blocked, NotAllowed.
    """
    loan_id = WriteOffRequest.objects.values_list("loan_id", flat=True).get(pk=request_id)
    desk = open_desk(loan_id=loan_id, user=decided_by, at=decided_at, verb=Verb.CONSENT, side=Side.CONSENT)
    proposal = WriteOffRequest.objects.select_for_update().get(pk=request_id)
    outcome = WriteOffState.APPROVED if is_approved else WriteOffState.REFUSED
    if proposal.state != WriteOffState.WAITING:
        if (proposal.state, proposal.decider_key) == (outcome, decided_by.person_key):
            return proposal
        raise Blocked([Problem(_("This proposal has been decided already."))])
    if proposal.proposer_key == decided_by.person_key:
        raise NotAllowed(_("Whoever proposed a write-off does not decide on it."))
    if not is_approved and not opinion.strip():
        raise Blocked([Problem(_("Please give the reason."), "opinion")])
    proposal.state, proposal.opinion = outcome, opinion.strip()
    proposal.decided_by, proposal.decider_key, proposal.decided_at = decided_by, decided_by.person_key, decided_at
    proposal.save(update_fields=["state", "opinion", "decided_by", "decider_key", "decided_at"])
    record(
        action=Action.DECIDED, actor=decided_by, at=decided_at, subject=proposal, reason=proposal.opinion,
        detail={"state": [WriteOffState.WAITING.value, outcome.value]},
    )  # fmt: skip
    if is_approved:
        _carry_out(desk, proposal)
    return proposal


def _carry_out(desk: Desk, proposal: WriteOffRequest) -> Loan:
    """Write the entry. What came in since the proposal is not written off."""
    require_live(desk)
    require(_overdue_problems(desk, proposal.value_date))
    entry = desk.entry(
        EntryKind.WRITE_OFF,
        amount=desk.ledger().outstanding(date.max),
        value_date=proposal.value_date,
        document_number=proposal.document_number,
        reason=proposal.reason,
    )
    desk.write(entry, label=proposal.document_number)
    desk.close(LoanState.WRITTEN_OFF, on=proposal.value_date)
    return desk.loan
