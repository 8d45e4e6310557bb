"""The fund's agreements (who bears what, when a claim may be filed) and its books."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from accounts.operations import system_user
from audit.choices import Action
from audit.operations import record
from finance.money import require_amount
from loans.models import Programme
from organizations.models import Division
from organizations.scope import NotAllowed
from risk.choices import (
    BOOKED_KINDS,
    ClaimPaper,
    ContributorKind,
    FundAccountKind,
    TransferKind,
)
from risk.models import (
    Claim,
    ClaimCap,
    ClaimRule,
    FundAccount,
    FundContributor,
    FundShare,
    FundShareSet,
    FundTransfer,
    RiskFund,
)
from risk.operations.errors import UnableToBook
from risk.queries.funds import least_balance_from
from risk.rules import Band, bands_problem
from web.clock import day_of


@dataclass(frozen=True)
class Party:
    """A party of an agreement with its weight; the order is that of the agreement."""

    name: str
    kind: str
    weight: Decimal


@dataclass(frozen=True)
class RuleData:
    """What a claim rule says. Percentages and multiples as the document gives them; bands in yuan from 0 upwards."""

    effective_from: date
    trigger_days: int
    base: str
    is_more_than: bool = False
    bands: Sequence[Band] = ()
    leverage_max: Decimal | None = None
    deposit_percent: Decimal | None = None
    notices_min: int = 2
    required_papers: Sequence[str] = field(default_factory=lambda: ClaimPaper.values)
    document_number: str = ""
    is_example: bool = False


def require_fund_manager(user: User | None, fund_division: Division, at: datetime, *verbs: Verb) -> None:
    """Go on only if the account keeps this county's fund. None: the command that sets an empty county up."""
    if user is None:
        return
    user.forget_posts()
    scope = user.scope(*(verbs or (Verb.MANAGE_FUND,)), on=day_of(at))
    if not scope.covers_division(fund_division.path):
        raise NotAllowed


@transaction.atomic
def open_fund(
    *,
    name: str,
    division: Division,
    programme: Programme | None,
    opened_on: date,
    opened_by: User | None,
    at: datetime,
) -> RiskFund:
    """Set a fund up with its accounts. Raises NotAllowed, UnableToBook when the name is taken."""
    require_fund_manager(opened_by, division, at)
    if RiskFund.objects.filter(name=name).exists():
        raise UnableToBook(_("A fund of this name exists already."), "name")
    fund = RiskFund.objects.create(
        name=name, division=division, programme=programme, opened_on=opened_on, created_by=opened_by, created_at=at
    )
    kinds = [kind for kind in FundAccountKind if kind != FundAccountKind.CONTRIBUTOR]
    FundAccount.objects.bulk_create([FundAccount(fund=fund, kind=kind) for kind in kinds])
    record(action=Action.CREATED, actor=opened_by, at=at, subject=fund)
    return fund


@transaction.atomic
def set_shares(
    *,
    fund: RiskFund,
    effective_from: date,
    parties: Sequence[Party],
    set_by: User | None,
    at: datetime,
    document_number: str = "",
    is_example: bool = False,
) -> FundShareSet:
    """Say who bears which part of a loss from a day on. The party named last takes what rounding leaves.

    Exactly one party is the lender. Raises NotAllowed, UnableToBook.
    """
    require_fund_manager(set_by, fund.division, at)
    RiskFund.objects.select_for_update().get(pk=fund.pk)
    if sum(party.kind == ContributorKind.LENDER for party in parties) != 1 or len(parties) < 2:
        raise UnableToBook(_("An agreement names the lender and at least one other party."))
    if len({party.name for party in parties}) != len(parties):
        raise UnableToBook(_("A party is named twice."))
    if any(party.weight <= 0 for party in parties):
        raise UnableToBook(_("Every weight is above zero."))
    if fund.share_sets.filter(effective_from=effective_from).exists():
        raise UnableToBook(_("Shares from this day on are already set."), "effective_from")
    share_set = FundShareSet.objects.create(
        fund=fund, effective_from=effective_from, document_number=document_number, is_example=is_example
    )
    FundShare.objects.bulk_create(
        FundShare(
            share_set=share_set, contributor=_contributor(fund, party), weight=party.weight, position=place
        )
        for place, party in enumerate(parties, start=1)
    )  # fmt: skip
    weights = ":".join(f"{party.weight.normalize():f}" for party in parties)
    record(action=Action.CREATED, actor=set_by, at=at, subject=share_set, detail={"shares": ["", weights]})
    return share_set


