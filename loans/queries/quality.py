"""Is it coming back: what is owed, fallen due, collected and late at the end of any day, by one dimension at a time.

One statement, set-based, over the ledger's entries by their day (`value_date`); a reversed entry does not count. The
boundaries are in `Quality`. Everything adds up: each loan, and each household, lies in exactly one row.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from finance.money import ZERO, exact, round_to_cent
from loans.choices import EntryKind
from loans.models import Loan, LoanEntry
from loans.queries.arrears import BUCKETS
from loans.queries.ledger import ledger_of

Key = str | int | None


class QualityBy(StrEnum):
    """By what the rows are keyed, and of which type the key is. A place is that of the disbursement for ever."""

    WHOLE = "whole"  # the one key ""
    TOWNSHIP = "township"  # nine digits of the division's path: the borrower's village lies there
    VILLAGE = "village"  # the division's path
    OUTLET = "outlet"  # the outlet's primary key
    BRANCH = "branch"  # the primary key of the branch that reviewed
    INTRODUCER = "introducer"  # the primary key of the Party member who introduced the case; None without
    PROGRAMME = "programme"  # the programme's primary key
    VERSION = "version"  # the version's primary key
    LOAN = "loan"  # the loan's primary key


KEYS: dict[QualityBy, str] = {
    QualityBy.WHOLE: "''",
    QualityBy.TOWNSHIP: "left(l.division_path, 9)",
    QualityBy.VILLAGE: "l.division_path",
    QualityBy.OUTLET: "l.outlet_id",
    QualityBy.BRANCH: "l.branch_id",
    QualityBy.INTRODUCER: "a.introducer_id",
    QualityBy.PROGRAMME: "v.programme_id",
    QualityBy.VERSION: "l.version_id",
    QualityBy.LOAN: "l.id",
}


@dataclass(frozen=True)
class Late:
    """Loans in arrears for a range of days: how many, and the principal outstanding of them in yuan."""

    loans: int = 0
    amount: Decimal = ZERO

    def __add__(self, other: "Late") -> "Late":
        return Late(self.loans + other.loans, self.amount + other.amount)


@dataclass(frozen=True)
class Quality:
    """Sums of some loans at the end of a day. Amounts in yuan.

    outstanding   principal paid out less repaid and written off; `live` loans owe some, `live_households` (户) too.
    fallen_due    principal of loans whose day of maturity, as agreed by then, is the day or before; instalments
                  before maturity are not asked for here. What was extended or renewed falls due on its new day.
    collected     of that, what was repaid, by the day (early repayment too); written off is not collected.
    overdue_*     loans with something unpaid on the day after it had to be paid, or later (loans, their principal
                  outstanding, their households); `late` splits them by days in arrears under the codes of
                  loans.queries.arrears.BUCKETS, both ends counted.
    bad_*         loans in one of the three bad categories, as the caller says; their principal outstanding.
    extended      loans that were extended by the day; `renewed` without repayment. written_off: yuan.
    A household with several late (or live) loans counts once, where it has been late (or has borrowed) longest.
    """

    loans: int = 0
    lent: Decimal = ZERO
    outstanding: Decimal = ZERO
    live: int = 0
    live_households: int = 0
    due_loans: int = 0
    fallen_due: Decimal = ZERO
    collected: Decimal = ZERO
    overdue_loans: int = 0
    overdue_amount: Decimal = ZERO
    overdue_households: int = 0
    bad_loans: int = 0
    bad_amount: Decimal = ZERO
    extended: int = 0
    renewed: int = 0
    written_off: Decimal = ZERO
    late: tuple[Late, ...] = (Late(),) * len(BUCKETS)

    def __add__(self, other: "Quality") -> "Quality":
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self) if f.name != "late"}
        return Quality(**sums, late=tuple(a + b for a, b in zip(self.late, other.late, strict=True)))

    @property
    def recovery_percent(self) -> Decimal | None:
        """到期收回率: collected of what has fallen due; None where nothing has."""
        return _percent(self.collected, self.fallen_due)

    @property
    def overdue_percent(self) -> Decimal | None:
        """逾期率: principal outstanding of loans in arrears, of all outstanding; None where nothing is owed."""
        return _percent(self.overdue_amount, self.outstanding)

    @property
    def bad_percent(self) -> Decimal | None:
        """不良率: principal outstanding in the bad categories, of all outstanding; None where nothing is owed."""
        return _percent(self.bad_amount, self.outstanding)

    def late_by(self, code: str) -> Late:
        """Return the bucket of a code ("1-30")."""
        return next(late for bucket, late in zip(BUCKETS, self.late, strict=True) if bucket.code == code)


STATEMENT = """
WITH chosen AS (SELECT l.id, {key} AS key, l.start_date, l.due_date
                FROM loans_loan l
                JOIN loans_application a ON a.id = l.application_id
                JOIN loans_programmeversion v ON v.id = l.version_id
                WHERE l.id IN ({loans})),
