"""Claims: prepare, file with papers, check, verify, approve, pay. One transaction each, one winner, five people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import Post, User
from files.operations import Prepared, store
from finance.money import ZERO, split_rest_to_last
from loans.models import Loan
from loans.queries.ledger import account_of
from loans.steps.numbers import next_number
from organizations.scope import NotAllowed
from risk.choices import (
    ClaimBase,
    ClaimOutcome,
    ClaimPaper,
    ClaimState,
    ContributorKind,
    FundAccountKind,
    TransferKind,
)
from risk.flow import MOVES, NEEDS_REASON, Move
from risk.models import Claim, ClaimDecision, ClaimFile, ClaimPaperEntry, ClaimRule, ClaimShare, FundShareSet
from risk.operations.errors import ClaimMoved, UnableToBook
from risk.operations.funds import account_of as fund_account, write_transfer
from risk.queries.funds import fund_for, rule_on, shares_on
from risk.rules import capped, may_claim
from web.clock import day_of

NUMBER_DIGITS = 4


@dataclass(frozen=True)
class Paper:
    """A paper handed in: its scan, its number, and how many copies (collection notices) it holds.

    Without a scan the one of an earlier filing of the same claim stands for it.
    """

    paper: str
    number: str = ""
    copies: int = 1
    file: Prepared | None = None


@transaction.atomic
def prepare_claim(*, loan: Loan, prepared_by: User, at: datetime) -> Claim:
    """Open a claim for a loan in arrears; it waits for its papers. Raises NotAllowed, UnableToBook."""
    on = day_of(at)
    prepared_by.forget_posts()
    if prepared_by.post_covering(Verb.DISBURSE, loan.place, on=on) is None:
        raise NotAllowed
    fund = fund_for(loan.division_path, loan.version.programme_id, on)
    if fund is None:
        raise UnableToBook(_("No risk fund stands for this loan."))
    if account_of(loan, on=on).overdue_since is None:
        raise UnableToBook(_("This loan is not in arrears."))
    try:
        with transaction.atomic():
            return Claim.objects.create(
                number=next_number(f"DC{on.year}", digits=NUMBER_DIGITS),
                loan=loan,
                fund=fund,
                created_by=prepared_by,
                created_at=at,
            )
    except IntegrityError as error:
        raise UnableToBook(_("There is a claim for this loan already.")) from error


@transaction.atomic
def file_claim(
    *, claim_id: int, revision: int, papers: Sequence[Paper], filed_by: User, at: datetime, opinion: str = ""
) -> ClaimDecision:
    """Demand what is owed today, with the papers scanned. What was owed, by which rule and shares, is kept.

    Raises ClaimMoved, NotAllowed, UnableToBook (too early, papers missing, no rule or shares in force), and
    files.operations.UnableToStore.
    """
    claim, move, post = begin_move(claim_id, ClaimOutcome.FILE, revision=revision, by=filed_by, at=at)
    on = day_of(at)
    rule, share_set = rule_on(claim.fund, on), shares_on(claim.fund, on)
    if rule is None or share_set is None:
        raise UnableToBook(_("The fund has no claim rule or no shares in force today."))
    _demand(claim, rule, on)
    _require_papers(claim, rule, papers)
    if claim.state == ClaimState.RETURNED:
        claim.round += 1
    claim.rule, claim.share_set, claim.filed_on = rule, share_set, on
    _share(claim, share_set)
    ClaimPaperEntry.objects.bulk_create(
        ClaimPaperEntry(claim=claim, round=claim.round, paper=one.paper, number=one.number, copies=one.copies)
        for one in papers
    )
    for one in papers:
        if one.file is not None:
            keep_file(claim, one.paper, one.file, by=filed_by, at=at)
    facts = {"base": str(claim.base_amount), "fund": str(claim.fund_part), "overdue_days": claim.overdue_days}
    return end_move(claim, move, post, ClaimOutcome.FILE, by=filed_by, at=at, reason=opinion, facts=facts)


def _demand(claim: Claim, rule: ClaimRule, on: date) -> None:
    """Take the loan's account of the day into the claim. Raises UnableToBook before the trigger's day."""
    account = account_of(claim.loan, on=on)
    days = (on - account.overdue_since).days if account.overdue_since else 0
    if not may_claim(days, trigger_days=rule.trigger_days, is_more_than=rule.is_more_than):
        sentence = (
            _("The loan is %(days)s days overdue; a claim can be filed after %(trigger)s days.")
            if rule.is_more_than
            else _("The loan is %(days)s days overdue; a claim can be filed from day %(trigger)s on.")
        )
        raise UnableToBook(sentence % {"days": days, "trigger": rule.trigger_days})
    # Contract interest runs until maturity; what runs after it is penalty, which no claim contains.
    interest = account.overdue_interest + (account.accrued if on < account.maturity else ZERO)
    claim.overdue_since, claim.overdue_days = account.overdue_since, days
    claim.principal_due = account.outstanding
    claim.interest_due = interest if rule.base == ClaimBase.WITH_INTEREST else ZERO
    claim.base_amount = capped(claim.principal_due + claim.interest_due, rule.bands)
    if claim.base_amount <= 0:
        raise UnableToBook(_("Nothing of this loan is left to claim."))


def _require_papers(claim: Claim, rule: ClaimRule, papers: Sequence[Paper]) -> None:
    """Every required paper is there as a scan; collection notices are as many as the rule asks for."""
    given = {paper.paper: paper for paper in papers}
    scanned = {paper.paper for paper in papers if paper.file is not None} | set(
        ClaimFile.objects.filter(claim=claim).values_list("kind", flat=True)
    )
    missing = [
        str(ClaimPaper(code).label) for code in rule.required_papers if code not in given or code not in scanned
    ]
    if missing:
        raise UnableToBook(_("Papers are missing: %(papers)s.") % {"papers": "、".join(missing)}, "papers")
    collection = given.get(ClaimPaper.COLLECTION)
    if collection is not None and collection.copies < rule.notices_min:
        raise UnableToBook(
            _("At least %(number)s collection notices are needed.") % {"number": rule.notices_min}, "copies"
        )


def keep_file(claim: Claim, kind: str, file: Prepared, *, by: User, at: datetime) -> ClaimFile:
    """Keep the scan of a paper with the claim, in the caller's transaction."""
    attachment = store(prepared=file, by=by, at=at)
    return ClaimFile.objects.create(claim=claim, round=claim.round, kind=kind, attachment=attachment)


