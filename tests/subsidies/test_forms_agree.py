"""The set-based form of the batch equals the readable one, to the fen, on situations nobody thought of."""

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection

from accounts.models import User
from finance.daycount import DayCount, year_fraction
from finance.money import round_half_up
from loans.choices import EntryKind
from loans.models import Loan, LoanEntry
from loans.operations.standings import refresh_standings
from subsidies.models import InputSegment, SubsidyExclusion, SubsidyLine
from subsidies.queries.entitlements import Paid, worth_of_period
from tests.factories.county import NOON
from tests.factories.lending import Order, lend
from tests.subsidies.world import QUARTERS, close, compute, noon_of, store_variant

SEED = 532_931
VARIANTS = (
    {"day_count": "zhubi"},
    {"day_count": "act360"},
    {"day_count": "act365", "subsidy_percent": "3.5000"},
    {"day_count": "act360", "subsidy_basis": "interest", "subsidy_percent": "70.0000"},
    {"day_count": "zhubi", "subsidy_principal_max": "30000.00", "subsidy_months_max": 6},
    {"day_count": "act360", "subsidy_capped_at_interest": False, "subsidy_on_arrears": "stop"},
    {"day_count": "zhubi", "subsidy_on_misuse": "stop", "subsidy_grace_days": 15},
    {"day_count": "act360", "subsidy_percent": "4.3500"},
)


@pytest.mark.django_db
def test_days_are_counted_in_the_database_as_in_the_contract():
    """Exact: 360ths of a year for 逐笔 and ACT/360, 365ths for ACT/365."""
    rng = random.Random(SEED)
    first = date(2011, 1, 1).toordinal()
    starts = [date.fromordinal(first + rng.randrange(2_000)) for _ in range(20_000)]
    ends = [start + timedelta(days=rng.randrange(1_200)) for start in starts]
    conventions = [rng.choice([str(one.value) for one in DayCount]) for _ in starts]
    assert _units(starts, ends, conventions) == [
        year_fraction(start=start, end=end, convention=DayCount(name)) * (365 if name == "act365" else 360)
        for start, end, name in zip(starts, ends, conventions, strict=True)
    ]


def _units(starts: list[date], ends: list[date], conventions: list[str]) -> list[Fraction]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT redcredit_units(a, b, c) FROM unnest(%s::date[], %s::date[], %s::text[])"
            " WITH ORDINALITY AS t (a, b, c, n) ORDER BY n",
            [starts, ends, conventions],
        )
        return [Fraction(row[0]) for row in cursor.fetchall()]


def write_histories(office, loans_count: int, *, rng: random.Random) -> list[Loan]:
    """Loans with a random life: prepayments, gaps, extensions, misuse, changes of rate, reversals, late booking."""
    versions = [store_variant(f"v{place}", **rules) for place, rules in enumerate(VARIANTS)]
    villages = office.villages
    orders = [
        Order(
            rng.choice(villages), str(rng.choice((5000, 7500, 30000, 41300, 50000, 99900))),
            date(2013, 6, 1) + timedelta(days=rng.randrange(330)), version=rng.choice(versions).code, reserved="1",
        )
        for _ in range(loans_count)
    ]  # fmt: skip
    loans = lend(*orders)
    for loan in loans:
        loan.repayment_method = rng.choice(("interest_only_then_principal", "lump_sum"))
        loan.rate_percent = Decimal(rng.choice(("7.2000", "4.3500", "6.1500", "3.6500")))
    Loan.objects.bulk_update(loans, ["repayment_method", "rate_percent"])
    user = User.objects.filter(is_system=False).order_by("pk")[0]
    entries = [entry for loan in loans for entry in _life(loan, rng, user)]
    written = LoanEntry.objects.bulk_create(entries)
    reversed_ones = [entry for entry in written if entry.kind == EntryKind.INTEREST and rng.randrange(12) == 0]
    LoanEntry.objects.bulk_create(
        _entry(e.loan, "reversal", "0", e.value_date, user, reverses=e) for e in reversed_ones
    )
    SubsidyExclusion.objects.bulk_create(
        SubsidyExclusion(
            loan=loan, reason="moved_away", from_day=loan.start_date + timedelta(days=rng.randrange(200)),
            until_day=None, note="迁出", recorded_by=user, recorded_at=noon_of(date(2013, 8, 1)),
        )
        for loan in loans if rng.randrange(15) == 0
    )  # fmt: skip
    for place in range(0, len(loans), 500):
        refresh_standings(loans[place : place + 500], on=NOON.date())
    return loans


def _entry(loan: Loan, kind: str, amount: str, day: date, user: User, **fields: object) -> LoanEntry:
    known = max(day, date(2013, 7, 1))
    return LoanEntry(
        loan=loan, kind=kind, amount=Decimal(amount), value_date=day, bank_reference="", recorded_by=user,
        recorded_at=noon_of(known), **fields,
    )  # fmt: skip


