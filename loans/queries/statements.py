"""Bank statements: what their lines are to the ledger, what our account expects, and the pages' lists."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from finance.money import ZERO
from loans.choices import PAYMENT_KINDS, EntryKind, LineFault, LineKind, LineOutcome, LoanState, StatementState
from loans.models import Loan, LoanEntry, StatementImport, StatementLine
from loans.models.statements import STRAY
from loans.queries.ledger import ledger_of
from loans.queries.statement_files import problem_of
from organizations.scope import Scope
from web.display import show_count, show_yuan
from web.layout import Figure, Tone


@dataclass
class Booking:
    """What the ledger holds under one bank reference."""

    loan_id: int
    value_date: date
    is_reversed: bool = False
    amounts: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))

    @property
    def parts(self) -> tuple[Decimal, Decimal, Decimal]:
        """Principal, interest, and what a bank calls penalty interest: ours and the interest on interest."""
        late = self.amounts[EntryKind.PENALTY] + self.amounts[EntryKind.COMPOUND]
        return self.amounts[EntryKind.PRINCIPAL], self.amounts[EntryKind.INTEREST], late

    @property
    def is_a_payment(self) -> bool:
        return all(kind in PAYMENT_KINDS for kind in self.amounts)


def bookings_of(references: Iterable[str]) -> dict[str, Booking]:
    """Return what stands in the ledger under these references. One query."""
    found: dict[str, Booking] = {}
    entries = LoanEntry.objects.filter(bank_reference__in=set(references)).exclude(kind=EntryKind.REVERSAL)
    for entry in entries.annotate(reversal=F("reversed_by")):
        booking = found.setdefault(entry.bank_reference, Booking(entry.loan_id, entry.value_date))
        booking.amounts[entry.kind] += entry.amount
        booking.is_reversed |= entry.reversal is not None
    return found


def judge(lines: Sequence[StatementLine], *, scope: Scope) -> None:
    """Say of each line that is not faulty what it is: new, known, altered, or of no contract of the scope.

    Two queries, however many lines there are. A contract outside the scope is as unknown as one that does not exist.
    """
    sound = [line for line in lines if line.outcome != LineOutcome.FAULTY]
    numbers = {line.contract_number for line in sound}
    loans = Loan.objects.for_scope(scope).filter(contract_number__in=numbers).in_bulk(field_name="contract_number")
    bookings = bookings_of(line.bank_reference for line in sound)
    first: dict[str, StatementLine] = {}
    for line in sorted(sound, key=lambda line: line.kind == LineKind.REVERSAL):
        line.loan = loans.get(line.contract_number)
        if line.loan is None:
            line.outcome = LineOutcome.UNKNOWN
        elif line.kind == LineKind.REVERSAL:
            _judge_reversal(line, bookings.get(line.bank_reference), first.get(line.bank_reference))
        else:
            _judge_payment(line, bookings.get(line.bank_reference), first.setdefault(line.bank_reference, line))


def _judge_payment(line: StatementLine, booking: Booking | None, first: StatementLine) -> None:
    if booking is not None:
        _compare(line, booking)
    elif first is line:
        line.outcome = LineOutcome.NEW
    elif (first.line_key, first.principal, first.interest, first.penalty) == (
        line.line_key, line.principal, line.interest, line.penalty,
    ):  # fmt: skip
        line.outcome = LineOutcome.KNOWN
    else:
        line.outcome = LineOutcome.ALTERED
        line.problems = [problem_of("", LineFault.TWICE_DIFFERENT, row=first.row_number)]


def _judge_reversal(line: StatementLine, booking: Booking | None, payment: StatementLine | None) -> None:
    if booking is None:
        is_paid_here = payment is not None and payment.loan == line.loan
        line.outcome = LineOutcome.NEW if is_paid_here else LineOutcome.FAULTY
        line.problems = [] if is_paid_here else [problem_of("", LineFault.NO_SUCH_PAYMENT)]
    elif not booking.is_a_payment:
        line.outcome, line.problems = LineOutcome.FAULTY, [problem_of("", LineFault.NO_SUCH_PAYMENT)]
    else:
        _compare(line, booking)
        if line.outcome == LineOutcome.KNOWN and not booking.is_reversed:
            line.outcome = LineOutcome.NEW


def _compare(line: StatementLine, booking: Booking) -> None:
    """Note where a line departs from what is booked under its reference; a reversal may leave the amounts out."""
    is_reversal = line.kind == LineKind.REVERSAL
    problems = []
    if booking.loan_id != line.loan_id or not booking.is_a_payment:
        problems.append(problem_of("", LineFault.OTHER_LOAN))
    else:
        if booking.value_date != line.value_date and not is_reversal:
            problems.append(problem_of("", LineFault.OTHER_DAY, booked=booking.value_date.isoformat()))
        parts = (line.principal, line.interest, line.penalty)
        if parts != booking.parts and not (is_reversal and line.total == ZERO):
            booked = " + ".join(show_yuan(part) for part in booking.parts)
            problems.append(problem_of("", LineFault.OTHER_AMOUNT, booked=booked))
    line.problems = problems
    line.outcome = LineOutcome.ALTERED if problems else LineOutcome.KNOWN


@dataclass(frozen=True)
class Expectation:
    """Paid less expected, in yuan; None: the line does not count any more (it was reversed)."""

    principal: Decimal
    interest: Decimal
    penalty: Decimal


def difference_of(loan: Loan, entries: Sequence[LoanEntry], line: StatementLine) -> Expectation | None:
    """Compare what a booked line paid with what the account says was to be paid at the end of its day.

    `entries` are the effective ones of the loan in order. Interest: what had fallen due by that day and was not paid
    before (of a loan repaid in full: all up to that day). Penalty interest: what had run up. Principal is compared
    only where the bank says that the loan is settled.
    """
    own = [entry for entry in entries if entry.bank_reference == line.bank_reference]
    if not own or line.value_date is None:
        return None
    before = [entry for entry in entries if (entry.value_date, entry.pk) < (own[0].value_date, own[0].pk)]
    principal = [entry for entry in own if entry.kind == EntryKind.PRINCIPAL]
    account = ledger_of(loan, [*before, *principal]).account(line.value_date)
    is_settlement = line.kind == LineKind.SETTLEMENT
    return Expectation(
        principal=-account.outstanding if is_settlement else ZERO,
        interest=(line.interest or ZERO) - account.interest_due,
        penalty=(line.penalty or ZERO) - account.penalty - account.compound,
    )


def effective_entries(loans: Iterable[Loan]) -> Mapping[int, list[LoanEntry]]:
    """Return the entries that count of several loans in order, by loan. One query."""
    found: dict[int, list[LoanEntry]] = defaultdict(list)
    for entry in LoanEntry.objects.effective().filter(loan__in=loans).order_by("loan", "value_date", "pk"):
        found[entry.loan_id].append(entry)
    return found


@dataclass(frozen=True)
class LoanCheck:
    """What a loan owed by a day against what is booked, in yuan."""

    interest_due: Decimal
    interest_paid: Decimal
    principal_due: Decimal
    principal_paid: Decimal

    @property
    def interest_difference(self) -> Decimal:
        return self.interest_paid - self.interest_due

    @property
    def principal_difference(self) -> Decimal:
        """Below zero: that much is late. A prepayment is no difference."""
        return min(self.principal_paid - self.principal_due, ZERO)


def checks_of(loans: Iterable[Loan], *, on: date) -> dict[int, LoanCheck]:
    """Return the dues and payments of several loans up to and with a day, by loan. One query."""
    loans = {loan.pk: loan for loan in loans}.values()
    entries = effective_entries(loans)
    return {loan.pk: _check(loan, entries[loan.pk], on) for loan in loans}


def _check(loan: Loan, entries: Sequence[LoanEntry], on: date) -> LoanCheck:
    account = ledger_of(loan, entries).account(on)
    dues = [due for due in account.dues if due.due_date <= on]
    paid_out = sum((e.amount for e in entries if e.kind in ("disbursement", "tranche")), start=ZERO)
    principal_due = paid_out if loan.state != LoanState.LIVE else sum((d.principal for d in dues), start=ZERO)
    return LoanCheck(
        interest_due=sum((due.interest for due in dues), start=ZERO),
        interest_paid=sum((e.amount for e in entries if e.kind == EntryKind.INTEREST), start=ZERO),
        principal_due=min(principal_due, paid_out),
        principal_paid=sum(
            (e.amount for e in entries if e.kind in (EntryKind.PRINCIPAL, EntryKind.WRITE_OFF)), start=ZERO
        ),
    )


def statements_of(scope: Scope) -> "QuerySet[StatementImport]":
    """Return the statements of a scope, the latest first, each with its numbers of lines.

    The numbers are asked for the rows that are shown, not for all.
    """
    return (
        StatementImport.objects.for_scope(scope)
        .select_related("outlet", "uploaded_by")
        .annotate(
            line_count=_number(Q()),
            booked_count=_number(Q(outcome=LineOutcome.BOOKED)),
            open_count=_number(STRAY & Q(clarified_at=None)),
        )
        .order_by("-uploaded_at", "-pk")
    )


def _number(condition: Q) -> Coalesce:
    lines = StatementLine.objects.filter(condition, statement=OuterRef("pk")).order_by()
    return Coalesce(Subquery(lines.values("statement").annotate(number=Count("pk")).values("number")), 0)


def counts_of(statement: StatementImport) -> dict[str, int]:
    """Return how many lines of a statement came to what. One query."""
    rows = statement.lines.order_by().values_list("outcome").annotate(Count("pk"))
    return dict(rows)


def lines_of(scope: Scope, *, statement: int | None = None, outcome: str = "", look: str = "") -> (
    "QuerySet[StatementLine]"
):  # fmt: skip
    """Return lines of a scope, what has to be looked into first.

    `look`: "open" only what nobody has clarified yet, "clarified" only what somebody has.
    """
    lines = StatementLine.objects.for_scope(scope).exclude(statement__state="discarded")
    if statement is not None:
        lines = lines.filter(statement=statement)
    if outcome:
        lines = lines.filter(outcome=outcome)
    if look:
        lines = lines.filter(STRAY, clarified_at__isnull=look == "open")
    first = Case(When(STRAY & Q(clarified_at=None), then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        lines.select_related("statement", "loan__application__person", "loan__application__entity", "clarified_by")
        .annotate(position=first)
        .order_by("position", "-statement", "row_number")
    )


NAMES_OFFERED = 50
FIGURES: tuple[tuple[LineOutcome, Tone], ...] = (
    (LineOutcome.NEW, Tone.INFO),
    (LineOutcome.BOOKED, Tone.OK),
    (LineOutcome.KNOWN, Tone.NEUTRAL),
    (LineOutcome.ALTERED, Tone.WARN),
    (LineOutcome.UNKNOWN, Tone.WARN),
    (LineOutcome.FAULTY, Tone.BAD),
    (LineOutcome.REFUSED, Tone.BAD),
)
LINE_TONES: dict[str, Tone] = {outcome.value: tone for outcome, tone in FIGURES}
STATEMENT_TONES: dict[str, Tone] = {
    StatementState.READ: Tone.WARN,
    StatementState.POSTING: Tone.INFO,
    StatementState.POSTED: Tone.OK,
    StatementState.DISCARDED: Tone.NEUTRAL,
}


def tally(counts: Mapping[str, int]) -> list[Figure]:
    """Return how many lines came to what, as the head of the page shows it; what no line came to is left out."""
    return [
        Figure(outcome.label, show_count(counts[outcome]), url=f"?outcome={outcome.value}", tone=tone)
        for outcome, tone in FIGURES
        if counts.get(outcome)
    ]


def recent_names(scope: Scope) -> list[tuple[int, str]]:
    """Return the latest statements of a scope for a filter."""
    rows = StatementImport.objects.for_scope(scope).exclude(state=StatementState.DISCARDED)
    return list(rows.order_by("-uploaded_at", "-pk").values_list("pk", "file_name")[:NAMES_OFFERED])
