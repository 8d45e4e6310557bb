"""Figures of quality and of the process against a county small enough to count by hand."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from accounts.models import User
from dashboards.figures import FIGURES, Selection
from dashboards.figures.process import ProgressBy, progress_by, progress_of
from dashboards.figures.quality import QualityBy, claims_paid_by, quality_by, quality_of
from finance.money import ZERO
from loans.choices import EntryKind, StepCode
from loans.models import Loan, LoanEntry
from loans.operations.standings import refresh_standings
from loans.queries import progress, quality
from loans.queries.progress import StepWork
from organizations.scope import Scope
from risk.models import LoanClassification
from tests.factories.county import TODAY, County
from tests.factories.lending import Order, lend
from tests.factories.loans import CaseFactory, store_jianchuan

COUNTY = Scope(division_paths=("532931",))
_numbers = count(1)


def selection(**fields: object) -> Selection:
    return Selection(**({"scope": COUNTY, "registers": COUNTY, "as_of": TODAY} | fields))


def compute(code: str, **fields: object) -> object:
    return FIGURES[code].compute(selection(**fields))


def enter(
    loan: Loan, kind: str, amount: str, day: date, *, recorded: date | None = None, **fields: object
) -> LoanEntry:
    """Write an entry into a loan's ledger and reckon the loan, as every booking does."""
    entry = LoanEntry.objects.create(
        loan=loan, kind=kind, amount=Decimal(amount), value_date=day, bank_reference=f"回单{next(_numbers)}",
        recorded_by=User.objects.filter(is_system=False).order_by("pk")[0],
        recorded_at=datetime.combine(recorded or day, time(4), tzinfo=UTC), **fields,
    )  # fmt: skip
    refresh_standings([loan], on=TODAY)
    return entry


@pytest.fixture
def lent(county: County) -> County:
    """Five loans on 2014-08-15, lump sum, one year each.

    羊岑乡: 30,000 due 08-14 and unpaid (1 day late); 50,000 due 08-15 (not late yet), 20,000 of it repaid;
            20,000 due 2014-05-10, to the same household as the first, unpaid (97 days late, bad).
    沙溪镇: 80,000 due 2014-07-01, repaid in full on the day; 10,000 paid out on 2014-06-02.
    """
    store_jianchuan()
    first, second = county.yangcen.villages
    a, b = first.households[:2]
    other = county.shaxi.village
    orders = [
        Order(first, "30000", date(2013, 8, 14), households=[a]),
        Order(second, "50000", date(2013, 8, 15), households=[b]),
        Order(first, "20000", date(2013, 5, 10), households=[a], version="2013"),
        Order(other, "80000", date(2013, 7, 1), households=[other.households[0]], party=[other.households[0]]),
        Order(other, "10000", date(2014, 6, 2), households=[other.households[1]]),
    ]
    county.loans = lend(*orders)
    refresh_standings(county.loans, on=TODAY)
    enter(county.loans[1], EntryKind.PRINCIPAL, "20000", date(2014, 8, 1))
    interest = Decimal("80000") * Decimal("0.072")
    enter(county.loans[3], EntryKind.PRINCIPAL, "80000", date(2014, 7, 1))
    enter(county.loans[3], EntryKind.INTEREST, str(interest), date(2014, 7, 1))
    LoanClassification.objects.create(
        loan=county.loans[2], as_of=TODAY, minimum=3, category=3, decided_by=county.leader,
        decided_at=datetime(2014, 8, 15, 3, tzinfo=UTC),
    )  # fmt: skip
    return county


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("outstanding", Decimal("90000.00")),
        ("live_loans", 4),
        ("live_households", 3),
        ("fallen_due", Decimal("180000.00")),
        ("collected", Decimal("100000.00")),
        ("recovery_rate", Decimal("55.56")),
        ("overdue_loans", 2),
        ("overdue_households", 1),
        ("overdue_amount", Decimal("50000.00")),
        ("overdue_rate", Decimal("55.56")),
        ("overdue_1", Decimal("30000.00")),
        ("overdue_31", ZERO),
        ("overdue_91", Decimal("20000.00")),
        ("overdue_361", ZERO),
        ("bad_loans", 1),
        ("bad_amount", Decimal("20000.00")),
        ("bad_rate", Decimal("22.22")),
        ("extensions", 0),
        ("renewals", 0),
        ("written_off", ZERO),
        ("claims_paid", ZERO),
    ],
)
def test_a_figure_of_quality_equals_the_count_by_hand(lent: County, code: str, expected: object) -> None:
    assert compute(code) == expected