def _share(claim: Claim, share_set: FundShareSet) -> None:
    """Split the loss to the fen; the fund pays the parts of all parties but the lender."""
    shares = list(share_set.shares.all())
    parts = split_rest_to_last(claim.base_amount, [share.weight for share in shares])
    rows = [
        ClaimShare(
            claim=claim,
            round=claim.round,
            contributor=share.contributor,
            weight=share.weight,
            amount=part,
            position=share.position,
        )
        for share, part in zip(shares, parts, strict=True)
    ]
    is_lender = [row.contributor.kind == ContributorKind.LENDER for row in rows]
    claim.lender_part = sum((row.amount for row, own in zip(rows, is_lender, strict=True) if own), start=ZERO)
    claim.fund_part = claim.base_amount - claim.lender_part
    ClaimShare.objects.bulk_create(rows)


@transaction.atomic
def decide_claim(
    *, claim_id: int, outcome: str, revision: int, decided_by: User, at: datetime, reason: str = ""
) -> ClaimDecision:
    """Agree, send back or refuse at the step the claim waits at. Raises ClaimMoved, NotAllowed, UnableToBook."""
    if outcome not in (ClaimOutcome.PASS, ClaimOutcome.RETURN, ClaimOutcome.REJECT):
        raise NotAllowed
    claim, move, post = begin_move(claim_id, outcome, revision=revision, by=decided_by, at=at)
    return end_move(claim, move, post, outcome, by=decided_by, at=at, reason=reason)


