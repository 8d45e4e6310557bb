"""What a fund holds, what it stands for, and whether the bank says the same."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, Max, Min, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import Coalesce

from finance.money import ZERO
from loans.models import LoanEntry
from loans.queries.lending import SIGNED_PRINCIPAL
from risk.choices import FundAccountKind
from risk.models import (
    ClaimRule,
    ClaimShare,
    FundShareSet,
    FundStatementLine,
    FundTransfer,
    RecoveryShare,
    RiskFund,
)
from risk.rules import multiple, percent_of, ratio_percent

MONEY = DecimalField(max_digits=14, decimal_places=2)
NOTHING = Value(ZERO, output_field=MONEY)
# What a transfer does to the special account.
SIGNED = Case(
    When(debit__kind=FundAccountKind.SPECIAL, then=F("amount")),
    When(credit__kind=FundAccountKind.SPECIAL, then=-F("amount")),
    default=NOTHING,
    output_field=MONEY,
)
OF_BANK = Q(debit__kind=FundAccountKind.SPECIAL) | Q(credit__kind=FundAccountKind.SPECIAL)


@dataclass(frozen=True)
class FundPosition:
    """A fund at the end of a day. Amounts in yuan; None where there is nothing to divide by or no limit is set."""

    as_of: date
    balance: Decimal
    lent: Decimal  # principal outstanding under the fund
    multiple: Decimal | None  # lent / balance
    coverage_percent: Decimal | None  # balance / lent
    leverage_max: Decimal | None
    lending_limit: Decimal | None  # balance × leverage_max
    deposit_required: Decimal | None

    @property
    def is_above_limit(self) -> bool:
        return self.lending_limit is not None and self.lent > self.lending_limit

    @property
    def shortfall(self) -> Decimal:
        """What is missing to the deposit that the rule demands."""
        return max((self.deposit_required or ZERO) - self.balance, ZERO)


def fund_position(fund: RiskFund, as_of: date) -> FundPosition:
    """Return a fund's balance, what is lent under it, multiple, coverage and limits as of a day (three queries)."""
    balance, lent = balance_on(fund, as_of), lent_under(fund, as_of)
    rule = rule_on(fund, as_of)
    leverage = rule.leverage_max if rule else None
    deposit = rule.deposit_percent if rule else None
    return FundPosition(
        as_of=as_of,
        balance=balance,
        lent=lent,
        multiple=multiple(lent, balance),
        coverage_percent=ratio_percent(balance, lent),
        leverage_max=leverage,
        lending_limit=None if leverage is None else percent_of(balance, leverage * 100),
        deposit_required=None if deposit is None else percent_of(lent, deposit),
    )


def balance_on(fund: RiskFund, as_of: date) -> Decimal:
    """Return what stood in the special account at the end of a day, by the transfers."""
    transfers = FundTransfer.objects.filter(fund=fund, value_date__lte=as_of)
    return Decimal(transfers.aggregate(total=Coalesce(Sum(SIGNED), NOTHING))["total"])


def least_balance_from(fund: RiskFund, start: date) -> Decimal:
    """Return the lowest end-of-day balance from a day on, by the transfers."""
    later = FundTransfer.objects.filter(fund=fund, value_date__gt=start)
    # A window ordered by the day holds all rows of the day: what it sums is the movement to the day's end.
    days = later.annotate(running=Window(Sum(SIGNED), order_by=F("value_date").asc())).values_list(
        "running", flat=True
    )
    opening = balance_on(fund, start)
    return opening + min([ZERO, *days])


def lent_under(fund: RiskFund, as_of: date) -> Decimal:
    """Return the principal outstanding of the loans that the fund stands for, at the end of a day."""
    entries = LoanEntry.objects.effective().filter(
        value_date__lte=as_of, loan__division_path__startswith=fund.division.path
    )
    if fund.programme_id:
        entries = entries.filter(loan__version__programme=fund.programme_id)
    return Decimal(entries.aggregate(total=Coalesce(Sum(SIGNED_PRINCIPAL), NOTHING))["total"])


def rule_on(fund: RiskFund, day: date) -> ClaimRule | None:
    """Return the claim rule in force on a day with its caps."""
    rules = ClaimRule.objects.filter(fund=fund, effective_from__lte=day).prefetch_related("caps")
    return rules.order_by("-effective_from").first()