def test_what_is_due_today_is_not_overdue_but_has_fallen_due(lent: County) -> None:
    assert compute("overdue_loans", division=lent.yangcen.villages[1].division.path) == 0
    assert compute("fallen_due", division=lent.yangcen.villages[1].division.path) == Decimal("50000.00")


def test_an_extended_loan_falls_due_on_its_new_day(lent: County) -> None:
    enter(lent.loans[0], EntryKind.EXTENSION, "0", date(2014, 8, 1), new_due_date=date(2015, 2, 14))
    assert compute("fallen_due") == Decimal("150000.00")
    assert (compute("extensions"), compute("renewals"), compute("overdue_loans")) == (1, 0, 1)
    assert compute("extensions", as_of=date(2014, 7, 31)) == 0


def test_what_is_written_off_is_owed_no_more_and_not_collected(lent: County) -> None:
    enter(lent.loans[2], EntryKind.WRITE_OFF, "20000", date(2014, 8, 10))
    assert (compute("outstanding"), compute("written_off")) == (Decimal("70000.00"), Decimal("20000.00"))
    assert compute("collected") == Decimal("100000.00")


def test_a_reversed_payment_does_not_count(lent: County) -> None:
    paid = enter(lent.loans[0], EntryKind.PRINCIPAL, "30000", date(2014, 8, 14))
    assert compute("outstanding") == Decimal("60000.00")
    enter(lent.loans[0], EntryKind.REVERSAL, "0", date(2014, 8, 14), reverses=paid)
    assert compute("outstanding") == Decimal("90000.00")


def test_a_category_counts_from_its_day_on(lent: County) -> None:
    assert compute("bad_loans", as_of=TODAY - timedelta(days=1)) == 0


@pytest.mark.parametrize("by", QualityBy)
def test_the_parts_of_every_dimension_of_quality_add_up_to_the_whole(lent: County, by: QualityBy) -> None:
    assert quality.sum_up(quality_by(selection(), by)) == quality_of(selection())


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    loans=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 450), st.sampled_from(["0", "4000", "10000"])),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_however_loans_are_repaid_the_parts_add_up(county: County, loans: list[tuple]) -> None:
    if not hasattr(county, "programme"):
        county.programme = store_jianchuan()
    for village_number, number, days, repaid in loans:
        village, day = county.villages[village_number], date(2013, 5, 20) + timedelta(days=days)
        loan = lend(Order(village, "10000", day, households=[village.households[number]], version="2013"))[0]
        refresh_standings([loan], on=TODAY)
        if repaid != "0":
            enter(loan, EntryKind.PRINCIPAL, repaid, min(day + timedelta(days=300), TODAY))
    for on in (date(2014, 6, 30), TODAY):
        whole = quality_of(selection(as_of=on))
        assert sum((late.amount for late in whole.late), ZERO) == whole.overdue_amount <= whole.outstanding
        for by in (QualityBy.TOWNSHIP, QualityBy.VILLAGE, QualityBy.OUTLET, QualityBy.BRANCH):
            assert quality.sum_up(quality_by(selection(as_of=on), by)) == whole


