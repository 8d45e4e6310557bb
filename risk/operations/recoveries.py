"""After the payout: what comes in is shared, what does not is written off and kept in a register (账销案存)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from files.operations import Prepared
from finance.money import ZERO, require_amount
from organizations.scope import NotAllowed
from risk.choices import ClaimFileKind, ClaimOutcome, ClaimState, ContributorKind, FundAccountKind, TransferKind
from risk.models import Claim, ClaimDecision, ClaimRecovery, RecoveryShare
from risk.operations.claims import begin_move, end_move, keep_file, left_of
from risk.operations.errors import UnableToBook
from risk.operations.funds import account_of, write_transfer
from risk.rules import share_recovery
from web.clock import day_of


@transaction.atomic
def record_recovery(
    *,
    claim_id: int,
    revision: int,
    amount: Decimal,
    costs: Decimal,
    value_date: date,
    bank_reference: str,
    recorded_by: User,
    at: datetime,
) -> ClaimRecovery:
    """Book money recovered: costs first, the rest by the claim's own shares, nobody more than he bore.

    What is left above the whole loss is the lender's own (`beyond`). Raises ClaimMoved, NotAllowed, UnableToBook.
    """
    claim, move, post = begin_move(claim_id, ClaimOutcome.RECOVER, revision=revision, by=recorded_by, at=at)
    _check(claim, amount, costs, value_date, bank_reference, on=day_of(at))
    shares, left = left_of(claim)
    shared = min(amount - costs, sum(left, start=ZERO))
    parts = share_recovery(shared, weights=[share.weight for share in shares], left=left)
    to_fund = sum(
        (part for share, part in zip(shares, parts, strict=True) if share.contributor.kind != ContributorKind.LENDER),
        start=ZERO,
    )
    recovery = ClaimRecovery.objects.create(
        claim=claim, amount=amount, costs=costs, to_fund=to_fund, to_lender=shared - to_fund,
        beyond=amount - costs - shared, value_date=value_date, bank_reference=bank_reference,
        recorded_by=recorded_by, recorded_at=at,
    )  # fmt: skip
    rows = [
        RecoveryShare(recovery=recovery, contributor=share.contributor, amount=part)
        for share, part in zip(shares, parts, strict=True)
    ]
    RecoveryShare.objects.bulk_create(rows)
    for row in rows:
        _return_to(claim, recovery, row, at)
    claim.recovered += to_fund
    facts = {"amount": str(amount), "costs": str(costs), "to_fund": str(to_fund), "bank_reference": bank_reference}
    is_full = sum(left, start=ZERO) == shared and claim.state != ClaimState.WRITTEN_OFF
    target = ClaimState.RECOVERED if is_full else ""
    end_move(claim, move, post, ClaimOutcome.RECOVER, by=recorded_by, at=at, facts=facts, target=target)
    return recovery


def _check(claim: Claim, amount: Decimal, costs: Decimal, value_date: date, reference: str, *, on: date) -> None:
    require_amount(amount)
    require_amount(costs)
    if amount <= 0 or costs > amount:
        raise UnableToBook(_("The costs cannot be more than what was recovered."), "costs")
    if claim.paid_on is None or not claim.paid_on <= value_date <= on:
        raise UnableToBook(_("The day lies between the payout and today."), "value_date")
    if ClaimRecovery.objects.filter(bank_reference=reference).exists():
        raise UnableToBook(_("This bank reference is already booked."), "bank_reference")


def _return_to(claim: Claim, recovery: ClaimRecovery, row: RecoveryShare, at: datetime) -> None:
    """Bring a party's part back to the special account; the lender keeps his own."""
    if row.contributor.kind == ContributorKind.LENDER or row.amount == 0:
        return
    write_transfer(
        fund=claim.fund,
        debit=account_of(claim.fund, FundAccountKind.SPECIAL),
        credit=account_of(claim.fund, FundAccountKind.RECOVERIES),
        amount=row.amount,
        value_date=recovery.value_date,
        kind=TransferKind.RECOVERY,
        key=f"claim:{claim.pk}:recovery:{recovery.bank_reference}:{row.contributor_id}",
        bank_reference=recovery.bank_reference,
        recorded_by=recovery.recorded_by,
        at=at,
        contributor=row.contributor,
        claim=claim,
    )


@transaction.atomic
def propose_write_off(
    *,
    claim_id: int,
    revision: int,
    reason: str,
    document_number: str,
    paper: Prepared,
    proposed_by: User,
    at: datetime,
) -> ClaimDecision:
    """Propose to take what the fund did not get back off its books, with the paper on it. Nothing is booked yet.

    Raises ClaimMoved, NotAllowed, UnableToBook, files.operations.UnableToStore.
    """
    claim, move, post = begin_move(
        claim_id, ClaimOutcome.PROPOSE_WRITE_OFF, revision=revision, by=proposed_by, at=at
    )  # fmt: skip
    if not document_number.strip():
        raise UnableToBook(_("Please give the number of the county's document."), "document_number")
    if claim.left <= 0:
        raise UnableToBook(_("The fund got everything back: nothing is left to write off."))
    claim.write_off_number = document_number
    keep_file(claim, ClaimFileKind.WRITE_OFF, paper, by=proposed_by, at=at)
    facts = {"amount": str(claim.left), "document_number": document_number, "sha256": paper.sha256}
    return end_move(
        claim, move, post, ClaimOutcome.PROPOSE_WRITE_OFF, by=proposed_by, at=at, reason=reason, facts=facts
    )  # fmt: skip


@transaction.atomic
def decide_write_off(
    *, claim_id: int, outcome: str, revision: int, decided_by: User, at: datetime, reason: str = ""
) -> ClaimDecision:
    """Write a proposed claim off, or keep it on the books (KEEP, with a reason). By the leading group.

    Written off, the claim stays in the register and may still come in (账销案存). Raises ClaimMoved, NotAllowed,
    UnableToBook.
    """
    if outcome not in (ClaimOutcome.WRITE_OFF, ClaimOutcome.KEEP):
        raise NotAllowed
    claim, move, post = begin_move(claim_id, outcome, revision=revision, by=decided_by, at=at)
    if outcome == ClaimOutcome.KEEP:
        return end_move(claim, move, post, outcome, by=decided_by, at=at, reason=reason)
    loss, on = claim.left, day_of(at)
    if loss > 0:
        write_transfer(
            fund=claim.fund,
            debit=account_of(claim.fund, FundAccountKind.WRITE_OFF),
            credit=account_of(claim.fund, FundAccountKind.CLAIMS),
            amount=loss,
            value_date=on,
            kind=TransferKind.WRITE_OFF,
            key=f"claim:{claim.pk}:write_off",
            bank_reference="",
            recorded_by=decided_by,
            at=at,
            claim=claim,
        )
    claim.written_off_on = on
    facts = {"amount": str(loss), "document_number": claim.write_off_number}
    return end_move(claim, move, post, outcome, by=decided_by, at=at, reason=reason, facts=facts)