def shares_on(fund: RiskFund, day: date) -> FundShareSet | None:
    """Return the agreement in force on a day with its shares and parties."""
    sets = FundShareSet.objects.filter(fund=fund, effective_from__lte=day)
    return sets.prefetch_related("shares__contributor").order_by("-effective_from").first()


def fund_for(division_path: str, programme_id: int, day: date) -> RiskFund | None:
    """Return the fund that stands for a loan of this place and programme: its own before the general one."""
    funds = RiskFund.objects.select_related("division").filter(opened_on__lte=day)
    found = [fund for fund in funds if division_path.startswith(fund.division.path)]
    own = [fund for fund in found if fund.programme_id == programme_id]
    return next(iter([*own, *(fund for fund in found if fund.programme_id is None)]), None)


def transfers_of(fund: RiskFund) -> QuerySet[FundTransfer]:
    """Return a fund's transfers, newest first, with `signed` (what it did to the special account)."""
    return (
        FundTransfer.objects.filter(fund=fund)
        .select_related("debit__contributor", "credit__contributor", "contributor", "claim", "recorded_by")
        .annotate(signed=SIGNED)
        .order_by("-value_date", "-pk")
    )


@dataclass(frozen=True)
class Standing:
    """What one party has paid in, has borne of paid claims, and got back of recoveries."""

    name: str
    kind: str
    paid_in: Decimal
    borne: Decimal
    returned: Decimal


def standings_of(fund: RiskFund) -> list[Standing]:
    """Return how each party stands (three queries)."""
    paid_in = dict(_sums(FundTransfer.objects.filter(fund=fund, credit__kind="contributor"), "contributor"))
    paid = ClaimShare.objects.filter(claim__fund=fund, claim__paid_on__isnull=False, round=F("claim__round"))
    borne = dict(_sums(paid, "contributor"))
    returned = dict(_sums(RecoveryShare.objects.filter(recovery__claim__fund=fund), "contributor"))
    return [
        Standing(
            name=party.name,
            kind=str(party.get_kind_display()),
            paid_in=paid_in.get(party.pk, ZERO),
            borne=borne.get(party.pk, ZERO),
            returned=returned.get(party.pk, ZERO),
        )
        for party in fund.contributors.all()
    ]


def _sums(rows: "QuerySet[Any]", key: str) -> list[tuple[int, Decimal]]:
    return list(rows.order_by().values_list(key).annotate(total=Sum("amount")))


@dataclass(frozen=True)
class Reconciled:
    """One bank reference in the bank's statement and in the books. It may stand in one only."""

    bank_reference: str
    value_date: date
    stated: Decimal | None
    booked: Decimal | None

    @property
    def is_matched(self) -> bool:
        return self.stated is not None and self.stated == self.booked


def reconcile(fund: RiskFund) -> list[Reconciled]:
    """Return every bank reference with what the bank states and what is booked, differences first (two queries).

    Money in is positive, money out negative. Several transfers of one reference are one payment of the bank.
    """
    stated = {
        reference: (day, paid_in - paid_out)
        for reference, day, paid_in, paid_out in FundStatementLine.objects.filter(fund=fund).values_list(
            "bank_reference", "value_date", "paid_in", "paid_out"
        )
    }
    booked = {
        reference: (day, amount)
        for reference, day, amount in FundTransfer.objects.filter(OF_BANK, fund=fund)
        .order_by()
        .values_list("bank_reference")
        .annotate(day=Min("value_date"), total=Sum(SIGNED))
    }
    rows = [
        Reconciled(
            bank_reference=reference,
            value_date=(stated.get(reference) or booked[reference])[0],
            stated=stated[reference][1] if reference in stated else None,
            booked=booked[reference][1] if reference in booked else None,
        )
        for reference in stated.keys() | booked.keys()
    ]
    return sorted(rows, key=lambda row: (row.is_matched, -row.value_date.toordinal(), row.bank_reference))


def stated_until(fund: RiskFund) -> date | None:
    """Return the last day of the bank's statement that was read in."""
    found: date | None = FundStatementLine.objects.filter(fund=fund).aggregate(last=Max("value_date"))["last"]
    return found
