"""Figures of public money by township: subsidies of a period, the budget, the fund, and what was prolonged.

A township is that of the borrower's village; the key "" of a mapping holds what belongs to the county as a whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Substr

from dashboards.figures.selection import Selection, payouts
from finance.money import ZERO
from loans.choices import EntryKind
from loans.models import Loan, LoanEntry, SubsidyBudget
from risk.models import Claim, ClaimRecovery, RiskFund
from risk.queries.funds import fund_position
from risk.rules import multiple
from subsidies.choices import CLOSED_STATES, LineKind, Reason
from subsidies.models import ClawbackEntry, InputSegment, Payment, SubsidyBatch, SubsidyLine
from subsidies.queries.entitlements import Paid, worth_of_period

TOWNSHIP_DIGITS = 9
# Lines with these remarks got less than their days would have brought. Months used up were never due.
WITHHELD = [reason for reason in Reason.values if reason not in (Reason.NONE, Reason.MONTHS_USED)]
ALL_PAID = date.min


@dataclass(frozen=True)
class SubsidySums:
    """The subsidies of a township for the batches that end in a period. Amounts in yuan.

    due            what the days would have brought; `withheld` of it was cut or excluded by the check
    approved       the lines of batches that were approved, differences with their sign
    credited, returned, reissued, clawed_back   what the bank answered in the period, by its day
    """

    due_borrowers: int = 0
    due_principal: Decimal = ZERO
    due: Decimal = ZERO
    withheld: Decimal = ZERO
    paid_borrowers: int = 0
    approved: Decimal = ZERO
    credited: Decimal = ZERO
    returned_number: int = 0
    returned: Decimal = ZERO
    reissued: Decimal = ZERO
    clawed_back: Decimal = ZERO


@dataclass(frozen=True)
class FundSums:
    """The fund of the county on a day, all funds together. None where there is no fund or nothing to divide by."""

    balance: Decimal | None = None
    lent: Decimal | None = None
    leverage: Decimal | None = None
    leverage_max: Decimal | None = None
    coverage_percent: Decimal | None = None


@dataclass(frozen=True)
class ClaimSums:
    """What the fund paid for loans of a township, and what came back to it, in yuan."""

    paid: Decimal = ZERO
    recovered: Decimal = ZERO


@dataclass(frozen=True)
class Prolonged:
    """Loans extended and renewed in a period: how many, and their principal in yuan."""

    extended: int = 0
    extended_amount: Decimal = ZERO
    renewed: int = 0
    renewed_amount: Decimal = ZERO


def read_subsidies(selection: Selection) -> dict[str, SubsidySums]:
    """Return the subsidies of the period from `since` to `as_of`, by township. Nine queries at most."""
    sums: dict[str, dict[str, Any]] = defaultdict(dict)
    for part in (_lines(selection), _answers(selection), _clawed_back(selection)):
        for township, fields in part.items():
            sums[township] |= fields
    for township, amount in _withheld(selection).items():
        sums[township]["withheld"] = amount
        sums[township]["due"] = sums[township].get("due", ZERO) + amount
    return {township: SubsidySums(**fields) for township, fields in sums.items()}


def _batches(selection: Selection) -> "QuerySet[SubsidyBatch]":
    return SubsidyBatch.objects.counting().filter(is_estimate=False, **_between("last_day", selection))


def _between(field: str, selection: Selection) -> dict[str, date]:
    since = {f"{field}__gte": selection.since} if selection.since else {}
    return {f"{field}__lte": selection.as_of, **since}


def _of_selection(selection: Selection, prefix: str = "loan__") -> Q:
    wanted = selection.scope.rows(prefix) & Q(**{f"{prefix}division_path__startswith": selection.division})
    if selection.programme:
        wanted &= Q(**{f"{prefix}version__programme__code": selection.programme})
    return wanted


def _by_township(rows: "QuerySet[Any]", prefix: str = "loan__") -> "QuerySet[Any, dict[str, Any]]":
    return rows.order_by().annotate(township=Substr(f"{prefix}division_path", 1, TOWNSHIP_DIGITS)).values("township")


def _rows(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row.pop("township"): row for row in map(dict, rows)}


def _lines(selection: Selection) -> dict[str, dict[str, Any]]:
    lines = SubsidyLine.objects.filter(_of_selection(selection), batch__in=_batches(selection))
    ordinary = Q(kind=LineKind.ORDINARY)
    due = ordinary & (Q(amount__gt=0) | Q(reason__in=WITHHELD))
    approved = Q(batch__state__in=CLOSED_STATES)
    paid = approved & Q(amount__gt=0)
    household, body = "loan__application__household", Q(loan__application__entity=None)
    rows = _by_township(lines).annotate(
        due_people=Count(household, distinct=True, filter=due & body),
        due_bodies=Count("loan__application__entity", distinct=True, filter=due),
        due_principal=Sum("loan__principal", filter=due, default=ZERO),
        due=Sum("amount", filter=ordinary, default=ZERO),
        paid_people=Count(household, distinct=True, filter=paid & body),
        paid_bodies=Count("loan__application__entity", distinct=True, filter=paid),
        approved=Sum("amount", filter=approved, default=ZERO),
    )
    found = _rows(rows)
    for row in found.values():
        row["due_borrowers"] = row.pop("due_people") + row.pop("due_bodies")
        row["paid_borrowers"] = row.pop("paid_people") + row.pop("paid_bodies")
    return found


def _answers(selection: Selection) -> dict[str, dict[str, Any]]:
    """What the bank answered in the period. A payment that stands for a returned one is a reissue."""
    payments = Payment.objects.filter(_of_selection(selection), **_between("result__value_date", selection))
    credited = Q(result__is_credited=True)
    return _rows(
        _by_township(payments).annotate(
            credited=Sum("amount", filter=credited, default=ZERO),
            returned_number=Count("pk", filter=~credited),
            returned=Sum("amount", filter=~credited, default=ZERO),
            reissued=Sum("amount", filter=credited & Q(reissues__isnull=False), default=ZERO),
        )
    )


def _clawed_back(selection: Selection) -> dict[str, dict[str, Any]]:
    entries = ClawbackEntry.objects.filter(
        _of_selection(selection, "clawback__loan__"), **_between("value_date", selection)
    )
    return _rows(_by_township(entries, "clawback__loan__").annotate(clawed_back=Sum("amount")))


def _withheld(selection: Selection) -> dict[str, Decimal]:
    """What checks took off: the worth of the same days without exclusion and with all interest paid, less the line.

    Only lines with a remark are reckoned again, by the one formula (subsidies.queries.entitlements).
    """
    lines = list(
        SubsidyLine.objects.filter(
            _of_selection(selection), batch__in=_batches(selection), kind=LineKind.ORDINARY, reason__in=WITHHELD
        ).select_related("batch")
    )
    loans = Loan.objects.select_related("version").in_bulk({line.loan_id for line in lines})
    segments = _segments(lines)
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        loan, stretches = loans[line.loan_id], segments[line.batch_id, line.loan_id]
        if stretches and loan.version.subsidy_basis:
            sums[loan.division_path[:TOWNSHIP_DIGITS]] += max(_gross(line, loan, stretches) - line.amount, ZERO)
    return dict(sums)


def _gross(line: SubsidyLine, loan: Loan, segments: Sequence[InputSegment]) -> Decimal:
    whole = [_unchecked(segment) for segment in segments]
    worth = worth_of_period(
        loan=loan, segments=whole, start=line.first_day, stop=line.batch.stop, paid_before=Paid([]),
        expected_after=ALL_PAID,
    )  # fmt: skip
    return worth.amount


def _unchecked(segment: InputSegment) -> InputSegment:
    """The same days without the exclusion. A base of nothing was cut to a limit: the balance stands for it."""
    return InputSegment(
        start=segment.start,
        end=segment.end,
        balance_fen=segment.balance_fen,
        base_fen=segment.base_fen or segment.balance_fen,
        rate_millionths=segment.rate_millionths,
        exclusion="",
    )


def _segments(lines: Sequence[SubsidyLine]) -> dict[tuple[int, int], list[InputSegment]]:
    found: dict[tuple[int, int], list[InputSegment]] = defaultdict(list)
    rows = InputSegment.objects.filter(
        batch__in={line.batch_id for line in lines}, loan__in={line.loan_id for line in lines}
    )
    for segment in rows.order_by("batch_id", "loan_id", "start"):
        found[segment.batch_id, segment.loan_id].append(segment)
    return found


def read_budget(selection: Selection) -> tuple[Decimal | None, Decimal | None]:
    """Return the budget of the year of `as_of` and what the bank had credited of it by then; None without a budget."""
    budgets = SubsidyBudget.objects.filter(
        selection.registers.divisions("version__programme__division__path"), year=selection.as_of.year
    )
    total = budgets.aggregate(total=Sum("appropriated"))["total"]
    if total is None:
        return None, None
    paid = Payment.objects.filter(
        budget__in=budgets, result__is_credited=True, result__value_date__lte=selection.as_of
    ).aggregate(total=Sum("amount", default=ZERO))["total"]
    back = ClawbackEntry.objects.filter(
        clawback__budget__in=budgets, value_date__lte=selection.as_of
    ).aggregate(total=Sum("amount", default=ZERO))["total"]  # fmt: skip
    return total, paid - back


def read_fund(selection: Selection) -> FundSums:
    """Return the county's fund at the end of `as_of`. Four queries for each fund."""
    funds = RiskFund.objects.for_scope(selection.registers).filter(opened_on__lte=selection.as_of)
    positions = [fund_position(fund, selection.as_of) for fund in funds.select_related("division")]
    if not positions:
        return FundSums()
    balance = sum((one.balance for one in positions), start=ZERO)
    # Funds of single programmes lie side by side; what is lent under them is added up as well.
    lent = sum((one.lent for one in positions), start=ZERO)
    limits = [one.leverage_max for one in positions if one.leverage_max is not None]
    return FundSums(
        balance=balance,
        lent=lent,
        leverage=multiple(lent, balance),
        leverage_max=min(limits, default=None),
        coverage_percent=positions[0].coverage_percent if len(positions) == 1 else None,
    )