def _contributor(fund: RiskFund, party: Party) -> FundContributor:
    contributor, is_new = FundContributor.objects.get_or_create(
        fund=fund, name=party.name, defaults={"kind": party.kind}
    )
    if contributor.kind != party.kind:
        raise UnableToBook(_("“%(party)s” is known as another kind of party.") % {"party": party.name})
    if is_new:
        FundAccount.objects.create(fund=fund, kind=FundAccountKind.CONTRIBUTOR, contributor=contributor)
    return contributor


@transaction.atomic
def set_claim_rule(*, fund: RiskFund, rule: RuleData, set_by: User | None, at: datetime) -> ClaimRule:
    """Say from which day on claims are filed by which rule. Raises NotAllowed, UnableToBook."""
    require_fund_manager(set_by, fund.division, at)
    problem = bands_problem(rule.bands)
    if problem:
        raise UnableToBook(_("The bands of the cap must join from 0 upwards, each with at most 100%."), "caps")
    if set(rule.required_papers) - set(ClaimPaper.values):
        raise UnableToBook(_("There is no such paper."), "required_papers")
    if fund.claim_rules.filter(effective_from=rule.effective_from).exists():
        raise UnableToBook(_("A rule from this day on is already set."), "effective_from")
    stored = ClaimRule.objects.create(
        fund=fund,
        effective_from=rule.effective_from,
        document_number=rule.document_number,
        is_example=rule.is_example,
        trigger_days=rule.trigger_days,
        is_more_than=rule.is_more_than,
        base=rule.base,
        leverage_max=rule.leverage_max,
        deposit_percent=rule.deposit_percent,
        notices_min=rule.notices_min,
        required_papers=list(rule.required_papers),
    )
    ClaimCap.objects.bulk_create(
        ClaimCap(rule=stored, from_amount=band.start, to_amount=band.end, percent=band.percent) for band in rule.bands
    )
    record(action=Action.CREATED, actor=set_by, at=at, subject=stored)
    return stored


@transaction.atomic
def book_transfer(
    *,
    fund: RiskFund,
    kind: str,
    amount: Decimal,
    value_date: date,
    bank_reference: str,
    booked_by: User | None,
    at: datetime,
    contributor: FundContributor | None = None,
    note: str = "",
) -> FundTransfer:
    """Book what the bank's statement shows besides claims: a payment in, a top-up, interest, a charge.

    One bank reference books once. Raises NotAllowed, UnableToBook.
    """
    require_fund_manager(booked_by, fund.division, at)
    if kind not in BOOKED_KINDS:
        raise UnableToBook(_("This kind of movement is booked with its claim."), "kind")
    needs_party = kind in (TransferKind.DEPOSIT, TransferKind.TOP_UP)
    if needs_party != (contributor is not None) or (contributor is not None and contributor.fund_id != fund.pk):
        raise UnableToBook(_("A payment in names its party, other movements none."), "contributor")
    special = account_of(fund, FundAccountKind.SPECIAL)
    other = (
        FundAccount.objects.get(contributor=contributor)
        if contributor
        else account_of(fund, FundAccountKind.INTEREST if kind == TransferKind.INTEREST else FundAccountKind.EXTERNAL)
    )
    debit, credit = (other, special) if kind == TransferKind.CHARGE else (special, other)
    transfer = write_transfer(
        fund=fund, debit=debit, credit=credit, amount=amount, value_date=value_date, kind=kind,
        key=f"fund:{fund.pk}:bank:{bank_reference}", bank_reference=bank_reference, recorded_by=booked_by, at=at,
        contributor=contributor, note=note,
    )  # fmt: skip
    record(action=Action.CREATED, actor=booked_by, at=at, subject=transfer, detail={"amount": ["", str(amount)]})
    return transfer