@transaction.atomic
def pay_claim(
    *, claim_id: int, revision: int, bank_reference: str, value_date: date, paid_by: User, at: datetime
) -> ClaimDecision:
    """Pay the approved claim out of the special account: one transfer, never twice, never below zero.

    Raises ClaimMoved, NotAllowed (the approver does not pay), UnableToBook (the fund does not hold it).
    """
    claim, move, post = begin_move(claim_id, ClaimOutcome.PAY, revision=revision, by=paid_by, at=at)
    assert claim.filed_on is not None
    if value_date < claim.filed_on:
        raise UnableToBook(_("The day lies before the claim was filed."), "value_date")
    fund = claim.fund
    write_transfer(
        fund=fund,
        debit=fund_account(fund, FundAccountKind.CLAIMS),
        credit=fund_account(fund, FundAccountKind.SPECIAL),
        amount=claim.fund_part,
        value_date=value_date,
        kind=TransferKind.PAYOUT,
        key=f"claim:{claim.pk}:payout",
        bank_reference=bank_reference,
        recorded_by=paid_by,
        at=at,
        claim=claim,
    )
    claim.paid_on = value_date
    facts = {"amount": str(claim.fund_part), "bank_reference": bank_reference}
    return end_move(claim, move, post, ClaimOutcome.PAY, by=paid_by, at=at, facts=facts)


def begin_move(
    claim_id: int, outcome: str, *, revision: int, by: User, at: datetime
) -> tuple[Claim, Move, Post]:  # fmt: skip
    """Lock the claim and find the move and the post for it. Raises ClaimMoved, NotAllowed."""
    claims = Claim.objects.select_for_update(of=("self",)).select_related("loan__application", "fund__division")
    claim = claims.get(pk=claim_id)
    move = MOVES.get((claim.state, outcome))
    if claim.revision != revision or move is None:
        raise ClaimMoved(claim, claim.decisions.order_by("-sequence").first())
    by.forget_posts()
    post = by.post_covering(move.verb, claim.loan.place, on=day_of(at))
    if post is None:
        raise NotAllowed
    sentence = reason_against(claim, move, by)
    if sentence:
        raise NotAllowed(sentence)
    return claim, move, post


def reason_against(claim: Claim, move: Move, user: User) -> str:
    """Return why this person may not act on a claim though the post would allow it; "" when he may."""
    case, person = claim.loan.application, user.person
    if person is not None and (
        person.pk == case.person_id or (case.household_id and person.household_id == case.household_id)
    ):
        return _("Nobody decides on a claim for a loan of his own household.")
    others = claim.decisions.filter(person_key=user.person_key).exclude(side=move.side)
    if others.exists():
        return _("You have already decided on this claim at another step; somebody else must do this one.")
    return ""


def end_move(
    claim: Claim,
    move: Move,
    post: Post,
    outcome: str,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    target: str = "",
) -> ClaimDecision:
    """Write the decision and move the claim, in the caller's transaction. Raises UnableToBook without a reason."""
    if outcome in NEEDS_REASON and not reason.strip():
        raise UnableToBook(_("Please give the reason."), "reason")
    step, claim.state = claim.state, target or move.target
    claim.sequence += 1
    claim.revision += 1
    claim.save()
    return ClaimDecision.objects.create(
        claim=claim,
        step=step,
        outcome=outcome,
        round=claim.round,
        sequence=claim.sequence,
        reason=reason.strip(),
        facts=dict(facts or {}),
        decided_at=at,
        decided_by=by,
        person_key=by.person_key,
        role=post.role,
        organization=post.organization,
        side=move.side,
    )


def left_of(claim: Claim) -> tuple[list[ClaimShare], list[Decimal]]:
    """Return the claim's shares in order and what each party has not got back."""
    shares = list(claim.shares.filter(round=claim.round).select_related("contributor").order_by("position"))
    got = _returned(claim)
    return shares, [share.amount - got.get(share.contributor_id, ZERO) for share in shares]


def _returned(claim: Claim) -> dict[int, Decimal]:
    got: dict[int, Decimal] = {}
    for recovery in claim.recoveries.prefetch_related("shares"):
        for share in recovery.shares.all():
            got[share.contributor_id] = got.get(share.contributor_id, ZERO) + share.amount
    return got
