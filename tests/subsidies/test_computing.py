"""What a batch computes: the golden amounts, what cuts them, and that a closed batch never changes."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from loans.choices import EntryKind
from loans.models import Loan, Programme
from organizations.scope import NotAllowed
from subsidies.models import InputSegment, SubsidyBatch, SubsidyExclusion, SubsidyLine
from subsidies.operations.batches import UnableToCompute, create_batch, prepare_batch
from tests.factories.county import NOON
from tests.factories.lending import Order, lend
from tests.subsidies.world import (
    AUTUMN,
    QUARTERS,
    SPRING,
    SUMMER,
    WINTER,
    book,
    close,
    compute,
    line_of,
    noon_of,
    pay_interest,
    readable_amount,
    store_variant,
)

pytestmark = pytest.mark.usefixtures("invariants_hold")
HAND_WRITTEN = frozenset(
    {
        "batch_was_decided_in_order",
        "decisions_follow_the_rules",
        "loan_state_follows_ledger",
        "payments_are_the_lines",
        "reserved_is_what_cases_hold",
    }
)

START = date(2013, 9, 10)
IN_TIME = (("110.00", date(2013, 9, 20)), ("910.00", date(2013, 12, 20)), ("900.00", date(2014, 3, 20)))


def lend_one(office, amount: str = "50000", day: date = START, version: str = "", **fields: object) -> Loan:
    """A loan that pays its interest each quarter, so that it is not in arrears while it pays."""
    (loan,) = lend(Order(office.yangcen.village, amount, day, reserved="1", version=version, **fields))
    Loan.objects.filter(pk=loan.pk).update(repayment_method="interest_only_then_principal")
    return Loan.objects.select_related("version").get(pk=loan.pk)


def test_a_year_of_50000_yuan_at_five_percent_comes_to_2500_yuan_over_its_quarters(office):
    loan = lend_one(office)
    pay_interest(loan, *IN_TIME, ("900.00", date(2014, 6, 20)))
    amounts = [line_of(compute(office, period), loan).amount for period in QUARTERS]
    assert amounts == [Decimal("76.39"), Decimal("625.00"), Decimal("625.00"), Decimal("625.00")]
    estimate = compute(office, (date(2014, 6, 21), date(2014, 9, 20)))
    assert sum(amounts) + line_of(estimate, loan).amount == Decimal("2500.00")


def test_the_working_of_a_line_names_days_base_rate_and_interest_paid(office):
    loan = lend_one(office)
    pay_interest(loan, *IN_TIME)
    line = line_of(compute(office, AUTUMN), loan)
    assert (line.days, line.base, line.rate_percent, line.interest_paid) == (
        11, Decimal("50000.00"), Decimal("5.0000"), Decimal("110.00"),
    )  # fmt: skip
    assert (line.status, line.reason) == ("eligible", "")


def test_a_subsidy_by_days_counts_actual_days(office):
    version = store_variant("by-days", day_count="act360")
    loan = lend_one(office, version=version.code)
    pay_interest(loan, ("4000.00", date(2013, 9, 20)))
    assert line_of(compute(office, AUTUMN), loan).amount == Decimal("76.39")
    assert line_of(compute(office, WINTER), loan).amount == Decimal("631.94")


def test_no_more_is_paid_than_the_interest_paid(office):
    loan = lend_one(office)
    pay_interest(loan, ("50.00", date(2013, 9, 20)))
    line = line_of(compute(office, AUTUMN), loan)
    assert (line.amount, line.status, line.reason) == (Decimal("50.00"), "attention", "interest_cap")


def test_interest_paid_for_days_without_subsidy_does_not_lift_the_cap(office):
    version = store_variant("short", subsidy_months_max=3)
    loan = lend_one(office, version=version.code, day=date(2013, 6, 21))
    Loan.objects.filter(pk=loan.pk).update(rate_percent=Decimal("4.35"))
    pay_interest(loan, ("543.75", date(2013, 9, 20)), ("543.75", date(2013, 12, 20)))
    assert line_of(compute(office, AUTUMN), loan).amount == Decimal("543.75")
    assert not SubsidyLine.objects.filter(batch=compute(office, WINTER), loan=loan).exists()


def test_without_any_interest_paid_the_line_says_so_and_pays_nothing(office):
    loan = lend_one(office)
    line = line_of(compute(office, AUTUMN), loan)
    assert (line.amount, line.reason) == (Decimal("0.00"), "interest_unpaid")


def test_interest_paid_late_is_subsidised_in_the_quarter_in_which_it_comes(office):
    loan = lend_one(office)
    first = line_of(compute(office, AUTUMN, at=noon_of(date(2013, 9, 21))), loan)
    pay_interest(loan, ("110.00", date(2013, 9, 21)), ("910.00", date(2013, 12, 20)))
    second = line_of(compute(office, WINTER), loan)
    assert first.amount == 0
    assert first.amount + second.amount == Decimal("701.39")


def test_a_share_of_the_interest_follows_the_interest_paid(office):
    version = store_variant("share", subsidy_basis="interest", subsidy_percent="70.0000", day_count="act360")
    loan = lend_one(office, version=version.code)
    pay_interest(loan, ("110.00", date(2013, 9, 20)))
    assert line_of(compute(office, AUTUMN), loan).amount == Decimal("77.00")


def test_days_in_arrears_bear_no_subsidy_and_the_line_says_why(office):
    loan = lend_one(office)
    pay_interest(loan, ("110.00", date(2013, 9, 20)), ("910.00", date(2014, 1, 20)), ("900.00", date(2014, 3, 20)))
    line = line_of(compute(office, (date(2013, 9, 21), date(2014, 3, 20))), loan)
    assert (line.days, line.reason) == (181 - 30, "overdue")
    stretches = InputSegment.objects.filter(loan=loan).order_by("start").values_list("start", "end", "exclusion")
    assert (date(2013, 12, 21), date(2014, 1, 20), "overdue") in list(stretches)


def test_where_the_rules_stop_at_the_first_arrears_nothing_follows_them(office):
    version = store_variant("strict", subsidy_on_arrears="stop")
    loan = lend_one(office, version=version.code)
    pay_interest(loan, ("110.00", date(2013, 9, 20)), ("910.00", date(2014, 1, 20)), ("900.00", date(2014, 3, 20)))
    line = line_of(compute(office, (date(2013, 6, 21), date(2014, 3, 20))), loan)
    assert (line.days, line.amount, line.reason) == (11 + 91, Decimal("701.39"), "overdue")


def test_arrears_within_the_days_of_grace_cost_nothing(office):
    version = store_variant("grace", subsidy_grace_days=30)
    loan = lend_one(office, version=version.code)
    pay_interest(loan, ("110.00", date(2013, 9, 20)), ("910.00", date(2014, 1, 20)), ("900.00", date(2014, 3, 20)))
    assert line_of(compute(office, SPRING), loan).days == 90


def test_misuse_takes_the_whole_subsidy_back(office):
    loan = lend_one(office)
    pay_interest(loan, *IN_TIME)
    autumn = close(compute(office, AUTUMN))
    winter = close(compute(office, WINTER))
    book(loan, EntryKind.MISUSE, "0", date(2014, 1, 15))
    spring = compute(office, SPRING)
    assert line_of(spring, loan).reason == "misuse"
    differences = spring.lines.filter(kind="difference").order_by("last_day")
    assert [line.corrects.batch for line in differences] == [autumn, winter]
    assert sum(line.amount for line in SubsidyLine.objects.filter(loan=loan)) == 0


def test_where_the_rules_only_stop_misuse_earlier_days_keep_their_subsidy(office):
    version = store_variant("mild", subsidy_on_misuse="stop")
    loan = lend_one(office, version=version.code)
    pay_interest(loan, *IN_TIME)
    book(loan, EntryKind.MISUSE, "0", date(2014, 1, 20))
    assert line_of(compute(office, (date(2013, 6, 21), date(2014, 3, 20))), loan).days == 132


def test_an_extension_bears_no_subsidy_after_the_first_due_date(office):
    loan = lend_one(office)
    Loan.objects.filter(pk=loan.pk).update(due_date=date(2014, 3, 10), term_months=6)
    pay_interest(loan, *IN_TIME, ("900.00", date(2014, 6, 20)))
    loan.refresh_from_db()
    book(loan, EntryKind.EXTENSION, "0", date(2014, 3, 1), new_due_date=date(2014, 9, 10))
    line = line_of(compute(office, SUMMER), loan)
    assert (line.amount, line.status, line.reason) == (Decimal("0.00"), "excluded", "extension")


def test_only_the_part_within_the_limit_is_subsidised(office):
    version = store_variant("limited", subsidy_principal_max="30000.00")
    loan = lend_one(office, version=version.code)
    pay_interest(loan, *IN_TIME)
    line = line_of(compute(office, AUTUMN), loan)
    assert (line.amount, line.base, line.reason) == (Decimal("45.83"), Decimal("30000.00"), "above_limit")


def test_the_loans_of_one_household_share_its_limit_the_earliest_first(office):
    version = store_variant("household", subsidy_household_max="60000.00")
    first = lend_one(office, version=version.code)
    second = lend_one(office, "40000", day=date(2013, 9, 15), version=version.code)
    for loan in (first, second):
        pay_interest(loan, ("2000.00", date(2013, 9, 20)))
    batch = compute(office, WINTER)
    assert [line_of(batch, loan).base for loan in (first, second)] == [Decimal("50000.00"), Decimal("10000.00")]


def test_what_the_township_found_excludes_from_that_day(office):
    loan = lend_one(office)
    pay_interest(loan, *IN_TIME)
    SubsidyExclusion.objects.create(
        loan=loan, reason="moved_away", from_day=date(2013, 11, 1), note="迁出本县",
        recorded_by=office.finance_officer, recorded_at=noon_of(date(2013, 11, 5)),
    )  # fmt: skip
    line = line_of(compute(office, WINTER), loan)
    assert (line.days, line.reason) == (41, "moved_away")


def test_what_was_over_before_the_loan_began_excludes_nothing(office):
    loan = lend_one(office)
    pay_interest(loan, *IN_TIME)
    plain = line_of(compute(office, AUTUMN), loan)
    SubsidyExclusion.objects.create(
        loan=loan, reason="moved_away", from_day=date(2012, 1, 1), until_day=date(2012, 6, 1), note="已迁回",
        recorded_by=office.finance_officer, recorded_at=noon_of(date(2012, 1, 2)),
    )  # fmt: skip
    line = line_of(compute(office, AUTUMN), loan)
    assert (line.amount, line.status, line.reason) == (plain.amount, plain.status, plain.reason)


def test_a_principal_repaid_early_is_subsidised_until_its_day(office):
    loan = lend_one(office)
    pay_interest(loan, *IN_TIME, ("880.00", date(2014, 6, 1)))
    book(loan, EntryKind.PRINCIPAL, "50000", date(2014, 6, 1))
    line = line_of(compute(office, SUMMER), loan)
    assert line.days == 72
    assert line.amount == readable_amount(line.batch, loan)


def test_a_payment_booked_with_an_earlier_day_gives_a_signed_difference_that_names_the_old_line(office):
    loan = lend_one(office)
    pay_interest(loan, *IN_TIME)
    old = line_of(close(compute(office, AUTUMN)), loan)
    close(compute(office, WINTER))
    book(loan, EntryKind.PRINCIPAL, "20000", date(2013, 9, 15), known=date(2014, 3, 1))
    spring = compute(office, SPRING)
    (first, second) = spring.lines.filter(kind="difference").order_by("last_day")
    assert first.corrects == old
    assert first.amount < 0
    assert second.amount < 0
    old.refresh_from_db()
    assert old.amount == Decimal("76.39")


def test_all_lines_of_a_loan_add_up_to_its_entitlement_whatever_comes_late(office):
    loan = lend_one(office)
    pay_interest(loan, *IN_TIME)
    close(compute(office, AUTUMN))
    book(loan, EntryKind.PRINCIPAL, "20000", date(2013, 9, 15), known=date(2013, 12, 1))
    close(compute(office, WINTER))
    book(loan, EntryKind.PRINCIPAL, "10000", date(2013, 10, 15), known=date(2014, 2, 1))
    batch = close(compute(office, SPRING))
    total = sum(line.amount for line in SubsidyLine.objects.filter(loan=loan))
    assert total == readable_amount(batch, loan, (date(2013, 1, 1), SPRING[1]))


def test_a_loan_recorded_late_gets_the_line_of_the_period_that_closed_without_it(office):
    other = lend_one(office)
    close(compute(office, AUTUMN))
    loan = lend_one(office, "30000")
    pay_interest(loan, ("66.00", date(2013, 9, 20)), ("546.00", date(2013, 12, 20)), known=date(2013, 12, 21))
    winter = compute(office, WINTER)
    lines = winter.lines.filter(loan=loan).order_by("last_day")
    assert [line.last_day for line in lines] == [AUTUMN[1], WINTER[1]]
    assert {line.kind for line in lines} == {"ordinary"}
    assert winter.lines.filter(loan=other).count() == 1


def test_without_later_facts_there_are_no_differences(office):
    loan = lend_one(office)
    pay_interest(loan, *IN_TIME)
    close(compute(office, AUTUMN))
    assert not compute(office, WINTER).lines.filter(kind="difference").exists()


def test_computing_again_gives_the_same_lines_and_the_same_hash(office):
    loan = lend_one(office)
    pay_interest(loan, *IN_TIME)
    batch = compute(office, AUTUMN)
    before = (batch.inputs_sha256, list(batch.lines.values_list("loan", "amount")))
    again = compute(office, AUTUMN)
    assert again == batch
    assert (again.inputs_sha256, list(again.lines.values_list("loan", "amount"))) == before


def test_what_is_recorded_after_the_snapshot_does_not_count_in_it(office):
    loan = lend_one(office)
    pay_interest(loan, ("110.00", date(2013, 9, 20)), known=date(2013, 9, 25))
    assert line_of(compute(office, AUTUMN, at=noon_of(date(2013, 9, 24))), loan).amount == 0


def test_the_hash_changes_with_the_inputs(office):
    loan = lend_one(office)
    before = compute(office, AUTUMN).inputs_sha256
    book(loan, EntryKind.PRINCIPAL, "20000", date(2013, 9, 15))
    assert compute(office, AUTUMN).inputs_sha256 != before


def test_the_budget_of_its_own_version_and_year_bears_a_line(office):
    first, second = lend_one(office), lend_one(office, day=date(2014, 2, 10))
    batch = compute(office, SPRING)
    assert {line_of(batch, loan).budget for loan in (first, second)} == {
        first.application.budget, second.application.budget,
    }  # fmt: skip
    assert line_of(batch, second).rate_percent == Decimal("3.0000")


def test_a_loan_confirmed_without_subsidy_is_in_no_batch(office):
    (loan,) = lend(Order(office.yangcen.village, "50000", START))
    assert not SubsidyLine.objects.filter(batch=compute(office, AUTUMN), loan=loan).exists()


def test_a_period_that_is_not_over_is_an_estimate_and_takes_the_interest_as_paid(office):
    loan = lend_one(office, day=date(2014, 7, 1))
    batch = compute(office, (date(2014, 6, 21), date(2014, 9, 20)))
    assert batch.is_estimate
    assert line_of(batch, loan).amount == Decimal("333.33")


def test_an_estimate_corrects_no_closed_period_for_interest_that_is_only_expected(office):
    loan = lend_one(office)
    Loan.objects.filter(pk=loan.pk).update(repayment_method="lump_sum")
    for period in QUARTERS:
        close(compute(office, period))
    estimate = compute(office, (date(2014, 6, 21), date(2014, 9, 20)))
    assert not estimate.lines.filter(kind="difference").exists()
    assert line_of(estimate, loan).amount == Decimal("2500.00")
    assert readable_amount(estimate, loan) == Decimal("2500.00")


def test_the_same_period_asked_for_twice_is_one_batch(office):
    first, second = compute(office, AUTUMN), compute(office, AUTUMN)
    assert first == second
    assert SubsidyBatch.objects.count() == 1


@pytest.mark.parametrize(
    ("first_day", "last_day"),
    [
        (date(2013, 9, 22), date(2013, 12, 20)),
        (date(2013, 9, 20), date(2013, 12, 20)),
        (date(2013, 6, 21), date(2013, 12, 20)),
        (date(2013, 3, 21), date(2013, 6, 20)),
        (date(2013, 12, 20), date(2013, 9, 21)),
    ],
)
def test_a_period_that_leaves_a_gap_or_overlaps_is_refused(office, first_day, last_day):
    compute(office, AUTUMN)
    with pytest.raises(UnableToCompute):
        compute(office, (first_day, last_day))


def test_only_the_finance_bureau_opens_a_batch(office):
    for user in (office.yangcen.clerk, office.leader, office.auditor, office.yangcen.credit_officer):
        with pytest.raises(NotAllowed):
            create_batch(
                programme=Programme.objects.get(code="jianchuan"), first_day=AUTUMN[0], last_day=AUTUMN[1],
                created_by=user, created_at=NOON,
            )  # fmt: skip
    assert not SubsidyBatch.objects.exists()


def test_a_closed_batch_is_not_computed_again(office):
    batch = close(compute(office, AUTUMN))
    with pytest.raises(UnableToCompute):
        prepare_batch(batch_id=batch.pk, by=office.finance_officer, at=NOON)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE subsidies_subsidyline SET amount = amount + 1",
        "DELETE FROM subsidies_subsidyline",
        "UPDATE subsidies_inputsegment SET base_fen = base_fen + 1",
        "INSERT INTO subsidies_subsidyline (batch_id, loan_id, kind, first_day, last_day, budget_id, days,"
        " base, rate_percent, interest_paid, amount, status, reason) SELECT batch_id, loan_id, kind, first_day,"
        " last_day + 1, budget_id, days, base, rate_percent, interest_paid, amount, status, reason"
        " FROM subsidies_subsidyline",
    ],
)
def test_the_database_refuses_to_change_a_closed_batch(office, statement):
    loan = lend_one(office)
    pay_interest(loan, *IN_TIME)
    close(compute(office, AUTUMN))
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_period_and_loan_have_one_ordinary_line(office):
    loan = lend_one(office)
    line = line_of(compute(office, AUTUMN), loan)
    line.pk = None
    with pytest.raises(IntegrityError, match="one_ordinary_line"), transaction.atomic():
        line.save()


def test_a_reversed_payment_never_was(office):
    loan = lend_one(office)
    entry = book(loan, EntryKind.INTEREST, "110.00", date(2013, 9, 20))
    book(loan, EntryKind.REVERSAL, "0", date(2013, 9, 22), reverses=entry)
    assert line_of(compute(office, AUTUMN), loan).amount == 0


def test_a_payment_reversed_after_the_snapshot_still_counted_then(office):
    loan = lend_one(office)
    entry = book(loan, EntryKind.INTEREST, "110.00", date(2013, 9, 20))
    book(loan, EntryKind.REVERSAL, "0", date(2013, 10, 22), reverses=entry)
    at = noon_of(date(2013, 9, 30))
    assert line_of(compute(office, AUTUMN, at=at), loan).interest_paid == Decimal("110.00")


def test_the_calendar_alone_puts_a_loan_in_arrears_before_it_is_computed(office):
    loan = lend_one(office)
    pay_interest(loan, ("110.00", date(2013, 9, 20)))
    batch = compute(office, (date(2013, 9, 21), date(2014, 3, 20)))
    assert line_of(batch, loan).reason == "overdue"
    assert batch.known_at - NOON == timedelta(0)
    assert isinstance(batch.computed_at, datetime)