def _life(loan: Loan, rng: random.Random, user: User) -> list[LoanEntry]:
    entries, left = [], loan.principal
    for first, last in QUARTERS:
        if loan.start_date > last or rng.randrange(5) == 0:
            continue
        fen = int(loan.principal) * rng.choice((10, 60, 180, 300))
        day = max(last + timedelta(days=rng.choice((0, 0, 0, -3, 12))), loan.start_date)
        entries.append(_entry(loan, "interest", f"{fen // 100}.{fen % 100:02}", day, user))
        if rng.randrange(4) == 0 and left > 2000:
            part = Decimal(rng.randrange(1, int(left) // 2)) + Decimal(rng.randrange(100)) / 100
            day = max(first + timedelta(days=rng.randrange(90)), loan.start_date + timedelta(days=1))
            entries.append(_entry(loan, "principal", str(part), day, user))
            left -= part
    day = loan.start_date + timedelta(days=rng.randrange(30, 300))
    match rng.randrange(12):
        case 0:
            entries.append(_entry(loan, "misuse", "0", day, user))
        case 1:
            entries.append(_entry(loan, "rate_change", "0", day, user, rate_percent=Decimal("5.6000")))
        case 2:
            new_due_date = loan.due_date + timedelta(days=180)
            entries.append(_entry(loan, "extension", "0", day, user, new_due_date=new_due_date))
    return entries


def disagreements(lines: "list[SubsidyLine]", batch) -> list[str]:
    """Compare every ordinary line with the readable form; return what differs and how many halves there were."""
    segments: dict[int, list[InputSegment]] = {}
    for segment in InputSegment.objects.filter(batch=batch).order_by("loan", "start"):
        segments.setdefault(segment.loan_id, []).append(segment)
    paid: dict[int, list[tuple[date, Decimal]]] = {}
    interest = LoanEntry.objects.effective().filter(kind="interest", recorded_at__lte=batch.known_at)
    for loan_id, day, amount in interest.values_list("loan", "value_date", "amount"):
        paid.setdefault(loan_id, []).append((day, amount))
    return [
        f"{line.loan_id}: {line.amount} instead of {readable}"
        for line in lines
        for readable in [
            worth_of_period(
                loan=line.loan, segments=segments.get(line.loan_id, []), start=line.first_day,
                stop=line.last_day + timedelta(days=1), paid_before=Paid(paid.get(line.loan_id, [])),
                expected_after=batch.expected_after,
            ).amount
        ]
        if readable != line.amount
    ]  # fmt: skip


def test_every_line_of_random_lives_equals_the_readable_form(office):
    write_histories(office, 240, rng=random.Random(SEED))
    for period in QUARTERS:
        batch = compute(office, period)
        lines = list(batch.lines.filter(kind="ordinary", last_day=period[1]).select_related("loan__version"))
        assert len(lines) > 50
        assert disagreements(lines, batch) == []
        close(batch)


def test_random_lives_add_up_to_their_entitlement_with_differences_between_the_batches(office):
    rng = random.Random(SEED + 1)
    loans = write_histories(office, 120, rng=rng)
    user = User.objects.filter(is_system=False).order_by("pk")[0]
    for period in QUARTERS:
        last = close(compute(office, period, at=noon_of(period[1] + timedelta(days=2))))
        late = rng.sample(loans, 10)
        LoanEntry.objects.bulk_create(
            _late(loan, user, period[1] + timedelta(days=5), rng) for loan in late if loan.start_date < period[0]
        )
        refresh_standings(loans, on=NOON.date())
    assert SubsidyLine.objects.filter(kind="difference").exists()
    batch = close(compute(office, (date(2014, 6, 21), date(2014, 8, 10))))
    for loan in Loan.objects.filter(pk__in=[loan.pk for loan in loans]).select_related("version"):
        whole = SubsidyLine(loan=loan, first_day=date(2013, 1, 1), last_day=batch.last_day)
        whole.amount = sum((line.amount for line in loan.subsidy_lines.all()), start=Decimal("0.00"))
        assert disagreements([whole], batch) == []
    assert last.is_closed


def _late(loan: Loan, user: User, known: date, rng: random.Random) -> LoanEntry:
    """A small early repayment that the bank reports after the batch of its quarter is closed."""
    entry = _entry(loan, "principal", "100.00", loan.start_date + timedelta(days=rng.randrange(1, 40)), user)
    entry.recorded_at = noon_of(known)
    return entry


@pytest.mark.slow
def test_a_hundred_thousand_random_amounts_round_as_the_readable_form_with_exact_halves_among_them(db):
    """The batch's own rounding: (2N + D) div 2D on whole numbers, against fractions rounded half up."""
    rng = random.Random(SEED)
    pairs = []
    for place in range(100_000):
        base = rng.choice((360, 365)) * 1_000_000
        units = rng.randrange(1, 400)
        share = rng.choice((30_000, 50_000, 43_500, 61_500))
        fen = rng.randrange(1, 30_000_000)
        top = fen * units * share
        if place % 50 == 0:
            top = (2 * rng.randrange(1, 10_000_000) + 1) * base // 2
        pairs.append((top, base))
    expected = [round_half_up(Fraction(top, base)) for top, base in pairs]
    halves = sum(2 * top % base == 0 and top % base != 0 for top, base in pairs)
    assert halves >= 30
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT div(2 * n + d, 2 * d) FROM unnest(%s::numeric[], %s::numeric[]) WITH ORDINALITY AS t (n, d, i)"
            " ORDER BY i",
            [[top for top, _ in pairs], [base for _, base in pairs]],
        )
        assert [int(row[0]) for row in cursor.fetchall()] == expected