def account_of(fund: RiskFund, kind: str) -> FundAccount:
    return FundAccount.objects.get(fund=fund, kind=kind)


def write_transfer(
    *,
    fund: RiskFund,
    debit: FundAccount,
    credit: FundAccount,
    amount: Decimal,
    value_date: date,
    kind: str,
    key: str,
    bank_reference: str,
    recorded_by: User | None,
    at: datetime,
    contributor: FundContributor | None = None,
    claim: Claim | None = None,
    note: str = "",
) -> FundTransfer:
    """Write one transfer and move the balance beside it, in the caller's transaction. Called by this room only.

    The balance is moved first: its row is the lock under which the days after `value_date` are looked at, so that the
    fund is not below zero on any day. Raises UnableToBook.
    """
    require_amount(amount)
    if value_date > day_of(at):
        raise UnableToBook(_("The day lies in the future."), "value_date")
    if value_date < fund.opened_on:
        raise UnableToBook(_("The day lies before the fund was opened."), "value_date")
    if FundAccountKind.SPECIAL in (debit.kind, credit.kind):
        _move_balance(fund, amount if debit.kind == FundAccountKind.SPECIAL else -amount, value_date)
    try:
        with transaction.atomic():
            return FundTransfer.objects.create(
                fund=fund, debit=debit, credit=credit, amount=amount, value_date=value_date, kind=kind,
                transfer_key=key, bank_reference=bank_reference, recorded_by=recorded_by or system_user(),
                recorded_at=at, contributor=contributor, claim=claim, note=note,
            )  # fmt: skip
    except IntegrityError as error:
        if "transfer_key" in str(error):
            raise UnableToBook(_("This bank reference is already booked."), "bank_reference") from error
        raise


def _move_balance(fund: RiskFund, change: Decimal, value_date: date) -> None:
    found = RiskFund.objects.filter(pk=fund.pk, balance__gte=-change).update(balance=F("balance") + change)
    if not found or (change < 0 and least_balance_from(fund, value_date) + change < 0):
        raise UnableToBook(_("The fund does not hold that much (on that day)."), "amount")


@transaction.atomic
def store_scheme(*, data: Mapping[str, Any], stored_by: User | None, at: datetime) -> RiskFund:
    """Store a county's fund with its first shares and rule, from data shaped like fixtures/risk/*.json.

    Amounts and percentages stand in it as text. A fund of the name that is there already is returned unchanged.
    """
    known = RiskFund.objects.filter(name=data["name"]).first()
    if known is not None:
        return known
    fund = open_fund(
        name=data["name"],
        division=Division.objects.get(code=data["county"]),
        programme=Programme.objects.filter(code=data["programme"]).first() if data["programme"] else None,
        opened_on=date.fromisoformat(data["opened_on"]),
        opened_by=stored_by,
        at=at,
    )
    for one in data["shares"]:
        parties = [Party(party["name"], party["kind"], Decimal(party["weight"])) for party in one["parties"]]
        set_shares(
            fund=fund, effective_from=date.fromisoformat(one["effective_from"]), parties=parties, set_by=stored_by,
            at=at, document_number=one["document_number"], is_example=one["is_example"],
        )  # fmt: skip
    for one in data["rules"]:
        set_claim_rule(fund=fund, rule=_rule_of(one), set_by=stored_by, at=at)
    return fund


def _rule_of(data: Mapping[str, Any]) -> RuleData:
    bands = [
        Band(Decimal(band["from"]), Decimal(band["to"]) if band["to"] else None, Decimal(band["percent"]))
        for band in data["caps"]
    ]
    return RuleData(
        effective_from=date.fromisoformat(data["effective_from"]),
        trigger_days=data["trigger_days"],
        is_more_than=data["is_more_than"],
        base=data["base"],
        bands=bands,
        leverage_max=Decimal(data["leverage_max"]) if data["leverage_max"] else None,
        deposit_percent=Decimal(data["deposit_percent"]) if data["deposit_percent"] else None,
        notices_min=data["notices_min"],
        required_papers=data["required_papers"],
        document_number=data["document_number"],
        is_example=data["is_example"],
    )