def read_claims(selection: Selection) -> dict[str, ClaimSums]:
    """Return what the fund paid and got back in the period, by township. Two queries."""
    paid = Claim.objects.filter(_of_selection(selection), **_between("paid_on", selection))
    recoveries = ClaimRecovery.objects.filter(
        _of_selection(selection, "claim__loan__"), **_between("value_date", selection)
    )
    sums: dict[str, dict[str, Any]] = defaultdict(dict)
    for township, row in _rows(_by_township(paid).annotate(paid=Sum("fund_part"))).items():
        sums[township] |= row
    for township, row in _rows(_by_township(recoveries, "claim__loan__").annotate(recovered=Sum("to_fund"))).items():
        sums[township] |= row
    return {township: ClaimSums(**row) for township, row in sums.items()}


def read_prolonged(selection: Selection) -> dict[str, Prolonged]:
    """Return the loans extended and renewed in the period, by township. One query."""
    entries = LoanEntry.objects.effective().filter(
        _of_selection(selection),
        kind__in=[EntryKind.EXTENSION, EntryKind.RENEWAL],
        **_between("value_date", selection),
    )
    extended, renewed = Q(kind=EntryKind.EXTENSION), Q(kind=EntryKind.RENEWAL)
    return {
        township: Prolonged(**row)
        for township, row in _rows(
            _by_township(entries).annotate(
                extended=Count("pk", filter=extended),
                extended_amount=Sum("loan__principal", filter=extended, default=ZERO),
                renewed=Count("pk", filter=renewed),
                renewed_amount=Sum("loan__principal", filter=renewed, default=ZERO),
            )
        ).items()
    }


def borrowing_members(selection: Selection) -> dict[str, int]:
    """Return the Party members who signed for a loan of the selection, by township, each once. One query."""
    loans = payouts(replace(selection, party="")).filter(application__person__party_member__isnull=False)
    rows = (
        loans.order_by()
        .annotate(township=Substr("division_path", 1, TOWNSHIP_DIGITS), member=F("application__person"))
        .values("township")
        .annotate(number=Count("member", distinct=True))
    )
    return {row["township"]: row["number"] for row in rows}