entry AS (
    SELECT e.loan_id, e.id, e.kind, e.amount, e.value_date, e.new_due_date
    FROM loans_loanentry e
    WHERE e.kind IN ('disbursement', 'tranche', 'principal', 'write_off', 'extension', 'renewal')
      AND e.value_date <= %s AND e.recorded_at <= %s
      AND NOT EXISTS (SELECT FROM loans_loanentry r
                      WHERE r.reverses_id IS NOT NULL AND r.reverses_id = e.id AND r.recorded_at <= %s)
),
moved AS (
    SELECT c.id, c.key, c.start_date,
           coalesce(sum(e.amount) FILTER (WHERE e.kind IN ('disbursement', 'tranche')), 0) AS lent,
           coalesce(sum(e.amount) FILTER (WHERE e.kind = 'principal'), 0) AS repaid,
           coalesce(sum(e.amount) FILTER (WHERE e.kind = 'write_off'), 0) AS written_off,
           coalesce(bool_or(e.kind = 'extension'), false) AS is_extended,
           coalesce(bool_or(e.kind = 'renewal'), false) AS is_renewed,
           coalesce((array_agg(e.new_due_date ORDER BY e.value_date DESC, e.id DESC)
                     FILTER (WHERE e.new_due_date IS NOT NULL))[1], min(c.due_date)) AS maturity
    FROM chosen c JOIN entry e ON e.loan_id = c.id
    GROUP BY c.id, c.key, c.start_date
),
spell AS (
    SELECT s.loan_id, min(s.since) AS since FROM loans_arrearsspell s
    WHERE s.since < %s AND (s.until IS NULL OR s.until > %s) AND s.loan_id <> ALL(%s) GROUP BY s.loan_id
    UNION ALL SELECT * FROM unnest(%s::bigint[], %s::date[])
),
loan AS (
    SELECT m.*, m.lent - m.repaid - m.written_off AS owed, m.maturity <= %s AS is_due, s.since,
           %s - s.since AS days, b.loan_id IS NOT NULL AS is_bad
    FROM moved m
    LEFT JOIN spell s ON s.loan_id = m.id AND m.lent - m.repaid - m.written_off > 0
    LEFT JOIN (SELECT DISTINCT loan_id FROM ({bad}) AS worst) AS b ON b.loan_id = m.id
    WHERE m.lent > 0
),
late_unit AS (
    SELECT DISTINCT ON (u.household_id, u.entity_id) u.loan_id
    FROM loans_loanunit u JOIN loan ON loan.id = u.loan_id WHERE loan.since IS NOT NULL
    ORDER BY u.household_id, u.entity_id, loan.since, loan.id
),
live_unit AS (
    SELECT DISTINCT ON (u.household_id, u.entity_id) u.loan_id
    FROM loans_loanunit u JOIN loan ON loan.id = u.loan_id WHERE loan.owed > 0
    ORDER BY u.household_id, u.entity_id, loan.start_date, loan.id
)
SELECT loan.key, count(*), sum(lent), sum(owed), count(*) FILTER (WHERE owed > 0),
       coalesce(sum(live.number), 0), count(*) FILTER (WHERE is_due),
       coalesce(sum(lent) FILTER (WHERE is_due), 0), coalesce(sum(repaid) FILTER (WHERE is_due), 0),
       count(since), coalesce(sum(owed) FILTER (WHERE since IS NOT NULL), 0), coalesce(sum(late.number), 0),
       count(*) FILTER (WHERE is_bad AND owed > 0), coalesce(sum(owed) FILTER (WHERE is_bad), 0),
       count(*) FILTER (WHERE is_extended), count(*) FILTER (WHERE is_renewed), sum(written_off),
       {buckets}