def test_a_correction_booked_later_does_not_change_what_was_known(lent: County) -> None:
    july, then = date(2014, 7, 31), datetime(2014, 8, 5, 16, tzinfo=UTC)
    before = quality_of(selection(as_of=july))
    assert quality_of(selection(as_of=july, known_at=then)) == before
    paid = LoanEntry.objects.get(loan=lent.loans[3], kind=EntryKind.PRINCIPAL)
    enter(lent.loans[3], EntryKind.REVERSAL, "0", date(2014, 7, 1), recorded=date(2014, 8, 12), reverses=paid)
    assert quality_of(selection(as_of=july, known_at=then)) == before
    corrected = quality_of(selection(as_of=july))
    assert corrected.outstanding == before.outstanding + 80_000
    assert corrected.overdue_loans == before.overdue_loans + 1


def test_a_payment_written_down_later_was_not_known_then(lent: County) -> None:
    july, then = date(2014, 7, 31), datetime(2014, 8, 5, 16, tzinfo=UTC)
    enter(lent.loans[2], EntryKind.PRINCIPAL, "20000", date(2014, 7, 30), recorded=date(2014, 8, 14))
    enter(lent.loans[2], EntryKind.INTEREST, "2000", date(2014, 7, 30), recorded=date(2014, 8, 14))
    assert compute("overdue_amount", as_of=july, known_at=then) == Decimal("20000.00")
    assert compute("overdue_amount", as_of=july) == ZERO


def test_an_empty_county_has_no_rate_of_anything(county: County) -> None:
    for code in ("recovery_rate", "overdue_rate", "bad_rate", "deadlines_kept", "days_branch_review", "quota_total"):
        assert compute(code) is None
    assert (compute("outstanding"), compute("cases_submitted")) == (0, 0)
    assert claims_paid_by(selection(), QualityBy.TOWNSHIP) == {}


def test_a_year_without_loans_has_no_rate_either(lent: County) -> None:
    assert compute("recovery_rate", since=date(2015, 1, 1)) is None
    assert compute("loans", since=date(2015, 1, 1)) == 0


def test_a_case_counts_at_every_step_it_has_passed(office: County) -> None:
    CaseFactory(office).at(StepCode.COMMITTEE_FILING)
    CaseFactory(office, township=office.shaxi).draft()
    assert (compute("cases_submitted"), compute("passed_referral"), compute("passed_branch_review")) == (1, 1, 1)
    assert compute("passed_committee_filing") == 0
    assert compute("cases_submitted", since=TODAY) == 0


def test_the_working_days_of_a_step_leave_out_weekends_and_the_day_of_arrival(office: County) -> None:
    story = CaseFactory(office, begin=datetime(2014, 8, 1, 4, tzinfo=UTC))  # a Friday
    story.at(StepCode.REFERRAL)
    story.moment += timedelta(days=2)  # and one more by the step: Monday
    story.refer()
    assert compute("days_referral") == 1
    assert compute("deadlines_kept") == Decimal("100.00")


def test_a_decision_after_the_deadline_is_not_in_time(office: County) -> None:
    story = CaseFactory(office)
    story.at(StepCode.REFERRAL)
    story.moment += timedelta(days=20)
    story.refer()
    assert (compute("decisions_timed"), compute("decisions_in_time")) == (1, 0)


def test_the_parts_of_the_process_add_up(office: County) -> None:
    CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    CaseFactory(office, township=office.shaxi).at(StepCode.PUBLIC_NOTICE)
    whole = progress_of(selection())
    assert whole.submitted == 2
    for by in ProgressBy:
        assert progress.sum_up(progress_by(selection(), by)) == whole


def test_the_median_is_the_lower_one_of_two_in_the_middle() -> None:
    assert StepWork().median_days is None
    work = StepWork()
    work.days.update({1: 1, 3: 1, 4: 1, 9: 1})
    assert work.median_days == 3


def test_the_quota_left_is_what_is_not_used(office: County) -> None:
    assert compute("quota_left") == compute("quota_total") - compute("quota_used") > 0


def test_every_figure_can_be_asked_by_its_code_and_says_what_it_counts(lent: County) -> None:
    for code, figure in FIGURES.items():
        assert figure.code == code
        assert str(figure.name)
        assert str(figure.definition)
        figure.compute(selection())