FROM loan
LEFT JOIN (SELECT loan_id, count(*) AS number FROM late_unit GROUP BY loan_id) AS late ON late.loan_id = loan.id
LEFT JOIN (SELECT loan_id, count(*) AS number FROM live_unit GROUP BY loan_id) AS live ON live.loan_id = loan.id
GROUP BY loan.key
"""

NOBODY = "SELECT NULL::bigint AS loan_id WHERE false"


def read_quality(
    loans: "QuerySet[Loan, Any]",
    on: date,
    by: QualityBy = QualityBy.WHOLE,
    *,
    bad: "QuerySet[Any, Any] | None" = None,
    known_at: datetime | None = None,
) -> dict[Key, Quality]:
    """Return the sums of the loans at the end of a day, by key. One query. A loan not paid out by then is not there.

    `loans` is any selection of loans, cut to a scope by the caller. `bad` gives the loans in a bad category on the
    day as a query with one column, `loan_id` (risk.queries.classes.bad_loans); left out, nothing counts as bad.
    With `known_at` only what was recorded by then counts: the loans whose ledger was written to later are reckoned
    anew from the entries of that time (two queries more, as long as they are few).
    """
    chosen, chosen_values = loans.order_by().values("pk").query.sql_with_params()
    worst, worst_values = bad.query.sql_with_params() if bad is not None else (NOBODY, ())
    statement = STATEMENT.format(
        key=KEYS[by], loans=chosen, bad=worst, buckets=", ".join(_bucket_sql(b.first, b.last) for b in BUCKETS)
    )
    then = _late_as_known(loans, on, known_at) if known_at else {}
    known = known_at or "infinity"
    late = [(loan, since) for loan, since in then.items() if since is not None]
    spells: list[Any] = [on, on, list(then), [loan for loan, _ in late], [since for _, since in late]]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*chosen_values, on, known, known, *spells, on, on, *worst_values])
        return {key: _quality(row) for key, *row in cursor.fetchall()}


def sum_up(rows: Mapping[Key, Quality]) -> Quality:
    """Return the rows of a dimension added up: the same whole for every dimension."""
    return sum(rows.values(), start=Quality())


def _late_as_known(loans: "QuerySet[Loan, Any]", on: date, known_at: datetime) -> dict[int, date | None]:
    """Return since when each loan was late by what was recorded then: only loans written to later about such days."""
    later = LoanEntry.objects.filter(
        Q(value_date__lte=on) | Q(reverses__value_date__lte=on), loan__in=loans.values("pk"), recorded_at__gt=known_at
    )
    known = LoanEntry.objects.exclude(kind=EntryKind.REVERSAL).filter(
        Q(reversed_by=None) | Q(reversed_by__recorded_at__gt=known_at),
        loan__in=later.values("loan"), recorded_at__lte=known_at,
    )  # fmt: skip
    entries: dict[int, list[LoanEntry]] = defaultdict(list)
    for entry in known.order_by("loan", "value_date", "pk"):
        entries[entry.loan_id].append(entry)
    changed = Loan.objects.filter(pk__in=later.values("loan"))
    return {
        loan.pk: ledger_of(loan, entries[loan.pk]).account(on).overdue_since if entries[loan.pk] else None
        for loan in changed
    }


def _bucket_sql(first: int, last: int | None) -> str:
    within = f"days >= {first:d}" + ("" if last is None else f" AND days <= {last:d}")
    return f"count(*) FILTER (WHERE {within}), coalesce(sum(owed) FILTER (WHERE {within}), 0)"


def _quality(row: list[Any]) -> Quality:
    names = [field.name for field in fields(Quality) if field.name != "late"]
    plain, buckets = row[: len(names)], row[len(names) :]
    values = {name: _typed(name, value) for name, value in zip(names, plain, strict=True)}
    pairs = zip(buckets[::2], buckets[1::2], strict=True)
    return Quality(**values, late=tuple(Late(loans, Decimal(amount)) for loans, amount in pairs))


def _typed(name: str, value: Any) -> Any:
    """Sums of numbers come as numeric from the database: money stays it, numbers of households become whole."""
    return int(value) if isinstance(Quality.__dataclass_fields__[name].default, int) else Decimal(value)


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return round_to_cent(exact(part) * 100 / exact(whole)) if whole else None
